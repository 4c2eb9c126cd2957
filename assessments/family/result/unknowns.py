"""What is still open: the questions that matter most, who can answer each and how, and what an answer would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import Definition, Question
from assessments.engine.explain import Speaker
from assessments.engine.narrowing import narrowing
from assessments.engine.phrases import listed
from assessments.engine.walk import Answer, Answers

MOST = 3


class Lead(NamedTuple):
    """Answers that would lead to the same place, in words, and that place."""

    answers: str
    level: str
    medical_first: bool


class Open(NamedTuple):
    """A question that matters: its number on the way, its words, who can answer it, and what answers would change."""

    key: str
    number: int
    text: str
    ask: str
    leads: list[Lead]


def still_open(definition: Definition, outcome: Outcome, answers: Answers, speaker: Speaker) -> list[Open]:
    """The questions left open that matter most, the most telling first."""
    numbers = {step.question.key: number for number, step in enumerate(outcome.path, 1)}
    return [
        Open(
            key,
            numbers[key],
            speaker.question(key),
            _ask(definition.by_key[key], speaker),
            list(_leads(definition, outcome, answers, definition.by_key[key], speaker)),
        )
        for key in narrowing(definition, answers)[:MOST]
    ]


def _leads(
    definition: Definition, outcome: Outcome, answers: Answers, question: Question, speaker: Speaker
) -> Iterator[Lead]:
    """Where each answer would lead at least, where that is more care than is certain now."""
    found: dict[str, list[str]] = {}
    for choice in question.choices:
        answer: Answer = choice.key if question.kind == "one" else [choice.key]
        reached = evaluate(definition, {**answers, question.key: answer}).range
        if reached and outcome.range and _above(definition, reached[0], outcome.range[0]):
            found.setdefault(reached[0], []).append(speaker.answer(question.key, answer))
    for level, told in found.items():
        yield Lead(listed(told, speaker.language, "or"), speaker.level(level), medical_first=False)


def _above(definition: Definition, level: str, other: str) -> bool:
    return definition.levels.index(level) > definition.levels.index(other)


def _ask(question: Question, speaker: Speaker) -> str:
    """Who can answer it, and how."""
    if speaker.voice == "loved":
        return _("Ask them, or someone who sees them every day.")
    return _("Ask someone who sees you every day, or a doctor or counselor.")
