"""What a result says in one place it does not deny in another, and what any answer proves counts."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.test import Client

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, Language, Voice
from assessments.engine.explain import Speaker
from assessments.family.result.fit import fit_of
from assessments.family.result.given import Given, stopping_is_dangerous
from assessments.family.result.reasons import not_more, why
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import shown, words
from tests.engine.building import default_definition
from tests.engine.judging import filled
from tests.engine.test_range import answered

DEFINITION = default_definition()
ALL_DAY: dict[str, Any] = {"person": ["under-18"], "substances": ["cannabis"], "weed-often": "all-day"}
# Each said alone, the other question "not sure": use that costs school.
COSTS_SCHOOL: list[dict[str, Any]] = [
    {"use-signs": ["harm"], "daily-life": NOT_SURE},
    {"use-signs": NOT_SURE, "use-seen": "cost", "daily-life": NOT_SURE},
    {"use-signs": NOT_SURE, "use-seen": NOT_SURE, "daily-life": "missing"},
]
NO_NURSES, HOME_IS_SAFE, NOT_SO_FAR = "calls for nurses", "Home is calm and safe", "do not say that so far"


@pytest.mark.parametrize("costs", COSTS_SCHOOL)
@pytest.mark.parametrize("others", ["known", "unsure"])
def test_use_that_costs_school_counts_wherever_it_is_said(costs: dict[str, Any], others: str) -> None:
    open_too = dict.fromkeys(("stopping", "stopping-signs", "staying-off", "mood", "mood-signs"), NOT_SURE)
    answers = filled(DEFINITION, {**(open_too if others == "unsure" else {}), **ALL_DAY, **costs})
    outcome = evaluate(DEFINITION, answers)
    assert outcome.then is not None and DEFINITION.levels.index(outcome.then[0]) >= DEFINITION.levels.index("iop")
    first = why(DEFINITION, outcome, [outcome.then[0]], Speaker(DEFINITION, "en", "loved", {}, answers)).first
    said = " ".join(first[0].because)
    assert "All through the day" in said and re.search(r"school", said), said


def test_what_a_helper_says_gives_what_the_answer_itself_would() -> None:
    """Whatever else was answered: at least the level of the mildest answer that is meant."""
    chance = random.Random(21)
    compared = 0
    while compared < 60:
        answers = answered(DEFINITION, chance, unsure=0.1)
        if "use-signs" not in answers:
            continue
        compared += 1
        for seen, mildest in (("risk", "risky"), ("cost", "harm"), ("passed-out", "overdose")):
            helped = evaluate(DEFINITION, answers | {"use-signs": NOT_SURE, "use-seen": seen})
            told = evaluate(DEFINITION, answers | {"use-signs": [mildest]})
            assert helped.ratings["control"][0] == told.ratings["control"][0]


@pytest.mark.parametrize("voice", ["me", "loved"])
def test_no_sentence_of_a_result_denies_another(voice: Voice) -> None:
    chance = random.Random(5)
    for number in range(400):
        answers = answered(DEFINITION, chance, unsure=(0, 0.1, 0.3)[number % 3])
        outcome = evaluate(DEFINITION, answers)
        fit, given = fit_of(DEFINITION, outcome), Given(outcome)
        speaker = Speaker(DEFINITION, "en", voice, {}, answers)
        told = " ".join(one.text for one in why(DEFINITION, outcome, fit.steps, speaker).first)
        more = not_more(DEFINITION, outcome, fit, speaker)
        assert not (NO_NURSES in told and (speaker.first(outcome) or stopping_is_dangerous(given)))
        assert not (HOME_IS_SAFE in told and given.has("violence-home", "afraid", "yes"))
        assert not (NOT_SO_FAR in more and given.at_least(1, "safety"))
    calm = filled(DEFINITION, {"substances": ["cannabis"], "weed-often": "daily", "stopping": "mild"})
    outcome = evaluate(DEFINITION, calm)
    said = why(DEFINITION, outcome, fit_of(DEFINITION, outcome).steps, Speaker(DEFINITION, "en", voice, {}, calm)).first
    assert any(NO_NURSES in one.text for one in said) and any(HOME_IS_SAFE in one.text for one in said)


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.usefixtures("guided")
@pytest.mark.parametrize(("language", "word"), [("en", "detox"), ("es", "desintoxicación")])
def test_who_vapes_reads_of_no_detox(client: Client, language: Language, word: str) -> None:
    """A hospital for some days may be open, after "not sure" to health or mood; never a detox, nor a search for one."""
    open_too = {"body": NOT_SURE, "mood": NOT_SURE, "mood-signs": NOT_SURE, "self-harm": "passing"}
    page = shown(client, {**ALL_DAY, "stopping": "mild", **open_too}, language=language)
    assert page.context["fit"].perhaps_first == "medically-managed"
    assert "medically-managed" not in page.context["fits"]
    head = words(page).split("988", 1)[0] + page.context["first_step"] + " ".join(page.context["say"])
    assert word not in head
    asked = shown(client, {"substances": ["alcohol"], "drink-often": "most-days", "stopping": NOT_SURE})
    assert "medically-managed" in asked.context["fits"]
