"""What a week at a level of care can look like: lines that an editor writes, read into hours of each day.

A line names days and hours: "mon tue thu 18-21" is three evenings, "mon-fri 9-15" five days. The line "live-in" says
that the person lives there; the other lines are then the hours of treatment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LIVE_IN = "live-in"
LINE = re.compile(r"(?P<days>[a-z][a-z -]*?) +(?P<start>\d{1,2})-(?P<end>\d{1,2})")


class BadWeek(ValueError):
    """A line that names no days and hours; `line` is it."""

    def __init__(self, line: str) -> None:
        super().__init__(f"no days and hours: {line}")
        self.line = line


class Hours(NamedTuple):
    """From one full hour to another on a day, 0 is Monday."""

    day: int
    start: int
    end: int


class Week(NamedTuple):
    """The hours of treatment, by day and time, and whether the person lives there."""

    live_in: bool
    hours: tuple[Hours, ...]


def week_of(lines: Iterable[str]) -> Week:
    """The week that these lines tell. Raises `BadWeek` for the first that tells nothing."""
    told = [line.strip().lower() for line in lines]
    hours = sorted({each for line in told if line != LIVE_IN for each in _hours(line)})
    return Week(LIVE_IN in told, tuple(hours))


def _hours(line: str) -> Iterator[Hours]:
    found = LINE.fullmatch(line)
    if found is None or not int(found["start"]) < int(found["end"]) <= 24:
        raise BadWeek(line)
    for word in found["days"].split():
        first, _dash, last = word.partition("-")
        if first not in DAYS or (last or first) not in DAYS or DAYS.index(last or first) < DAYS.index(first):
            raise BadWeek(line)
        for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
            yield Hours(day, int(found["start"]), int(found["end"]))
