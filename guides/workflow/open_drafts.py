"""Text that is typed and not saved yet is kept beside the draft, and whoever opens the draft sees who else is in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from guides.models import GuideEdition, OpenDraft
from guides.models.open_drafts import PRESENT_FOR
from privacy.models import User

NAMES = ("title", "slug", "summary", "blocks")


def open_page(edition: GuideEdition, *, by: User, browser: str, now: datetime) -> bool:
    """Say that a person has the page open; whether they have it open in another of their browsers, too."""
    row, _is_new = OpenDraft.objects.get_or_create(edition=edition, user=by, defaults={"active_at": now})
    since = (now - PRESENT_FOR).timestamp()
    others = {mark: at for mark, at in (row.browsers or {}).items() if mark != browser and at >= since}
    row.active_at, row.browsers = now, {**others, browser: now.timestamp()}
    row.save(update_fields=["active_at", "browsers"])
    return bool(others)


def have_saved(edition: GuideEdition, *, by: User, now: datetime) -> None:
    """What was kept is saved, and the page closed: the one that a save leads to opens it again, if it is this one."""
    gone = now - PRESENT_FOR - timedelta(seconds=1)
    OpenDraft.objects.filter(edition=edition, user=by).update(kept=None, kept_at=None, active_at=gone)


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
    seen: str,
    now: datetime,
) -> bool:
    """Keep what was typed; whether any of it is not saved.

    It is no version: the next kept text replaces it, and a save takes it away. `boxes` are the words in
    the boxes of buttons, `shown` those that stand there again by themselves.
    """
    kept = {name: values[name] for name in NAMES}
    same = kept == {name: getattr(edition, name) for name in NAMES} and boxes == shown
    kept["boxes"] = boxes
    text = {"kept": None, "kept_at": None} if same else {"kept": kept, "kept_at": now}
    OpenDraft.objects.update_or_create(
        edition=edition, user=by, defaults={"active_at": now, "seen": seen[:100], **text}
    )
    return not same


def kept_text(edition: GuideEdition, by: User) -> OpenDraft | None:
    """Return what this person typed and did not save."""
    return OpenDraft.objects.filter(edition=edition, user=by, kept__isnull=False).first()


def drop_text(edition: GuideEdition, *, by: User) -> None:
    OpenDraft.objects.filter(edition=edition, user=by).update(kept=None, kept_at=None)


def put_back(edition: GuideEdition, kept: OpenDraft) -> None:
    """Show the kept text in `edition`, unsaved."""
    for name in NAMES:
        setattr(edition, name, (kept.kept or {}).get(name, getattr(edition, name)))


def on_the_page(edition: GuideEdition, *, by: User, now: datetime) -> tuple[OpenDraft | None, list[str]]:
    """Return this person's text that is not saved, and the names of those who have the page open besides."""
    rows = list(OpenDraft.objects.filter(edition=edition).select_related("user"))
    own = next((row for row in rows if row.user_id == by.pk and row.kept is not None), None)
    there = [row for row in rows if row.user_id != by.pk and row.active_at >= now - PRESENT_FOR]
    return own, sorted(str(row.user.get_full_name() or row.user) for row in there)
