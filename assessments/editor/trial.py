"""Trying a questionnaire out while it is edited: every question on the way, and what the engine makes of the answers.

Nothing is kept: the answers are in the form, and go with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.editor.builder import Fields
from assessments.editor.sheet import degree_words
from assessments.engine.decide import Fired, Outcome, evaluate
from assessments.engine.definition import NOT_SURE, Definition, Language, Note, Question, SafetyRule, Voice
from assessments.engine.explain import Speaker, explain
from assessments.engine.nearest import nearest_change
from assessments.engine.walk import Answer, Answers
from assessments.models import SafetyRule as SafetyRow

NONE = ""
"""The value of the box "none of these"."""


def answers_in(data: Fields, definition: Definition) -> dict[str, Answer]:
    """The answers of a posted form. What the questionnaire does not know (any more) is left out."""
    answers: dict[str, Answer] = {}
    for question in definition.questions:
        given = data.getlist(f"answer-{question.key}")
        known = [choice.key for choice in question.choices if choice.key in given]
        if question.is_many and (known or NONE in given):
            answers[question.key] = known
        elif known:
            answers[question.key] = known[0]
        elif NOT_SURE in given:
            answers[question.key] = NOT_SURE
    return answers


def trial(
    definition: Definition, answers: Answers, language: Language, voice: Voice, names: Mapping[str, str]
) -> dict[str, Any]:
    """What the panel shows."""
    outcome = evaluate(definition, answers)
    speaker = Speaker(definition, language, voice, names, answers)
    way = [step.question for step in outcome.path]
    if outcome.next_question:
        way.append(definition.by_key[outcome.next_question])
    complete = outcome.complete
    return {
        "voice": voice,
        "steps": [_step(question, answers.get(question.key), speaker) for question in way],
        "left_out": [(speaker.question(key), key, _values(answers[key])) for key in outcome.hidden],
        "complete": complete,
        "ratings": [
            (name.name.say(language, voice), _between(outcome.ratings[name.key], language), outcome.ratings[name.key])
            for name in definition.dimensions
        ],
        "safety": [_warning(definition, fired, speaker) for fired in outcome.safety],
        "notes": [_note(definition, fired, speaker) for fired in outcome.notes],
        "levels": _levels(definition, outcome, names) if complete else [],
        "explanation": explain(
            definition, outcome, nearest_change(definition, answers), language, voice, names, answers
        ),
    }


def _step(question: Question, answer: Answer | None, speaker: Speaker) -> dict[str, Any]:
    values = [] if answer is None else _values(answer)
    options = [(choice.key, speaker.text(choice.text) or choice.key) for choice in question.choices]
    if question.is_many:
        options.append((NONE, _("None of these")))
    options.append((NOT_SURE, _("Not sure")))
    return {
        "key": question.key,
        "text": speaker.text(question.text) or question.key,
        "type": "checkbox" if question.is_many else "radio",
        "options": [(key, text, key in values) for key, text in options],
        "answered": answer is not None,
    }


def _values(answer: Answer) -> list[str]:
    return [answer] if isinstance(answer, str) else list(answer) or [NONE]


def _between(bounds: tuple[int, int], language: Language) -> str:
    low, high = (degree_words(degree, language) for degree in bounds)
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _warning(definition: Definition, fired: Fired, speaker: Speaker) -> dict[str, Any]:
    rule = definition.rules[fired.rule]
    text, urgency = (rule.text, rule.urgency) if isinstance(rule, SafetyRule) else (None, "prompt")
    return {
        "rule": fired.rule,
        "urgency": SafetyRow.Urgency(urgency).label,
        "text": speaker.text(text) if text else "",
        "because": [speaker.because(because) for because in fired.because],
    }


def _note(definition: Definition, fired: Fired, speaker: Speaker) -> dict[str, Any]:
    rule = definition.rules[fired.rule]
    text = speaker.text(rule.text) if isinstance(rule, Note) else ""
    return {"rule": fired.rule, "text": text, "because": [speaker.because(because) for because in fired.because]}


def _levels(definition: Definition, outcome: Outcome, names: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Every level, the highest first, and whether it lies in the range."""
    low, high = (definition.levels.index(slug) for slug in outcome.range or ("", ""))
    return [
        (names.get(slug, slug), low <= place <= high) for place, slug in reversed(list(enumerate(definition.levels)))
    ]
