"""A draft's rows as the document that the engine reads, and back; exactly, also where the draft has faults.

The document has the shape of `engine/schema.json`. What an admin has not said yet is left out of it, so that the
engine names the gap with its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from assessments.engine.document import FORMAT
from assessments.models import (
    Choice,
    Dimension,
    Draft,
    FloorRule,
    KeptDraft,
    Note,
    Part,
    Question,
    Questionnaire,
    SafetyRule,
)
from assessments.models.draft import WORDS, Worded

Document = dict[str, Any]

TEXT_OF: dict[str, str] = {
    "dimensions": "name",
    "questions": "text",
    "floors": "reason",
    "safety": "text",
    "notes": "text",
}
"""Section of the document → what it calls the text of its parts."""

MODELS: dict[str, type[Part]] = {
    "dimensions": Dimension,
    "questions": Question,
    "floors": FloorRule,
    "safety": SafetyRule,
    "notes": Note,
}
"""Section of the document → the rows that it is made of."""


MOST_KEPT = 20


def document(draft: Draft) -> Document:
    """The draft as a document, in a fixed number of queries."""
    questions = Question.objects.filter(draft=draft).prefetch_related("choices")
    return {
        "format": FORMAT,
        "key": draft.questionnaire.key,
        "title": _text(draft),
        "levels": draft.levels,
        "dimensions": [{"key": row.key, "name": _text(row)} for row in Dimension.objects.filter(draft=draft)],
        "questions": [_question(row) for row in questions],
        "floors": [
            {**_rule(row), "level": row.level, "reason": _text(row), "source": row.source}
            for row in FloorRule.objects.filter(draft=draft)
        ],
        "safety": [_safety(row) for row in SafetyRule.objects.filter(draft=draft)],
        "notes": [{**_rule(row), "text": _text(row)} for row in Note.objects.filter(draft=draft)],
    }


def written(document: Document) -> str:
    """The one text of a document; for one without faults it is its canonical JSON."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def current(questionnaire: Questionnaire) -> Document | None:
    """What an admin would go on editing: the draft, else the newest version; None where there is neither."""
    draft = Draft.objects.select_related("questionnaire").filter(questionnaire=questionnaire).first()
    if draft:
        return document(draft)
    newest = questionnaire.newest()
    return json.loads(newest.document) if newest else None


def has_news(questionnaire: Questionnaire) -> bool:
    """Whether the draft says anything that the newest version does not."""
    draft = Draft.objects.select_related("questionnaire").filter(questionnaire=questionnaire).first()
    newest = questionnaire.newest()
    return draft is not None and (newest is None or written(document(draft)) != newest.document)


def write(questionnaire: Questionnaire, document: Document, *, now: datetime, by: Any = None) -> Draft:
    """Make the questionnaire's draft say what the document says. A draft with news is kept first.

    The caller holds a transaction. The document's own key is not looked at: a draft has its questionnaire's.
    """
    former = Draft.objects.filter(questionnaire=questionnaire).first()
    if former:
        if has_news(questionnaire):
            keep(former, now=now)
        former.delete()
    draft = Draft.objects.create(
        questionnaire=questionnaire,
        levels=document["levels"],
        edited_at=now,
        edited_by=by,
        **_columns(document["title"]),
    )
    Dimension.objects.bulk_create(_parts(Dimension, draft, document["dimensions"], "name"))
    FloorRule.objects.bulk_create(_parts(FloorRule, draft, document["floors"], "reason", "when", "level", "source"))
    SafetyRule.objects.bulk_create(_parts(SafetyRule, draft, document["safety"], "text", "when", "urgency", "helpline"))
    Note.objects.bulk_create(_parts(Note, draft, document["notes"], "text", "when"))
    _write_questions(draft, document["questions"])
    return draft


def _write_questions(draft: Draft, said: list[Document]) -> None:
    questions = Question.objects.bulk_create(_parts(Question, draft, said, "text", "shows_when", "kind", "role"))
    for row, one in zip(questions, said, strict=True):
        if "help" in one:
            row.has_help = True
            for name, words in _columns(one["help"], "help_").items():
                setattr(row, name, words)
    Question.objects.bulk_update(
        [row for row in questions if row.has_help], ["has_help", *(f"help_{name}" for name in WORDS)]
    )
    Choice.objects.bulk_create(
        Choice(
            question=row,
            position=position,
            key=choice["key"],
            rates=choice.get("rates", {}),
            favours=choice.get("favours", []),
            **_columns(choice["text"]),
        )
        for row, one in zip(questions, said, strict=True)
        for position, choice in enumerate(one["choices"])
    )


def keep(draft: Draft, *, now: datetime) -> None:
    """Keep what the draft says, so that it can be had back; the oldest of many goes."""
    kept = KeptDraft.objects.filter(questionnaire=draft.questionnaire)
    KeptDraft.objects.create(questionnaire=draft.questionnaire, document=document(draft), kept_at=now)
    kept.exclude(pk__in=kept.values_list("pk", flat=True)[:MOST_KEPT]).delete()


def _parts(model: type[Any], draft: Draft, said: Iterable[Mapping[str, Any]], text: str, *names: str) -> list[Any]:
    return [
        model(
            draft=draft,
            position=position,
            key=part["key"],
            **_columns(part[text]),
            **{name: part[name] for name in names if name in part},
        )
        for position, part in enumerate(said)
    ]


def _columns(text: Mapping[str, Mapping[str, str]], prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": text[name[:2]][name[3:]] for name in WORDS}


def _text(row: Worded, prefix: str = "") -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = {"en": {}, "es": {}}
    for name in WORDS:
        said[name[:2]][name[3:]] = getattr(row, prefix + name)
    return said


def _rule(row: FloorRule | SafetyRule | Note) -> Document:
    return {"key": row.key} if row.when is None else {"key": row.key, "when": row.when}


def _safety(row: SafetyRule) -> Document:
    said = {**_rule(row), "urgency": row.urgency, "text": _text(row)}
    return {**said, "helpline": row.helpline} if row.helpline else said


def _question(row: Question) -> Document:
    said: Document = {
        "key": row.key,
        "kind": row.kind,
        "role": row.role,
        "text": _text(row),
        "choices": [_choice(choice) for choice in row.choices.all()],
    }
    if row.has_help:
        said["help"] = _text(row, "help_")
    if row.shows_when is not None:
        said["shows_when"] = row.shows_when
    return said


def _choice(row: Choice) -> Document:
    said: Document = {"key": row.key, "text": _text(row)}
    if row.rates:
        said["rates"] = row.rates
    if row.favours:
        said["favours"] = row.favours
    return said
