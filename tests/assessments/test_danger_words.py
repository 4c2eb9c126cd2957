"""Where an answer may mean danger, every page says what the crisis page says: 911 first, then a doctor."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.engine.definition import NOT_SURE, VOICES, Language, Voice
from assessments.family import session
from tests.assessments.test_family_pages import answer_all
from tests.assessments.test_result_page import DRINKING, part, shown, words
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_safety_page import first_page_for

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]


@pytest.mark.parametrize("where", ["still-open", "only-print paper"])
def test_open_danger_says_911_and_not_a_level(client: Client, where: str) -> None:
    page = shown(client, {**DRINKING, "danger-now": NOT_SURE, "body": NOT_SURE})
    box = part(page, f'class="{where}"', "This week" if "paper" in where else "</section>")
    assert "Call 911 now. This may be an overdose." in box and "A seizure or sudden confusion is an emergency." in box
    for question in page.context["open"]:
        told = {danger.answers for danger in question.dangers if "911" in danger.text}
        assert not [lead for lead in question.leads if any(answers in lead.answers for answers in told)]
    danger = next(question for question in page.context["open"] if question.key == "danger-now")
    assert "call 911" in danger.ask and not danger.leads


def test_the_signs_stand_open_on_the_result_and_on_paper(client: Client) -> None:
    page = shown(client, {**DRINKING, "danger-now": NOT_SURE})
    assert page.content.decode().count("<h2>Not sure? Look for these signs</h2>") == 2
    assert "Call 911 if any of this is true:" in part(page, 'class="only-print paper"', 'class="no-print"')


def test_paper_says_what_to_do_today_before_what_is_open(client: Client) -> None:
    paper = part(shown(client, {**DRINKING, "danger-now": NOT_SURE}), 'class="only-print paper"', 'class="no-print"')
    order = ["What to do next", "What is still open", "Not sure? Look for these signs", "This week"]
    assert [paper.index(words) for words in order] == sorted(paper.index(words) for words in order)
    assert paper.count("whatever they decide") == 1


@pytest.mark.parametrize("asked", [{"stopping": NOT_SURE}, {"body": NOT_SURE}])
def test_signs_that_need_911_are_not_left_to_a_doctor(client: Client, asked: dict[str, Any]) -> None:
    (look,) = [
        look for look in shown(client, {**DRINKING, **asked}).context["look"] if look.line and look.line.key == "911"
    ]
    signs = str(look.signs)
    assert "seizure" in signs or "chest pain" in signs
    assert "Call 911 if this is happening now. If it is over, talk to a doctor today:" in words(
        client.get("/assessment/result/")
    )


def test_chest_pain_that_was_checked_says_911_first(family: Client) -> None:
    page = first_page_for(family, "body", body="urgent")
    assert page.context["heading"] == "Call 911 if this is happening now" and page.context["first"] == "911"
    assert page.context["texts"][0].startswith("Call 911 now for chest pain, trouble breathing")


def test_a_gun_within_reach_is_the_first_thing_today(client: Client) -> None:
    page = shown(client, {**DRINKING, "self-harm": NOT_SURE, "means": "yes"})
    first, *rest = page.context["plan"].today
    lock = "Lock pills, guns and blades away tonight, or give them to someone outside the home."
    assert first == f"{lock} Medicine that a doctor prescribed for them goes on: keep out only the next dose."
    assert not [text for text in rest if "lock up guns" in text]


def test_from_the_warning_the_result_is_one_step_away(family: Client) -> None:
    answer_all(family, self_harm="plan")
    store = family.session
    store[session.SEEN] = {}
    store.save()
    page = family.get("/assessment/result/", follow=True).content.decode()
    assert page.index("See the result") < page.index("Check your answers")
    assert family.post("/assessment/safety/")["Location"] == "/assessment/result/"


def test_help_for_the_family_and_the_calls_stand_in_what_to_do(client: Client) -> None:
    page = shown(client, DRINKING)
    paper = part(page, 'class="only-print paper"', 'class="no-print"')
    for box in (part(page, 'class="result-do"'), paper):
        assert "Get help for yourself, too" in box and "Call one program" in box and "Talk to one or two more" in box
    assert "Waymark." in paper
    assert "Get help for yourself" not in words(shown(client, DRINKING, voice="me"))


def test_a_first_step_that_is_open_is_marked_as_that(client: Client) -> None:
    page = shown(client, {**DRINKING, "body": NOT_SURE})
    notes = {level.slug: level.note for level in page.context["every"]}
    assert page.context["fit"].perhaps_first == "medically-managed"
    assert notes["medically-managed"] == "May come first"


@pytest.mark.parametrize("stopping", ["severe", "dangerous"])
def test_less_use_is_no_goal_where_stopping_is_dangerous(client: Client, stopping: str) -> None:
    drinks = {**DRINKING, "drink-often": "all-day", "stopping": stopping, "staying-off": "hours", "daily-life": "well"}
    told = words(shown(client, drinks))
    assert "less care may be enough" not in told and "No single answer would lead" not in told


EATING = {"mind-signs": ["eating-daily"], "substances": [], "person": ["under-18"]}


def test_eating_very_little_asks_for_a_doctor_today(client: Client) -> None:
    told = part(shown(client, EATING), "What to do today</h1>")
    assert "They need a doctor today." in told and "Call 911 for fainting, chest pain" in told
    assert "if not even water stays down" in told


def test_who_uses_nothing_reads_of_no_use_and_no_detox(client: Client) -> None:
    page = shown(client, {**EATING, "body": NOT_SURE, "readiness": "no-need"})
    told = words(page)
    assert not any(word in told for word in ("detox", "They use ____", "when they have had least"))
    assert "The main problem is ____." in told and "How is their physical health?" in page.context["first_step"]


def test_988_leads_where_someone_is_hurt_at_home_as_well(client: Client) -> None:
    page = shown(client, {"self-harm": "hurt", "violence-home": "afraid"})
    assert page.context["urgent"]["heading"].startswith("Call or text 988 now.")
    keys = [line.key for line in page.context["urgent"]["lines"]]
    assert keys[0] == "988" and "domestic-violence" in keys
    assert "blades" in " ".join(page.context["plan"].today)


@pytest.mark.parametrize("voice", ["me", "loved"])
def test_blades_come_first_for_who_cuts_and_no_level_moves(client: Client, voice: Voice) -> None:
    page = shown(client, {"self-harm": "hurt", "means": "yes", "mood": "some-days"}, voice=voice)
    assert page.context["plan"].today[0].startswith("Lock blades, other sharp things, pills and guns away tonight")
    assert page.context["fit"].level == "outpatient"
    away = shown(client, {"self-harm": "hurt", "means": NOT_SURE}, voice=voice)
    # A wound that bleeds comes before what is only perhaps within reach.
    wound, blades = away.context["plan"].today[:2]
    assert "emergency room now" in wound and "From tonight on, lock up blades and other sharp things" in blades


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "If such thoughts come back, call or text 988"), ("es", "Si vuelven esos pensamientos, llame al 988 y")],
)
def test_thoughts_of_long_ago_bring_988_and_no_urgent_page(client: Client, language: Language, line: str) -> None:
    for voice in VOICES:
        page = shown(client, {"self-harm": "past"}, voice=voice, language=language)
        assert line in words(page) and not page.context["urgent"]
        assert page.context["fit"].level == "recovery-support"


def test_who_answers_for_another_is_asked_if_they_are_safe(client: Client) -> None:
    told = words(shown(client, DRINKING))
    assert "Are you safe yourself?" in told
    assert "Are you safe yourself?" not in words(shown(client, DRINKING, voice="me"))


def test_not_sure_of_an_attempt_asks_for_988_first(client: Client) -> None:
    told = words(shown(client, {**DRINKING, "self-harm": NOT_SURE}))
    assert "Call or text 988 now if any of this is true." in told


def test_who_wishes_not_to_wake_up_is_not_left_alone_tonight(client: Client) -> None:
    for page, said in (
        (shown(client, {"self-harm": "passing"}), "Today and tonight, stay near them and do not leave them alone."),
        (shown(client, {"self-harm": "passing"}, voice="me"), "ask someone you trust to stay with you"),
        (shown(client, {"self-harm": "passing"}, language="es"), "Hoy y esta noche, quédese cerca"),
    ):
        assert said in words(page) and words(page).index("988") < words(page).index(said)
