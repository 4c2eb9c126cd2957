"""A place on a waitlist: the day on which the program expects an opening, as it changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked_placement, new_task, require, require_open, write
from referral.actions.notices import NEWS, tell_family
from referral.hours import due_on
from referral.lifecycle import PlacementStatus, Refused, Role, Why
from referral.models import Placement, Referral, Task, TimelineEntry
from referral.models.hours import working_time

LOOK_AGAIN = timedelta(days=2)  # where nobody knows the day


def look_at(expected_on: date | None, now: datetime) -> datetime:
    """When somebody here looks again at a place on a waitlist."""
    return due_on(expected_on, now, working_time()) if expected_on else now + LOOK_AGAIN


@one_transaction
def expect_opening(
    placement_pk: int, expected_on: date | None, *, actor: Actor, now: datetime, seen: int | None = None
) -> Placement:
    """The program, or staff who heard it, says another day, or that it is not known. The family is told.

    The task to look again goes to that day. Raises `Refused` where it is on no waitlist; the same day changes nothing.
    """
    require(actor, Role.PROGRAM, Role.NAVIGATOR, Role.SUPERVISOR)
    placement, referral = locked_placement(placement_pk, actor, seen)
    require_open(referral)
    if placement.status != PlacementStatus.WAITLISTED:
        raise Refused(Why.NOT_FROM_HERE, "expect_opening", placement.status)
    if placement.expected_on == expected_on:
        return placement
    was, placement.expected_on = placement.expected_on, expected_on
    placement.save(update_fields=["expected_on"])
    look_again(placement, referral, now)
    tell_family(referral, NEWS, now=now, occasion=f"opening:{placement.pk}:{referral.version}")
    write(
        referral, TimelineEntry.Kind.OPENING_EXPECTED, actor=actor, now=now, placement=placement.pk,
        program=str(placement.program), until=expected_on.isoformat() if expected_on else "",
        was=was.isoformat() if was else "",
    )  # fmt: skip
    return placement


def look_again(placement: Placement, referral: Referral, now: datetime) -> None:
    """Put the task to look at a place on a waitlist to the day that the program expects."""
    due, kind = look_at(placement.expected_on, now), Task.Kind.NEXT_STEP
    waits = placement.tasks.open().filter(kind=kind, by_hand=False)
    if not waits.update(due_at=due):
        new_task(referral, kind, due_at=due, now=now, text=placement.program.name, placement=placement)
