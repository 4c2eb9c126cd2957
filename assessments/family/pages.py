"""What the family's pages show: the engine's outcome, in the family's own language and voice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE, Definition, Language, Question
from assessments.engine.explain import Speaker
from assessments.engine.walk import left
from assessments.models import QuestionnaireVersion, Response


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


def kept(response: Response) -> dict[str, Any]:
    """Where these answers are kept, and for how many days or hours after the last answer."""
    life = response.kept_for
    return {"where": response.keeping, "days": life.days, "hours": life // timedelta(hours=1)}


def progress(response: Response, outcome: Outcome, number: int) -> dict[str, int]:
    """How far the family is: how many questions can still follow this one, at least and at most."""
    fewest, most = left(response.version.definition, response.answers)
    behind = number - len(outcome.path)
    return {"number": number, "fewest": fewest - behind, "most": most - behind, "end": number + most - behind}


def given(response: Response, outcome: Outcome, language: Language) -> list[dict[str, Any]]:
    """Every answer on the way in words, with the number of its question and whether it was "not sure"."""
    speaker = Speaker(response.version.definition, language, response.spoken_to, {})
    return [
        {
            "number": number,
            "question": speaker.question(step.question.key),
            "answer": speaker.answer(step.question.key, step.answer),
            "unsure": step.answer == NOT_SURE,
        }
        for number, step in enumerate(outcome.path, 1)
    ]
