"""The first visit: a program proposes times, the family chooses one, the program says what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from privacy.transactions import one_transaction
from referral.actions.by_link import tell_them
from referral.actions.common import Actor, locked_placement, new_task, require, require_open, write
from referral.actions.duty import hear_danger
from referral.actions.endings import end_alarms, open_times
from referral.actions.notices import NEWS, UPDATE, tell_family, tell_program
from referral.actions.waitlists import ask_what_is_kept
from referral.lifecycle import PlacementStatus, Refused, Role, Why
from referral.models import Appointment, Placement, Task, TimelineEntry
from referral.models.links import SentLink
from referral.models.visits import expected

Kind, Status = TimelineEntry.Kind, Appointment.Status
Outcome = Literal["came", "missed", "unreached"]
BECAME: dict[str, str] = {"came": Status.FULFILLED, "missed": Status.NO_SHOW, "unreached": Status.CANCELLED}


class NotYet(Refused):
    """The visit that something is told of is still to come."""

    def __init__(self, status: str):
        super().__init__(Why.NOT_FROM_HERE, "report", status)


@one_transaction
def propose_times(
    placement_pk: int, times: Sequence[datetime], zone: str, *, actor: Actor, now: datetime
) -> list[Appointment]:
    """The program that accepted proposes these instants, in its own zone; they take the place of earlier ones.

    The family is told that there is news, and chooses on its page.
    """
    require(actor, Role.PROGRAM)
    placement, referral = locked_placement(placement_pk, actor, None)
    require_open(referral)
    _require_accepted(placement, "propose")
    earlier = open_times(placement)
    placement.appointments.filter(pk__in=earlier).update(status=Status.CANCELLED)
    made = [Appointment(placement=placement, at=at, zone=zone, made_at=now) for at in sorted(set(times))]
    Appointment.objects.bulk_create(made)
    tell_family(referral, NEWS, now=now, occasion=f"times {referral.version}")
    write(referral, Kind.TIMES_OFFERED, actor=actor, now=now, visits=earlier, **_about(placement, made))
    return made


@one_transaction
def choose_time(appointment_pk: int, *, actor: Actor, now: datetime, link: SentLink | None = None) -> Appointment:
    """The family chooses one of the proposed times; the others are free again. By a `link` beside the browser that
    asked it is told. Raises `Refused` once it is gone."""
    require(actor, Role.FAMILY)
    placement_pk = Appointment.objects.values_list("placement_id", flat=True).get(pk=appointment_pk)
    placement, referral = locked_placement(placement_pk, actor, None)
    require_open(referral)
    found: Appointment | None = placement.appointments.open_at(now).filter(pk=appointment_pk).first()
    if found is None or placement.status != PlacementStatus.ACCEPTED:
        raise Refused(Why.NOT_FROM_HERE, "choose", placement.status)
    placement.appointments.proposed().exclude(pk=found.pk).update(status=Status.CANCELLED)
    found.status, found.booked_at = Status.BOOKED, now
    found.save()
    tell_program(placement, UPDATE, now=now)
    if actor.by_link:
        tell_them(referral, link, now)
    write(referral, Kind.TIME_CHOSEN, actor=actor, now=now, **_about(placement, [found]))
    return found


@one_transaction
def decline_times(placement_pk: int, *, actor: Actor, now: datetime) -> Placement:
    """None of the times works for the family: the program may propose others. Raises `Refused` where none stands."""
    require(actor, Role.FAMILY)
    placement, referral = locked_placement(placement_pk, actor, None)
    require_open(referral)
    if not placement.appointments.proposed().update(status=Status.CANCELLED):
        raise Refused(Why.NOT_FROM_HERE, "decline", placement.status)
    tell_program(placement, UPDATE, now=now)
    text = str(placement.program)
    new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=text, placement=placement)
    write(referral, Kind.NO_TIME_FITS, actor=actor, now=now, **_about(placement, []))
    return placement


@one_transaction
def report_visit(
    placement_pk: int, outcome: Outcome, *, actor: Actor, now: datetime, text: str = "", early: bool = False
) -> Placement:
    """The program says what became of the first visit. Its place stays; who did not come is for the navigator.

    Raises `NotYet` where the time that the family chose, or may still choose, has not come; `early` are those who came
    before it. Who could not be reached keeps such a time.
    """
    require(actor, Role.PROGRAM)
    placement, referral = locked_placement(placement_pk, actor, None)
    require_open(referral)
    _require_accepted(placement, "report")
    booked = list(placement.appointments.booked())
    awaited = expected(placement.appointments.all(), now)
    if outcome != "unreached" and not early and any(_is_ahead(each, outcome, now) for each in awaited):
        raise NotYet(placement.status)
    visits = open_times(placement)
    if outcome != "unreached":
        placement.appointments.proposed().update(status=Status.CANCELLED)
    over = [each for each in booked if outcome != "unreached" or each.at <= now]
    placement.appointments.filter(pk__in=[each.pk for each in over]).update(status=BECAME[outcome])
    about = ": ".join(part for part in (placement.program.name, text) if part)
    if outcome == "came":
        waits = placement.tasks.open().filter(kind__in=[Task.Kind.CALL, Task.Kind.NOT_CALLED])
        waits.update(done_at=now)
        end_alarms(placement, now)
        ask_what_is_kept(placement, referral, now)
    else:
        new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=about, urgent=True, placement=placement)
    write(
        referral, Kind.VISIT, actor=actor, now=now, text=text,
        outcome=outcome, visits=visits, **_about(placement, over),
    )  # fmt: skip
    hear_danger(referral, text, actor=actor, now=now)
    return placement


def _is_ahead(visit: Appointment, outcome: Outcome, now: datetime) -> bool:
    return visit.is_ahead(now, missed=outcome == "missed")


def _require_accepted(placement: Placement, what: str) -> None:
    if placement.status != PlacementStatus.ACCEPTED:
        raise Refused(Why.NOT_FROM_HERE, what, placement.status)


def _about(placement: Placement, times: Sequence[Appointment]) -> dict[str, Any]:
    about: dict[str, Any] = {"placement": placement.pk, "program": str(placement.program)}
    if times:
        about |= {"times": [each.at.isoformat() for each in times], "zone": times[0].zone}
    return about
