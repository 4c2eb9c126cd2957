"""Who opened which family's record, with what is needed to see whether that is unusual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from messaging.calendar import zone_of
from privacy.models import AccessEvent
from privacy.unusual import Look, is_night, same_name
from referral.models import Absence, DutyShift, Referral, TimelineEntry

# A page that shows one family. Lists and searches, which show many at once, are no looks.
OPENINGS = ("workspace", "admin")
MOST = 20_000


def openings(since: datetime, until: datetime) -> list[AccessEvent]:
    """The newest `MOST` openings of records by staff in a period, with who it was."""
    rows = AccessEvent.objects.filter(
        at__gte=since, at__lt=until, purpose__in=OPENINGS, subject__startswith="referral:"
    ).exclude(actor=None)
    return list(rows.select_related("actor").order_by("-at", "-pk")[:MOST])


def looks(events: Sequence[AccessEvent]) -> list[Look]:
    """What is known of each of these openings."""
    keys = {number for event in events if (number := number_of(event.subject)) is not None}
    rows = {row.pk: row for row in Referral.objects.filter(pk__in=keys).select_related("contact", "patient")}
    lines = TimelineEntry.objects.filter(referral__in=keys).exclude(actor=None)
    worked = set(lines.order_by().values_list("referral", "actor").distinct())
    shifts, covers = _shifts(events), _covers(events)
    zone, found = zone_of(settings.TIME_ZONE), []
    for event in events:
        number, actor = number_of(event.subject), event.actor
        row = rows.get(number or 0)
        if actor is None:
            continue
        local = event.at.astimezone(zone)
        holder = row.assigned_to_id if row else None
        known = [each for each in covers if each.was_known(event.at)]
        cover = [each for each in known if each.user_id == holder and each.cover_id == actor.pk]
        cover = [each for each in cover if each.first_day <= local.date() <= max(each.first_day, each.last_day)]
        by_own_word = bool(cover) and all(each.recorded_by_id == actor.pk for each in cover)
        own = bool(cover) or holder == actor.pk or (number, actor.pk) in worked
        on_duty = is_night(local) and any(who == actor.pk and start <= event.at < end for who, start, end in shifts)
        away = any(each.user_id == actor.pk and each.first_day <= local.date() <= each.last_day for each in known)
        named = same_name(actor.last_name, row.contact.name, row.patient.name) if row else False
        found.append(Look(event.pk, actor.pk, event.subject, local, own, on_duty, named, away, by_own_word))
    return found


def acceptances_taken_back(since: datetime, until: datetime) -> list[str]:
    """The program of each acceptance that was taken back in a period: it had read who to contact."""
    kind = TimelineEntry.Kind
    lines = TimelineEntry.objects.filter(kind=kind.UNDONE, at__gte=since, at__lt=until)
    return [str(line.params["program"]) for line in lines.about(what=kind.ACCEPTED)]


def number_of(subject: str) -> int | None:
    """The key of a referral in the subject of an access; None where it is about something else."""
    kind, _, number = subject.partition(":")
    return int(number) if kind == "referral" and number.isascii() and number.isdecimal() else None


def _shifts(events: Sequence[AccessEvent]) -> list[tuple[int, datetime, datetime]]:
    if not events:
        return []
    first, last = min(event.at for event in events), max(event.at for event in events)
    rows = DutyShift.objects.filter(starts_at__lte=last, ends_at__gt=first)
    return list(rows.values_list("user", "starts_at", "ends_at"))


def _covers(events: Sequence[AccessEvent]) -> list[Absence]:
    """Those of these days. One that was ended on its first day ends before it begins; it held until then."""
    if not events:
        return []
    first, last = min(event.at for event in events), max(event.at for event in events)
    days = timezone.localdate(first), timezone.localdate(last)
    return list(Absence.objects.filter(first_day__lte=days[1], last_day__gte=days[0] - timedelta(days=1)))
