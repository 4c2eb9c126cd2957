"""Counts what became of each question once a response has ended, without keeping whose it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, Value, When

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE
from assessments.engine.narrowing import narrowing
from assessments.engine.walk import AnswerError
from assessments.models import QuestionnaireVersion, Response, Tally

COUNTS = ("seen", "answered", "not_sure", "left", "widened")


def ended(version: QuestionnaireVersion, responses: Iterable[Response]) -> Counter[tuple[str, str]]:
    """What these responses say of each question: (question, what became of it) → how often.

    Where answers are missing, the next question is where the family left. Answers off the way do not count.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for response in responses:
        try:
            outcome = evaluate(version.definition, response.answers)
        except AnswerError:  # kept by an engine that took what this one does not
            continue
        for step in outcome.path:
            counts[step.question.key, "seen"] += 1
            counts[step.question.key, "not_sure" if step.answer == NOT_SURE else "answered"] += 1
        if outcome.next_question:
            counts[outcome.next_question, "seen"] += 1
            counts[outcome.next_question, "left"] += 1
        for key in narrowing(version.definition, response.answers):
            counts[key, "widened"] += 1
    return counts


def count(responses: Iterable[Response]) -> None:
    """Add ended responses to the tallies. The caller holds a transaction, and sees to it that each comes once."""
    versions: dict[int, QuestionnaireVersion] = {}
    groups: dict[int, list[Response]] = {}
    for response in responses:
        version = versions.setdefault(response.version_id, response.version)
        groups.setdefault(version.pk, []).append(response)
    for pk, group in sorted(groups.items()):
        _add(versions[pk], ended(versions[pk], group))


def _add(version: QuestionnaireVersion, counts: Counter[tuple[str, str]]) -> None:
    keys = sorted({question for question, _ in counts})
    rows = Tally.objects.filter(version=version, question__in=keys)
    if rows.count() < len(keys):
        Tally.objects.bulk_create([Tally(version=version, question=key) for key in keys], ignore_conflicts=True)
    rows.update(**{name: F(name) + _of_each(name, counts) for name in COUNTS})


def _of_each(name: str, counts: Counter[tuple[str, str]]) -> Case:
    whens = [When(question=key, then=Value(number)) for (key, what), number in counts.items() if what == name]
    return Case(*whens, default=Value(0), output_field=IntegerField())
