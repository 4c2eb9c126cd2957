"""Text that is typed and not saved yet is kept beside the draft, and whoever opens the draft sees who else is in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from guides.models import GuideEdition, KeptText, OpenDraft, Revision
from guides.models.open_drafts import PRESENT_FOR
from privacy.models import User

SAVES = (Revision.Reason.SAVED, Revision.Reason.RESTORED, Revision.Reason.IMPORTED)
NAMES = ("title", "slug", "summary", "blocks")


def open_page(edition: GuideEdition, *, by: User, browser: str, now: datetime) -> bool:
    """Say that a person has the page open; whether they have it open in another of their browsers, too."""
    row, _is_new = OpenDraft.objects.get_or_create(edition=edition, user=by, defaults={"active_at": now})
    since = (now - PRESENT_FOR).timestamp()
    others = {mark: at for mark, at in (row.browsers or {}).items() if mark != browser and at >= since}
    row.active_at, row.browsers = now, {**others, browser: now.timestamp()}
    row.save(update_fields=["active_at", "browsers"])
    return bool(others)


def have_saved(edition: GuideEdition, *, by: User, page: str, now: datetime) -> None:
    """What was kept of the page is saved, and it is closed: the one that a save leads to opens again by itself."""
    drop_text(edition, by=by, page=page)
    gone = now - PRESENT_FOR - timedelta(seconds=1)
    OpenDraft.objects.filter(edition=edition, user=by).update(active_at=gone)


def close_page(edition: GuideEdition, *, by: User, browser: str, now: datetime) -> None:
    """Say that a person has left the page; one that they have open besides says so again within half a minute."""
    for row in OpenDraft.objects.filter(edition=edition, user=by):
        row.browsers = {mark: at for mark, at in (row.browsers or {}).items() if mark != browser}
        row.active_at = now - PRESENT_FOR - timedelta(seconds=1)
        row.save(update_fields=["active_at", "browsers"])


def keep_text(
    edition: GuideEdition,
    values: dict[str, Any],
    *,
    boxes: dict[str, str],
    shown: dict[str, str],
    by: User,
    page: str,
    seen: str,
    now: datetime,
) -> bool:
    """Keep what was typed into an opened page; whether any of it is not saved.

    It is no version: the next text of that page replaces it, and a save takes it away. `boxes` are the words in
    the boxes of buttons, `shown` those that stand there again by themselves.
    """
    kept = {name: values[name] for name in NAMES}
    if kept == {name: getattr(edition, name) for name in NAMES} and boxes == shown:
        drop_text(edition, by=by, page=page)
        return False
    text = {"kept": {**kept, "boxes": boxes}, "kept_at": now, "seen": seen[:100]}
    KeptText.objects.update_or_create(edition=edition, user=by, page=page, defaults=text)
    return True


def kept_texts(edition: GuideEdition, by: User) -> QuerySet[KeptText]:
    """Return what this person typed and did not save, of each page that they opened; the newest first."""
    return KeptText.objects.filter(edition=edition, user=by)


def saved_since(edition: GuideEdition, kept: KeptText) -> Revision | None:
    """Return the last version that was saved after the page of this text had been opened."""
    opened, _dash, _digest = kept.seen.partition("-")
    last = edition.revisions.filter(reason__in=SAVES).select_related("by").defer("document").first()
    since = opened.isdecimal() and last is not None and int(last.at.timestamp()) > int(opened)
    return last if since else None


def drop_text(edition: GuideEdition, *, by: User, page: str) -> None:
    kept_texts(edition, by).filter(page=page).delete()


def put_back(edition: GuideEdition, kept: KeptText) -> None:
    """Show the kept text in `edition`, unsaved."""
    for name in NAMES:
        setattr(edition, name, kept.kept.get(name, getattr(edition, name)))


def others_on_the_page(edition: GuideEdition, *, by: User, now: datetime) -> list[str]:
    """Return the names of those who have the page open besides."""
    there = OpenDraft.objects.filter(edition=edition, active_at__gte=now - PRESENT_FOR).exclude(user=by)
    return sorted(str(row.user) for row in there.select_related("user"))
