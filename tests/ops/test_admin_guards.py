"""Every page of the admin: no save over what its writer has not seen, nothing deleted that is published or named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from config.archiving import KeepsWhatIsNamed
from config.stale import StaleGuard
from directory import demo as directory_demo
from directory.models import Location, Organization, Program
from directory.vocabulary import Status
from guides import demo as guides_demo
from guides.models import Aspect, GlossaryTerm, Guide, GuideEdition, LevelOfCare, Person, Publication, SiteDetails
from guides.models.blocks import document_of
from guides.publishing.published import reference_of
from guides.workflow import actions
from messaging.models import MessageTemplate
from privacy.models import User
from referral import shipped
from referral.models import FollowUpPlan
from tests.conftest import SharedDb

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
INPUT = re.compile(r"<input\b[^>]*>")


@pytest.fixture(scope="module", autouse=True)
def shared_rows(shared_db: SharedDb, now: datetime) -> Iterator[None]:
    """The content that ships, published; the sample programs; plans and templates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "BEST", 1)
        with shared_db():
            _make(now)
        yield


def _make(now: datetime) -> None:
    guides_demo.load(now)
    directory_demo.load(now)
    shipped.load()
    words = {"subject": "Received", "text": "We received it. {{ link }} In danger: 988 or 911."}
    MessageTemplate.objects.create(key="referral-received", channel="email", language="en", **words)


@pytest.fixture
def chief(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("chief", is_superuser=True))


@pytest.fixture
def editor(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("editor", "Editors"))


@pytest.fixture
def publisher(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("publisher", "Publishers", first_name="Pat"))


