"""Wall time in a zone that the caller gives, quiet hours, chosen hours, when a message may go. Plain Python.

All instants are aware datetimes in UTC; zones are IANA names. Quiet hours are two wall times; from 21:00 to 8:00 runs
over midnight; equal times mean that there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NO_SPREAD = timedelta(0)
WEEK = frozenset(range(7))
HOURS_GRACE = timedelta(hours=1)  # how long after its chosen hour a message may still go
MOST_TURNS = 20  # each turn goes on to another day at the latest


class UnknownZone(ValueError):
    """The name is not an IANA time zone."""


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name. Raises `UnknownZone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"'{name}' is not a time zone. Use a name such as America/New_York.") from error


# A day short of the ends, so that either can be told in any zone.
FIRST, LAST = datetime.min.replace(day=2, tzinfo=UTC), datetime.max.replace(day=30, tzinfo=UTC)


def utc_of(local: datetime, zone: str) -> datetime:
    """The instant of a wall time without tzinfo. In a gap it moves forward; of a time that comes twice, the first. What
    lies past an end of the calendar is that end, so that it is only far away, and every rule can say so."""
    if local.tzinfo is not None:
        raise ValueError("a wall time has no time zone of its own")
    # fold=0 is both rules: before a gap it keeps the old offset, which lands as far behind the gap as asked.
    try:
        return local.replace(tzinfo=zone_of(zone), fold=0).astimezone(UTC)
    except OverflowError:
        return LAST if local.year > FIRST.year else FIRST


def is_quiet(at: datetime, zone: str, quiet_from: time, quiet_to: time) -> bool:
    """Whether the wall clock in `zone` stands in the quiet hours at this instant."""
    if quiet_from == quiet_to:
        return False
    wall = at.astimezone(zone_of(zone)).time().replace(tzinfo=None, fold=0)
    if quiet_from < quiet_to:
        return quiet_from <= wall < quiet_to
    return wall >= quiet_from or wall < quiet_to


def next_allowed(at: datetime, zone: str, quiet_from: time, quiet_to: time) -> datetime:
    """`at` itself outside the quiet hours, else the next instant at which they end, in UTC."""
    at = at.astimezone(UTC)
    if not is_quiet(at, zone, quiet_from, quiet_to):
        return at
    tz, today = zone_of(zone), at.astimezone(zone_of(zone)).date()
    # The end may lie in a gap (it moves forward), or come twice (the first may be past): try each, take the earliest.
    ends = [
        datetime.combine(today + timedelta(days=day), quiet_to, tz).replace(fold=fold).astimezone(UTC)
        for day in (0, 1, 2)
        for fold in (0, 1)
    ]
    return min(end for end in ends if end > at and not is_quiet(end, zone, quiet_from, quiet_to))


def spread(seed: str, width: timedelta) -> timedelta:
    """An even and repeatable delay in [0, width) for this seed, so that a whole night's messages do not go at once."""
    share = int.from_bytes(sha256(seed.encode()).digest()[:8], "big") / 2**64
    return width * share


def local_day(at: datetime, zone: str) -> date:
    """The calendar day in `zone` at this instant."""
    return at.astimezone(zone_of(zone)).date()


def next_day(at: datetime, zone: str) -> datetime:
    """The instant at which the next calendar day begins in `zone`."""
    midnight = datetime.combine(local_day(at, zone) + timedelta(days=1), time(0))
    return utc_of(midnight, zone)


@dataclass(frozen=True)
class Hours:
    """The days of the week (0 is Monday) and the hours of the wall clock in which somebody wants to be written to.

    `until` is no longer part of it, and later than `start`: the hours of a day do not run over midnight.
    """

    days: frozenset[int]
    start: time
    until: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= WEEK or self.until <= self.start:
            raise ValueError("hours need a day, and an end after their start")

    def hold(self, at: datetime, zone: str) -> bool:
        """Whether the wall clock in `zone` stands in these hours at this instant."""
        wall = at.astimezone(zone_of(zone))
        return wall.weekday() in self.days and self.start <= wall.time().replace(tzinfo=None, fold=0) < self.until

    def next(self, at: datetime, zone: str) -> datetime:
        """`at` itself inside these hours, else the next instant at which they begin, in UTC."""
        at = at.astimezone(UTC)
        if self.hold(at, zone):
            return at
        today = local_day(at, zone)
        tz = zone_of(zone)
        # What begins in a gap of the clock begins behind it, or is left out on that day; what comes twice begins twice.
        days = [day for ahead in range(15) if (day := today + timedelta(days=ahead)).weekday() in self.days]
        starts = sorted(
            datetime.combine(day, self.start, tz).replace(fold=fold).astimezone(UTC) for day in days for fold in (0, 1)
        )
        return next(start for start in starts if start > at and self.hold(start, zone))


@dataclass(frozen=True)
class Window:
    """When a message may go: outside the quiet hours, in the `hours` that its receiver chose, delayed by up to `spread`
    where a window opens."""

    quiet_from: time
    quiet_to: time
    spread: timedelta = NO_SPREAD
    hours: Hours | None = None

    def is_open(self, at: datetime, zone: str) -> bool:
        """Whether a message may go at this instant."""
        quiet = is_quiet(at, zone, self.quiet_from, self.quiet_to)
        return not quiet and (self.hours is None or self.hours.hold(at, zone))

    def opening(self, at: datetime, zone: str) -> datetime | None:
        """The first instant from `at` on at which a message may go; None where the hours that were chosen lie in the
        quiet hours."""
        found = at.astimezone(UTC)
        for _each in range(MOST_TURNS):
            found = next_allowed(found, zone, self.quiet_from, self.quiet_to)
            if self.hours is None or self.hours.hold(found, zone):
                return found
            found = self.hours.next(found, zone)
        return None

    def first_time(self, at: datetime, zone: str, *, seed: str, not_after: datetime) -> datetime:
        """The first instant from `at` on at which the message may go. It may lie beyond `not_after`: then it may not.

        The spread never carries a message beyond `not_after`, nor into the next quiet hours.
        """
        opening = self.opening(at, zone) or next_allowed(at, zone, self.quiet_from, self.quiet_to)
        if opening <= at:
            return opening
        room = min(self.spread, max(not_after - opening, NO_SPREAD))
        delayed = opening + spread(seed, room)
        return delayed if self.is_open(delayed, zone) else opening
