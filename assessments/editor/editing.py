"""The writes of the editor: each is one transaction, one permission check, and one line of history.

`by` is None only on the command line, where whoever may run a command may do everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, TextField
from django.utils.translation import gettext_noop

from assessments.approvals import CHANGE_IT
from assessments.editor import builder, drafts
from assessments.editor.drafts import Document
from assessments.engine.definition import LANGUAGES, VOICES
from assessments.engine.document import FORMAT, parse, to_json
from assessments.engine.wording import renamed
from assessments.history import write_line
from assessments.models import (
    Choice,
    Dimension,
    Draft,
    KeptDraft,
    Part,
    Question,
    Questionnaire,
    QuestionnaireVersion,
)
from guides.models import LevelOfCare
from privacy.models import User

ADD_IT = "assessments.add_questionnaire"


class Stale(Exception):
    """Somebody else saved the part since it was opened."""


class Unstorable(ValueError):
    """The texts hold characters that no database keeps."""


def draft_of(questionnaire: Questionnaire, *, now: datetime) -> Draft:
    """The questionnaire's draft; where there is none yet, one that says what the newest version says."""
    draft = Draft.objects.select_related("questionnaire").filter(questionnaire=questionnaire).first()
    if draft:
        return draft
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        draft = Draft.objects.select_related("questionnaire").filter(questionnaire=locked).first()
        return draft or drafts.write(locked, drafts.current(locked) or blank(locked.key), now=now)


def blank(key: str) -> Document:
    """A document with every level of care and nothing else."""
    return {
        "format": FORMAT,
        "key": key,
        "title": {language: dict.fromkeys(VOICES, "") for language in LANGUAGES},
        "levels": list(LevelOfCare.objects.in_order().values_list("slug", flat=True)),
        **{section: [] for section in drafts.MODELS},
    }


def create(key: str, *, by: User | None, now: datetime) -> Questionnaire:
    """A new questionnaire with an empty draft."""
    _allow(by, ADD_IT)
    with transaction.atomic():
        questionnaire = Questionnaire.objects.create(key=key)
        drafts.write(questionnaire, blank(key), now=now, by=by)
        write_line(questionnaire, by, gettext_noop("Started."), ADDITION)
    return questionnaire


def clone(questionnaire: Questionnaire, key: str, *, by: User | None, now: datetime) -> Questionnaire:
    """A new questionnaire whose draft says what this one's draft says."""
    _allow(by, ADD_IT)
    with transaction.atomic():
        copy = Questionnaire.objects.create(key=key)
        drafts.write(copy, drafts.current(questionnaire) or blank(key), now=now, by=by)
        write_line(copy, by, gettext_noop("Copied from another questionnaire."), ADDITION)
    return copy


def import_document(document: Any, *, by: User | None, now: datetime) -> Draft:
    """Make a decoded JSON document the draft of the questionnaire whose key it names; make that too if need be.

    A draft with news is kept beside it. Raises DefinitionError with every fault, and Unstorable.
    """
    _allow(by, CHANGE_IT)
    definition = parse(document)
    content = to_json(definition)
    text = drafts.written(content)
    if "\\u0000" in json.dumps(content) or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Unstorable
    with transaction.atomic():
        questionnaire, _made = Questionnaire.objects.get_or_create(key=definition.key)
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        draft = drafts.write(locked, content, now=now, by=by)
        write_line(locked, by, gettext_noop("Imported a draft."))
    return draft


def go_back(questionnaire: Questionnaire, to: QuestionnaireVersion | KeptDraft, *, by: User, now: datetime) -> Draft:
    """Let the draft say again what a version, or an earlier draft, says."""
    _allow(by, CHANGE_IT)
    document = json.loads(to.document) if isinstance(to, QuestionnaireVersion) else to.document
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        draft = drafts.write(locked, document, now=now, by=by)
        write_line(locked, by, gettext_noop("Went back to an earlier state."))
    return draft


def archive(questionnaire: Questionnaire, *, by: User, at: datetime | None) -> None:
    """Take the questionnaire away from families, or (at None) give it back. Responses keep their versions."""
    _allow(by, CHANGE_IT)
    with transaction.atomic():
        Questionnaire.objects.filter(pk=questionnaire.pk).update(archived_at=at)
        write_line(questionnaire, by, gettext_noop("Archived.") if at else gettext_noop("Brought back."))


def save_title(draft: Draft, *, by: User, now: datetime, seen: str | None = None) -> None:
    """Keep the title and the levels. `seen` is the mark of those that the admin saw; raises Stale if it is another."""
    _allow(by, CHANGE_IT)
    with transaction.atomic():
        kept = Draft.objects.select_for_update().get(pk=draft.pk)
        if seen is not None and seen != drafts.title_mark(kept):
            raise Stale
        draft.save(update_fields=["en_me", "en_loved", "es_me", "es_loved", "levels"])
        _touch(draft, by, now, gettext_noop("Changed the title or the levels."))


