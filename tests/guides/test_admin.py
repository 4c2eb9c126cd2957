"""Writing guides in the admin: nothing typed is lost, nothing is raw, nothing goes live by accident."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guides.admin.history import compared
from guides.content.documents import BLOCKS
from guides.models import GuideEdition, LevelFact, LevelOfCare, LevelText, Publication, Revision
from guides.models.blocks import document_of
from guides.publishing.cache import page_cache
from guides.workflow.moves import PUBLISH
from guides.workflow.waiting import waiting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:guides_guideedition_{name}", args=args)


def typed(page: str) -> dict[str, Any]:
    """Return what a browser would send back from a form: every input, text area and select as it stands.

    What is there once is a text, what is there several times a list.
    """
    form = re.sub(r"<template.*?</template>", "", page[page.index('id="guideedition_form"') :], flags=re.DOTALL)
    found: list[tuple[int, str, str]] = []
    for match in re.finditer(r"<input[^>]*>", form):
        tag = match.group()
        name, kind, value = (re.search(rf'\b{part}="([^"]*)"', tag) for part in ("name", "type", "value"))
        kind_ = kind.group(1) if kind else "text"
        if name and (kind_ not in ("submit", "checkbox") or " checked" in tag):
            found.append((match.start(), name.group(1), value.group(1) if value else ""))
    for match in re.finditer(r'<textarea[^>]*name="([^"]+)"[^>]*>\s?(.*?)</textarea>', form, re.DOTALL):
        found.append((match.start(), match.group(1), match.group(2)))
    for match in re.finditer(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', match.group(2))
        found.append((match.start(), match.group(1), chosen.group(1) if chosen else ""))
    data: dict[str, list[str]] = {}
    for _at, name_, text in sorted(found):
        data.setdefault(name_, []).append(unescaped(text))
    return {
        name: values if name == "blocks" or len(values) > 1 else values[0]
        for name, values in data.items()
        if "__prefix__" not in name
    }


def named(edition: GuideEdition, kind: str) -> str:
    """The name of the first block of a kind."""
    return str(next(block["id"] for block in edition.blocks if block["type"] == kind))


def unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def opened(client: Client, edition: GuideEdition) -> dict[str, Any]:
    response = client.get(url("change", edition.pk))
    assert response.status_code == 200
    return typed(response.content.decode())


def said(client: Client, edition: GuideEdition) -> str:
    return client.get(url("change", edition.pk)).content.decode()


def test_saving_an_untouched_draft_changes_nothing(site: None, edition: Any, editor: Client) -> None:
    staying = edition("staying", "en")
    before, kept = document_of(staying), staying.revisions.count()
    answer = editor.post(url("change", staying.pk), {**opened(editor, staying), "_draft": "Save draft"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert document_of(edition("staying", "en")) == before
    assert staying.revisions.count() == kept


def test_rows_are_changed_moved_taken_out_and_added(site: None, edition: Any, editor: Client) -> None:
    staying = edition("staying", "en")
    name = named(staying, "checklist")
    data = opened(editor, staying)
    assert data[f"{name}.item"] == ["Your card", "Warm clothes"]
    data[f"{name}.item"] = ["A photo", "A coat", " "]
    editor.post(url("change", staying.pk), {**data, "_draft": "1"})
    (block,) = [block for block in document_of(edition("staying", "en"))["blocks"] if block["type"] == "checklist"]
    assert block["items"] == ["A photo", "A coat"]


def test_blocks_come_in_the_order_of_the_page_and_keep_names(site: None, edition: Any, editor: Client) -> None:
    staying = edition("staying", "en")
    data = opened(editor, staying)
    first, *rest = data["blocks"][1:]
    before = {block["id"]: block for block in staying.blocks}
    editor.post(url("change", staying.pk), {**data, "blocks": ["", *rest, first], "_draft": "1"})
    after = edition("staying", "en").blocks
    assert [f"{block['id']}:{block['type']}" for block in after] == [*rest, first]
    assert {block["id"]: block for block in after} == before


def test_a_block_is_added_and_another_taken_out(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    new = {
        "blocks": ["", "0a1b2c3d:steps"],
        "0a1b2c3d.heading": "How",
        "0a1b2c3d.title": ["Call", "Wait"],
        "0a1b2c3d.html": ["<p>Ask.</p>", ""],
    }
    editor.post(url("change", paying.pk), {**opened(editor, paying), **new, "_draft": "1"})
    items = [{"title": "Call", "html": "<p>Ask.</p>"}, {"title": "Wait", "html": ""}]
    assert edition("paying", "en").blocks == [{"id": "0a1b2c3d", "type": "steps", "heading": "How", "items": items}]


def test_what_no_page_sends_as_a_block_is_ignored(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    name = f"{paying.blocks[0]['id']}:prose"
    odd = ["", name, name, "x y:prose", "0a1b:nothing", "no-colon", ":prose", "9" * 40 + ":prose"]
    editor.post(url("change", paying.pk), {**opened(editor, paying), "blocks": odd, "_draft": "1"})
    assert edition("paying", "en").blocks == paying.blocks
    without = {name: value for name, value in opened(editor, paying).items() if name != "blocks"}
    editor.post(url("change", paying.pk), {**without, "_draft": "1"})
    assert edition("paying", "en").blocks == paying.blocks


def test_a_heading_that_is_too_long_is_told_and_kept(site: None, edition: Any, editor: Client) -> None:
    staying = edition("staying", "en")
    field = f"{named(staying, 'fits')}.heading"
    page = editor.post(url("change", staying.pk), {**opened(editor, staying), field: "long " * 40}).content.decode()
    assert "Block 2: “Heading” has 199 characters. Use at most 150." in page
    assert typed(page)[field] == ("long " * 40).strip()


def test_scripts_and_styles_never_get_in(site: None, edition: Any, editor: Client) -> None:
    staying = edition("staying", "en")
    data = opened(editor, staying)
    data[f"{named(staying, 'prose')}.html"] = (
        '<p style="color:red">a<script>x()</script><a href="javascript:x()">b</a></p>'
    )
    data[f"{named(staying, 'steps')}.html"] = "<p onclick='x()'>c</p><style>p{}</style>"
    editor.post(url("change", staying.pk), {**data, "_draft": "1"})
    blocks = document_of(edition("staying", "en"))["blocks"]
    prose, steps = (next(block for block in blocks if block["type"] == kind) for kind in ("prose", "steps"))
    assert prose["html"] == "<p>a<a>b</a></p>" and steps["items"][0]["html"] == "<p>c</p>"


def test_an_error_loses_nothing_that_was_typed(site: None, edition: Any, editor: Client) -> None:
    staying = edition("staying", "en")
    prose, question = f"{named(staying, 'prose')}.html", f"{named(staying, 'questions')}.question"
    data = opened(editor, staying) | {
        "title": "",
        "summary": "A summary typed just now",
        prose: "<p>Words typed just now</p>",
        question: "A question typed just now?",
    }
    answer = editor.post(url("change", staying.pk), {**data, "_publish": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "errornote" in page
    again = typed(page)
    for name in ("summary", prose, question):
        assert again[name] == data[name], name
    assert edition("staying", "en").title == "Staying there"


def test_save_and_publish_makes_it_public_for_who_may(
    site: None, edition: Any, approved: Any, rewrite: Any, publisher: Client
) -> None:
    paying = approved(rewrite(edition("paying", "en"), title="Costs, explained"))
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "_publish": "1"})
    page_cache.forget()
    assert "<h1>Costs, explained</h1>" in Client().get("/guides/paying/").content.decode()
    assert "Published. Visitors see it at /guides/paying/." in said(publisher, paying)


def test_words_changed_after_approval_are_not_published(
    site: None, edition: Any, approved: Any, rewrite: Any, publisher: Client
) -> None:
    paying = approved(rewrite(edition("paying", "en"), title="Costs, explained"))
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "title": "Other words", "_publish": "1"})
    assert "It is not approved yet." in said(publisher, paying)
    assert Publication.objects.get(edition=paying).title == "Paying for care"
    assert edition("paying", "en").stage == "draft"


def test_an_editor_sees_no_publish_button_and_cannot_force_it(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    page = said(editor, paying)
    assert 'name="_publish"' not in page and 'name="_unpublish"' not in page and 'name="_draft"' in page
    for button in ("_publish", "_unpublish"):
        answer = editor.post(url("change", paying.pk), {**opened(editor, paying), "title": "Forced", button: "1"})
        assert answer.status_code == 403
    assert Publication.objects.get(key="paying", language="en").title == "Paying for care"


def test_a_refused_draft_is_saved_and_says_why_it_is_not_public(site: None, edition: Any, publisher: Client) -> None:
    paying = edition("paying", "en")
    data = opened(publisher, paying) | {
        f"{named(paying, 'prose')}.html": '<h2>A</h2><p><a href="guide:nowhere">x</a></p>'
    }
    publisher.post(url("change", paying.pk), {**data, "_publish": "1"})
    page = said(publisher, paying)
    assert "Your draft is saved, but it is not published yet" in page and "guide:nowhere" in page
    assert 'href="guide:nowhere"' in document_of(edition("paying", "en"))["blocks"][0]["html"]
    assert "guide:nowhere" not in str(Publication.objects.get(edition=paying).document)


def test_taking_a_guide_off_the_site_keeps_its_draft(site: None, edition: Any, publisher: Client) -> None:
    paying = edition("paying", "en")
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "_unpublish": "1"})
    assert not Publication.objects.filter(edition=paying).exists()
    assert document_of(paying)["title"] == "Paying for care"


def test_the_preview_is_the_public_page_of_the_draft(site: None, edition: Any, rewrite: Any, editor: Client) -> None:
    paying = rewrite(edition("paying", "en"), title="Only a draft")
    answer = editor.get(url("preview", paying.pk))
    page = answer.content.decode()
    assert "<h1>Only a draft</h1>" in page and "This is a draft" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(url("preview", paying.pk)).status_code == 302


def test_versions_say_what_changed_and_bring_it_back(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    before, first = document_of(paying), paying.revisions.first()
    editor.post(url("change", paying.pk), {**opened(editor, paying), "title": "Paying for help", "_draft": "1"})
    assert url("version", paying.pk, first.pk) in editor.get(url("versions", paying.pk)).content.decode()
    page = editor.get(url("version", paying.pk, first.pk)).content.decode()
    assert "<del>care</del> <ins>help</ins>" in page
    assert "<ins>help</ins>" in editor.get(url("waiting", paying.pk)).content.decode()
    editor.post(url("version", paying.pk, first.pk))
    assert document_of(edition("paying", "en")) == before
    assert paying.revisions.first().reason == Revision.Reason.RESTORED
    assert "Nothing is different" in editor.get(url("waiting", paying.pk)).content.decode()


def test_the_list_of_versions_says_what_each_changed(site: None, edition: Any, rewrite: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    one, two = ({"type": "prose", "html": f"<p>{word}.</p>"} for word in ("One", "Two"))
    changed: list[dict[str, Any]] = [
        {"blocks": [one]},
        {"blocks": [one, two]},
        {"blocks": [two, one]},
        {"blocks": [two], "title": "Costs"},
    ]
    for values in changed:
        rewrite(paying, **values)
    listed = editor.get(url("versions", paying.pk))
    said = [event.changed for event in listed.context["events"][:3]]
    assert said == ["Title, 1 block removed", "order of the blocks", "Block 2"]
    page = listed.content.decode()
    assert "<td>Saved</td>" in page and re.search(r"\d:\d\d:\d\d [ap]\.m\.", page)
    newest, older = list(paying.revisions.all()[:2])
    answer: Any = editor.get(url("versions", paying.pk), {"version": [newest.pk, older.pk]})
    assert answer.url == f"{url('version', paying.pk, older.pk)}?with={newest.pk}#between"
    assert "Check two versions" in editor.get(url("versions", paying.pk), {"version": newest.pk}).content.decode()


def test_changes_name_levels_and_pages_not_their_keys(site: None) -> None:
    level = LevelOfCare.objects.all()[0]
    link = {"type": "prose", "html": f'<p><a href="level:{level.slug}">Here</a></p>'}
    cards = {"type": "level_cards", "heading": "Levels", "levels": [level.slug]}
    said = compared(None, {"title": "", "summary": "", "slug": "", "blocks": [link, cards]})
    assert [change["pieces"][0].text for change in said] == [f"Here [{level}]", f"Levels\n{level}"]


def test_a_save_says_why_and_any_two_versions_are_compared(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    first = paying.revisions.first()
    for title, why in (("Paying for help", "Plainer"), ("Money", "Shorter")):
        data = {**opened(editor, paying), "title": title, "why": why, "_draft": "1"}
        editor.post(url("change", paying.pk), data)
    newest, middle = paying.revisions.all()[:2]
    assert (newest.note, middle.note) == ("Shorter", "Plainer")
    assert "Plainer" in editor.get(url("versions", paying.pk)).content.decode()
    page = editor.get(url("version", paying.pk, first.pk), {"with": middle.pk}).content.decode()
    assert "<del>care</del> <ins>help</ins>" in page


def test_one_block_of_a_version_is_restored_and_no_other(
    site: None, edition: Any, rewrite: Any, editor: Client
) -> None:
    staying = edition("staying", "en")
    first, names = staying.revisions.first(), [block["id"] for block in staying.blocks]
    blocks = document_of(staying)["blocks"]
    changed = [{**blocks[0], "html": "<p>New</p>"}, {**blocks[1], "heading": "New"}, *blocks[3:]]
    rewrite(staying, blocks=changed)
    version = url("version", staying.pk, first.pk)
    assert editor.get(version).content.decode().count("Restore this block") == 3
    editor.post(version, {"block": "2"})
    editor.post(version, {"block": "3"})
    restored = edition("staying", "en")
    assert document_of(restored)["blocks"] == [changed[0], *blocks[1:]]
    assert [block["id"] for block in restored.blocks][:2] == names[:2]
    editor.post(version, {"block": "99"})
    assert document_of(edition("staying", "en"))["blocks"] == blocks


def test_a_new_language_is_written_from_the_guides_page(site: None, edition: Any, editor: Client) -> None:
    guide = edition("paying", "es").guide
    edition("paying", "es").delete()
    page = editor.get(reverse("admin:guides_guide_change", args=[guide.pk])).content.decode()
    link = re.search(r'href="([^"]*guideedition/add/\?[^"]*language=es)"', page)
    assert link is not None
    data = typed(editor.get(unescaped(link.group(1))).content.decode())
    assert (data["guide"], data["language"]) == (str(guide.pk), "es")
    data |= {"title": "Pagar", "slug": "pagar", "summary": "Lo que cuesta.", "_draft": "1"}
    answer = editor.post(url("add"), data)
    assert answer.status_code == 302 and edition("paying", "es").revisions.count() == 1


def test_the_form_shows_no_json_and_its_scripts_carry_the_nonce(site: None, edition: Any, editor: Client) -> None:
    answer = editor.get(url("change", edition("staying", "en").pk))
    page = answer.content.decode()
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce is not None
    (importmap,) = re.findall(r"<script[^>]*importmap[^>]*>", page)
    assert f'nonce="{nonce.group(1)}"' in importmap
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    values = [value for name, value in typed(page).items() if not name.startswith("csrf")]
    shown = [text for value in values for text in ([value] if isinstance(value, str) else value)]
    assert not [value for value in shown if value.startswith(("[", "{"))]


def test_every_kind_of_block_can_be_written(editor: Client, site: None, edition: Any) -> None:
    page = editor.get(url("change", edition("paying", "en").pk)).content.decode()
    assert [kind for kind in BLOCKS if f'data-add="{kind}"' not in page or f'data-blank="{kind}"' not in page] == []


def test_a_form_of_sixty_blocks_asks_little(
    site: None, edition: Any, rewrite: Any, publisher: Client, django_assert_max_num_queries: Any
) -> None:
    blocks = document_of(edition("staying", "en"))["blocks"]
    staying = rewrite(edition("staying", "en"), blocks=(blocks * 7)[:60])
    publisher.get(url("change", staying.pk))
    with django_assert_max_num_queries(32):  # Wagtail asks as often; one more than usual where time has passed
        page = publisher.get(url("change", staying.pk)).content
    assert len(page) <= 180_000 and page.count(b"data-card=") == 60 + len(BLOCKS)


def test_facts_go_public_from_one_page_that_says_what_changed(site: None, publisher: Client, editor: Client) -> None:
    level = LevelOfCare.objects.get(slug="iop")
    LevelText.objects.filter(level=level, language="en").update(summary="A brand new summary")
    facts = reverse("admin:guides_reference_changelist")
    assert "<ins>A</ins>" in editor.get(facts).content.decode() or "brand" in editor.get(facts).content.decode()
    assert editor.post(facts).status_code == 403
    assert "brand new" not in Client().get("/levels/iop/").content.decode()
    held = publisher.post(facts, follow=True).content.decode()
    assert "Change the other language too" in held and "Spanish still says: “" in held
    assert "brand new" not in Client().get("/levels/iop/").content.decode()
    publisher.post(facts, {"stays": re.findall(r'name="stays" value="(\w+)"', held)})
    page_cache.forget()
    assert "A brand new summary" in Client().get("/levels/iop/").content.decode()
    assert "Visitors see everything as it is now" in publisher.get(facts).content.decode()


@pytest.mark.parametrize("name", ["levelofcare", "aspect", "glossaryterm", "person", "synonym", "sitedetails", "guide"])
def test_every_list_and_form_of_the_app_opens(site: None, editor: Client, name: str) -> None:
    assert editor.get(reverse(f"admin:guides_{name}_changelist")).status_code == 200
    model = LevelOfCare._meta.apps.get_model("guides", name)
    row = model._default_manager.first()
    assert editor.get(reverse(f"admin:guides_{name}_change", args=[row.pk])).status_code == 200


def test_a_row_that_a_person_saved_is_kept_by_later_imports(site: None, editor: Client, edition: Any) -> None:
    guide = edition("paying", "en").guide
    page = editor.get(reverse("admin:guides_guide_change", args=[guide.pk])).content.decode()
    data = typed(page.replace("guide_form", "guideedition_form")) | {"order": "7"}
    answer = editor.post(reverse("admin:guides_guide_change", args=[guide.pk]), data)
    guide.refresh_from_db()
    assert answer.status_code == 302 and guide.order == 7 and guide.changed_here


def test_publishing_by_an_admin_is_in_the_history_of_the_admin(site: None, edition: Any, publisher: Client) -> None:
    paying = edition("paying", "en")
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "_publish": "1"})
    assert "Published." in publisher.get(url("history", paying.pk)).content.decode()
    assert PUBLISH == "guides.publish"


def test_a_draft_that_is_ahead_waits_on_the_first_page_and_in_its_list(
    site: None, edition: Any, rewrite: Any, publisher: Client
) -> None:
    assert not waiting()
    staying = rewrite(edition("staying", "en"), title="Staying there, again")
    assert list(waiting()) == [staying]
    assert "1 guide has changes that are not published" in publisher.get("/admin/").content.decode()
    listed = publisher.get(url("changelist") + "?state=waiting").context["cl"].result_list
    assert [row.pk for row in listed] == [staying.pk]


def test_a_draft_brought_back_to_what_is_published_waits_no_more(site: None, edition: Any, rewrite: Any) -> None:
    staying = edition("staying", "en")
    title = staying.title
    rewrite(staying, title="Something else")
    rewrite(edition("staying", "en"), title=title)
    assert not waiting()


def test_the_list_of_guides_shows_each_language_and_a_day_in_words(site: None, publisher: Client) -> None:
    page = publisher.get(reverse("admin:guides_guide_changelist")).content.decode()
    assert '<span class="label">published</span>' in page and "2027-02-01" not in page


def test_an_address_in_a_row_has_a_short_way_to_open_it(site: None, edition: Any, publisher: Client) -> None:
    guide = edition("staying", "en").guide
    page = publisher.get(reverse("admin:guides_guide_change", args=[guide.pk])).content.decode()
    assert 'href="https://example.org/source"' in page and "Currently:" not in page


def test_a_new_guide_begins_with_its_title_and_opens_its_cards(site: None, editor: Client) -> None:
    asked = editor.get("/admin/guides/guide/add/").content.decode()
    assert re.findall(r'name="(title|section|language|key|slug|sources-TOTAL_FORMS)"', asked) == [
        "title",
        "section",
        "language",
    ]
    begun = {"title": "Paying for care", "section": "paying", "language": "en", "_save": "1"}
    opened = editor.post("/admin/guides/guide/add/", begun, follow=True)
    draft = GuideEdition.objects.get(guide__key="paying-for-care")
    assert opened.request["PATH_INFO"] == url("change", draft.pk) and "data-add" in opened.content.decode()
    editor.post("/admin/guides/guide/add/", begun)
    assert sorted(
        GuideEdition.objects.filter(title="Paying for care", language="en").values_list("slug", flat=True)
    ) == [
        "paying",
        "paying-for-care",
        "paying-for-care-2",
    ]


def test_few_words_with_other_numbers_than_in_full_are_held(site: None, publisher: Client) -> None:
    fact = LevelFact.objects.filter(level__slug="iop", aspect__key="time")
    fact.update(short="9-19", html="<p>About 9 to 19 hours a week.</p>")
    facts = reverse("admin:guides_reference_changelist")
    publisher.post(facts, {"stays": re.findall(r'name="stays" value="(\w+)"', publisher.get(facts).content.decode())})
    for language, short in (("en", "9 to 15 hours"), ("es", "De 9 a 15 horas")):
        fact.filter(language=language).update(short=short)
    held = publisher.post(facts, follow=True).content.decode()
    assert held.count("The numbers differ on purpose") == 2 and "About 9 to 19 hours a week." in held
    fact.update(html="<p>About 9 to 15 hours a week.</p>")
    assert "was made again" in publisher.post(facts, follow=True).content.decode()


def test_facts_changed_in_both_languages_are_not_held(site: None, publisher: Client) -> None:
    for language, words in (("en", "9 to 15 hours"), ("es", "De 9 a 15 horas")):
        LevelText.objects.filter(level__slug="iop", language=language).update(summary=words)
    facts = reverse("admin:guides_reference_changelist")
    assert "still says" not in publisher.get(facts).content.decode()
    assert "was made again" in publisher.post(facts, follow=True).content.decode()


@pytest.mark.parametrize("name", ["levelofcare", "aspect", "glossaryterm", "person", "helpline", "guide"])
def test_a_key_that_links_name_is_not_edited(site: None, editor: Client, name: str) -> None:
    model = LevelOfCare._meta.apps.get_model("guides", name)
    row = model._default_manager.first()
    if row is None:
        row = model.objects.create(key="z", number="211", tel="211")
    page = editor.get(reverse(f"admin:guides_{name}_change", args=[row.pk])).content.decode()
    assert 'name="key"' not in page and 'name="slug"' not in page
    assert 'name="key"' in editor.get(reverse(f"admin:guides_{name}_add")).content.decode() or name in (
        "guide",
        "levelofcare",
    )


def test_a_refused_publish_lands_where_its_reason_is(site: None, edition: Any, publisher: Client) -> None:
    staying = edition("staying", "en")
    answer = publisher.post(url("change", staying.pk), {**opened(publisher, staying), "title": "New", "_publish": "1"})
    assert answer["Location"].endswith("#content-start")
    assert "It is not approved yet." in publisher.get(answer["Location"]).content.decode()


def test_who_adds_a_text_is_told_where_a_new_guide_begins(site: None, editor: Client) -> None:
    page = editor.get(reverse("admin:guides_guideedition_add")).content.decode()
    assert f'A guide that is there already. <a href="{reverse("admin:guides_guide_add")}">Begin a new guide</a>' in page
    menu = editor.get(reverse("admin:index")).content.decode()
    assert re.search(r">\s*Guide texts\s*<", menu) and "Guides in each language" not in menu


def test_what_is_said_about_a_guide_is_public_with_its_next_publishing(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    guide = reverse("admin:guides_guide_change", args=[paying.guide_id])
    page = publisher.get(guide).content.decode().replace('id="guide_form"', 'id="guideedition_form"')
    answer = publisher.post(guide, {**typed(page), "review_due": "2029-11-30"}, follow=True).content.decode()
    assert "Saved as a draft. Visitors see it once it is published." in answer
    assert "Published, with unpublished changes" in said(publisher, paying)
    listed = publisher.get(reverse("admin:guides_guideedition_changelist"), {"state": "waiting"}).content.decode()
    assert paying.title in listed
    differs = publisher.get(url("waiting", paying.pk)).content.decode()
    assert "Next review due" in differs and "2029" in differs and "2029-11-30" not in differs
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "_publish": "1"})
    assert "Published, with unpublished changes" not in said(publisher, paying)
