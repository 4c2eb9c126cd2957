"""What is open: the questions answered with "not sure" that the level hangs on, and where each answer would lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import Definition
from assessments.engine.narrowing import levels_left, meanings
from assessments.engine.walk import Answer, Answers, walk


class Lead(NamedTuple):
    """Neighboring choices that may be meant, and where they would lead, the rest being as it is.

    No choices are "none of these". `first` is the level of the first step that would be certain then.
    """

    choices: tuple[str, ...]
    range: tuple[str, str]
    then: tuple[str, str]
    first: str | None


class Unknown(NamedTuple):
    """A question of which more than one choice is left, and what that may change.

    `leads` go from the least to the most severe, with everything else that is open at its least severe; where that
    makes no difference, as both are needed, at its most severe. `alone` is the range that this question spans by
    itself. `raises`: the upper end may come from it.
    """

    question: str
    helper: str | None
    raises: bool
    alone: tuple[str, str]
    leads: tuple[Lead, ...]


def unknowns(definition: Definition, answers: Answers) -> list[Unknown]:
    """The unknowns that matter, the most telling first; empty when nothing is open or answers are missing."""
    outcome = evaluate(definition, answers)
    if outcome.certainty in (None, "settled"):
        return []
    search = _Search(definition, answers, outcome)
    found = []
    for position, key in enumerate(search.open):
        unknown = search.unknown(position, key)
        if unknown is not None:
            found.append((levels_left(definition, answers, key, search.open[key]), position, unknown))
    return [unknown for _, _, unknown in sorted(found, key=lambda one: one[:2])]


class _Search:
    def __init__(self, definition: Definition, answers: Answers, outcome: Outcome) -> None:
        self.definition, self.answers, self.outcome = definition, answers, outcome
        walked = walk(definition, answers)
        self.open: dict[str, list[Answer]] = {
            step.question.key: meanings(definition, walked, step.question)
            for step in walked.steps
            if step.question.key in walked.unsure
        }
        """For each question that is open: the answers that may be meant, least severe first."""

    def unknown(self, position: int, key: str) -> Unknown | None:
        """What a question is about; None when it makes no difference."""
        keys = list(self.open)
        least, worst = (dict.fromkeys(keys, place) for place in (0, -1))
        # Turning one question after the other from least to most severe, each change of level falls to one of them.
        turned = {one: -1 if one in keys[:position] else 0 for one in keys}
        alone = self.reached(least, key)
        for context in (least, worst, turned):
            leads = self.leads(context, key)
            if len(leads) > 1:
                helper = self.definition.helper_of.get(key)
                raises = self.place(alone[1]) > self.place(self.outcome.level) or context is not least
                return Unknown(key, helper.key if helper else None, raises, alone, leads)
        return None

    def leads(self, context: Mapping[str, int], key: str) -> tuple[Lead, ...]:
        """Where the meanings of a question lead, neighbors that lead to the same place together."""
        leads = []
        given = [(answer, self.given(context, key, answer)) for answer in self.open[key]]
        for place, group in groupby(
            given, key=lambda one: (one[1].range, one[1].then, _first(self.definition, one[1]))
        ):
            choices = tuple(dict.fromkeys(choice for answer, _ in group for choice in _choices(answer)))
            if place[0] is not None and place[1] is not None:
                leads.append(Lead(choices, place[0], place[1], place[2]))
        return tuple(leads)

    def reached(self, context: Mapping[str, int], key: str) -> tuple[str, str]:
        """The lowest and the highest level that a question leads to."""
        levels = [self.given(context, key, answer).level or "" for answer in self.open[key]]
        levels.sort(key=self.place)
        return levels[0], levels[-1]

    def given(self, context: Mapping[str, int], key: str, answer: Answer) -> Outcome:
        """The outcome when this is meant, and everything else that is open stands as in the context."""
        others = {other: self.open[other][place] for other, place in context.items()}
        return evaluate(self.definition, {**self.answers, **others, key: answer})

    def place(self, level: str | None) -> int:
        return self.definition.levels.index(level or "")


def _choices(answer: Answer) -> Sequence[str]:
    return [answer] if isinstance(answer, str) else answer


def _first(definition: Definition, outcome: Outcome) -> str | None:
    """The level of the first step that is certain."""
    certain = any(fired.certain for fired in outcome.first)
    return outcome.level if certain else None
