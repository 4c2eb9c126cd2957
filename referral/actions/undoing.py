"""A program takes back its own slip, within minutes: what followed from it is taken back with it."""

from __future__ import annotations

from datetime import datetime

from messaging.actions import cancel
from privacy.transactions import one_transaction
from referral.actions.common import SYSTEM, Actor, require, require_open, write
from referral.actions.endings import ANSWER_STANDS, MAY_COME_BACK
from referral.actions.notices import ENDED, NEWS, reference
from referral.actions.placements import locked_placement
from referral.lifecycle import REFERRAL, PlacementStatus, ReferralStatus, Refused, Role, Why, step
from referral.models import Placement, Referral, Task, TimelineEntry


@one_transaction
def undo_last(placement_pk: int, *, actor: Actor, now: datetime) -> Placement:
    """Take back the program's last move. Raises `Refused` where it is too late, or something stands on it.

    What was disclosed stays disclosed, and stays on the record. Requests to other programs that the move had ended
    are open again; those programs have not been told yet, and are not told now.
    """
    require(actor, Role.PROGRAM)
    placement, referral = locked_placement(placement_pk, actor, None)
    require_open(referral)
    move, since = placement.undo(now), placement.moved_at
    if not move or since is None or _asked_again(placement):
        raise Refused(Why.NOT_FROM_HERE, "undo", placement.status)
    freed = _freed_by(placement, referral)
    told = [] if _others_stand(placement) else [f"{NEWS}:{referral.pk}"]
    cancel(*told, *(reference(ENDED, each) for each in freed), reason="undone", now=now)
    placement.make(move, role=actor.role, now=now)
    placement.reason, placement.ended_at = "", None
    if placement.status == PlacementStatus.REQUESTED:
        placement.answered_at, placement.expected_on = None, None
    placement.save()
    made = placement.tasks.open().filter(by_hand=False, created_at=since)
    made.exclude(kind=Task.Kind.PROGRAM_ASKS).update(done_at=now)
    _follow(referral)
    others = [_open_again(each, now) for each in freed]
    write(
        referral, TimelineEntry.Kind.UNDONE, actor=actor, now=now,
        placement=placement.pk, program=str(placement.program), status=placement.status, others=others,
    )  # fmt: skip
    return placement


def _asked_again(placement: Placement) -> bool:
    """Whether the program has another request of this family since: there is room for one."""
    others = Placement.objects.live().filter(referral=placement.referral_id, program=placement.program_id)
    return others.exclude(pk=placement.pk).exists()


def _others_stand(placement: Placement) -> bool:
    others = Placement.objects.filter(referral=placement.referral_id, status__in=ANSWER_STANDS)
    return others.exclude(pk=placement.pk).exists()


def _freed_by(placement: Placement, referral: Referral) -> list[Placement]:
    """What ended at the very moment of the move, because of it, and can still come back."""
    ended = referral.placements.filter(status=PlacementStatus.CANCELLED, moved_at=placement.moved_at)
    found = ended.exclude(pk=placement.pk).select_related("program")
    return [each for each in found if each.reason in MAY_COME_BACK and not _asked_again(each)]


def _open_again(placement: Placement, now: datetime) -> str:
    placement.make(f"undo_to_{placement.was}", role=SYSTEM.role, now=now)
    placement.reason, placement.ended_at = "", None
    placement.save()
    return str(placement.program)


def _follow(referral: Referral) -> None:
    """The referral is connected while somebody is in care, as far as these moves decide it."""
    in_care = referral.placements.filter(status=PlacementStatus.IN_PROGRESS).exists()
    if in_care and referral.status == ReferralStatus.ACTIVE:
        referral.status = step(REFERRAL, referral.status, "connect", role=SYSTEM.role)
    elif not in_care and referral.status == ReferralStatus.CONNECTED:
        referral.status = step(REFERRAL, referral.status, "reconsider", role=SYSTEM.role)
