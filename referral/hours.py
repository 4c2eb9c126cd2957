"""When somebody is at work here, and when a family may be called. Plain Python.

Instants are aware datetimes; zones are IANA names. The hours and holidays of the team are data: see
`referral.models.hours`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


# Where nobody has said when the team is at work.
OFFICE: Mapping[int, tuple[time, time]] = dict.fromkeys(sorted(WEEKDAYS), (OPEN, SHUT))
FARTHEST = 60  # days; who is at work on none of so many never is


@dataclass(frozen=True)
class Work:
    """When the team is at work: its hours of each weekday (Monday is 0) on its own clock, and the days without work."""

    zone: str
    hours: Mapping[int, tuple[time, time]]
    holidays: frozenset[date] = frozenset()

    def on(self, day: date) -> tuple[time, time] | None:
        """From when to when, or None where nobody is at work."""
        return None if day in self.holidays else self.hours.get(day.weekday())

    def next_day(self, day: date) -> tuple[date, time, time]:
        """The day itself, or the first after it on which somebody is at work, with its hours."""
        for ahead in range(FARTHEST):
            each = day + timedelta(days=ahead)
            if hours := self.on(each):
                return each, *hours
        return day, OPEN, SHUT

    def at_work(self, at: datetime) -> bool:
        """Whether somebody is at work at this instant."""
        wall = at.astimezone(zone_of(self.zone)).replace(tzinfo=None, fold=0)
        return self.next_wall(wall) == wall

    def next_wall(self, wall: datetime) -> datetime:
        """`wall` itself while somebody is at work, else where the next hours begin."""
        for ahead in range(FARTHEST):
            day = wall.date() + timedelta(days=ahead)
            if (hours := self.on(day)) and wall < datetime.combine(day, hours[1]):
                return max(wall, datetime.combine(day, hours[0]))
        return wall


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


def call_at(at: datetime, times: Collection[str], zone: str, work: Work) -> datetime:
    """The first instant from `at` on at which a family with these good times may be called.

    A family that chose none is called in our hours, on its own clock.
    """
    wall, slots = at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0), chosen(times)
    allowed = next_wall(wall, slots) if slots else work.next_wall(wall)
    return at if allowed == wall else utc_of(allowed, zone)


def next_tries(at: datetime, times: Collection[str], zone: str, work: Work, count: int = 8) -> list[datetime]:
    """When a family with these good times may be called next, after `at`: as its hours begin, and halfway through.

    While its hours last, an hour from now comes first. Only while somebody here is at work; where their good times
    never meet our hours, on our working days; and where they are all on closed days, then.
    """
    wall = at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)
    own = chosen(times)
    slots = own or [Slot(frozenset({day}), *hours) for day, hours in work.hours.items()]
    full = wall.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    found = {full} if next_wall(full, slots) == full else set()
    days = [wall.date() + timedelta(days=ahead) for ahead in range(15)]
    for day in days:
        for slot in slots:
            start, until = (datetime.combine(day, hour) for hour in (slot.start, slot.until))
            if day.weekday() in slot.days and (own or work.on(day)):
                found |= {start, (start + (until - start) / 2).replace(minute=0)}
    later = [utc_of(each, zone) for each in sorted(found) if each > wall + timedelta(minutes=30)]
    at_work = [each for each in later if work.at_work(each)]
    open_days = [each for each in later if work.on(each.astimezone(zone_of(work.zone)).date())]
    return (at_work or open_days or later)[:count]


def answer_due(asked_at: datetime, wait: timedelta, work: Work) -> datetime:
    """By when an office answers that was asked at this instant and has so long: where that falls into a night, weekend
    or holiday, when it opens next."""
    return call_at(asked_at + wait, (), work.zone, work)


def promised_by(asked_at: datetime, work: Work) -> datetime:
    """The end of "one working day" for somebody who asked at this instant: the close of the next day that begins."""
    local = asked_at.astimezone(zone_of(work.zone))
    today = work.on(local.date())
    begins = today is not None and local.time() < today[0]
    day, _opens, closes = work.next_day(local.date() if begins else local.date() + timedelta(days=1))
    return utc_of(datetime.combine(day, closes), work.zone)


def both_at(at: datetime, times: Collection[str], own_zone: str, work: Work) -> datetime | None:
    """The first instant from `at` on at which a family wants to be called and somebody is at work; None where its good
    times never meet our hours."""
    for _each in range(FARTHEST):
        at = call_at(call_at(at, (), work.zone, work), times, own_zone, work)
        if work.at_work(at):
            return at
    return None


def promised_to(asked_at: datetime, work: Work, times: Collection[str], own_zone: str) -> datetime:
    """`promised_by`, or the end of the first hours that a family chose for calls where those begin only then: in our
    hours, too, if they ever meet them.

    `own_zone` is the family's.
    """
    by, slots = promised_by(asked_at, work), chosen(times)
    first = both_at(asked_at, times, own_zone, work) if slots else asked_at
    if first is None:
        first = call_at(by, times, own_zone, work)
    elif first < by:
        return by
    wall = first.astimezone(zone_of(own_zone)).replace(tzinfo=None)
    ends = [slot.until for slot in slots if wall.weekday() in slot.days and slot.start <= wall.time() < slot.until]
    return max(by, utc_of(datetime.combine(wall.date(), max(ends)), own_zone))


def close_of_working_day(at: datetime, days: int, work: Work) -> datetime:
    """The close of the working day that is so many after the one on which `at` falls, or the next to begin."""
    close = promised_by(at, work)
    for _each in range(days - 1):
        close = promised_by(close, work)
    return close


def due_on(day: date, now: datetime, work: Work) -> datetime:
    """When what is to be done on a day is due: as the day begins; for today as it closes, or now if that is over."""
    opens, shuts = (utc_of(datetime.combine(day, hour), work.zone) for hour in work.on(day) or (OPEN, SHUT))
    return opens if opens > now else max(shuts, now)


def due_from(day: date, now: datetime, work: Work) -> datetime:
    """`due_on` for a day that nobody chose: where nobody is at work on it, the next on which somebody is."""
    return due_on(work.next_day(day)[0], now, work)


def late_before(now: datetime, grace: timedelta, work: Work) -> datetime:
    """What was due by this instant is late: so much time at work has passed since. Nights and holidays do not count."""
    wall, left = now.astimezone(zone_of(work.zone)).replace(tzinfo=None, fold=0), grace
    for back in range(FARTHEST):
        day = wall.date() - timedelta(days=back)
        if (hours := work.on(day)) is None:
            continue
        opens, closes = datetime.combine(day, hours[0]), min(wall, datetime.combine(day, hours[1]))
        worked = max(closes - opens, timedelta(0))
        if worked >= left:
            return utc_of(closes - left, work.zone)
        left -= worked
    return now - grace
