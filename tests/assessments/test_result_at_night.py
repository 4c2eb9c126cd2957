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
from tests.assessments.test_result_agrees import told
from tests.assessments.test_result_orders import ADDED, CALM, with_danger
from tests.engine.building import default_definition
from tests.engine.judging import filled
from tests.engine.test_range import answered

pytestmark = pytest.mark.usefixtures("db")

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
    goes_on = {"en": "Medicine from a doctor goes on", "es": "La medicina recetada sigue"}[language]
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
