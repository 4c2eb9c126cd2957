"""Sessions as rows: those whose time is over, and those that lie under an older key."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.contrib.sessions.models import Session

from privacy.actions import delete_in_batches
from privacy.crypto import CannotDecrypt
from privacy.stored import newest, rewrite


def forget_sessions(*, now: datetime, batch: int = 1000) -> int:
    """Delete sessions whose time is over; return how many."""
    return delete_in_batches(Session.objects.filter(expire_date__lt=now), batch)


def rotate(batch: int) -> dict[str, int]:
    """Encrypt sessions again under the newest key, so that nobody is signed out; return {"sessions": changed}."""
    return {"sessions.Session.session_data": rewrite(Session, "session_data", _newest, batch)}


def _newest(value: str) -> str | None:
    # One that no key opens is an empty session, and ends by itself.
    with suppress(CannotDecrypt):
        return newest(value)
    return None
