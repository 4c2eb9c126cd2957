"""What is still open: the questions that matter most, who can answer each and how, and what an answer would change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import URGENCIES, Definition, Question, SafetyRule
from assessments.engine.explain import Speaker
from assessments.engine.open_questions import Unknown, unknowns
from assessments.engine.phrases import listed
from assessments.engine.walk import Answers
from assessments.family.emergencies import without_milder
from assessments.family.result.fit import Fit

MOST = 3


class Change(NamedTuple):
    """Answers that lead to more care than is certain now, in words, and the level that they lead to."""

    answers: str
    level: str
    first: bool


class Danger(NamedTuple):
    """Answers that a safety rule asks for, in words, and what its crisis page says to do."""

    answers: str
    text: str


class Open(NamedTuple):
    """A question that matters: its number on the way, its words, who can answer it, and what answers would change.

    `dangers` come before all else: what to do now if one of these is the answer.
    """

    key: str
    number: int
    text: str
    ask: str
    leads: list[Change]
    dangers: list[Danger]


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
            speaker.ask(unknown.question) or _anyone(definition.by_key[unknown.question], speaker),
            list(_changes(unknown, _calls_911(perils), fit, speaker)),
            _dangers(unknown.question, perils, speaker),
        )
        for unknown in most_telling(definition, answers)
        for perils in (_perils(definition, answers, definition.by_key[unknown.question]),)
    ]


def _perils(definition: Definition, answers: Answers, question: Question) -> dict[str, list[SafetyRule]]:
    """For each choice that would state safety rules: these rules, the most urgent first."""
    found = {}
    for choice in question.choices:
        answer = [choice.key] if question.is_many else choice.key
        fired = without_milder(evaluate(definition, {**answers, question.key: answer})).safety
        keys = [one.rule for one in fired if one.stated and question.key in dict(one.because)]
        rules = [rule for rule in definition.safety if rule.key in keys]
        if rules:
            found[choice.key] = sorted(rules, key=lambda rule: URGENCIES.index(rule.urgency))
    return found


def _calls_911(perils: Mapping[str, Sequence[SafetyRule]]) -> set[str]:
    """The choices for which help is called first: which level of care follows is not what to say then."""
    return {key for key, rules in perils.items() if rules[0].urgency == "emergency" or rules[0].helpline == "911"}


def _dangers(question: str, perils: Mapping[str, Sequence[SafetyRule]], speaker: Speaker) -> list[Danger]:
    """What to do now, choices with the same words together."""
    together: dict[str, list[str]] = {}
    for key, rules in perils.items():
        together.setdefault(speaker.text(rules[0].text), []).append(key)
    return [
        Danger(listed([speaker.answer(question, [key]) for key in keys], speaker.language, "or"), text)
        for text, keys in together.items()
    ]


def _changes(unknown: Unknown, danger: Collection[str], fit: Fit, speaker: Speaker) -> Iterator[Change]:
    """Where answers would lead, where that is more care than is certain now.

    A choice is named where it first makes a difference; what only several together would do is not told, nor what
    comes after an answer of danger.
    """
    order, named = speaker.definition.levels, set(danger)
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


def _anyone(question: Question, speaker: Speaker) -> str:
    """Who can answer what the questionnaire says nothing of. Danger does not wait for who knows more."""
    if question.role == "safety":
        return _("Look now. If you are not sure what you see, call 911, or call or text 988. They help you decide.")
    if speaker.voice == "loved":
        return _("Ask them, or someone who sees them every day.")
    return _("Ask someone who sees you every day, or a doctor or counselor.")
