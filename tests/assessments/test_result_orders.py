"""What cannot wait leads alone: nothing beside it names a later hour, and no other danger takes it away."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, VOICES, Language, Voice
from assessments.engine.explain import Speaker
from assessments.family.emergencies import STOPPING, needs_ambulance, without_milder
from assessments.family.result.steps import Plan, plan
from assessments.family.tonight import tonight
from assessments.family.warnings import first_call, opening
from assessments.models import QuestionnaireVersion, Response
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import part, shown, words
from tests.engine.building import default_definition
from tests.engine.judging import filled
from tests.engine.test_range import answered

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]

DEFINITION = default_definition()
BROKE: dict[str, Any] = {"paying": ["no-insurance"], "readiness": "no-need"}
HUSBAND: dict[str, Any] = {
    **BROKE,
    "danger-now": ["withdrawal"],
    "person": ["stopped"],
    "substances": ["alcohol"],
    "drink-often": "all-day",
    "stopping": "dangerous",
    "mind-signs": ["voices"],
}
SON: dict[str, Any] = {**BROKE, "substances": ["alcohol", "opioids"], "use-signs": ["overdose"]}
CALM_STOP: dict[str, Any] = {"substances": ["opioids"], "stopping": "nothing", "person": [], "how-often": "some-days"}
"""Nothing that sends to a doctor because of stopping: that is another danger, with its own hour."""
NOW: list[dict[str, Any]] = [
    {"danger-now": ["withdrawal"]},
    {**CALM_STOP, "danger-now": ["overdose"], "use-signs": ["overdose"]},
    {**CALM_STOP, "danger-now": ["self-harm"]},
    {**CALM_STOP, "self-harm": "plan", "means": "yes"},
    {"person": ["stopped"], "mind-signs": ["confused", "voices"]},
    {"danger-now": [], "person": ["stopped"], "stopping": "severe", "drink-often": "daily", "mind-signs": ["watched"]},
    {"danger-now": [], "person": ["stopped"], "stopping": NOT_SURE, "stopping-signs": "shaky", "drink-often": "daily"},
]
"""Answers each of which asks for help now, whatever else was answered."""
LATER = {
    "en": r"doctor (soon|today|this week)|(ask|talk to a doctor|checked) today|ask a doctor today|nurse line|this week|"
    r"another day|calm time|call first|in the morning|office opens|office is open",
    "es": r"médico,? (pronto|hoy|esta semana)|hoy (con|a) un médico|(pregunte|hable)\w* hoy|línea de enfermer|"
    r"esta semana|otro día|momento tranquilo|llamen? primero|por la mañana|\babra\b|oficina",
}
HEADINGS = {
    "This week",
    "Esta semana",
    "Tonight, or when no office is open",
    "Tonight, or when no office is open.",
    "Esta noche, o si no hay consultorios abiertos",
    "Esta noche, o si no hay consultorios abiertos.",
    "If it is over, talk to a doctor today:",
    "Si ya pasó, hable hoy con un médico:",
}
"""The last two stand above signs of other dangers, which the test makes sure of."""
OTHER = frozenset(
    {"sick-now", "out-of-touch", "eating-daily", "eating", "suicide-thoughts", "past-thoughts", "after-residential"}
)
"""Rules and notes of other dangers, which keep their own hour; with them pills from a doctor, for who was not seen."""


def sentences(html: str) -> list[str]:
    """The sentences of a page, each without its tags; none of the answers that it names."""
    html = re.sub(r'<(p|span) class="(reason-because|said|quiet print-answers)\b.*?</\1>', "", html, flags=re.DOTALL)
    told = re.sub(r"</?(a|strong|span|wbr)\b[^>]*>", "", html)
    text = unescape(re.sub(r"<[^>]+>", "\n", told))
    return [one.strip() for line in text.split("\n") for one in re.split(r"(?<=[.:!?”]) ", line.strip()) if one.strip()]


def of_others(answers: dict[str, Any], language: Language, voice: Voice) -> set[str]:
    """What rules of other dangers say."""
    speaker = Speaker(DEFINITION, language, voice, {}, answers)
    ambulance = needs_ambulance(evaluate(DEFINITION, answers))
    keys = OTHER if ambulance else OTHER | {"slow-taper", "pain-pills", "mixing", "confused"}
    texts = [speaker.text(DEFINITION.rules[key].text) for key in keys]  # type: ignore[union-attr]
    return {sentence for text in texts for sentence in sentences(text)}


def main(page: Any) -> str:
    return str(page.content.decode().split("<main")[1].split("</main>")[0])


def shared(client: Client, language: Language) -> str:
    """The page that one other person sees of the result of this browser, in this language."""
    Response.objects.update(completed_at=timezone.now())
    start = "/es" if language == "es" else ""
    link = client.post(f"{start}/assessment/keep/", {"do": "share"}, follow=True).context["new_link"]
    reader = Client()
    address = reader.get(re.sub("https?://[^/]+", "", link))["Location"]
    return main(reader.post(address, follow=True))


def hurried() -> Iterator[dict[str, Any]]:
    chance = random.Random(23)
    yield HUSBAND
    for number, now in enumerate(NOW * 2):
        drinks = {"substances": ["alcohol", "opioids"][: 1 + number % 2], "readiness": "not-now"}
        yield filled(DEFINITION, {**answered(DEFINITION, chance, unsure=0.15), **drinks, **now})


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_beside_now_names_a_later_hour(client: Client, language: Language) -> None:
    """On the screen, on paper and on the page of who is shown it."""
    for answers in hurried():
        page = shown(client, answers, language=language)
        assert page.context["plan"].now, answers
        left = {fired.rule for fired in without_milder(evaluate(DEFINITION, answers)).safety if not fired.stated}
        assert not left & STOPPING, (left, answers)
        calm = of_others(answers, language, "loved") | HEADINGS
        for html in (main(page), shared(client, language)):
            html = html.split('id="answers-title"')[0].split('<div class="print-answers"><h2>')[0]
            late = [one for one in sentences(html) if re.search(LATER[language], one) and one not in calm]
            assert not late, (late, answers)


@pytest.mark.parametrize(("language", "psychosis"), [("en", "psychosis"), ("es", "psicosis")])
def test_withdrawal_explains_what_is_seen(client: Client, language: Language, psychosis: str) -> None:
    for given in (HUSBAND, {**HUSBAND, "danger-now": []}, {**HUSBAND, "danger-now": [], "stopping": "moderate"}):
        assert psychosis not in words(shown(client, given, language=language))
    alone = {"mind-signs": ["voices"], "substances": []}
    assert psychosis in words(shown(client, alone, language=language))


def test_911_alone_leads_where_988_can_send_nobody(client: Client) -> None:
    for danger, only in (("withdrawal", True), ("overdose", True), ("violence", True), ("self-harm", False)):
        page = shown(client, {**BROKE, "danger-now": [danger]})
        top = main(page).split('id="do"')[0]
        assert ("988" not in top) == only, danger
        assert page.context["plan"].first == f"First call 911{'' if only else ' or 988'}. Call programs after that."
    both = shown(client, {"danger-now": ["withdrawal"], "self-harm": "thoughts"})
    assert both.context["urgent"]["heading"] == "Call 911 now. This is an emergency."
    assert 'href="tel:988"' in main(both).split('id="do"')[0]


def orders(answers: dict[str, Any], language: Language, voice: Voice) -> tuple[Plan, str, bool]:
    """What is to be done today, all words of it and of the warnings, and whether an ambulance is needed."""
    response = Response(version=QuestionnaireVersion.objects.get(), voice=voice)
    response.answers = answers
    outcome = without_milder(response.outcome())
    with translation.override(language):
        speaker = Speaker(DEFINITION, language, voice, {}, answers)
        night = tonight(outcome, language, voice)
        call = first_call(response, outcome, language)
        todo = plan(outcome, speaker, (), night=night is not None, call=call)
        warned = (opening(response, outcome, language)["urgent"] or {"texts": []})["texts"]
    return todo, " ".join([todo.first, *warned, *todo.today]), needs_ambulance(outcome)


SEEN = {
    "en": ("emergency room, now", "emergency room, today"),
    "es": ("sala de emergencias, ahora", "sala de emergencias, hoy mismo"),
}
ADDED: list[tuple[str, str]] = [
    *(("danger-now", danger) for danger in ("violence", "withdrawal", "overdose", "self-harm")),
    *(("self-harm", thought) for thought in ("passing", "hurt", "thoughts", "plan")),
    *(("violence-home", hurt) for hurt in ("afraid", "yes")),
    ("body", "urgent"),
    ("use-signs", "overdose"),
    *(("mind-signs", sign) for sign in ("unreal", "manic", "confused", "eating-daily")),
]
CALM: dict[str, Any] = {"danger-now": [], "self-harm": "none", "violence-home": "no", "body": "good"}


def with_danger(answers: dict[str, Any], danger: tuple[str, str]) -> dict[str, Any]:
    question, choice = danger
    many, held = DEFINITION.by_key[question].kind == "many", answers.get(question)
    return filled(
        DEFINITION, {**answers, question: [*(held if isinstance(held, list) else []), choice] if many else choice}
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_added_danger_takes_no_order_away(language: Language) -> None:
    chance = random.Random(24)
    ordered = 0
    sets = [filled(DEFINITION, SON), filled(DEFINITION, {**HUSBAND, "danger-now": []})]
    sets += [filled(DEFINITION, {**answered(DEFINITION, chance, unsure=0.1), **CALM}) for _ in range(20)]
    now, today = SEEN[language]
    for answers in sets:
        for voice in VOICES:
            before, said, ambulance = orders(answers, language, voice)
            for danger in ADDED:
                after, all_said, carried = orders(with_danger(answers, danger), language, voice)
                if carried:
                    continue
                assert not ambulance, (answers, danger)
                ordered += now in before.first or today in before.first
                assert now in after.first or now not in before.first, (answers, danger)
                assert today not in before.first or today in after.first or now in after.first, (answers, danger)
                for number in ("988", "1-800-799-7233"):
                    assert number not in said or number in all_said, (answers, danger)
    assert ordered > 100


@pytest.mark.parametrize(("language", "free"), [("en", "whether or not they can pay"), ("es", "pueda o no pagar")])
def test_who_cannot_pay_reads_where_to_go(client: Client, language: Language, free: str) -> None:
    """In the box that says to be seen, on the screen and on paper, and on the page of who is shown it."""
    for given in (SON, {**SON, "paying": ["little-money"]}, {**SON, "self-harm": "passing"}, {**SON, "paying": []}):
        page = shown(client, given, language=language)
        paper = part(page, 'class="only-print paper"', 'class="no-print"')
        for html in (part(page, 'id="do"'), paper, shared(client, language)):
            told = re.sub(r"<wbr>|</?a\b[^>]*>", "", html)
            assert free in told and "1-800-662-4357" in told and "211" in told
    assert free in words(shown(client, HUSBAND, language=language))
    insured = words(shown(client, {**SON, "paying": ["private"]}, language=language))
    assert free not in insured


def test_an_overdose_of_last_night_is_spoken_of_in_one_tense(client: Client) -> None:
    page = shown(client, SON)
    told = words(page)
    assert page.context["urgent"]["heading"] == "Call 911 if it happens again"
    assert "Call 911 if it happens again: hard to wake" in told and "happening now" not in told
    both = shown(client, {**SON, "body": "urgent"}).context["urgent"]["heading"]
    assert both == "Call 911 if this is happening now, or again"


UNSAID = {  # of who has had no treatment yet
    "en": r"earlier treatment|past care|so far has not been enough|helped only in part",
    "es": r"tratamiento anterior|no ha bastado|ayudado solo en parte",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reason_names_no_treatment_that_there_was_not(language: Language) -> None:
    chance = random.Random(25)
    told = 0
    for _ in range(150):
        answers = filled(DEFINITION, {**answered(DEFINITION, chance, unsure=0.1), "care-now": "none"})
        for had, result in (("none", "first"), ("some", "again")):
            outcome = evaluate(DEFINITION, {**answers, "care-result": result})
            speaker = Speaker(DEFINITION, language, "loved", {}, {**answers, "care-result": result})
            reasons = " ".join(speaker.reason(fired).text for fired in outcome.fired if fired.stated)
            if had == "none":
                assert not re.search(UNSAID[language], reasons), (reasons, answers)
            told += had == "some" and bool(re.search(UNSAID[language], reasons))
    assert told > 20


def test_another_day_is_offered_to_no_child_nor_beside_an_order(client: Client) -> None:
    later, adult = "Offer it again another day", "you cannot make an adult go"
    calm = words(shown(client, {"readiness": "no-need", "mood": "some-days"}))
    assert later in calm and adult in calm and calm.index(adult) < calm.index("Show programs", calm.index(adult))
    child = words(shown(client, {"readiness": "no-need", "mood": "some-days", "person": ["under-18"]}))
    assert later not in child and adult not in child and "If they refuse to go, stay calm" in child
    assert later not in words(shown(client, SON))


def test_who_cuts_reads_when_a_wound_is_an_emergency(client: Client) -> None:
    page = shown(client, {"self-harm": "hurt"})
    assert "A wound that is deep, or does not stop bleeding, needs an emergency room now." in words(page)
    assert "A wound that is deep" not in words(shown(client, {"self-harm": "passing"}))


def test_not_sure_everywhere_is_not_told_as_light(client: Client) -> None:
    page = shown(client, {}, unsure=True)
    assert "lightest level so far" not in words(page)
    html = main(page)
    assert html.index("Look for these signs</h2>", html.index("paper-sheet")) < html.index('id="why"')