def save(part: Part, *, by: User, now: datetime, choices: Sequence[Choice] = ()) -> None:
    """Keep a part, new or changed; a question with exactly these choices in this order. New keys reach every condition.

    `part.revision` is the one that the admin saw. Raises Stale if it is no longer the one that is kept.
    """
    _allow(by, CHANGE_IT)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=part.draft_id)
        model = type(part)
        was: Any = model._default_manager.filter(pk=part.pk).first() if part.pk else None
        if part.pk and (was is None or was.revision != part.revision):
            raise Stale
        if was is None:
            part.position = _like(part).count()
        elif was.key != part.key and isinstance(part, Question | Dimension):
            _rename(part, was.key)
        part.revision += 1
        part.save()
        if isinstance(part, Question):
            _save_choices(part, choices)
        _touch(part.draft, by, now, gettext_noop("Changed a part.") if was else gettext_noop("Added a part."))


def move(part: Part, *, to: int, by: User, now: datetime) -> None:
    """Put a part at this place (from 0) among its like; beyond either end means at the end."""
    _allow(by, CHANGE_IT)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=part.draft_id)
        rows = [row for row in _like(part) if row.pk != part.pk]
        rows.insert(max(0, min(to, len(rows))), part)
        for position, row in enumerate(rows):
            row.position = position
        type(part)._default_manager.bulk_update(rows, ["position"])
        _touch(part.draft, by, now, gettext_noop("Changed the order."))


def remove(part: Part, *, by: User, now: datetime, seen: int | None = None) -> None:
    """Delete a part of the draft. The draft as it was is kept. Conditions that name the part stay, as faults.

    `seen` is the revision that the admin saw; raises Stale if it is no longer the one that is kept.
    """
    _allow(by, CHANGE_IT)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=part.draft_id)
        kept: Any = type(part)._default_manager.filter(pk=part.pk).first()
        if seen is not None and (kept is None or kept.revision != seen):
            raise Stale
        drafts.keep(part.draft, now=now)
        part.delete()
        _touch(part.draft, by, now, gettext_noop("Removed a part."))


def _save_choices(question: Question, choices: Sequence[Choice]) -> None:
    kept = {choice.pk: choice for choice in question.choices.all()}
    question.choices.exclude(pk__in=[choice.pk for choice in choices if choice.pk]).delete()
    for position, choice in enumerate(choices):
        was = kept.get(choice.pk)
        if was and was.key != choice.key:
            _rewrite(question.draft, _renaming("choice", was.key, choice.key, question.key))
            _reword(question.draft, question, "choice", was.key, choice.key)
            _tell_helper(question, was.key, choice.key)
        choice.question, choice.position = question, position
        choice.save()


def _rename(part: Question | Dimension, old: str) -> None:
    """Let conditions and ratings name the part by its new key."""
    if isinstance(part, Question):
        _rewrite(part.draft, _renaming("question", old, part.key))
        _reword(part.draft, part, "question", old, part.key)
        Question.objects.filter(draft=part.draft, helps=old).update(helps=part.key, revision=F("revision") + 1)
        return
    _rewrite(part.draft, _renaming("dimension", old, part.key))
    for choice in Choice.objects.filter(question__draft=part.draft, rates__has_key=old):
        choice.rates[part.key] = choice.rates.pop(old)
        choice.save(update_fields=["rates"])
        Question.objects.filter(pk=choice.question_id).update(revision=F("revision") + 1)


def _tell_helper(question: Question, old: str, new: str) -> None:
    """Let the helper of a question name its choice by its new key."""
    for choice in Choice.objects.filter(question__draft=question.draft, question__helps=question.key):
        if old in (choice.means or []):
            choice.means = [new if key == old else key for key in choice.means]
            choice.save(update_fields=["means"])
            Question.objects.filter(pk=choice.question_id).update(revision=F("revision") + 1)


def _renaming(kind: str, old: str, new: str, question: str = "") -> Callable[[Any], Any]:
    return lambda condition: builder.renamed(condition, kind, old, new, question)


def _rewrite(draft: Draft, renamed: Callable[[Any], Any]) -> None:
    for model in drafts.MODELS.values():
        name = "shows_when" if model is Question else "when"
        if not hasattr(model, name):
            continue
        for row in model._default_manager.filter(draft=draft).exclude(**{f"{name}__isnull": True}):
            was = getattr(row, name)
            setattr(row, name, renamed(was))
            if getattr(row, name) != was:
                row.revision += 1
                row.save(update_fields=[name, "revision"])


def _reword(draft: Draft, question: Question, kind: str, old: str, new: str) -> None:
    """Let the words that follow an answer name it by its new key."""
    rows: list[Part | Choice] = [*Choice.objects.filter(question__draft=draft).select_related("question")]
    for model in drafts.MODELS.values():
        rows += model._default_manager.filter(draft=draft)
    for row in rows:
        texts = [field.name for field in row._meta.fields if isinstance(field, TextField)]
        was = {name: getattr(row, name) for name in texts if "{" in (getattr(row, name) or "")}
        now = {name: renamed(words, kind, old, new, question.key) for name, words in was.items()}
        if now != was:
            whole = row.question if isinstance(row, Choice) else row
            type(row)._default_manager.filter(pk=row.pk).update(**now)
            type(whole)._default_manager.filter(pk=whole.pk).update(revision=F("revision") + 1)


def _like(part: Part) -> Any:
    return type(part)._default_manager.filter(draft=part.draft)


def _touch(draft: Draft, by: User | None, now: datetime, words: str) -> None:
    Draft.objects.filter(pk=draft.pk).update(edited_at=now, edited_by=by)
    write_line(draft.questionnaire, by, words)


def _allow(by: User | None, permission: str) -> None:
    if by is not None and not by.has_perm(permission):
        raise PermissionDenied
