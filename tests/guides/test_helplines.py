"""A number to call is kept in one place, checked once a year, and the same on every page that gives it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from directory.models import Organization, Program
from guides.content.helplines import shipped
from guides.content.phones import dialed, digits, numbers
from guides.models import GlossaryText, Guide, GuideEdition, Helpline, Reference, RowRevision, SiteDetails
from guides.models.base import LANGUAGES
from guides.publishing.cache import page_cache
from guides.publishing.helplines import helplines, lines
from guides.publishing.published import address
from guides.workflow import actions
from guides.workflow.checks import edition_problems
from guides.workflow.deletion import helpline_kept
from referral.handoffs import hand_offs
from tests.guides.test_admin import typed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Call 1-800-662-4357, or (626) 555-0100.</p>", {"8006624357", "6265550100"}),
        (
            '<p><a href="tel:+1-888-555-0100">call</a>, <a href="sms:88788?body=HI">text</a></p>',
            {"8885550100", "88788"},
        ),
        ("<p>Text HOME to 741741. Envíe AYUDA al 988. Call 311.</p>", {"741741", "988", "311"}),
        ("<p>Ages 18-25, $1,200 to 3,000, 91101, 2026-02-01, and 800-662-43571.</p>", set()),
        ("<p>818.555.0101, 8185550102, 555-0105</p>", {"8185550101", "8185550102", "5550105"}),
        ("<p>1-800-KID-TALK, 1-833-TLC-MAMA</p>", {"8005438255", "8338526262"}),
        (
            "<p>(818) 555\u20110107, 818\u2013555\u20130110, 818\u00a0555\u00a00111</p>",
            {"8185550107", "8185550110", "8185550111"},
        ),
        ("<p>tel:8185550109, ８１８-555-0112</p>", {"8185550109", "8185550112"}),
        ("<p>300-1000 mg, 150–1200, 2020–2024, 12345-6789, $8185550109, LCSW 12345</p>", set()),
    ],
)
def test_numbers_are_found_as_people_write_them(html: str, found: set[str]) -> None:
    assert {dialed(number) for number in numbers({"type": "prose", "html": html})} == found


def test_every_number_that_ships_is_a_helpline() -> None:
    """In texts that no row fills: pages, messages and the questionnaire."""
    known = {digits(number) for line in shipped("en").values() for number in (line.tel, line.sms) if number}
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "referral" / "defaults").glob("*.json")]
    files += [*(ROOT / "assessments" / "questionnaires").glob("*.json"), *(ROOT / "guides" / "shipped").rglob("*.json")]
    unknown = {
        (path.name, number)
        for path in files
        for text in re.findall(r'"(?:[^"\\]|\\.)*"|[^"\n]+', path.read_text(encoding="utf-8"))
        for number in numbers({"type": "prose", "html": text})
        if dialed(number) not in known and "{" not in number and not dialed(number).startswith("626555")
    }
    assert unknown == set()


@pytest.mark.django_db
def test_a_number_changed_in_its_row_changes_wherever_it_is_given(site: None, client: Client, now: datetime) -> None:
    Helpline.objects.update(number="1-800-555-0199", tel="+18005550199", key="samhsa")
    Helpline.objects.create(key="line", number="1", tel="18005550198").texts.create(language="en", name="N", how="H")
    pages = ["/guides/staying-there/", *(address("guides:crisis", language) or "" for language in LANGUAGES)]
    assert [path for path in pages if 'href="tel:988"' in _list_of_lines(client, path)] == pages
    actions.publish_reference(by=None, now=now)
    page_cache.forget()
    assert 'href="tel:18005550198"' in _list_of_lines(client, pages[0])
    for path in pages[1:]:
        assert 'href="tel:+18005550199"' in _list_of_lines(client, path)
    assert "1-800-555-0199" in [each.phone for each in hand_offs("", "es", helplines("es"))]


def _list_of_lines(client: Client, path: str) -> str:
    """The part of a page that lists numbers, without the bar that stands on every page."""
    return client.get(path).content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.django_db
def test_lines_for_danger_are_there_even_if_nothing_is_published(site: None) -> None:
    Reference.objects.all().delete()
    page_cache.forget()
    assert [line.key for line in lines("poison", "es")] == ["poison", "988", "911", "domestic-violence"]
    Reference.objects.create(
        language="en", document={"helplines": [], "site": {}}, published_at=datetime.fromisoformat("2026-01-01T00:00Z")
    )
    page_cache.forget()
    assert {"988", "911"} <= set(helplines("en"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "stops"),
    [
        ("626-555-0142", True),  # nobody's
        ("626-555-0100", False),  # our own
        ("626-555-0101", True),  # of a line that nobody called yet
        ("626-555-0102", False),  # of a line that somebody called
        ("626-555-0103", False),  # of a program
        ("626-555-0104", True),  # of a program that the public does not see
    ],
)
def test_a_number_that_nobody_called_keeps_a_guide_back(site: None, edition: Any, number: str, stops: bool) -> None:
    Helpline.objects.create(key="new", number="626-555-0101", tel="+16265550101")
    Helpline.objects.create(key="called", number="626-555-0102", tel="+16265550102", checked_on=TODAY)
    owner = Organization.objects.create(name="Owner")
    Program.objects.create(slug="open", name="A", organization=owner, status="public", phone="+16265550103")
    Program.objects.create(slug="draft", name="B", organization=owner, status="draft", phone="+16265550104")
    draft: GuideEdition = edition("paying", "en")
    draft.blocks = [*draft.blocks, {"id": "new", "type": "prose", "html": f"<p>Call {number}.</p>"}]
    told = [problem for problem in edition_problems(draft, draft.document(), TODAY) if problem.stops]
    assert [(problem.block, number in problem.sentence) for problem in told] == [(2, True)] * stops


@pytest.mark.django_db
def test_a_block_names_lines_that_exist_and_keeps_them(site: None, edition: Any) -> None:
    draft: GuideEdition = edition("paying", "en")
    draft.blocks = [{"id": "new", "type": "helplines", "heading": "Call", "lines": ["line", "gone"]}]
    told = [problem.sentence for problem in edition_problems(draft, draft.document(), TODAY) if problem.stops]
    assert len(told) == 1 and "gone" in told[0]
    Reference.objects.update(document={"helplines": []})
    assert "Staying there" in helpline_kept(Helpline.objects.get())


@pytest.mark.django_db
def test_a_check_is_kept_with_its_day_and_leaves_the_to_do_list(site: None, publisher: Client, now: datetime) -> None:
    Helpline.objects.update(checked_on=None)
    link = "/admin/guides/helpline/?checked=no"
    assert link in publisher.get("/admin/").content.decode()
    row = Helpline.objects.get()
    publisher.post("/admin/guides/helpline/", {"action": "mark_checked", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.checked_on is not None and not Helpline.objects.unchecked(row.checked_on).exists()
    assert RowRevision.objects.filter(kind="helplines", key="line").count() == 2
    assert link not in publisher.get("/admin/").content.decode()


@pytest.mark.django_db
def test_one_line_is_checked_at_a_time_and_named(site: None, publisher: Client) -> None:
    Helpline.objects.update(checked_on=None)
    other = Helpline.objects.create(key="other", number="1-800-555-0144", tel="+18005550144")
    page, action = "/admin/guides/helpline/", {"action": "mark_checked"}
    both = list(Helpline.objects.values_list("pk", flat=True))
    said = publisher.post(page, {**action, "_selected_action": both}, follow=True).content.decode()
    assert "Check one line at a time" in said and not Helpline.objects.exclude(checked_on=None).exists()
    said = publisher.post(page, {**action, "_selected_action": [other.pk]}, follow=True).content.decode()
    assert "Saved: someone answered today at 1-800-555-0144." in said


@pytest.mark.django_db
def test_a_day_on_which_something_was_done_is_not_to_come(site: None) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    rows = [(Helpline(), "checked_on"), (Guide(), "last_reviewed"), (Program(), "checked_on")]
    for row, name in rows:
        setattr(row, name, tomorrow)
        with pytest.raises(ValidationError) as refused:
            row.clean()
        assert refused.value.message_dict == {name: ["This day is not here yet. Enter today or an earlier day."]}
        setattr(row, name, tomorrow - timedelta(days=1))
        row.clean()


def test_a_helpline_is_written_in_both_languages(site: None, publisher: Client) -> None:
    values: dict[str, object] = {"key": "new", "order": 3, "number": "1-626-555-0101", "tel": "626-555-HELP"}
    values |= {"texts-TOTAL_FORMS": 2, "texts-INITIAL_FORMS": 0, "texts-MIN_NUM_FORMS": 0, "texts-MAX_NUM_FORMS": 2}
    for at, code in enumerate(("en", "es")):
        values |= {f"texts-{at}-language": code, f"texts-{at}-name": "Who", f"texts-{at}-how": "How"}
    page = publisher.post("/admin/guides/helpline/add/", values)
    assert "digits only" in page.content.decode()
    publisher.post("/admin/guides/helpline/add/", values | {"tel": "+16265550101"})
    assert Helpline.objects.get(key="new").texts.count() == 2


@pytest.mark.parametrize("typed_tel", ["1-626-555-0101", "(626) 555-0101", "+1 626 555 0101", ""])
def test_a_number_is_taken_as_it_is_typed_or_from_what_is_shown(site: None, publisher: Client, typed_tel: str) -> None:
    values: dict[str, object] = {"key": "new", "order": 3, "number": "1-626-555-0101", "tel": typed_tel}
    values |= {"texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 0, "texts-0-language": "en"}
    publisher.post("/admin/guides/helpline/add/", values | {"texts-0-name": "Who", "texts-0-how": "How"})
    assert Helpline.objects.get(key="new").tel == "+16265550101"


@pytest.mark.parametrize(
    ("shown", "tel", "same"),
    [
        ("1-800-662-9999", "+18006624357", False),
        ("1-800-CALL", "+18006624357", False),
        ("1-800-662-HELP", "+18006624357", True),
        ("1-800-662-HELP (4357)", "+18006624357", True),
        ("(626) 555-0101", "+16265550101", True),
        ("2-1-1", "211", True),
    ],
)
def test_what_is_shown_is_what_is_dialed(shown: str, tel: str, same: bool) -> None:
    if same:
        Helpline(number=shown, tel=tel).clean()
        return
    with pytest.raises(ValidationError, match=re.escape(tel)):
        Helpline(number=shown, tel=tel).clean()


def test_shipped_lines_show_what_they_dial() -> None:
    for line in shipped("en").values():
        Helpline(number=line.number, tel=line.tel).clean()


@pytest.mark.django_db
def test_a_changed_number_is_reviewed_and_published(site: None, publisher: Client, client: Client) -> None:
    row = Helpline.objects.get()
    change = f"/admin/guides/helpline/{row.pk}/change/"
    page = publisher.get(change).content.decode()
    shown = typed(page.replace('id="helpline_form"', 'id="guideedition_form"'))
    answer = publisher.post(change, {**shown, "number": "1-800-555-0199", "tel": "+18005550199", "urgent": "on"})
    assert answer.status_code == 302
    facts = "/admin/guides/reference/"
    page = publisher.get(facts).content.decode()
    assert "Crisis line: number as shown" in page and "<ins>1-800-555-0199</ins>" in page
    assert "Publish these changes" in page and "No one called 1-800-555-0199. Publish it all the same" in page
    assert "1-800-555-0199" not in _list_of_lines(client, "/crisis/")
    publisher.post(facts, {"uncalled": "+18005550199"})
    page_cache.forget()
    assert 'href="tel:+18005550199"' in _list_of_lines(client, "/crisis/")
    assert "Visitors see everything as it is now." in publisher.get(facts).content.decode()


@pytest.mark.django_db
def test_a_number_in_letters_is_dialed_only_as_somebody_wrote_it(site: None, publisher: Client) -> None:
    row = Helpline.objects.get()
    change = f"/admin/guides/helpline/{row.pk}/change/"
    letters = {**_form(publisher, row), "number": "1-800-CALL-NOW", "tel": ""}
    page = publisher.post(change, letters).content.decode()
    assert "these letters stand for +18002255669" in page
    assert publisher.post(change, {**letters, "tel": "+18002255669"}).status_code == 302


@pytest.mark.django_db
def test_the_list_says_in_words_what_was_never_called(site: None, publisher: Client) -> None:
    Helpline.objects.update(checked_on=None)
    listed = publisher.get("/admin/guides/helpline/").content.decode()
    assert "not checked yet" in listed and "never" not in listed.partition("<tbody>")[2].partition("</tbody>")[0]
    page = publisher.get(f"/admin/guides/helpline/{Helpline.objects.get().pk}/change/").content.decode()
    assert "Number to dial" in page and "Number to text" in page and ">number to" not in page


@pytest.mark.django_db
def test_the_history_of_a_line_names_its_fields_and_sets_words_apart(site: None, publisher: Client) -> None:
    row = Helpline.objects.get()
    new = {"number": "1-800-555-0199", "tel": "+18005550199", "urgent": "on", "texts-0-how": "By phone"}
    publisher.post(f"/admin/guides/helpline/{row.pk}/change/", {**_form(publisher, row), **new})
    page = publisher.get(f"/admin/guides/helpline/{row.pk}/history/").content.decode()
    said = re.sub(r"<[^>]+>", "", page)
    assert f"Number as shown: {row.number} → 1-800-555-0199" in said
    assert "How it helps (English): " in said and "For danger: yes" in said
    assert "en.how" not in page and "urgent:" not in said


def _form(client: Client, row: Helpline) -> dict[str, Any]:
    page = client.get(f"/admin/guides/helpline/{row.pk}/change/").content.decode()
    return typed(page.replace('id="helpline_form"', 'id="guideedition_form"'))


@pytest.mark.django_db
def test_a_changed_number_loses_the_day_the_old_one_was_called(site: None, publisher: Client) -> None:
    Helpline.objects.update(checked_on=TODAY)
    row = Helpline.objects.get()

    def checked() -> date | None:
        return Helpline.objects.get().checked_on

    change = f"/admin/guides/helpline/{row.pk}/change/"
    page = publisher.post(change, {**_form(publisher, row), "word": "HI"}, follow=True).content.decode()
    assert checked() == TODAY and "so “Checked on” is empty now" not in page
    new = {"number": "1-800-555-0199", "tel": "+18005550199"}
    page = publisher.post(change, {**_form(publisher, row), **new}, follow=True).content.decode()
    assert checked() is None and "so “Checked on” is empty now" in page
    other = {"number": "1-800-555-0188", "tel": "+18005550188", "checked_on": "2026-06-02"}
    publisher.post(change, {**_form(publisher, row), **other})
    assert checked() == date(2026, 6, 2)


@pytest.mark.django_db
def test_a_new_number_is_published_once_it_was_asked_about(site: None, publisher: Client) -> None:
    actions.publish_reference(by=None, now=timezone.now())
    Helpline.objects.update(number="1-800-555-0199", tel="+18005550199", checked_on=None)
    facts = "/admin/guides/reference/"
    assert "No one has called these numbers yet" in publisher.get(facts).content.decode()
    page = publisher.post(facts, follow=True).content.decode()
    assert "Nothing is published yet." in page
    assert "Nothing is published yet." in publisher.post(facts, {"uncalled": "988"}, follow=True).content.decode()
    assert Reference.objects.get(language="en").document["helplines"][0]["tel"] != "+18005550199"
    publisher.post(facts, {"uncalled": "+18005550199"})
    assert Reference.objects.get(language="en").document["helplines"][0]["tel"] == "+18005550199"
    assert "No one has called these numbers yet" not in publisher.get(facts).content.decode()
    Helpline.objects.update(number="1-800-555-0188", tel="+18005550188", checked_on=TODAY)
    assert "Published." in publisher.post(facts, follow=True).content.decode()


def test_shipped_rows_say_the_same_in_both_languages() -> None:
    rows = json.loads((ROOT / "guides" / "shipped" / "helplines.json").read_text(encoding="utf-8"))
    assert all(
        row["en"].keys() == row["es"].keys() and "988" not in row["es"]["how"] for row in rows if row["key"] == "988"
    )


@pytest.mark.django_db
def test_a_line_that_ships_stands_in_until_there_is_a_row(site: None, now: datetime) -> None:
    actions.publish_reference(by=None, now=now)
    page_cache.forget()
    assert helplines("es")["maternal"].number == "1-833-852-6262"
    Helpline.objects.create(key="maternal", number="1", tel="18005550198", archived_at=now)
    page_cache.forget()
    assert "maternal" not in helplines("es")


@pytest.mark.django_db
def test_a_number_in_words_is_asked_about_before_it_is_public(site: None, publisher: Client, client: Client) -> None:
    GlossaryText.objects.update(definition="<p>Call (818) 555-0199.</p>")
    SiteDetails.objects.update(help_phone="(818) 555-0177")
    facts = "/admin/guides/reference/"
    page = publisher.get(facts).content.decode()
    assert "help_phone_tel" not in page and "Site: number to dial" in page
    assert "I called (818) 555-0199, and it is right" in page and 'value="8185550177"' in page
    told = publisher.post(facts, {"uncalled": "8185550199"}, follow=True).content.decode()
    assert "Nothing is published yet. Call the new number first" in told
    publisher.post(facts, {"uncalled": ["8185550199", "8185550177"]})
    page_cache.forget()
    assert "(818) 555-0199" in client.get("/glossary/").content.decode()
    assert "I called" not in publisher.get(facts).content.decode(), "it is public now"


@pytest.mark.django_db
def test_a_number_in_the_summary_keeps_a_guide_back(site: None, edition: Any) -> None:
    draft: GuideEdition = edition("paying", "en")
    draft.summary = "Call 818.555.0101."
    told = [each.sentence for each in edition_problems(draft, draft.document(), TODAY) if each.stops]
    assert len(told) == 1 and told[0].startswith("In the title or the summary: “818.555.0101”")


@pytest.mark.django_db
def test_a_number_in_a_button_or_a_source_keeps_a_guide_back(site: None, edition: Any) -> None:
    draft: GuideEdition = edition("paying", "en")
    document = draft.document()
    document["blocks"] += [
        {"type": "download", "document": "", "label": "Call 818\N{EN DASH}555\N{EN DASH}0110", "text": ""},
        {"type": "sources", "heading": "S", "items": [{"title": "T", "publisher": "", "url": "tel:8185550109"}]},
    ]
    told = [each.sentence for each in edition_problems(draft, document, TODAY) if "is no helpline" in each.sentence]
    assert ["0110" in told[0], "8185550109" in told[1]] == [True, True]


@pytest.mark.django_db
def test_what_the_pages_for_danger_need_is_not_archived(site: None, publisher: Client, now: datetime) -> None:
    Helpline.objects.update(key="988")
    row = Helpline.objects.get()
    listed = publisher.post(
        "/admin/guides/helpline/", {"action": "archive_rows", "_selected_action": [row.pk]}, follow=True
    ).content.decode()
    assert "The pages for danger send people here, so it stays." in unescape(listed)
    publisher.post(f"/admin/guides/helpline/{row.pk}/archive/")
    assert Helpline.objects.get().archived_at is None
    page = publisher.get(f"/admin/guides/helpline/{row.pk}/change/").content.decode()
    assert 'name="urgent"' not in page and "#archive" not in page


@pytest.mark.django_db
def test_an_archived_line_says_where_it_is_shown(site: None, publisher: Client, edition: Any) -> None:
    row = Helpline.objects.get()
    page = publisher.get(f"/admin/guides/helpline/{row.pk}/change/").content.decode()
    asked = page.partition('id="archive"')[2].partition("</section>")[0]
    assert "It goes from these guides, too" in asked and "Yes, archive it" in asked
    said = publisher.post(f"/admin/guides/helpline/{row.pk}/archive/", follow=True).content.decode()
    assert "It goes from these guides, too, when the facts are published next: " in said and "Staying there" in said
    facts = publisher.get("/admin/guides/reference/").content.decode()
    assert "Taken off: Crisis line" in facts and "Crisis line: number as shown" not in facts
    assert "It goes from these guides, too: Staying there" in facts
    publisher.post("/admin/guides/reference/")
    publisher.post(f"/admin/guides/helpline/{row.pk}/archive/")
    facts = publisher.get("/admin/guides/reference/").content.decode()
    assert facts.count("Added: Crisis line") == 1 and f"<ins>{row.number}" in facts
    assert "Crisis line: number as shown" not in facts
