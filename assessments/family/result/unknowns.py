"""What is still open: the questions that matter most, who can answer each and how, and what an answer would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import Definition
from assessments.engine.explain import Speaker
from assessments.engine.phrases import listed
from assessments.engine.unknowns import Unknown, unknowns
from assessments.engine.walk import Answers
from assessments.family.result.fit import Fit

MOST = 3


class Change(NamedTuple):
    """Answers that lead to more care than is certain now, in words, and the level that they lead to."""

    answers: str
    level: str
    first: bool


class Open(NamedTuple):
    """A question that matters: its number on the way, its words, who can answer it, and what answers would change."""

    key: str
    number: int
    text: str
    ask: str
    leads: list[Change]


def most_telling(definition: Definition, answers: Answers) -> list[Unknown]:
    """The unknowns that the page asks."""
    return unknowns(definition, answers)[:MOST]


def still_open(definition: Definition, outcome: Outcome, answers: Answers, fit: Fit, speaker: Speaker) -> list[Open]:
    """The questions left open that matter most, the most telling first."""
    numbers = {step.question.key: number for number, step in enumerate(outcome.path, 1)}
    return [
        Open(
            unknown.question,
            numbers[unknown.question],
            speaker.question(unknown.question),
            speaker.ask(unknown.question) or _anyone(speaker),
            list(_changes(unknown, fit, speaker)),
        )
        for unknown in most_telling(definition, answers)
    ]


def _changes(unknown: Unknown, fit: Fit, speaker: Speaker) -> Iterator[Change]:
    """Where answers would lead, where that is more care than is certain now.

    A choice is named where it first makes a difference; what only several together would do is not told.
    """
    order, named = speaker.definition.levels, set[str]()
    for lead in unknown.leads:
        fresh = [choice for choice in lead.choices if choice not in named]
        named.update(lead.choices)
        if not fresh:
            continue
        answers = listed([speaker.answer(unknown.question, [choice]) for choice in fresh], speaker.language, "or")
        if lead.first and not fit.first:
            yield Change(answers, speaker.level(lead.first), first=True)
        elif order.index(lead.then[0]) > order.index(fit.level):
            yield Change(answers, speaker.level(lead.then[0]), first=False)


def _anyone(speaker: Speaker) -> str:
    """Who can answer what the questionnaire says nothing of."""
    if speaker.voice == "loved":
        return _("Ask them, or someone who sees them every day.")
    return _("Ask someone who sees you every day, or a doctor or counselor.")
