"""What the family's pages show: the engine's outcome, in the family's own language and voice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE, Definition, Language, Note, Question
from assessments.engine.explain import Reason, Speaker, explain
from assessments.engine.narrowing import narrowing
from assessments.engine.nearest import nearest_change
from assessments.engine.options import Option, Wish, options
from assessments.engine.walk import left
from assessments.family.search import search_fields
from assessments.models import QuestionnaireVersion, Response
from guides.models import LevelOfCare

REASONS_OPEN = 5
QUESTIONS_TO_NARROW = 3


def asked(definition: Definition, outcome: Outcome) -> list[Question]:
    """The questions on the family's way so far, ending with the next one (if any is left)."""
    way = [step.question for step in outcome.path]
    return way if outcome.next_question is None else [*way, definition.by_key[outcome.next_question]]


def extent() -> tuple[int, int] | None:
    """The fewest and the most questions that a family is asked; None where nothing is published."""
    version = QuestionnaireVersion.objects.asked(settings.QUESTIONNAIRE)
    return left(version.definition, {}) if version else None


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


def kept_hours() -> int:
    """How many hours after the last answer the answers can be opened, and are kept."""
    return settings.RESPONSES_KEPT_FOR // timedelta(hours=1)


def progress(response: Response, outcome: Outcome, number: int) -> dict[str, int]:
    """How far the family is: how many questions can still follow this one, at least and at most."""
    fewest, most = left(response.version.definition, response.answers)
    behind = number - len(outcome.path)
    return {"number": number, "fewest": fewest - behind, "most": most - behind, "end": number + most - behind}


def result(response: Response, outcome: Outcome, language: Language) -> dict[str, Any]:
    """The result page: fit, every level in equal detail, reasons, sureness, what would change it, notes, trade-offs."""
    definition, voice = response.version.definition, response.spoken_to
    levels = {level.slug: level for level in LevelOfCare.objects.in_order()}
    names = {slug: level.text(language).name for slug, level in levels.items()}
    wide = outcome.certainty == "open"
    nearest = None if wide else nearest_change(definition, response.answers)
    speaker = Speaker(definition, language, voice, names)
    ranked = options(definition, outcome)
    explanation = explain(definition, outcome, nearest, language, voice, names)
    telling = _telling(definition, outcome, explanation.reasons)
    reasons = [reason for reason in telling if reason.stated]
    return {
        "kept_hours": kept_hours(),
        "wide": wide,
        "explanation": explanation,
        "reasons": reasons[:REASONS_OPEN],
        "more_reasons": reasons[REASONS_OPEN:],
        "rungs": _rungs(definition, [] if wide else ranked, levels, language),
        "options": [_option(option, speaker, _note(ranked)) for option in ranked],
        "wishes": any(option.favoured_by or option.against for option in ranked),
        "fits": [] if wide else [option.level for option in ranked if option.fit == "fits"],
        "search": search_fields(outcome),
        "narrowing": _questions(outcome, narrowing(definition, response.answers)[:QUESTIONS_TO_NARROW], speaker),
        "notes": [
            rule.text.say(language, voice)
            for rule in (definition.rules[fired.rule] for fired in outcome.notes if fired.stated)
            if isinstance(rule, Note)
        ],
        "answers": _answers(outcome, speaker),
    }


def _telling(definition: Definition, outcome: Outcome, reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons for what is shown: those of a level below it would speak for less than it suggests."""
    lowest = definition.levels.index(outcome.range[0]) if outcome.range else 0
    return [reason for reason in reasons if definition.levels.index(reason.level) >= lowest]


def given(response: Response, outcome: Outcome, language: Language) -> list[dict[str, Any]]:
    """Every answer on the way in words, with the number of its question and whether it was "not sure"."""
    return _answers(outcome, Speaker(response.version.definition, language, response.spoken_to, {}))


def _answers(outcome: Outcome, speaker: Speaker) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "question": speaker.question(step.question.key),
            "answer": speaker.answer(step.question.key, step.answer),
            "unsure": step.answer == NOT_SURE,
        }
        for number, step in enumerate(outcome.path, 1)
    ]


def _questions(outcome: Outcome, keys: Sequence[str], speaker: Speaker) -> list[dict[str, Any]]:
    """Questions on the way with their number, in the order of the keys."""
    numbers = {step.question.key: number for number, step in enumerate(outcome.path, 1)}
    return [{"number": numbers[key], "text": speaker.question(key)} for key in keys]


def _rungs(
    definition: Definition, ranked: list[Option], levels: dict[str, LevelOfCare], language: Language
) -> list[dict[str, Any]]:
    fitting = {option.level for option in ranked if option.fit == "fits"}
    note = _note(ranked)
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


def _note(ranked: list[Option]) -> str:
    """What the ladder and the wishes say beside a level that fits."""
    return _("Suggested") if sum(option.fit == "fits" for option in ranked) == 1 else _("May fit")


def _option(option: Option, speaker: Speaker, note: str) -> dict[str, Any]:
    return {
        "slug": option.level,
        "name": speaker.level(option.level),
        "url": reverse("guides:level", args=[option.level]),
        "fit": option.fit,
        "note": note if option.fit == "fits" else "",
        "favoured_by": [_wish(wish, speaker) for wish in option.favoured_by],
        "against": [_wish(wish, speaker) for wish in option.against],
    }


def _wish(wish: Wish, speaker: Speaker) -> str:
    return speaker.answer(wish.question, wish.choice)
