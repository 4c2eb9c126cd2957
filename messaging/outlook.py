"""When a message will really go, as far as that can be known: the gate's questions, asked ahead and without a lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings

from messaging.calendar import NO_SPREAD, is_quiet, local_day, next_day
from messaging.daily_cap import Cap
from messaging.models import Channel, ChosenHours, Message, Permission, SendBudget, Suppression

AHEAD = timedelta(days=21)
FAR = timedelta(days=3650)


@dataclass(frozen=True)
class Outlook:
    """`at` is when it goes, None where it will not; `waits` are keys of `messaging.reasons`, the first met first.

    What nobody knows is not in it: how long an operator's pause or a provider's rest lasts, and how long the queue is.
    """

    at: datetime | None
    waits: tuple[str, ...] = ()


def outlook(
    *,
    channel: str,
    index: str,
    person_key: str,
    zone: str,
    due_at: datetime,
    now: datetime,
    not_after: datetime | None = None,
    seed: str = "",
    apart: str = "",
    awake: bool = False,
    asked: bool = False,
    but: int = 0,
) -> Outlook:
    """What becomes of a message to the address with this blind index that is due at `due_at`.

    `awake` is who is at work, without quiet hours and without a cap; `asked` is what its receiver asked for,
    without the hours that they chose; `apart` is the kind of what is counted apart in a day; `seed` is the message's
    dedupe key, which says how it is spread over a morning; `but` is its id, where it is planned already.
    """
    row = Channel.objects.of(channel)
    refused, paused_until = _standing(index, channel, person_key, now)
    if refused:
        return Outlook(None, (refused,))
    at, latest = max(due_at, paused_until or due_at), not_after or due_at + FAR
    waits = ["paused_by_person"] if at > due_at else []
    # How a morning spreads what waited for it is known of a message, not of one that is yet to be planned.
    hours = None if awake or asked else ChosenHours.objects.of(index, person_key)
    window = replace(row.window, hours=hours, spread=row.window.spread if seed else NO_SPREAD)
    day = Day(person_key, index, apart, now, but)
    end = at + AHEAD
    while at < end:
        first = at if awake else window.first_time(at, zone, seed=seed, not_after=latest)
        if first > at:
            quiet = is_quiet(at, zone, window.quiet_from, window.quiet_to)
            if "daily_cap" not in waits:  # the night before the next day is not tonight
                waits.append("quiet_hours" if quiet else "chosen_hours")
            at = first
        before = at if seed else at + row.window.spread
        if awake or not day.is_full(local_day(at, zone), before, zone):
            break
        waits.append("daily_cap")
        at = next_day(at, zone)
    if at > latest and hours is None:
        return Outlook(None, tuple(dict.fromkeys([*waits, "too_late"])))
    at, waits = _as_the_channel_stands(row, at, waits, now)
    return Outlook(at, tuple(dict.fromkeys(waits)))


def _as_the_channel_stands(row: Channel, at: datetime, waits: list[str], now: datetime) -> tuple[datetime, list[str]]:
    if row.paused:
        return at, [*waits, "channel_paused"]
    if row.rests(now):
        return max(at, row.next_try or at), [*waits, "channel_open"]
    return at, waits


def _standing(index: str, channel: str, person_key: str, now: datetime) -> tuple[str, datetime | None]:
    """Why nothing may go to this address, empty where something may; and until when a pause of theirs lasts."""
    held = Suppression.objects.holding(index, channel, now, person_key).first()
    if held is not None and held.until is None:
        return ("stopped" if held.kind == Suppression.Kind.STOPPED else held.kind), None
    if not Permission.objects.live(index, channel).exists():
        return "no_permission", None
    return "", held.until if held else None


@dataclass(frozen=True)
class Day:
    """How full the days of a person and an address are: what went, and what is planned to go before."""

    person_key: str
    index: str
    apart: str
    now: datetime
    but: int

    def is_full(self, day: date, before: datetime, zone: str) -> bool:
        """Whether no message has room any more on this day, once those have gone that are due earlier."""
        cap = Cap(settings.MESSAGING_DAILY_CAP)
        keys = cap.counts(self.person_key, self.index, apart=self.apart)
        went = dict(SendBudget.objects.filter(person_key__in=keys, day=day).values_list("person_key", "used"))
        planned = Message.objects.pending().apart(self.apart).filter(tries=0, due_at__lte=before)
        planned = planned.exclude(pk=self.but)
        found = [planned.to_address(self.index)]
        if not self.apart:
            found.insert(0, planned.of_person(self.person_key))
        ways = {key: list(rows.values_list("due_at", flat=True)) for key, rows in zip(keys, found, strict=True)}
        return any(
            went.get(key, 0) + sum(local_day(max(due, self.now), zone) == day for due in rows) >= cap.per_day
            for key, rows in ways.items()
        )
