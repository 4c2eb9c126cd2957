"""When a receiver wants to be written to: a pause, and days and hours. They belong to an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from messaging.actions import index_of, is_shut, stop
from messaging.calendar import Hours
from messaging.models import ChosenHours, Suppression
from messaging.models.people import claim_index, indexes_for


def choose_hours(
    *, index: str, hours: Hours | None, source: str, now: datetime, by: str = "", proved: bool = True
) -> None:
    """Keep the days and hours in which the receiver at this blind index wants messages; None for any. What is planned
    already is moved to them by the gate, at its time. Where `by` has not `proved` that they read there, they hold for
    what is written to this person alone."""
    where = index if proved else claim_index(index, by)
    with transaction.atomic():
        if hours is None:
            ChosenHours.objects.filter(pk__in={where, *([claim_index(index, by)] if by else [])}).delete()
            return
        days = "".join(str(day) for day in sorted(hours.days))
        values = {"days": days, "start": hours.start, "until": hours.until, "source": source, "chosen_at": now}
        ChosenHours.objects.update_or_create(address_index=where, defaults=values)


def paused_until(*, address: str, channel: str, now: datetime, by: str = "", alone: bool = False) -> datetime | None:
    """When the pause of this address, or that of `by` for itself, ends; None where there is none, or a stop, which has
    no end. `alone` asks for that of `by` only."""
    index = index_of(channel, address)
    held = Suppression.objects.holding(index, channel, now, by)
    held = held.exclude(address_index=index) if alone else held
    last = held.first()
    return last.until if last else None


def hours_of(*, address: str, channel: str, by: str = "", alone: bool = False) -> Hours | None:
    """The days and hours that were chosen at this address, or by `by` for itself; `alone` asks for the latter only."""
    index = index_of(channel, address)
    return ChosenHours.objects.of(claim_index(index, by)) if alone else ChosenHours.objects.of(index, by)


def writes_from(*, address: str, channel: str, zone: str, now: datetime, by: str = "", alone: bool = False) -> datetime:
    """The first instant from `now` on at which its receiver wants a message: after a pause, in the hours it chose."""
    start = max(now, paused_until(address=address, channel=channel, now=now, by=by, alone=alone) or now)
    hours = hours_of(address=address, channel=channel, by=by, alone=alone)
    return hours.next(start, zone) if hours else start


def wishes(*, address: str, channel: str, zone: str, now: datetime, by: str = "", alone: bool = False) -> list[str]:
    """What the receiver at this address, or `by` for itself, chose about when: a pause, and days and hours; in
    sentences, in their zone. `alone` asks for what `by` chose only."""
    said = []
    if (until := paused_until(address=address, channel=channel, now=now, by=by, alone=alone)) is not None:
        day = formats.date_format(until.astimezone(ZoneInfo(zone)))
        said.append(_("Messages are paused until %(day)s.") % {"day": day})
    if (hours := hours_of(address=address, channel=channel, by=by, alone=alone)) is not None:
        said.append(_("Messages come from %(since)s to %(until)s, %(days)s.") % in_words(hours))
    return said


def in_words(hours: Hours) -> dict[str, str]:
    """The days and hours that were chosen, in words."""
    return {
        "days": get_text_list([str(WEEKDAYS[day]) for day in sorted(hours.days)], _("and")),
        "since": formats.time_format(hours.start, "TIME_FORMAT"),
        "until": formats.time_format(hours.until, "TIME_FORMAT"),
    }


@dataclass(frozen=True)
class Wish:
    """What somebody chose at one address: messages not before `until`, and only in these `hours`."""

    until: datetime | None
    hours: Hours | None


def wish_at(*, address: str, channel: str, by: str, now: datetime) -> Wish:
    """What was chosen at this address and may go along to another of `by`: what this person said on a page of their
    own; what was said by who reads there only where that is nobody else."""
    index = index_of(channel, address)
    paused = Suppression.objects.holding(index, channel, now, by).filter(kind=Suppression.Kind.PAUSED)
    chosen = ChosenHours.objects.filter(pk__in=indexes_for(index, by)).order_by("-chosen_at")
    if is_shut(address=address, channel=channel, by=by, now=now):
        paused, chosen = paused.filter(by=by), chosen.filter(source="own page")
    last, row = paused.first(), chosen.first()
    return Wish(last.until if last else None, row.hours if row else None)


def carry(found: Iterable[Wish], *, address: str, channel: str, by: str, source: str, now: datetime) -> None:
    """Let what was chosen elsewhere hold for `by` at this address, too, where nothing is chosen yet."""
    found = list(found)
    ends = [wish.until for wish in found if wish.until]
    if ends and paused_until(address=address, channel=channel, now=now, by=by) is None:
        stop(address=address, channel=channel, until=max(ends), source=source, now=now, whose=by, by=by, proved=False)
    hours = next((wish.hours for wish in found if wish.hours), None)
    if hours and hours_of(address=address, channel=channel, by=by) is None:
        choose_hours(index=index_of(channel, address), hours=hours, source=source, now=now, by=by, proved=False)
