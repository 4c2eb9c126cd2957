"""The requests to programs of two referrals that become one: those that go over, those that end, and all back again.

A request keeps its own history: its lines stay where they were written, and its disclosures stay with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from messaging.actions import cancel
from referral.actions.common import SYSTEM, CannotMerge, new_task
from referral.actions.consents import end_uncovered
from referral.actions.endings import open_times, transition
from referral.actions.notices import ENDED, ask_program, reference
from referral.coverage import Grant, covering
from referral.lifecycle import REFERRAL, PlacementStatus, ReferralStatus, step
from referral.models import Appointment, Placement, Referral, Task
from referral.reasons import MERGED, coded

# Of two requests to one program the one that has come farther is kept.
FARTHER = (
    PlacementStatus.REQUESTED, PlacementStatus.WAITLISTED, PlacementStatus.ACCEPTED, PlacementStatus.ON_HOLD,
    PlacementStatus.IN_PROGRESS,
)  # fmt: skip


def sort_requests(
    keep: Referral, other: Referral, grants: Sequence[Grant], *, one_person: bool, now: datetime
) -> tuple[list[Placement], list[Placement]]:
    """The requests of `other` that go over to `keep`, and those of both that end.

    What goes over is about one person and covered by `grants`, the consents that hold for the kept one afterwards.
    Raises `CannotMerge`: ``care`` where care would end by it, ``untaken`` where nobody works on the one to keep.
    """
    if other.status == ReferralStatus.CONNECTED and (keep.status != ReferralStatus.CONNECTED or not one_person):
        raise CannotMerge("care")
    held = {each.program_id: each for each in keep.placements.live().select_related("program")}
    goes, ends = [], []
    for each in other.placements.live().select_related("program"):
        consent, _gap = covering(grants, recipient=each.program_id, categories=each.categories, now=now)
        twin = held.get(each.program_id)
        if not one_person or (consent is None and each.status != PlacementStatus.IN_PROGRESS):
            ends.append(each)
        elif twin is None:
            goes.append(each)
        elif FARTHER.index(PlacementStatus(each.status)) > FARTHER.index(PlacementStatus(twin.status)):
            goes.append(each)
            ends.append(twin)
        else:
            ends.append(each)
    if goes and keep.status == ReferralStatus.NEW:
        raise CannotMerge("untaken")
    return goes, ends


def join_requests(
    keep: Referral, goes: Sequence[Placement], ends: Sequence[Placement], now: datetime
) -> dict[str, Any]:
    """Move and end them, under the caller's line of history. Returns what the line keeps, so that it can be undone."""
    ended = {str(each.pk): open_times(each) for each in ends}
    for each in ends:
        transition(each, "merge", coded(MERGED), actor=SYSTEM, now=now)
    moved = [each.pk for each in goes]
    Placement.objects.filter(pk__in=moved).update(referral=keep)
    return {"requests": moved, "ended": ended}


def part_requests(keep: Referral, other: Referral, was: dict[str, Any], merged_at: datetime, now: datetime) -> None:
    """Give back the requests that went over, and open again those that ended only because of the merge.

    Raises `CannotMerge` where a later merge has taken them farther.
    """
    moved = was.get("requests", [])
    if Placement.objects.filter(pk__in=moved).exclude(referral=keep).exists():
        raise CannotMerge("farther")
    Placement.objects.filter(pk__in=moved).update(referral=other)
    Task.objects.filter(placement__in=moved, referral=keep).update(referral=other)
    ended = Placement.objects.filter(pk__in=was.get("ended", {}), status=PlacementStatus.CANCELLED)
    for each in ended.select_related("program", "referral"):
        if each.referral_id == other.pk or each.referral.is_open:
            _open_again(each, was["ended"][str(each.pk)], merged_at, now)
    end_uncovered(other, now)


def _open_again(placement: Placement, times: dict[str, str], merged_at: datetime, now: datetime) -> None:
    """As it stood before; a program that has to answer is asked anew, any other one is called."""
    owner, program = placement.referral, placement.program
    asked_since = owner.placements.live().filter(program=program).exists()
    grants = owner.consents.all().grants()
    covered, _gap = covering(grants, recipient=program.pk, categories=placement.categories, now=now)
    if asked_since or covered is None:
        return
    placement.make(f"undo_to_{placement.was}", role=SYSTEM.role, now=now)
    placement.reason, placement.ended_at = "", None
    for pk, status in times.items():
        placement.appointments.filter(pk=pk, status=Appointment.Status.CANCELLED).update(status=status)
    placement.tasks.filter(done_at=merged_at).update(done_at=None, done_by=None)
    cancel(reference(ENDED, placement), reason="unmerged", now=now)
    waits = placement.status == PlacementStatus.REQUESTED
    if waits:
        placement.sent_at = now
    placement.save()
    if not (waits and ask_program(placement, now=now)):
        new_task(owner, Task.Kind.CALL_PROGRAM, due_at=now, now=now, text=program.name, placement=placement)


def follow_care(keep: Referral, other: Referral, was: dict[str, Any]) -> None:
    """After they part, each is connected where its person is in care; unsaved."""
    in_care = {each.pk: each.placements.filter(status=PlacementStatus.IN_PROGRESS).exists() for each in (keep, other)}
    by_word = was["status"] == ReferralStatus.CONNECTED and not was.get("requests")
    if in_care[other.pk] or by_word:
        other.status = step(REFERRAL, other.status, "connect", role=SYSTEM.role)
    came = was.get("keep", keep.status) != ReferralStatus.CONNECTED and was.get("requests")
    if keep.status == ReferralStatus.CONNECTED and came and not in_care[keep.pk]:
        keep.status = step(REFERRAL, keep.status, "reconsider", role=SYSTEM.role)
