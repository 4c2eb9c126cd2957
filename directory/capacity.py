"""What a capacity report means today. Plain Python: a report grows old, and an old one is no answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Standing(Enum):
    """How soon a program can take a person at one level."""

    OPEN = "open"
    WAIT = "wait"
    STALE = "stale"  # it was reported, too long ago to count
    UNKNOWN = "unknown"  # it was never reported
    FULL = "full"

    @property
    def order(self) -> int:
        """Soonest first. An old report and none at all are the same: not known."""
        return {Standing.OPEN: 0, Standing.WAIT: 1, Standing.STALE: 2, Standing.UNKNOWN: 2, Standing.FULL: 3}[self]


@dataclass(frozen=True, slots=True)
class Report:
    """What a program said of one level: open places, days to wait, or both; and when (aware)."""

    spots: int | None
    wait_days: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """A report as it stands now. `age` is how long ago it was made; None where there is none."""

    standing: Standing
    level: str = ""
    spots: int | None = None
    wait_days: int | None = None
    age: timedelta | None = None


def opening_of(level: str, report: Report | None, *, now: datetime, fresh: timedelta) -> Opening:
    """What is known of `level` now. A report exactly as old as `fresh` still counts."""
    if report is None:
        return Opening(Standing.UNKNOWN, level)
    age = max(now - report.at, timedelta())
    if age > fresh:
        return Opening(Standing.STALE, level, age=age)
    if report.spots or report.wait_days == 0:
        return Opening(Standing.OPEN, level, spots=report.spots or None, age=age)
    if report.wait_days is not None:
        return Opening(Standing.WAIT, level, wait_days=report.wait_days, age=age)
    return Opening(Standing.FULL, level, age=age)


def soonest(openings: Iterable[Opening]) -> Opening:
    """The best of several levels; the first of equals. Unknown where there is none."""
    return min(openings, key=_how_soon, default=Opening(Standing.UNKNOWN))


def _how_soon(opening: Opening) -> tuple[int, int, bool]:
    # Of what is not known, the old report is the better one to tell: its age says what to ask.
    return opening.standing.order, opening.wait_days or 0, opening.standing is Standing.UNKNOWN
