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


def choose_hours(*, index: str, hours: Hours | None, source: str, now: datetime) -> None:
    """Keep the days and hours in which the receiver at this blind index wants messages; None for any. What is planned
    already is moved to them by the gate, at its time."""
    with transaction.atomic():
        if hours is None:
            ChosenHours.objects.filter(pk=index).delete()
            return
        days = "".join(str(day) for day in sorted(hours.days))
        values = {"days": days, "start": hours.start, "until": hours.until, "source": source, "chosen_at": now}
        ChosenHours.objects.update_or_create(address_index=index, defaults=values)


def paused_until(*, address: str, channel: str, now: datetime) -> datetime | None:
    """When the pause of this address ends; None where there is none, or a stop, which has no end."""
    held = Suppression.objects.holding(index_of(channel, address), channel, now).first()
    return held.until if held else None


def writes_from(*, address: str, channel: str, zone: str, now: datetime) -> datetime:
    """The first instant from `now` on at which its receiver wants a message: after a pause, in the hours it chose."""
    start = max(now, paused_until(address=address, channel=channel, now=now) or now)
    hours = ChosenHours.objects.of(index_of(channel, address))
    return hours.next(start, zone) if hours else start


def wishes(*, address: str, channel: str, zone: str, now: datetime) -> list[str]:
    """What the receiver at this address chose about when: a pause, and days and hours; in sentences, in their zone."""
    index, said = index_of(channel, address), []
    if (until := paused_until(address=address, channel=channel, now=now)) is not None:
        day = formats.date_format(until.astimezone(ZoneInfo(zone)))
        said.append(_("Messages are paused until %(day)s.") % {"day": day})
    if (hours := ChosenHours.objects.of(index)) is not None:
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
    paused = Suppression.objects.holding(index, channel, now).filter(kind=Suppression.Kind.PAUSED)
    chosen = ChosenHours.objects.filter(pk=index)
    if is_shut(address=address, channel=channel, by=by, now=now):
        paused, chosen = paused.filter(by=by), chosen.filter(source="own page")
    last, row = paused.first(), chosen.first()
    return Wish(last.until if last else None, row.hours if row else None)


def carry(found: Iterable[Wish], *, address: str, channel: str, by: str, source: str, now: datetime) -> None:
    """Let what was chosen elsewhere hold at this address, too, where nothing is chosen yet."""
    found = list(found)
    ends = [wish.until for wish in found if wish.until]
    if ends and paused_until(address=address, channel=channel, now=now) is None:
        stop(address=address, channel=channel, until=max(ends), source=source, now=now, whose=by, by=by)
    index = index_of(channel, address)
    hours = next((wish.hours for wish in found if wish.hours), None)
    if hours and ChosenHours.objects.of(index) is None:
        choose_hours(index=index, hours=hours, source=source, now=now)
