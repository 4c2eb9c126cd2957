"""What a level, aspect, fact, word, person or the site said before, who wrote it, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guides.content.differences import Piece, words
from guides.content.html import plain
from guides.models import (
    Aspect,
    AspectText,
    GlossaryTerm,
    GlossaryText,
    Helpline,
    HelplineText,
    Language,
    LevelOfCare,
    LevelText,
    Person,
    PersonText,
    RowRevision,
    SiteDetails,
    SiteText,
    Synonym,
)
from guides.outgoing import Row, entry_of
from guides.transfer import put_entry
from privacy.models import User

SHOWN = 100


@dataclass(frozen=True)
class Version:
    """A revision, what it changed against the one before it, and whether the row says the same now."""

    revision: RowRevision
    pieces: list[Piece]
    is_now: bool


@transaction.atomic
def keep(row: Row, *, by: User | None, now: datetime) -> RowRevision | None:
    """Keep how a row stands in the database; None if that was kept last."""
    kind, key, entry = entry_of(row)
    last = RowRevision.objects.filter(kind=kind, key=key).first()
    if last and last.entry == entry:
        return None
    return RowRevision.objects.create(kind=kind, key=key, at=now, by=by, entry=entry)


def keep_first(row: Row, *, now: datetime) -> None:
    """Before a row is changed for the first time, keep how it was: nobody here wrote that."""
    kind, key, _entry = entry_of(row)
    if not RowRevision.objects.filter(kind=kind, key=key).exists():
        keep(row, by=None, now=now)


def versions(row: Row) -> list[Version]:
    """Return the versions of a row, the newest first."""
    kind, key, entry = entry_of(row)
    rows = list(RowRevision.objects.filter(kind=kind, key=key).select_related("by")[: SHOWN + 1])
    return [
        Version(each, words(_text(kind, old.entry if old else None), _text(kind, each.entry)), each.entry == entry)
        for each, old in zip_longest(rows, rows[1:])
    ][:SHOWN]


@transaction.atomic
def restore(row: Row, revision: RowRevision, *, by: User, now: datetime) -> None:
    """Bring back what a row said. Visitors see it once the facts are published."""
    type(row)._default_manager.select_for_update().filter(pk=row.pk).values_list("pk").first()
    keep_first(row, now=now)
    put_entry(revision.kind, revision.entry)
    type(row)._default_manager.filter(pk=row.pk).update(changed_here=True)
    keep(row, by=by, now=now)


def _text(kind: str, entry: Any) -> str:
    """Return an entry as an editor reads it; of a fact nothing but its words, in short and in full."""
    if kind != "facts" or not entry:
        return "\n".join(_lines(entry, {name: capfirst(label) for name, label in labels_of(kind).items()}))
    ((cells,),) = (level.values() for level in entry.values())
    short = "".join(cells["short"].values())
    full = [plain(text) for language, text in cells.items() if language != "short"]
    return "\n".join(filter(None, [short, *full]))


# What a row is, and what holds its texts, by the name of the content file.
MODELS: dict[str, tuple[type[Model], ...]] = {
    "levels": (LevelOfCare, LevelText),
    "aspects": (Aspect, AspectText),
    "glossary": (GlossaryTerm, GlossaryText),
    "people": (Person, PersonText),
    "helplines": (Helpline, HelplineText),
    "site": (SiteDetails, SiteText),
    "synonyms": (Synonym,),
}
FILED_AS = {"service_area_places": "places"}


def labels_of(kind: str) -> dict[str, str]:
    """What its form calls each thing that an entry of this kind holds."""
    fields = [field for model in MODELS.get(kind, ()) for field in model._meta.get_fields()]
    found = {field.name: str(getattr(field, "verbose_name", field.name)) for field in fields}
    return (
        found
        | {filed: found[name] for filed, name in FILED_AS.items() if name in found}
        | {code: str(label) for code, label in Language.choices}
    )


def _lines(value: Any, labels: Mapping[str, str], names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield ``name: value`` for everything that an entry holds: what it is, in brackets in which language."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(inner, labels, (*names, str(key)))
        return
    languages = [labels[name] for name in names if name in Language.values]
    called = " · ".join(labels.get(name, name) for name in names if name not in Language.values)
    name = f"{called} ({', '.join(languages)})" if called and languages else called or ", ".join(languages)
    if isinstance(value, bool):
        said = _("yes") if value else _("no")
        yield f"{name}: {said}"
    elif isinstance(value, list):
        yield f"{name}: {', '.join(str(each) for each in value)}"
    elif value not in (None, ""):
        yield f"{name}: {plain(value) if isinstance(value, str) and value.startswith('<') else value}"
