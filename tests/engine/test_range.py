"""Not sure: the range holds every answer that could have been meant, and no more."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.engine.decide import evaluate
from assessments.engine.definition import Definition
from assessments.engine.document import parse
from assessments.engine.prove import prove
from assessments.engine.walk import walk
from tests.engine import brute
from tests.engine.building import (
    Document,
    choice,
    default_document,
    document,
    documents,
    floor,
    question,
    rating,
    taken,
)


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
    """Every walk that the answers may have meant: each "not sure" replaced by each answer to its question."""
    by_key = {one["key"]: one for one in made["questions"]}
    unsure = [key for key, answer in answers.items() if answer == "not_sure"]
    kept = {
        key: (answer,) if isinstance(answer, str) else tuple(answer)
        for key, answer in answers.items()
        if answer != "not_sure"
    }
    found = []
    for guess in product(*(brute.answers_to(by_key[key]) for key in unsure)):
        complete = {**kept, **dict(zip(unsure, guess, strict=True))}
        (walked,) = brute.walks(made, complete)
        assert walked.keys() <= answers.keys(), "a question that may come up was not asked"
        found.append(walked)
    return found


def assert_bounds(made: Document, definition: Definition, answers: dict[str, Any]) -> None:
    outcome = evaluate(definition, answers)
    walks = meant(made, answers)
    levels = [brute.level(made, walked) for walked in walks]
    assert outcome.range == (made["levels"][min(levels)], made["levels"][max(levels)])
    assert outcome.level == made["levels"][max(levels)]
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
    assume(properties["worse_never_lower"] and properties["preferences_neutral"])
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


def test_the_default_bounds_random_answers_with_some_not_sure() -> None:
    made = default_document()
    definition = parse(made)
    chance = random.Random(4)
    for _ in range(12):
        assert_bounds(made, definition, answered(definition, chance, unsure=0.12, most=1))


@pytest.mark.slow
def test_the_default_bounds_hundreds_of_random_answers_with_some_not_sure() -> None:
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
