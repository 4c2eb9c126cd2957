"""When the next review of a guide is told of: before, on and after its day. Plain Python."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeAlias

BEFORE = timedelta(days=30)
AFTER = timedelta(days=14)
Notice: TypeAlias = Literal["before", "on", "after"]


def notice(due: date, today: date) -> Notice | None:
    """Return the notice that stands today, None where it is too early for any."""
    if today < due - BEFORE:
        return None
    if today < due:
        return "before"
    return "on" if today < due + AFTER else "after"


def mark(due: date, today: date) -> str:
    """Return what is kept of a notice once it is sent: another day for the review begins anew."""
    return f"{notice(due, today)} {due.isoformat()}"