def url(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def fields(html: str, model: str) -> dict[str, Any]:
    """Return what a browser would send back from the page's form as it stands."""
    form = html[html.index(f'id="{model}_form"') :]
    form = re.sub(r"<template.*?</template>", "", form[: form.index("</form>")], flags=re.DOTALL)
    data: dict[str, Any] = {}
    for tag in INPUT.findall(form):
        name, kind, value = (re.search(rf'\b{part}="([^"]*)"', tag) for part in ("name", "type", "value"))
        kind_ = kind.group(1) if kind else "text"
        if name and (kind_ not in ("submit", "checkbox", "radio") or " checked" in tag):
            given = unescape(value.group(1)) if value else "on" if kind_ == "checkbox" else ""
            data.setdefault(name.group(1), []).append(given)
    for name_, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s?(.*?)</textarea>', form, re.DOTALL):
        data.setdefault(name_, []).append(unescape(text))
    for name_, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        data.setdefault(name_, []).extend(unescape(each) for each in re.findall(r'value="([^"]*)" selected', options))
    return {name: values for name, values in data.items() if "__prefix__" not in name}


def opened(client: Client, row: Any) -> dict[str, Any]:
    answer = client.get(url(row))
    assert answer.status_code == 200
    return fields(answer.content.decode(), row._meta.model_name)


def test_every_page_of_the_admin_is_guarded() -> None:
    pages = admin.site._registry.values()
    assert [page for page in pages if not isinstance(page, StaleGuard) or not isinstance(page, KeepsWhatIsNamed)] == []
    # A list whose cells can be typed into would save past the guard.
    assert [page for page in pages if page.list_editable] == []


WRITTEN: list[tuple[Any, str]] = [
    (LevelOfCare, "texts-0-summary"),
    (LevelOfCare, "facts-0-html"),
    (Aspect, "texts-0-label"),
    (GlossaryTerm, "texts-1-definition"),
    (Person, "name"),
    (SiteDetails, "email"),
    (Guide, "audience"),
    (GuideEdition, "summary"),
    (GuideEdition, "{callout}.heading"),
    (Program, "texts-0-summary"),
    (Organization, "name"),
    (Location, "city"),
    (MessageTemplate, "subject"),
    (FollowUpPlan, "steps-0-offset_days"),
    (FollowUpPlan, "name"),
]


@pytest.mark.parametrize(("model", "name"), WRITTEN, ids=lambda value: getattr(value, "__name__", value))
def test_a_stale_save_is_refused_and_shows_both_texts(
    model: Any, name: str, chief: Client, make_user: Any, sign_in: Any
) -> None:
    other = sign_in(make_user("other", is_superuser=True, first_name="Olga", last_name="Other"))
    row = model.objects.order_by("pk").first()
    if model is GuideEdition:
        name = name.format(callout=next(block["id"] for block in row.blocks if block["type"] == "callout"))
    hers, his = opened(other, row), opened(chief, row)
    theirs, mine = ("71", "72") if hers[name][0].isdecimal() else ("one@example.org", "two@example.org")
    assert other.post(url(row), {**hers, name: theirs, "_continue": "1"}).status_code == 302
    saved = opened(other, row)[name]
    answer = chief.post(url(row), {**his, name: mine, "_continue": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Not saved: Olga Other saved this page" in page and 'id="stale"' in page
    panel = page[page.index('id="stale"') : page.index("</section>", page.index('id="stale"'))]
    assert theirs in panel and mine in panel
    assert '<button type="submit" class="button" name="mine" value="on">' in panel and "correct the error" not in page
    again = fields(page, row._meta.model_name)
    assert mine in again[name][0]
    assert opened(other, row)[name] == saved
    # Sent again without a decision it is refused again; with one it is saved.
    assert chief.post(url(row), {**again, "_continue": "1"}).status_code == 200
    assert chief.post(url(row), {**again, "mine": "on", "_continue": "1"}).status_code == 302
    assert any(mine in value for values in opened(other, row).values() for value in values)


def test_a_third_save_meanwhile_is_noticed_too(editor: Client, publisher: Client) -> None:
    term = GlossaryTerm.objects.first()
    assert term is not None
    his = opened(publisher, term)
    editor.post(url(term), {**opened(editor, term), "order": "11"})
    again = fields(publisher.post(url(term), {**his, "order": "12"}).content.decode(), "glossaryterm")
    editor.post(url(term), {**opened(editor, term), "order": "13"})
    assert publisher.post(url(term), {**again, "mine": "on"}).status_code == 200
    term.refresh_from_db()
    assert term.order == 13


@pytest.mark.parametrize("seen", [None, "", "x", "x-", "-x"])
def test_a_stamp_that_is_none_counts_as_an_old_one(seen: str | None, editor: Client) -> None:
    term = GlossaryTerm.objects.first()
    assert term is not None
    sent = {**opened(editor, term), "order": "17", "seen": seen}
    answer = editor.post(url(term), {name: value for name, value in sent.items() if value is not None})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'id="stale"' in page
    term.refresh_from_db()
    assert term.order != 17
    # The page says what lies there; who has seen it decides.
    editor.post(url(term), {**fields(page, "glossaryterm"), "mine": "on"})
    term.refresh_from_db()
    assert term.order == 17


def test_every_form_of_the_admin_says_what_its_writer_saw(chief: Client) -> None:
    """Without it no save goes through, so each page has to send it."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(username="chief")
    unsaid, asked = [], 0
    for model, page in admin.site._registry.items():
        row = page.get_queryset(request).order_by("pk").first()
        if row is None or not page.has_change_permission(request, row):
            continue
        answer = chief.get(url(row))  # one leads to the grid of facts, which has a guard of its own
        asked += 1
        if answer.status_code == 200 and 'name="seen"' not in answer.content.decode():
            unsaid.append(model.__name__)
    assert unsaid == [] and asked > 12


def test_a_save_of_what_was_seen_goes_through(editor: Client) -> None:
    term = GlossaryTerm.objects.first()
    assert term is not None
    data = opened(editor, term)
    assert editor.post(url(term), {**data, "order": "11"}).status_code == 302
    # An error of another kind does not make the page old.
    page = editor.post(url(term), {**opened(editor, term), "order": "x"}).content.decode()
    assert "errornote" in page and 'id="stale"' not in page
    assert editor.post(url(term), {**fields(page, "glossaryterm"), "order": "12"}).status_code == 302


def test_a_row_that_the_other_added_stays(editor: Client, publisher: Client) -> None:
    guide = Guide.objects.get(key="residential")
    his, hers = opened(publisher, guide), opened(editor, guide)
    count = int(hers["sources-TOTAL_FORMS"][0])
    hers |= {
        "sources-TOTAL_FORMS": str(count + 1),
        f"sources-{count}-title": "A new source",
        f"sources-{count}-order": "9",
    }
    assert editor.post(url(guide), hers).status_code == 302
    page = publisher.post(url(guide), {**his, "audience": "families"}).content.decode()
    assert "A new source" in page[page.index('id="stale"') :]
    publisher.post(url(guide), {**fields(page, "guide"), "mine": "on"})
    guide.refresh_from_db()
    assert guide.audience == "families" and guide.sources.filter(title="A new source").exists()


def test_a_draft_survives_that_the_other_restored_an_older_one(
    editor: Client, publisher: Client, now: datetime
) -> None:
    edition = GuideEdition.objects.get(guide__key="choosing", language="en")
    his = opened(publisher, edition)
    first = edition.revisions.first()
    assert first is not None
    wanted = {**document_of(edition), "summary": "His summary"}
    actions.restore(first, by=None, now=now)
    actions.replace_draft(edition, {**first.document, "title": "Hers"}, by=None, now=now, reason="saved")
    page = publisher.post(url(edition), {**his, "summary": "His summary", "_draft": "1"}).content.decode()
    assert "Hers" in page[page.index('id="stale"') :]
    answer = publisher.post(url(edition), {**fields(page, "guideedition"), "mine": "on", "_draft": "1"})
    assert answer.status_code == 302, re.findall(r"errorlist[^<]*<li>([^<]*)", answer.content.decode())
    assert document_of(GuideEdition.objects.get(pk=edition.pk)) == wanted
    assert edition.revisions.filter(document__title="Hers").exists()


# --- deleting -----------------------------------------------------------------------------------------------------

KEPT: dict[str, Callable[[], Any]] = {
    "guide": lambda: Guide.objects.get(key="residential"),
    "edition": lambda: GuideEdition.objects.get(guide__key="residential", language="es"),
    "level": lambda: LevelOfCare.objects.get(slug="iop"),
    "aspect": lambda: Aspect.objects.order_by("pk")[0],
    "term": lambda: GlossaryTerm.objects.order_by("pk")[0],
    "author": lambda: Person.objects.get(key="sample-author"),
    "plan": lambda: FollowUpPlan.objects.get(is_default=True),
    "program": lambda: Program.objects.filter(status=Status.PUBLIC)[0],
    "organization": lambda: Program.objects.all()[0].organization,
    "location": lambda: Location.objects.filter(programs__isnull=False)[0],
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_published_or_named_cannot_be_deleted(kind: str, chief: Client) -> None:
    row = KEPT[kind]()
    page = chief.get(url(row)).content.decode()
    assert "cannot be deleted" in page and 'class="deletelink"' not in page
    answer = chief.post(url(row, "delete"), {"post": "yes"}, follow=True)
    assert "cannot be deleted" in answer.content.decode()
    bulk = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    listed = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
    answer = chief.post(listed, bulk, follow=True)
    assert (
        answer.status_code == 403
        or "cannot be deleted" in answer.content.decode()
        or "protected" in answer.content.decode()
    )
    assert type(row).objects.filter(pk=row.pk).exists()


def test_an_unpublished_guide_keeps_its_history(chief: Client, now: datetime) -> None:
    edition = GuideEdition.objects.get(guide__key="paying-for-care", language="en")
    actions.unpublish(edition, by=None, now=now)
    chief.post(url(edition, "delete"), {"post": "yes"})
    chief.post(url(edition.guide, "delete"), {"post": "yes"})
    assert GuideEdition.objects.filter(pk=edition.pk).exists()


def test_a_draft_that_was_never_published_can_be_deleted(editor: Client) -> None:
    guide = Guide.objects.create(key="draft-only", section="paying")
    edition = GuideEdition.objects.create(guide=guide, language="en", slug="draft-only", title="Draft", summary="S")
    assert "deletelink" in editor.get(url(edition)).content.decode()
    assert editor.post(url(edition, "delete"), {"post": "yes"}).status_code == 302
    assert editor.post(url(guide, "delete"), {"post": "yes"}).status_code == 302
    assert not Guide.objects.filter(pk=guide.pk).exists()


def test_an_archived_guide_is_off_the_site_and_comes_back(publisher: Client) -> None:
    guide = Guide.objects.get(key="paying-for-care")
    assert publisher.post(url(guide, "archive")).status_code == 302
    guide.refresh_from_db()
    assert guide.archived_at and not Publication.objects.filter(key=guide.key).exists()
    listed = reverse("admin:guides_guide_changelist")
    shown = f"/admin/guides/guide/{guide.pk}/change/"
    assert shown not in publisher.get(listed).content.decode()
    assert shown in publisher.get(f"{listed}?archived=yes").content.decode()
    edition = guide.editions.get(language="en")
    GuideEdition.objects.filter(pk=edition.pk).update(stage="approved")
    page = publisher.post(url(edition), {**opened(publisher, edition), "_publish": "1"}, follow=True).content.decode()
    assert "This guide is archived." in page
    publisher.post(url(guide, "archive"))
    GuideEdition.objects.filter(pk=edition.pk).update(stage="approved")
    publisher.post(url(edition), {**opened(publisher, edition), "_publish": "1"})
    assert Publication.objects.filter(key=guide.key, language="en").exists()


def test_an_editor_who_may_not_publish_cannot_archive_a_published_guide(editor: Client) -> None:
    guide = Guide.objects.get(key="paying-for-care")
    page = editor.post(url(guide, "archive"), follow=True).content.decode()
    assert "Someone with permission to publish makes them public." in page
    guide.refresh_from_db()
    assert guide.archived_at is None and Publication.objects.filter(key=guide.key).exists()


@pytest.mark.parametrize("kind", ["level", "aspect", "term"])
def test_an_archived_row_goes_with_the_next_publishing(kind: str, publisher: Client, now: datetime) -> None:
    row = KEPT[kind]()
    many = {"level": "levels", "aspect": "aspects", "term": "terms"}[kind]
    name = "slug" if kind == "level" else "key"
    listed = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
    publisher.post(listed, {"action": "archive_rows", "_selected_action": str(row.pk)})
    actions.publish_reference(by=None, now=now)
    key = getattr(row, name)
    assert key not in [each[name] for each in reference_of("en")[many]]
    if kind == "level":
        assert Client().get(f"/levels/{key}/").status_code == 404
        assert Client().get("/").status_code == Client().get("/programs/").status_code == 200
    publisher.post(f"{listed}?archived=yes", {"action": "restore_rows", "_selected_action": str(row.pk)})
    assert key in [each[name] for each in reference_of("en")[many]]
