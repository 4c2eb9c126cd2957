"""What to look for when a rule is only possible: the answers left open by "not sure" that would make it hold."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from assessments.engine.compiled import Because
from assessments.engine.conditions import In, atoms
from assessments.engine.decide import Fired, evaluate
from assessments.engine.definition import NOT_SURE, Definition, Question
from assessments.engine.walk import Answers


class Sign(NamedTuple):
    """A choice (by its key) of a question that was answered with "not sure"."""

    question: str
    choice: str


class Look(NamedTuple):
    """What states a rule: one sign, or two that have to come together, with the answers given that count with them."""

    signs: tuple[Sign, ...]
    known: tuple[Sign, ...] = ()


def dangers_of(definition: Definition, question: Question) -> frozenset[str]:
    """The choices of a question that safety rules ask for, by their keys."""
    asked = (atom for rule in definition.safety for atom in atoms(rule.when) if isinstance(atom, In))
    return frozenset(key for atom in asked if atom.question == question.key for key in atom.choices)


def signs(definition: Definition, answers: Answers, fired: Fired) -> tuple[Look, ...]:
    """What would state a safety rule that fired on these answers: what is enough alone, then what is only together."""
    unsure = [because.question for because in fired.because if because.answer == NOT_SURE]
    offered = [Sign(key, choice.key) for key in unsure for choice in definition.by_key[key].choices]
    alone = [look for sign in offered if (look := _stated(definition, answers, fired.rule, (sign,)))]
    enough = {look.signs[0] for look in alone}
    pairs = combinations([sign for sign in offered if sign not in enough], 2)
    both = [
        look
        for one, other in pairs
        if one.question != other.question and (look := _stated(definition, answers, fired.rule, (one, other)))
    ]
    return (*alone, *both)


def _stated(definition: Definition, answers: Answers, rule: str, signs: tuple[Sign, ...]) -> Look | None:
    """These signs, if they state the rule, with the other answers that it then needs."""
    many = {sign.question for sign in signs if definition.by_key[sign.question].is_many}
    chosen = {sign.question: [sign.choice] if sign.question in many else sign.choice for sign in signs}
    because = _because(definition, {**answers, **chosen}, rule)
    if because is None or not chosen.keys() <= {each.question for each in because}:
        return None
    needed = [
        each
        for each in because
        if each.question not in chosen
        and _because(definition, {**answers, **chosen, each.question: NOT_SURE}, rule) is None
    ]
    return Look(signs, tuple(Sign(each.question, key) for each in needed for key in _keys(each)))


def _because(definition: Definition, answers: Answers, rule: str) -> tuple[Because, ...] | None:
    """What the rule rests on where these answers state it, else None."""
    fired = evaluate(definition, answers).safety
    return next((one.because for one in fired if one.rule == rule and one.stated), None)


def _keys(because: Because) -> tuple[str, ...]:
    """The choices of an answer that was given outright."""
    if because.answer == NOT_SURE:
        return ()
    return (because.answer,) if isinstance(because.answer, str) else because.answer
