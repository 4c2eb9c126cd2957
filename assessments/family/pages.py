"""What the family's pages show: the engine's outcome, in the family's own language and voice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

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
    if not question.is_many or answer is None:
        return answer
    return [NOT_SURE] if answer == NOT_SURE else answer or [""]


def going_on(outcome: Outcome) -> dict[str, Any]:
    """Where a family that comes back goes on: the page's address, and how many answers are there."""
    given = len(outcome.path)
    page = reverse("assessments:result") if outcome.complete else reverse("assessments:question", args=[given + 1])
    return {"url": page, "given": given, "complete": outcome.complete}


def whose(response: Response) -> str:
    """Whom a set of answers is about, and when it was begun: what tells it from another in the same browser."""
    begun = formats.date_format(timezone.localtime(response.created_at), "SHORT_DATETIME_FORMAT")
    words = _("for you, begun %(at)s") if response.spoken_to == "me" else _("for someone you love, begun %(at)s")
    return words % {"at": begun}


def kept(response: Response) -> dict[str, Any]:
    """Where these answers are kept, for how many days or hours after the last one, and whose they are (for forms)."""
    life = response.kept_for
    return {
        "of": str(response.pk),
        "where": response.keeping,
        "days": life.days,
        "hours": life // timedelta(hours=1),
    }


def progress(response: Response, outcome: Outcome, number: int) -> dict[str, int]:
    """How far the family is: how many questions can still follow this one, at least and at most."""
    fewest, most = left(response.version.definition, response.answers)
    behind = number - len(outcome.path)
    return {"number": number, "fewest": fewest - behind, "most": most - behind, "end": number + most - behind}


def given(response: Response, outcome: Outcome, language: Language) -> list[dict[str, Any]]:
    """Every answer on the way in words, with the number of its question and whether it was "not sure"."""
    speaker = Speaker(response.version.definition, language, response.spoken_to, {}, response.answers)
    return [
        {
            "number": number,
            "question": speaker.question(step.question.key),
            "answer": speaker.answer(step.question.key, step.answer),
            "unsure": step.answer == NOT_SURE,
        }
        for number, step in enumerate(outcome.path, 1)
    ]


AREAS: dict[str, str] = {
    "use": "use",
    "control": "use",
    "withdrawal": "use",
    "physical": "health",
    "mental": "health",
    "daily": "life",
    "home": "life",
    "history": "care",
}
"""Dimension → the area of life that its questions are shown under."""
ABOUT = "person"
"""The question of facts about the person, which belong to no area."""


class Group(NamedTuple):
    """Answers of one area of life, in the order asked, and how many of them are "not sure"."""

    name: str
    answers: list[dict[str, Any]]
    unsure: int


def grouped(response: Response, outcome: Outcome, language: Language) -> list[Group]:
    """Every answer on the way, by areas of life in the order in which they come up."""
    areas: dict[str, list[dict[str, Any]]] = {}
    rows = given(response, outcome, language)
    questions = [step.question for step in outcome.path]
    area = ""
    for place, row in enumerate(rows):
        # A helper is asked of the question before it, and stands with it.
        area = area if questions[place].helps else _area(questions[place:])
        areas.setdefault(area, []).append(row)
    names = _area_names(loved=response.spoken_to == "loved")
    return [Group(names[area], found, sum(row["unsure"] for row in found)) for area, found in areas.items()]


def _area(questions: list[Question]) -> str:
    """The area of the first of these questions; a fact that rates nothing belongs to what is asked after it."""
    first = questions[0]
    if first.key == ABOUT:
        return "about"
    if first.role in ("safety", "preference"):
        return first.role
    for question in questions:
        for choice in question.choices:
            for dimension, _rating in choice.rates:
                return AREAS.get(dimension, "care")
    return "care"


def _area_names(*, loved: bool) -> dict[str, str]:
    return {
        "safety": _("Safety"),
        "about": _("About them") if loved else _("About you"),
        "use": _("Alcohol and drugs"),
        "health": _("Body and mind"),
        "life": _("Daily life and home"),
        "care": _("Care so far"),
        "preference": _("Wishes, time and money"),
    }
