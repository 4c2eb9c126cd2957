"""Sessions whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session


def forget_sessions(*, now: datetime, batch: int = 1000) -> int:
    """Delete sessions whose time is over; return how many."""
    over, total = Session.objects.filter(expire_date__lt=now), 0
    while keys := list(over.values_list("pk", flat=True)[:batch]):
        total += Session.objects.filter(pk__in=keys).delete()[0]
    return total
