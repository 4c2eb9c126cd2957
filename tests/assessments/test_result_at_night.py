"""What a result asks for at night can be done at night, by one order, and no reason speaks for waiting at home."""

from __future__ import annotations

import random
from typing import Any

import pytest

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, VOICES, Language, Voice
from assessments.engine.explain import Speaker
from assessments.family.emergencies import without_milder
from assessments.family.result.fit import fit_of
from assessments.family.result.reasons import why
from assessments.family.warnings import opening
from assessments.models import QuestionnaireVersion, Response
from tests.assessments.test_result_agrees import told
from tests.assessments.test_result_orders import ADDED, CALM, with_danger
from tests.engine.building import default_definition
from tests.engine.judging import filled
from tests.engine.test_range import answered

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.slow]

DEFINITION = default_definition()
LESS = ("may live at home", "Home is calm and safe enough", "calls for nurses")
"""Reasons that speak for care at home."""
OPENS = {"en": "when the office opens", "es": "abra"}
WEED: dict[str, Any] = {"substances": ["cannabis"], "weed-often": "daily", "stopping": "mild"}
WINE: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "daily", "person": ["prescribed-sedatives"]}
POISON = "1-800-222-1222"


def reasons(answers: dict[str, Any], voice: Voice) -> str:
    outcome = evaluate(DEFINITION, answers)
    speaker = Speaker(DEFINITION, "en", voice, {}, answers)
    return " ".join(one.text for one in why(DEFINITION, outcome, fit_of(DEFINITION, outcome).steps, speaker).first)


@pytest.mark.parametrize("voice", VOICES)
def test_no_reason_for_home_beside_a_danger(voice: Voice) -> None:
    chance = random.Random(31)
    for danger in (None, *ADDED, ("mind-signs", "eating-daily")):
        told_home = 0
        for home in ("good", "mixed", NOT_SURE, "stress"):
            support = chance.choice(("several", "one-or-two"))
            answers = filled(DEFINITION, {**WEED, **CALM, "home": home, "support": support})
            said = reasons(with_danger(answers, danger) if danger else answers, voice)
            told_home += any(one in said for one in LESS)
            assert not (LESS[0] in said and home not in ("good", "mixed")), answers
        assert told_home == 0 if danger else told_home > 1, danger


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", VOICES)
def test_who_speaks_of_dying_never_waits_for_an_office(voice: Voice, language: Language) -> None:
    chance, seen = random.Random(32), 0
    for number in range(200):
        thought = ("passing", "hurt", "thoughts", "plan")[number % 4]
        drawn = answered(DEFINITION, chance, unsure=0.1)
        answers = filled(DEFINITION, {**drawn, "danger-now": [], "self-harm": thought})
        _given, night, _todo, _words = told(answers, language, voice)
        if night is None:
            continue
        seen += 1
        assert "988" in night.life and OPENS[language] not in night.no_answer, answers
        assert "988" in night.no_answer or not night.call
        calm = told(filled(DEFINITION, {**drawn, "danger-now": [], "self-harm": "none"}), language, voice)[1]
        assert calm is None or not calm.life
    assert seen > 50


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", VOICES)
def test_a_dose_after_drinking_has_one_order(voice: Voice, language: Language) -> None:
    """Nobody puts out a dose that must neither be stopped nor meet wine: Poison Control answers at any hour."""
    goes_on = {"en": "medicine from a doctor goes on", "es": "medicina recetada, esa sigue"}[language]
    added: list[dict[str, Any]] = [
        {},
        {"self-harm": "passing", "means": "yes"},
        {"person": ["prescribed-opioids"], "stopping": "mild"},
    ]
    for more in added:
        todo = told(filled(DEFINITION, {**WINE, **more}), language, voice)[2]
        asked = [one for one in todo.today if POISON in one]
        assert len(asked) == 1 and not [one for one in todo.today if goes_on in one], more
    calmer: list[dict[str, Any]] = [{"person": []}, {"substances": ["cannabis"]}, {"danger-now": ["withdrawal"]}]
    for calm in calmer:
        assert POISON not in " ".join(told(filled(DEFINITION, {**WINE, **calm}), language, voice)[2].today)


def test_better_off_without_them_has_its_answer() -> None:
    asked = DEFINITION.by_key["self-harm"].choice("passing")
    assert "better off without me" in asked.text.say("en", "me")
    assert "better off without them" in asked.text.say("en", "loved")
    assert "estarían mejor sin mí" in asked.text.say("es", "me")
    assert "estarían mejor si no estuviera" in asked.text.say("es", "loved")
    outcome = without_milder(evaluate(DEFINITION, filled(DEFINITION, {"self-harm": "passing"})))
    assert [one.rule for one in outcome.safety if one.stated] == ["suicide-thoughts"]


STOPPED: dict[str, Any] = {"person": ["prescribed-sedatives", "stopped"], "substances": ["sedatives"]}


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("voice", VOICES)
def test_a_seizure_has_one_first_order_and_a_safe_way(voice: Voice) -> None:
    answers = filled(DEFINITION, {**STOPPED, "stopping": "dangerous"})
    response = Response(version=QuestionnaireVersion.objects.get(), voice=voice)
    _given, _night, todo, said = told(answers, "en", voice)
    assert "emergency room, now" in todo.first and "drive" in todo.today[0]
    assert "call the doctor who gives them" not in said
    response.answers = answers
    urgent = opening(response, response.outcome(), "en")["urgent"]
    assert urgent["heading"] == "Go to an emergency room now. Call 911 if it happens again."
    assert "988" not in [line.key for line in urgent["lines"]]
    response.answers = filled(DEFINITION, {**answers, "self-harm": "thoughts"})
    assert opening(response, response.outcome(), "en")["urgent"]["by_988"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", VOICES)
def test_who_stopped_pills_from_a_doctor_reads_the_signs(voice: Voice, language: Language) -> None:
    answers = filled(DEFINITION, {"person": ["prescribed-sedatives", "stopped"], "substances": []})
    said = told(answers, language, voice)[3]
    assert {"en": "doctor soon", "es": "pronto a un médico"}[language] not in said
    assert {"en": "For a seizure, shaking or confusion, call 911", "es": "convulsiones, temblor"}[language] in said


@pytest.mark.parametrize("voice", VOICES)
def test_opioids_bring_naloxone_before_the_level(voice: Voice) -> None:
    for taken in (["opioids"], ["unknown"], ["opioids", "cannabis"]):
        todo = told(filled(DEFINITION, {"substances": taken}), "en", voice)[2]
        assert todo.opioids and "naloxone" in todo.today[0] and "blue or gray lips" in todo.today[0]
    calmer: list[dict[str, Any]] = [
        {"substances": ["cannabis"]},
        {"substances": ["opioids"], "danger-now": ["overdose"]},
    ]
    for calm in calmer:
        assert not told(filled(DEFINITION, calm), "en", voice)[2].opioids


@pytest.mark.parametrize(("language", "sober"), [("en", "sober looks after the baby"), ("es", "esté sobria")])
def test_someone_sober_keeps_a_baby_tonight(language: Language, sober: str) -> None:
    for baby, uses in ((True, True), (True, False), (False, True)):
        given: dict[str, Any] = {"person": ["baby"] * baby, "substances": ["alcohol"] * uses}
        said = told(filled(DEFINITION, given), language, "loved")[3]
        assert (sober in said and "1-833-852-6262" in said) == (baby and uses)
