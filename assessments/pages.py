"""What the family's pages show: the engine's outcome, in the family's own language and voice."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import (
    NOT_SURE,
    URGENCIES,
    Definition,
    Language,
    Note,
    Question,
    SafetyRule,
    Voice,
)
from assessments.engine.explain import Speaker, explain
from assessments.engine.nearest import nearest_change
from assessments.engine.options import Option, Wish, options
from assessments.models import QuestionnaireVersion, Response
from guides.models import LevelOfCare


def asked(definition: Definition, outcome: Outcome) -> list[Question]:
    """The questions on the family's way so far, ending with the next one (if any is left)."""
    way = [step.question for step in outcome.path]
    return way if outcome.next_question is None else [*way, definition.by_key[outcome.next_question]]


def initial(question: Question, answer: Any) -> Any:
    """The answer given before as the form of its question shows it."""
    if question.kind == "one" or answer is None:
        return answer
    return [NOT_SURE] if answer == NOT_SURE else answer or [""]


def going_on(outcome: Outcome) -> dict[str, Any]:
    """Where a family that comes back goes on: the page's address, and how many answers are there."""
    given = len(outcome.path)
    page = reverse("assessments:result") if outcome.complete else reverse("assessments:question", args=[given + 1])
    return {"url": page, "given": given, "complete": outcome.complete}


def progress(version: QuestionnaireVersion, outcome: Outcome, number: int) -> dict[str, int]:
    """How far the family is. The way can still grow or shrink: the end is a span, and the bar measures the longest."""
    given = len(outcome.path)
    longest = max(version.proof["longest"], number)
    shortest = min(max(version.proof["shortest"], given + (not outcome.complete)), longest)
    return {"number": number, "shortest": shortest, "longest": longest}


def crisis(response: Response, outcome: Outcome, language: Language) -> dict[str, Any]:
    """The crisis page: what to do for each safety rule that fired, the most urgent first."""
    definition, voice = response.version.definition, _voice(response)
    rules = [definition.rules[fired.rule] for fired in outcome.safety]
    warnings = [rule for rule in rules if isinstance(rule, SafetyRule)]
    return {
        "urgency": min((rule.urgency for rule in warnings), key=URGENCIES.index),
        "warnings": [rule.text.say(language, voice) for rule in warnings],
        "loved": voice == "loved",
        "complete": outcome.complete,
    }


def result(response: Response, outcome: Outcome, language: Language) -> dict[str, Any]:
    """The result page: fit, every level in equal detail, reasons, sureness, what would change it, notes, trade-offs."""
    definition, voice = response.version.definition, _voice(response)
    levels = {level.slug: level for level in LevelOfCare.objects.in_order()}
    names = {slug: level.text(language).name for slug, level in levels.items()}
    nearest = nearest_change(definition, response.answers)
    speaker = Speaker(definition, language, voice, names)
    ranked = options(definition, outcome)
    return {
        "response": response,
        "loved": voice == "loved",
        "explanation": explain(definition, outcome, nearest, language, voice, names),
        "rungs": _rungs(definition, ranked, levels, language),
        "options": [_option(option, levels, speaker) for option in ranked],
        "fits": [option.level for option in ranked if option.fit == "fits"],
        "unsure": [
            {"number": number, "text": step.question.text.say(language, voice)}
            for number, step in enumerate(outcome.path, 1)
            if step.answer == NOT_SURE and step.question.role != "preference"
        ],
        "notes": [
            rule.text.say(language, voice)
            for rule in (definition.rules[fired.rule] for fired in outcome.notes)
            if isinstance(rule, Note)
        ],
        "answers": [
            {
                "number": number,
                "question": step.question.text.say(language, voice),
                "answer": speaker.answer(step.question.key, step.answer),
            }
            for number, step in enumerate(outcome.path, 1)
        ],
        "safety": bool(outcome.safety),
    }


def _rungs(
    definition: Definition, ranked: list[Option], levels: dict[str, LevelOfCare], language: Language
) -> list[dict[str, Any]]:
    fitting = {option.level for option in ranked if option.fit == "fits"}
    note = _("Fits best now") if len(fitting) == 1 else _("May fit")
    return [
        {
            "name": levels[slug].text(language).name if slug in levels else slug,
            "text": levels[slug].text(language).summary if slug in levels else "",
            "url": reverse("guides:level", args=[slug]),
            "here": slug in fitting,
            "note": note if slug in fitting else "",
        }
        for slug in reversed(definition.levels)
    ]


def _option(option: Option, levels: dict[str, LevelOfCare], speaker: Speaker) -> dict[str, Any]:
    return {
        "slug": option.level,
        "name": speaker.level(option.level),
        "url": reverse("guides:level", args=[option.level]),
        "fit": option.fit,
        "favoured_by": [_wish(wish, speaker) for wish in option.favoured_by],
        "against": [_wish(wish, speaker) for wish in option.against],
    }


def _wish(wish: Wish, speaker: Speaker) -> str:
    return speaker.answer(wish.question, wish.choice)


def _voice(response: Response) -> Voice:
    return "me" if response.voice == "me" else "loved"
