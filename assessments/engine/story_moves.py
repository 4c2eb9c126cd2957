"""Counts people who move between two versions: told answers are replayed through both.

Ways through a questionnaire are no people: of a hundred ways ninety-nine may be such as nobody is. Told answers are of
people, though they are few, and chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import Definition, Question
from assessments.engine.walk import AnswerError

Told = Mapping[str, str | list[str]]
LEAST_ANSWERED = 0.5
"""Answers that say less of what is asked than this are of another questionnaire."""


class PeopleMoved(NamedTuple):
    """How many of `people` get (old level, new level), the certain ones; those that stay among them."""

    people: int
    levels: Counter[tuple[str, str]]


def people_moved(old: Definition, new: Definition, told: Iterable[Told]) -> PeopleMoved:
    """Who moves. A question that somebody said nothing of has its least severe answer. Counts nobody whom either
    version asks mostly something else."""
    levels: Counter[tuple[str, str]] = Counter()
    for answers in told:
        before, after = _level(old, answers), _level(new, answers)
        if before is not None and after is not None:
            levels[before, after] += 1
    return PeopleMoved(levels.total(), levels)


def _level(definition: Definition, told: Told) -> str | None:
    given = {key: _fitting(definition.by_key[key], each) for key, each in told.items() if key in definition.by_key}
    for _question in definition.questions:
        outcome = _outcome(definition, given)
        if outcome.complete:
            said = sum(step.question.key in told for step in outcome.path)
            return outcome.level if said >= LEAST_ANSWERED * len(outcome.path) else None
        question = definition.by_key[str(outcome.next_question)]
        given[question.key] = _least(question)
    outcome = _outcome(definition, given)
    return outcome.level


def _outcome(definition: Definition, given: dict[str, str | list[str]]) -> Outcome:
    while True:
        try:
            return evaluate(definition, given)
        except AnswerError as error:  # a choice or a kind that is gone
            for problem in error.problems:
                given[problem.question] = _least(definition.by_key[problem.question])


def _fitting(question: Question, answer: str | list[str]) -> str | list[str]:
    if not question.is_many or isinstance(answer, str):
        return answer
    known = {choice.key for choice in question.choices}
    return [choice for choice in answer if choice in known]


def _least(question: Question) -> str | list[str]:
    return [] if question.is_many else question.choices[0].key
