"""The nearest change against trying every set of other answers."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.engine.decide import evaluate
from assessments.engine.document import parse
from assessments.engine.explain import explain
from assessments.engine.nearest import nearest_change
from assessments.engine.report import report
from tests.engine import brute
from tests.engine.building import (
    Document,
    choice,
    default_definition,
    document,
    documents,
    floor,
    question,
    rating,
    taken,
)
from tests.engine.test_range import answered, left_by_helper


def by_severity(question: Document, answers: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(answers, key=len) if question["kind"] == "many" else answers


def least(question: Document) -> tuple[str, ...]:
    return () if question["kind"] == "many" else (question["choices"][0]["key"],)


def steps(question: Document, one: tuple[str, ...], other: tuple[str, ...]) -> int:
    if question["kind"] == "many":
        return len(set(one) ^ set(other))
    keys = [choice["key"] for choice in question["choices"]]
    return abs(keys.index(one[0]) - keys.index(other[0]))


def meant(made: Document, answers: dict[str, Any]) -> brute.Walk:
    """All answers as one reading: "not sure" at its least, or at its worst where that gives a lower level."""

    def read(place: int) -> brute.Walk:
        return {
            one["key"]: by_severity(one, left_by_helper(made, one, answers))[place]
            if answers.get(one["key"]) == "not_sure"
            else as_tuple(answers.get(one["key"]), least(one))
            for one in made["questions"]
        }

    return min((read(0), read(-1)), key=lambda reading: level_of(made, reading))


def level_of(made: Document, reading: brute.Walk) -> int:
    (walked,) = brute.walks(made, reading)
    return brute.level(made, walked)


def as_tuple(answer: Any, missing: tuple[str, ...]) -> tuple[str, ...]:
    return missing if answer is None else (answer,) if isinstance(answer, str) else tuple(answer)


def best_by_hand(made: Document, answers: dict[str, Any]) -> tuple[int, int, int] | None:
    """(answers changed, distance of levels, steps) of the nearest change, by trying every answer to every question."""
    asked = made["questions"]
    base = meant(made, answers)
    level = level_of(made, base)
    found = []
    free = [one["role"] not in ("safety", "context") for one in asked]
    for guess in product(
        *(brute.answers_to(one) if may else [base[one["key"]]] for one, may in zip(asked, free, strict=True))
    ):
        other = {one["key"]: answer for one, answer in zip(asked, guess, strict=True)}
        distance = abs(level_of(made, other) - level)
        if distance:
            changed = [one for one in asked if other[one["key"]] != base[one["key"]]]
            total = sum(steps(one, other[one["key"]], base[one["key"]]) for one in changed)
            found.append((len(changed), distance, total))
    return min(found, default=None)


@settings(max_examples=50)
@given(documents(forward=False), st.integers(0, 2**32))
def test_the_nearest_change_is_the_smallest_there_is(made: Document, seed: int) -> None:
    definition = parse(made)
    answers = answered(definition, random.Random(seed), unsure=0.2)
    nearest = nearest_change(definition, answers)
    expected = best_by_hand(made, answers)
    if nearest is None:
        assert expected is None
        return
    assert expected is not None
    base = meant(made, answers)
    changed = {change.question: as_tuple(change.after, ()) for change in nearest.changes}
    level = level_of(made, {**base, **changed})
    assert made["levels"][level] == nearest.level
    by_key = {one["key"]: one for one in made["questions"]}
    taken = sum(steps(by_key[key], base[key], after) for key, after in changed.items())
    assert (len(changed), abs(level - level_of(made, base)), taken) == expected
    assert made["levels"][level_of(made, base)] == evaluate(definition, answers).level


@pytest.mark.slow
def test_the_nearest_change_applied_gives_its_level_on_the_default() -> None:
    definition = default_definition()
    chance = random.Random(11)
    for _ in range(60):
        answers = answered(definition, chance, unsure=0)
        nearest = nearest_change(definition, answers)
        if nearest is None:
            continue
        changed = answers | {change.question: change.after for change in nearest.changes}
        outcome = evaluate(definition, changed)
        while outcome.next_question is not None:
            asked = definition.by_key[outcome.next_question]
            changed[asked.key] = [] if asked.kind == "many" else asked.choices[0].key
            outcome = evaluate(definition, changed)
        assert outcome.level == nearest.level != evaluate(definition, answers).level
        roles = {definition.by_key[change.question].role for change in nearest.changes}
        assert roles == {"rated"}


def made() -> Document:
    return document(
        question("often", choice("some"), choice("daily", d=2), choice("all-day", d=3)),
        question("home", choice("calm"), choice("unsafe", e=3)),
        question("pregnant", choice("no"), choice("yes"), role="context"),
        dimensions="d e",
        floors=(
            floor("f-mid", "mid", rating("d", 2)),
            floor("f-both", "high", {"all": [rating("d", 2), rating("e", 3)]}),
            floor("f-care", "high", taken("pregnant", "yes")),
        ),
    )


def test_two_answers_have_to_change_when_one_is_not_enough() -> None:
    one = made()
    one["floors"] = one["floors"][1:2]
    nearest = nearest_change(parse(one), {"often": "some", "home": "calm", "pregnant": "no"})
    assert nearest is not None and nearest.level == "high"
    assert nearest.changes == (("often", "some", "daily"), ("home", "calm", "unsafe"))


def test_a_single_tick_is_a_change() -> None:
    one = document(question("q", choice("only", d=2), kind="many"), floors=(floor("f", "mid", rating("d", 2)),))
    nearest = nearest_change(parse(one), {"q": []})
    assert nearest is not None and nearest.changes == (("q", [], ["only"]),)


def test_nearest_change_leaves_facts_alone_and_may_be_none() -> None:
    answers = {"often": "daily", "home": "calm", "pregnant": "yes"}
    assert nearest_change(parse(made()), answers) is None
    assert nearest_change(parse(made()), {"often": "daily"}) is None
    assert report(parse(made()), answers)["nearest_change"] is None


def test_result_is_explained_with_reasons_and_nearest_change() -> None:
    definition = parse(made())
    answers = {"often": "daily", "home": "calm", "pregnant": "not_sure"}
    outcome = evaluate(definition, answers)
    told = explain(
        definition, outcome, nearest_change(definition, answers), "en", "loved", {"mid": "IOP", "high": "PHP"}
    )
    assert told.summary == "Based on your answers, at least this level may fit them: IOP."
    assert told.sureness.startswith("You answered “Not sure” to some questions. This level is what your other answers")
    assert [(reason.rule, reason.certain) for reason in told.reasons] == [("f-care", False), ("f-mid", True)]
    assert told.reasons[0].because == ("You answered “Not sure” to “pregnant?”.",)
    assert told.reasons[1].because == ("You answered “daily” to “often?”.",)
    answers["pregnant"] = "no"
    told = explain(definition, evaluate(definition, answers), nearest_change(definition, answers), "es", "me")
    assert told.change == "El resultado sería low si la respuesta a “often?” fuera “some” en vez de “daily”."


def test_because_names_all_answers_that_hold_a_rule_up_and_only_those() -> None:
    one = document(
        question("a", choice("no"), choice("yes", d=3)),
        question("b", choice("x", d=1), choice("y", d=3), choice("z", d=4), kind="many"),
        question("c", choice("no"), choice("yes", e=2)),
        dimensions="d e",
        floors=(
            floor("f", "mid", rating("d", 3)),
            floor("g", "high", {"any": [{"all": [rating("d", 3), rating("e", 4)]}, {"not": taken("c", "yes")}]}),
        ),
    )
    outcome = evaluate(parse(one), {"a": "yes", "b": ["x", "y", "z"], "c": "no"})
    assert [(fired.rule, fired.because) for fired in outcome.fired] == [
        ("f", (("a", "yes"), ("b", ("y", "z")))),
        ("g", (("c", "no"),)),
    ]
