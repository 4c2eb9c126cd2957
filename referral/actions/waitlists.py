"""A place on a waitlist: the day on which the program expects an opening, as it changes; kept beside an acceptance."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from messaging.actions import cancel
from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked_placement, new_task, require, require_open, write
from referral.actions.endings import asked_again, open_again
from referral.actions.notices import ENDED, NEWS, reference, tell_family
from referral.actions.sending import consent_for
from referral.hours import answer_due, due_from
from referral.lifecycle import UNDO_TIME, PlacementStatus, Refused, Role, Why
from referral.models import Placement, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.reasons import ACCEPTED_ELSEWHERE, coded

LOOK_AGAIN = timedelta(days=2)  # where nobody knows the day


def look_at(expected_on: date | None, now: datetime) -> datetime:
    """When somebody here looks again at a place on a waitlist."""
    work = working_time()
    return due_from(expected_on, now, work) if expected_on else answer_due(now, LOOK_AGAIN, work)


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


def to_keep_until(placement: Placement, now: datetime) -> datetime | None:
    """When the program hears that a place on its waitlist ended as another one accepted; None where it has, or it is no
    such place."""
    ended = (placement.status, placement.was, placement.reason)
    held = ended == (PlacementStatus.CANCELLED, PlacementStatus.WAITLISTED, coded(ACCEPTED_ELSEWHERE))
    until = placement.moved_at + UNDO_TIME if held and placement.moved_at else None
    return until if until and now < until else None


@one_transaction
def keep_place(placement_pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Placement:
    """Keep the place until the first visit where the family was accepted. The program never hears that it had ended.

    Raises `Refused` where it cannot be kept any more, `NotCovered` where the consent does not hold.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    placement, referral = locked_placement(placement_pk, actor, seen)
    require_open(referral)
    if to_keep_until(placement, now) is None or asked_again(placement):
        raise Refused(Why.NOT_FROM_HERE, "keep", placement.status)
    consent_for(referral, placement.program, placement.categories, now)
    cancel(reference(ENDED, placement), reason="undone", now=now)
    ended = placement.tasks.filter(kind=Task.Kind.NEXT_STEP, by_hand=False, done_at=placement.moved_at)
    ended.update(done_at=None, done_by=None)
    program = open_again(placement, now)
    look_again(placement, referral, now)
    write(referral, TimelineEntry.Kind.PLACE_KEPT, actor=actor, now=now, placement=placement.pk, program=program)
    return placement


def ask_what_is_kept(accepted: Placement, referral: Referral, now: datetime) -> None:
    """They came to the first visit: somebody looks whether a place that was kept on a waitlist is still needed."""
    text = _("They came to the first visit at %(program)s. Is the place on this waitlist still needed?")
    for placement in referral.placements.filter(status=PlacementStatus.WAITLISTED).exclude(pk=accepted.pk):
        said = text % {"program": accepted.program}
        new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=said, placement=placement)


def look_again(placement: Placement, referral: Referral, now: datetime) -> None:
    """Put the task to look at a place on a waitlist to the day that the program expects."""
    due, kind = look_at(placement.expected_on, now), Task.Kind.NEXT_STEP
    waits = placement.tasks.open().filter(kind=kind, by_hand=False)
    if not waits.update(due_at=due):
        new_task(referral, kind, due_at=due, now=now, text=placement.program.name, placement=placement)
