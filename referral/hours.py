"""When somebody is at work here, and when a family may be called. Plain Python.

Instants are aware datetimes; zones are IANA names. Public holidays are not known here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from messaging.calendar import utc_of, zone_of

WEEKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
OPEN, SHUT = time(9), time(17)


class Slot(NamedTuple):
    """Hours of some days of the week, on the wall clock; `until` is no longer part of it."""

    days: frozenset[int]
    start: time
    until: time


OFFICE = Slot(WEEKDAYS, OPEN, SHUT)
# What the good times mean that a family chooses.
SLOTS: Mapping[str, Slot] = {
    "morning": Slot(WEEKDAYS, time(9), time(12)),
    "afternoon": Slot(WEEKDAYS, time(12), time(17)),
    "evening": Slot(WEEKDAYS, time(17), time(20)),
    "weekend": Slot(WEEKEND, time(9), time(18)),
}


def next_wall(wall: datetime, slots: Collection[Slot]) -> datetime:
    """`wall` itself inside one of the slots, else where the next one starts; `wall` where there are none."""
    days = [wall.date() + timedelta(days=ahead) for ahead in range(8)]
    found = [
        max(wall, datetime.combine(day, slot.start))
        for day in days
        for slot in slots
        if day.weekday() in slot.days and wall < datetime.combine(day, slot.until)
    ]
    return min(found, default=wall)


def chosen(times: Collection[str]) -> list[Slot]:
    """The slots of the times a family chose."""
    return [SLOTS[each] for each in times if each in SLOTS]


def call_at(at: datetime, times: Collection[str], zone: str) -> datetime:
    """The first instant from `at` on at which a family with these good times may be called.

    A family that chose none is called in our hours, on its own clock.
    """
    wall = at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)
    allowed = next_wall(wall, chosen(times) or [OFFICE])
    return at if allowed == wall else utc_of(allowed, zone)


def next_tries(at: datetime, times: Collection[str], zone: str, count: int = 8) -> list[datetime]:
    """When a family with these good times may be called next, after `at`: as its hours begin, and halfway through.

    While its hours last, an hour from now comes first.
    """
    wall = at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)
    slots = chosen(times) or [OFFICE]
    full = wall.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    found = {full} if next_wall(full, slots) == full else set()
    days = [wall.date() + timedelta(days=ahead) for ahead in range(8)]
    for day in days:
        for slot in slots:
            start, until = (datetime.combine(day, hour) for hour in (slot.start, slot.until))
            if day.weekday() in slot.days:
                found |= {start, (start + (until - start) / 2).replace(minute=0)}
    later = sorted(each for each in found if each > wall + timedelta(minutes=30))
    return [utc_of(each, zone) for each in later[:count]]


def promised_by(asked_at: datetime, zone: str) -> datetime:
    """The end of "one working day" for somebody who asked at this instant: the close of the next day that begins."""
    local = asked_at.astimezone(zone_of(zone))
    day = local.date() if local.time() < OPEN else local.date() + timedelta(days=1)
    while day.weekday() not in WEEKDAYS:
        day += timedelta(days=1)
    return utc_of(datetime.combine(day, SHUT), zone)


def promised_to(asked_at: datetime, zone: str, times: Collection[str], own_zone: str) -> datetime:
    """`promised_by`, or the end of the first hours that a family chose for calls where those begin only then.

    `zone` is ours, and `own_zone` the family's.
    """
    by, slots = promised_by(asked_at, zone), chosen(times)
    first = call_at(call_at(asked_at, (), zone), times, own_zone) if slots else asked_at
    if first < by:
        return by
    wall = first.astimezone(zone_of(own_zone)).replace(tzinfo=None)
    ends = [slot.until for slot in slots if wall.weekday() in slot.days and slot.start <= wall.time() < slot.until]
    return max(by, utc_of(datetime.combine(wall.date(), max(ends)), own_zone))


def close_of_working_day(at: datetime, days: int, zone: str) -> datetime:
    """The close of the working day that is so many after the one on which `at` falls, or the next to begin."""
    close = promised_by(at, zone)
    for _each in range(days - 1):
        close = promised_by(close, zone)
    return close


def due_on(day: date, now: datetime, zone: str) -> datetime:
    """When what is to be done on a day is due: as the day begins; for today as it closes, or now if that is over."""
    opens, shuts = (utc_of(datetime.combine(day, hour), zone) for hour in (OPEN, SHUT))
    return opens if opens > now else max(shuts, now)


def overdue_before(now: datetime, zone: str) -> datetime:
    """Whoever asked before this instant has waited longer than `promised_by`."""
    day: date = now.astimezone(zone_of(zone)).date()
    while day.weekday() not in WEEKDAYS or utc_of(datetime.combine(day, SHUT), zone) > now:
        day -= timedelta(days=1)
    return utc_of(datetime.combine(day, OPEN), zone)
