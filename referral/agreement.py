"""How far the level that the answers gave, the one that staff settled, and the one of admission agree, month by month.

Levels are given by their order, the lightest first; a level or a range is (lowest, highest).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Span = tuple[int, int]


class Moved(StrEnum):
    """What became of a range of levels."""

    SAME = "same"
    LOWER = "lower"
    HIGHER = "higher"


class Case(NamedTuple):
    """One referral whose family shared its answers. What nobody settled or recorded is None."""

    month: date
    computed: Span
    settled: Span | None
    admitted: int | None


class Month(NamedTuple):
    """The referrals that were opened in one month."""

    month: date
    computed: int
    settled: dict[Moved, int]
    admitted: dict[Moved, int]

    @property
    def overridden(self) -> int:
        return self.settled[Moved.LOWER] + self.settled[Moved.HIGHER]


def settled(computed: Span, now: Span) -> Moved:
    """Whether staff kept the range. Of a range moved at both ends, the lower end tells: it is what is certain."""
    if now == computed:
        return Moved.SAME
    return Moved.LOWER if now < computed else Moved.HIGHER


def admitted(span: Span, level: int) -> Moved:
    """Whether the person came into a level of the range, or beside it."""
    low, high = span
    if low <= level <= high:
        return Moved.SAME
    return Moved.LOWER if level < low else Moved.HIGHER


def by_month(cases: Iterable[Case]) -> list[Month]:
    """The months that have any case, the newest first. Staff who settled nothing kept what was computed."""
    months: dict[date, Month] = {}
    for case in cases:
        month = months.get(case.month) or Month(case.month, 0, dict.fromkeys(Moved, 0), dict.fromkeys(Moved, 0))
        month.settled[settled(case.computed, case.settled or case.computed)] += 1
        if case.admitted is not None:
            month.admitted[admitted(case.computed, case.admitted)] += 1
        months[case.month] = month._replace(computed=month.computed + 1)
    return [months[key] for key in sorted(months, reverse=True)]
