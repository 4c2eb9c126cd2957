"""Not sure: the range holds every answer that could have been meant, and no more."""

from __future__ import annotations

import random
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, Definition
from assessments.engine.document import parse
from assessments.engine.prove import prove
from assessments.engine.walk import walk
from tests.engine import brute
from tests.engine.building import (
    Document,
    choice,
    default_definition,
    default_document,
    document,
    documents,
    floor,
    question,
    rating,
    taken,
)
from tests.engine.judging import filled

pytestmark = pytest.mark.slow

DEFINITION = default_definition()
ORDER = ("worse_never_lower", "then_never_lower", "preferences_neutral", "helpers_sound")


def answered(definition: Definition, chance: random.Random, unsure: float, most: int = 99) -> dict[str, Any]:
    """Random answers to a whole walk, some of them "not sure"."""
    answers: dict[str, Any] = {}
    while (asked := walk(definition, answers).next) is not None:
        if chance.random() < unsure and list(answers.values()).count("not_sure") < most:
            answers[asked.key] = "not_sure"
        elif asked.kind == "one":
            answers[asked.key] = chance.choice(asked.choices).key
        else:
            answers[asked.key] = [choice.key for choice in asked.choices if chance.random() < 0.4]
    return answers


def meant(made: Document, answers: dict[str, Any]) -> list[brute.Walk]:
    """Every walk that the answers may have meant: each "not sure" replaced by each answer that its helper leaves."""
    by_key = {one["key"]: one for one in made["questions"]}
    helping = {one["key"] for one in brute.helpers(made).values()}
    unsure = [key for key, answer in answers.items() if answer == "not_sure" and key not in helping]
    kept = {
        key: (answer,) if isinstance(answer, str) else tuple(answer)
        for key, answer in answers.items()
        if answer != "not_sure" and key not in helping
    }
    found = []
    for guess in product(*(left_by_helper(made, by_key[key], answers) for key in unsure)):
        complete = {**kept, **dict(zip(unsure, guess, strict=True))}
        (walked,) = brute.walks(made, complete)
        assert walked.keys() <= answers.keys(), "a question that may come up was not asked"
        if not any(rules_out_none(made, by_key[key], kept) for key in kept.keys() - walked.keys()):
            found.append(walked)
    return found


def left_by_helper(made: Document, asked: Document, answers: dict[str, Any]) -> list[tuple[str, ...]]:
    """The answers to a question that its helper leaves, as it was answered."""
    helper = brute.helpers(made).get(asked["key"], {"key": "", "choices": []})
    means = [one.get("means", []) for one in helper["choices"]]
    place = (
        [one["key"] for one in helper["choices"]].index(answers[helper["key"]]) if told_by(made, asked, answers) else -1
    )
    if place < 0:
        return brute.answers_to(asked)
    more = set(means[place]) - set(means[place - 1]) if place and asked["kind"] == "many" else set()
    return [one for one in brute.answers_to(asked) if set(one) <= set(means[place]) and (not more or more & set(one))]


def told_by(made: Document, asked: Document, answers: dict[str, Any]) -> bool:
    """Whether the helper of a question was answered."""
    helper = brute.helpers(made).get(asked["key"], {"key": ""})
    return bool(answers.get(helper["key"], "not_sure") != "not_sure")


def rules_out_none(made: Document, asked: Document, kept: brute.Walk) -> bool:
    """Whether an answer proves that one of the answers which bring its question up was meant."""
    if asked["role"] != "rated" or kept[asked["key"]] in ((), (asked["choices"][0]["key"],)):
        return False
    shows = asked.get("shows_when", {})
    return "in" in shows and any(one["key"] == shows["in"][0] and one["kind"] == "many" for one in made["questions"])


def assert_bounds(made: Document, definition: Definition, answers: dict[str, Any]) -> None:
    outcome = evaluate(definition, answers)
    given = {key: (one,) if isinstance(one, str) else tuple(one) for key, one in answers.items() if one != "not_sure"}
    walks = meant(made, answers)
    levels = [brute.level(made, walked) for walked in walks]
    proved = any(rules_out_none(made, one, given) for one in made["questions"] if one["key"] in given) or any(
        # One of several, it is not said which: what each would lead to may be more than what all have in common.
        one["kind"] == "many" and answers.get(one["key"]) == "not_sure" and told_by(made, one, answers)
        for one in made["questions"]
    )
    for bounds, found in ((outcome.range, levels), (outcome.then, [brute.then(made, walked) for walked in walks])):
        low, high = map(made["levels"].index, bounds or ())
        assert low == min(found) or (proved and low < min(found))
        assert high == max(found)
    assert outcome.range and outcome.level == outcome.range[0]
    if any(one.certain for one in outcome.first):
        assert min(map(partial(brute.then, made), walks)) < min(levels) or proved
    for one in made["dimensions"]:
        low, high = outcome.ratings[one["key"]]
        assert all(low <= brute.rated(made, walked, one["key"]) <= high for walked in walks)
    for one in outcome.fired:
        holding = [brute.holds(made, condition(made, "floors", one.rule), walked) for walked in walks]
        assert any(holding)
        assert all(holding) or not one.certain
    for rules, told in (("safety", outcome.safety), ("notes", outcome.notes)):
        fired = {one.rule: one.certain for one in told}
        for rule in made[rules]:
            holding = [brute.holds(made, rule["when"], walked) for walked in walks]
            assert rule["key"] in fired or not any(holding)
            assert not fired.get(rule["key"]) or all(holding)


