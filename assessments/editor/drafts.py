"""A draft's rows as the document that the engine reads, and back; exactly, also where the draft has faults.

The document has the shape of `engine/schema.json`. What an admin has not said yet is left out of it, so that the
engine names the gap with its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

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


EXTRAS = ("help", "ask")
"""The texts that a question may have besides its own."""

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
        "floors": [_floor(row) for row in FloorRule.objects.filter(draft=draft)],
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


class _Rows(NamedTuple):
    """The rows of a draft before it is written anew: their keys, so that open forms of them still fit."""

    parts: dict[tuple[str, str], tuple[int, int]]
    """(section, key) → (primary key, revision)"""
    choices: dict[tuple[str, str], int]
    """(question, choice) → primary key"""
    content: dict[tuple[str, str], Document]


def write(questionnaire: Questionnaire, document: Document, *, now: datetime, by: Any = None) -> Draft:
    """Make the questionnaire's draft say what the document says. A draft with news is kept first.

    A part that is in both, or was removed lately, keeps its row's primary key, and its revision unless it says
    something else now: a form of it that somebody has open still fits, and is told of the change. The caller holds a
    transaction. The document's own key is not looked at: a draft has its questionnaire's.
    """
    rows = _Rows({}, {}, {})
    title = {"levels": document["levels"], "edited_at": now, "edited_by": by, **_columns(document["title"])}
    draft = Draft.objects.select_for_update().filter(questionnaire=questionnaire).first()
    if draft:
        if has_news(questionnaire):
            keep(draft, now=now)
        rows = _rows(draft)
        _remember(rows, questionnaire)
        for model in MODELS.values():
            model._default_manager.filter(draft=draft).delete()
        Draft.objects.filter(pk=draft.pk).update(**title)
        draft.refresh_from_db()
    else:
        draft = Draft.objects.create(questionnaire=questionnaire, **title)
    columns = {
        "dimensions": (),
        "floors": ("when", "level", "source", "first"),
        "safety": ("when", "urgency", "helpline"),
        "notes": ("when",),
    }
    for section, names in columns.items():
        _model(section).objects.bulk_create(_parts(section, draft, document[section], rows, *names))
    _write_questions(draft, document["questions"], rows)
    return draft


def _model(section: str) -> Any:
    return MODELS[section]


def _rows(draft: Draft) -> _Rows:
    content = document(draft)
    return _Rows(
        parts={
            (section, row.key): (row.pk, row.revision)
            for section, model in MODELS.items()
            for row in model._default_manager.filter(draft=draft)
        },
        choices={
            (row.question.key, row.key): row.pk
            for row in Choice.objects.filter(question__draft=draft).select_related("question")
        },
        content={(section, part["key"]): part for section in MODELS for part in content[section]},
    )


def _remember(rows: _Rows, questionnaire: Questionnaire) -> None:
    """Give parts that were removed their last primary key back, so that links to them lead there again."""
    taken = {(section, pk) for (section, _key), (pk, _revision) in rows.parts.items()}
    for kept in KeptDraft.objects.filter(questionnaire=questionnaire):
        for section, key, pk, revision in kept.document.get("rows", ()):
            if (section, key) not in rows.parts and (section, pk) not in taken:
                rows.parts[section, key] = pk, revision
                taken.add((section, pk))


def _write_questions(draft: Draft, content: list[Document], rows: _Rows) -> None:
    questions = Question.objects.bulk_create(
        _parts("questions", draft, content, rows, "shows_when", "kind", "role", "helps")
    )
    for row, one in zip(questions, content, strict=True):
        for extra in EXTRAS:
            if extra in one:
                setattr(row, f"has_{extra}", True)
                for name, words in _columns(one[extra], f"{extra}_").items():
                    setattr(row, name, words)
    Question.objects.bulk_update(
        [row for row in questions if row.has_help or row.has_ask],
        [name for extra in EXTRAS for name in (f"has_{extra}", *(f"{extra}_{words}" for words in WORDS))],
    )
    Choice.objects.bulk_create(
        Choice(
            pk=rows.choices.get((row.key, choice["key"])),
            question=row,
            position=position,
            key=choice["key"],
            rates=choice.get("rates", {}),
            favours=choice.get("favours", []),
            means=choice.get("means"),
            sign=choice.get("sign"),
            **_columns(choice["text"]),
        )
        for row, one in zip(questions, content, strict=True)
        for position, choice in enumerate(one["choices"])
    )


def title_mark(draft: Draft) -> str:
    """A mark of what the title page says: another mark, and somebody else has changed it."""
    return hashlib.sha256(written({"title": _text(draft), "levels": draft.levels}).encode()).hexdigest()[:16]


def keep(draft: Draft, *, now: datetime) -> None:
    """Keep what the draft says, so that it can be had back; the oldest of many goes."""
    kept = KeptDraft.objects.filter(questionnaire=draft.questionnaire)
    rows = [[section, key, *row] for (section, key), row in _rows(draft).parts.items()]
    KeptDraft.objects.create(questionnaire=draft.questionnaire, document={**document(draft), "rows": rows}, kept_at=now)
    kept.exclude(pk__in=kept.values_list("pk", flat=True)[:MOST_KEPT]).delete()


def _parts(section: str, draft: Draft, content: Iterable[Document], rows: _Rows, *names: str) -> list[Any]:
    return [
        _model(section)(
            draft=draft,
            position=position,
            key=part["key"],
            **_row(section, part, rows),
            **_columns(part[TEXT_OF[section]]),
            **{name: part[name] for name in names if name in part},
        )
        for position, part in enumerate(content)
    ]


def _row(section: str, part: Document, rows: _Rows) -> dict[str, int]:
    place = (section, part["key"])
    if place not in rows.parts:
        return {}
    pk, revision = rows.parts[place]
    return {"pk": pk, "revision": revision + (rows.content.get(place) != part)}


def _columns(text: Mapping[str, Mapping[str, str]], prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": text[name[:2]][name[3:]] for name in WORDS}


def _text(row: Worded, prefix: str = "") -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = {"en": {}, "es": {}}
    for name in WORDS:
        content[name[:2]][name[3:]] = getattr(row, prefix + name) or ""
    return content


def _rule(row: FloorRule | SafetyRule | Note) -> Document:
    return {"key": row.key} if row.when is None else {"key": row.key, "when": row.when}


def _safety(row: SafetyRule) -> Document:
    content = {**_rule(row), "urgency": row.urgency, "text": _text(row)}
    return {**content, "helpline": row.helpline} if row.helpline else content


def _floor(row: FloorRule) -> Document:
    content = {**_rule(row), "level": row.level, "reason": _text(row), "source": row.source}
    return {**content, "first": True} if row.first else content


def _question(row: Question) -> Document:
    content: Document = {
        "key": row.key,
        "kind": row.kind,
        "role": row.role,
        "text": _text(row),
        "choices": [_choice(choice) for choice in row.choices.all()],
    }
    for extra in EXTRAS:
        if getattr(row, f"has_{extra}"):
            content[extra] = _text(row, f"{extra}_")
    if row.helps:
        content["helps"] = row.helps
    if row.shows_when is not None:
        content["shows_when"] = row.shows_when
    return content


def _choice(row: Choice) -> Document:
    content: Document = {"key": row.key, "text": _text(row)}
    if row.rates:
        content["rates"] = row.rates
    if row.favours:
        content["favours"] = row.favours
    if row.means:
        content["means"] = row.means
    if row.sign:
        content["sign"] = row.sign
    return content
