"""What to look for when a rule is only possible: the answers left open by "not sure" that would make it hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assessments.engine.conditions import In, atoms
from assessments.engine.decide import Fired, evaluate
from assessments.engine.definition import NOT_SURE, Definition, Question
from assessments.engine.walk import Answers


class Sign(NamedTuple):
    """A question answered with "not sure", and the choices (by key) that would make the rule hold."""

    question: str
    choices: tuple[str, ...]


def dangers_of(definition: Definition, question: Question) -> frozenset[str]:
    """The choices of a question that safety rules ask for, by their keys."""
    asked = (atom for rule in definition.safety for atom in atoms(rule.when) if isinstance(atom, In))
    return frozenset(key for atom in asked if atom.question == question.key for key in atom.choices)


def signs(definition: Definition, answers: Answers, fired: Fired) -> tuple[Sign, ...]:
    """The signs of a safety rule that fired on these answers, in the order asked. Each question tells part of them."""
    unsure = [because.question for because in fired.because if because.answer == NOT_SURE]
    return tuple(Sign(key, tuple(_telling(definition, answers, fired.rule, definition.by_key[key]))) for key in unsure)


def _telling(definition: Definition, answers: Answers, rule: str, question: Question) -> Iterator[str]:
    for choice in question.choices:
        answer = [choice.key] if question.kind == "many" else choice.key
        outcome = evaluate(definition, {**answers, question.key: answer})
        if any(one.rule == rule and question.key in dict(one.because) for one in outcome.safety):
            yield choice.key
