"""What editors delete lies in the trash for a while, and comes back as it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guides.models import Guide, GuideEdition, Revision, StoredFile, Trashed
from guides.outgoing import Row, entry_of, facts_out, file_out, guide_out
from guides.transfer import put_entry, put_file, put_guide
from guides.workflow import actions
from privacy.models import User

KEPT_FOR = timedelta(days=30)
Deleted = Row | Guide | GuideEdition | StoredFile


class CannotRestore(Exception):
    """Something else stands in its place; the message says what."""


@transaction.atomic
def delete(row: Deleted, *, by: User | None, now: datetime) -> Trashed:
    """Put a row into the trash, and delete it."""
    kind, key, entry, data = _packed(row)
    kept = Trashed.objects.create(kind=kind, key=key, label=str(row)[:250], at=now, by=by, entry=entry, data=data)
    row.delete()
    return kept


def _packed(row: Deleted) -> tuple[str, str, dict[str, Any], bytes | None]:
    if isinstance(row, Guide):
        return "guide", row.key, guide_out(row), None
    if isinstance(row, GuideEdition):
        entry = {"guide": row.guide.key, "language": row.language, "document": row.document()}
        return "edition", f"{row.guide.key}/{row.language}", entry, None
    if isinstance(row, StoredFile):
        return "file", row.key, file_out(row), bytes(row.data)
    kind, key, entry = entry_of(row)
    if kind in ("levels", "aspects"):
        # Its cells of the comparison go with it, and come back with it.
        entry["facts"] = {
            level: {aspect: cell for aspect, cell in cells.items() if key in (level, aspect)}
            for level, cells in facts_out().items()
        }
    return kind, key, entry, None


@transaction.atomic
def restore(kept: Trashed, *, by: User | None, now: datetime) -> None:
    """Bring back what was deleted, as a draft where it is one. Raises `CannotRestore`."""
    entry = kept.entry
    if kept.kind == "guide":
        if Guide.objects.filter(key=kept.key).exists():
            raise CannotRestore(_("There is a guide with this key again. Delete that one first."))
        _free(entry[code] | {"language": code} for code in ("en", "es") if code in entry)
        put_guide(entry, now=now)
    elif kept.kind == "edition":
        _restore_edition(entry, by=by, now=now)
    elif kept.kind == "file":
        put_file(entry, bytes(kept.data or b""), now=now)
    else:
        put_entry(kept.kind, entry)
        put_entry("facts", entry.get("facts", {}))
    kept.delete()


def _restore_edition(entry: dict[str, Any], *, by: User | None, now: datetime) -> None:
    guide = Guide.objects.filter(key=entry["guide"]).first()
    if guide is None:
        raise CannotRestore(_("Its guide is not there. Restore that first."))
    if guide.editions.filter(language=entry["language"]).exists():
        raise CannotRestore(_("The guide was written anew in this language. Delete that text first."))
    document = entry["document"]
    _free([document | {"language": entry["language"]}])
    edition = GuideEdition(guide=guide, language=entry["language"])
    actions.replace_draft(edition, document, by=by, now=now, reason=Revision.Reason.RESTORED)


def _free(documents: Any) -> None:
    """Raise `CannotRestore` where another guide has one of the addresses by now."""
    for document in documents:
        if GuideEdition.objects.filter(language=document["language"], slug=document["slug"]).exists():
            message = _("Another guide has the address “%(slug)s” by now. Change that one first.")
            raise CannotRestore(message % {"slug": document["slug"]})


def forget_old(now: datetime) -> int:
    """Delete for good what has been in the trash for its time; return how many."""
    return Trashed.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
