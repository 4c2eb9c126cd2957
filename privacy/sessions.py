"""Sessions whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from privacy.actions import delete_in_batches


def forget_sessions(*, now: datetime, batch: int = 1000) -> int:
    """Delete sessions whose time is over; return how many."""
    return delete_in_batches(Session.objects.filter(expire_date__lt=now), batch)