def condition(made: Document, rules: str, key: str) -> Document:
    found: Document = next(rule["when"] for rule in made[rules] if rule["key"] == key)
    return found


@settings(max_examples=40)
@given(documents(forward=False), st.integers(0, 2**32))
def test_the_range_is_that_of_all_answers_that_may_be_meant(made: Document, seed: int) -> None:
    definition = parse(made)
    properties = prove(definition).properties
    assume(all(properties[name] for name in ORDER))
    chance = random.Random(seed)
    for _ in range(4):
        assert_bounds(made, definition, answered(definition, chance, unsure=0.5))


def test_not_sure_about_what_shows_a_question_bounds_both_ways() -> None:
    made = document(
        question("often", choice("some"), choice("daily", d=2)),
        question("signs", choice("no"), choice("yes", d=4), when=taken("often", "daily")),
        floors=(floor("f", "mid", rating("d", 2)), floor("g", "high", rating("d", 4))),
    )
    definition = parse(made)
    assert prove(definition).proved
    outcome = evaluate(definition, {"often": "not_sure", "signs": "yes"})
    assert (outcome.range, outcome.ratings["d"]) == (("low", "high"), (0, 4))
    assert evaluate(definition, {"often": "not_sure", "signs": "no"}).range == ("low", "mid")
    assert evaluate(definition, {"often": "daily", "signs": "not_sure"}).range == ("mid", "high")


def uses(**answers: Any) -> dict[str, Any]:
    """Answers of someone who is not sure which substance it was; the rest least severe."""
    return filled(DEFINITION, {"substances": NOT_SURE, **{key.replace("_", "-"): one for key, one in answers.items()}})


@pytest.mark.parametrize(
    ("answers", "least"),
    [
        ({}, "recovery-support"),
        ({"how_often": "not_sure", "stopping": "not_sure", "use_signs": "not_sure"}, "recovery-support"),
        ({"how_often": "some-days"}, "outpatient"),
        ({"how_often": "daily"}, "outpatient"),
        ({"how_often": "daily", "daily_life": "missing"}, "iop"),
        ({"drink_often": "daily", "use_signs": ["could-not-stop"]}, "iop"),
        ({"how_often": "daily", "home": "triggers"}, "residential"),
        ({"use_signs": ["overdose"], "care_result": "slipping"}, "residential"),
        ({"how_often": "not_sure", "stopping": "severe"}, "residential"),
        ({"how_often": "not_sure", "stopping": "dangerous"}, "medically-managed"),
        ({"how_often": "daily", "staying_off": "never-alone"}, "residential"),
    ],
)
def test_not_sure_which_substance_keeps_what_later_answers_prove(answers: dict[str, Any], least: str) -> None:
    outcome = evaluate(DEFINITION, uses(**answers))
    assert outcome.range is not None and outcome.range[0] == least


def test_what_is_proved_is_certain_as_if_a_substance_had_been_named() -> None:
    """Exhaustive over one answer to each question of use: at least what the mildest substance would give."""
    for key in ("weed-often", "use-signs", "stopping", "staying-off"):
        asked = DEFINITION.by_key[key]
        for told in asked.choices:
            given = {"weed-often": "daily", key: [told.key] if asked.kind == "many" else told.key}
            unsure = evaluate(DEFINITION, filled(DEFINITION, {"substances": "not_sure", **given}))
            named = evaluate(DEFINITION, filled(DEFINITION, {"substances": ["cannabis"], **given}))
            assert unsure.range is not None and unsure.range[0] == named.level
            ratings = {dimension: low for dimension, (low, _) in unsure.ratings.items()}
            assert ratings == {dimension: low for dimension, (low, _) in named.ratings.items()}


def test_the_default_bounds_random_answers_with_some_not_sure() -> None:
    made = default_document()
    definition = parse(made)
    chance = random.Random(4)
    for _ in range(12):
        assert_bounds(made, definition, answered(definition, chance, unsure=0.12, most=1))


def test_default_bounds_hundreds_of_random_unsure_answers() -> None:
    made = default_document()
    definition = parse(made)
    chance = random.Random(5)
    compared = 0
    while compared < 120:
        answers = answered(definition, chance, unsure=0.12, most=2)
        unsure = [definition.by_key[key] for key, answer in answers.items() if answer == "not_sure"]
        if sum(2 ** len(asked.choices) if asked.kind == "many" else 5 for asked in unsure) <= 25:
            assert_bounds(made, definition, answers)
            compared += 1
