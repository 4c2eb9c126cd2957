"""Judges a level-of-care questionnaire by what is expected of it, from outside: answers in, results out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import NOT_SURE, Definition, FloorRule, SafetyRule
from assessments.engine.walk import replay
from tests.engine.expected_answers import HELPERS, RATES, SHOWS
from tests.engine.expected_first_steps import FIRST
from tests.engine.expected_floors import FLOORS
from tests.engine.expected_warnings import NOTES, SAFETY
from tests.engine.people import PEOPLE
from tests.engine.third_sign import THIRD_SIGNS

ASKED_OF = {"drink-often": "alcohol", "how-often": "stimulants", "weed-often": "cannabis"}
"""How often it is used, and a substance that brings the question up."""
OF_USE = {"stopping", "staying-off", "use-signs"}


def filled(definition: Definition, given: dict[str, Any]) -> dict[str, Any]:
    """Answers to a whole walk: those given, and the least severe ones elsewhere.

    Where use is asked of there is a substance; who is not sure is not sure of what helps either.
    """
    wanted = dict(given)
    substances = [substance for question, substance in ASKED_OF.items() if question in given]
    if substances or OF_USE & given.keys():
        wanted.setdefault("substances", substances or ["alcohol"])
    answers: dict[str, Any] = {}
    while (outcome := evaluate(definition, answers)).next_question is not None:
        asked = definition.by_key[outcome.next_question]
        least: Any = [] if asked.kind == "many" else NOT_SURE if asked.helps else asked.choices[0].key
        answers[asked.key] = wanted.get(asked.key, least)
    return answers


def as_answer(definition: Definition, question: str, choice: str) -> Any:
    """What gives a choice; several of one question are joined by “+”."""
    return choice.split("+") if definition.by_key[question].kind == "many" else choice


def cases(definition: Definition, needed: dict[str, str]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Answers that just meet a line of the expectations, and those that just miss it at one question."""
    axes = {question: choices.partition("~")[0].split("|") for question, choices in needed.items()}
    open_ones = {question: choices.partition("~")[2].split("|") for question, choices in needed.items()}
    for met in product(*axes.values()):
        answers = {key: as_answer(definition, key, choice) for key, choice in zip(axes, met, strict=True)}
        yield answers, True
        for key, choices in axes.items():
            for choice in definition.by_key[key].choices:
                if choice.key not in choices and choice.key not in open_ones[key]:
                    yield {**answers, key: as_answer(definition, key, choice.key)}, False
            if definition.by_key[key].kind == "many" and "none" not in open_ones[key]:
                yield {**answers, key: []}, False


def faults(definition: Definition, about: str | None = None) -> Iterator[str]:
    """Everything that is not as expected; with `about`, only what concerns that rule or question."""
    yield from _rates(definition, about)
    yield from _shows(definition, about)
    yield from _helpers(definition)
    first = {floor.key for floor in definition.floors if floor.first}
    yield from (f"{key} is{' not' * (key in FIRST)} a first step" for key in sorted(first ^ FIRST))
    for level, lines in FLOORS.items():
        yield from _rules(definition, lines, "fired", about)
        for key, _ in lines:
            rule = definition.rules.get(key)
            if not isinstance(rule, FloorRule) or rule.level != level:
                yield f"{key} is no rule of {level}"
    for urgency, lines in SAFETY.items():
        yield from _rules(definition, lines, "safety", about)
        for key, _ in lines:
            alarm = definition.rules.get(key)
            if not isinstance(alarm, SafetyRule) or alarm.urgency != urgency:
                yield f"{key} is no safety rule for {urgency}"
    yield from _rules(definition, NOTES, "notes", about)
    if about is None:
        yield from _people(definition)


def _rates(definition: Definition, about: str | None) -> Iterator[str]:
    for question in definition.questions:
        if about not in (None, question.key):
            continue
        for position, choice in enumerate(question.choices):
            given = {question.key: as_answer(definition, question.key, choice.key)}
            least = {**given, question.key: [] if question.kind == "many" else question.choices[0].key}
            ratings = evaluate(definition, filled(definition, given)).ratings
            without = evaluate(definition, filled(definition, least)).ratings
            for dimension, (low, high) in ratings.items():
                told = RATES.get((question.key, dimension))
                expected = max(int(told[position]) if told else 0, without[dimension][0])
                if (low, high) != (expected, expected):
                    yield f"{question.key} {choice.key} rates {dimension} {high}, not {expected}"


def _shows(definition: Definition, about: str | None) -> Iterator[str]:
    conditional = {question for question, _ in SHOWS}
    for question, needed in SHOWS:
        if about not in (None, question):
            continue
        for answers, met in cases(definition, needed):
            asked = {one.key for one in replay(definition, filled(definition, answers))}
            if (question in asked) != met:
                yield f"{question} is {'not ' * met}asked after {answers}"
            if not {one.key for one in definition.questions if one.helps is None} - conditional <= asked:
                yield f"something is hidden after {answers}"


def _helpers(definition: Definition) -> Iterator[str]:
    found = {
        helper.key: [" ".join(choice.means) for choice in helper.choices] for helper in definition.helper_of.values()
    }
    for key in found.keys() | HELPERS.keys():
        if found.get(key) != HELPERS.get(key):
            yield f"{key} leaves {found.get(key)}, not {HELPERS.get(key)}"


def _rules(
    definition: Definition, lines: list[tuple[str, dict[str, str]]], kind: str, about: str | None
) -> Iterator[str]:
    for key, needed in lines:
        if about not in (None, key):
            continue
        for answers, met in cases(definition, needed):
            outcome: Outcome = evaluate(definition, filled(definition, answers))
            if any(fired.rule == key for fired in getattr(outcome, kind)) != met:
                yield f"{key} {'is silent' if met else 'fires'} after {answers}"


def _people(definition: Definition) -> Iterator[str]:
    for person in [*PEOPLE, *THIRD_SIGNS]:
        outcome = evaluate(definition, filled(definition, person.answers))
        then = outcome.then[0] if outcome.then else None
        told = (outcome.level, then, {one.rule for one in outcome.safety}, {one.rule for one in outcome.notes})
        if told != (person.level, person.then or person.level, person.safety, person.notes):
            yield f"{person.story} {told}"
