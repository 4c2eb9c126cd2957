"""The end of a placement, from whichever side it comes: its link is shut, its tasks close, and news of it is taken
back."""

from __future__ import annotations

from datetime import datetime

from messaging.actions import cancel
from referral.actions.common import SYSTEM, Actor
from referral.actions.notices import NEWS
from referral.lifecycle import PLACEMENT, PLACEMENT_LIVE, PlacementStatus, Role, moves_from, step
from referral.models import Placement, ProgramLink, Referral

# What a family is told of: a program has answered, and its answer stands.
TOLD = PLACEMENT_LIVE - {PlacementStatus.REQUESTED}


def end(placement: Placement, move: str, reason: str, *, actor: Actor, now: datetime) -> str:
    """Move a placement under the caller's line of history; return its program's name."""
    placement.status = step(PLACEMENT, placement.status, move, role=actor.role, reason=reason)
    placement.reason = reason
    if not placement.is_live:
        placement.ended_at = now
        shut(placement, *_news_ended(placement), reason=f"placement {placement.status}", now=now)
        # After its messages: whoever sends one holds it and may be about to write a task.
        placement.tasks.open().filter(by_hand=False).update(done_at=now, done_by=actor.user)
    placement.save()
    return str(placement.program)


def shut(placement: Placement, *also: str, reason: str, now: datetime) -> None:
    """Close the program's way in, and take back its request and the messages under the references `also`."""
    cancel(placement.key, *also, reason=reason, now=now)
    ProgramLink.objects.filter(placement=placement, revoked_at=None).update(revoked_at=now)


def _news_ended(placement: Placement) -> list[str]:
    """The news that nothing is left to tell of: no other program's answer stands that it could be about."""
    others = Placement.objects.filter(referral=placement.referral_id, status__in=TOLD).exclude(pk=placement.pk)
    return [] if others.exists() else [f"{NEWS}:{placement.referral_id}"]


def end_all(referral: Referral, *, met: bool, reason: str, now: datetime) -> list[str]:
    """End every live placement because the referral ends; return the programs' names."""
    ended = []
    for placement in referral.placements.live().select_related("program"):
        possible = moves_from(PLACEMENT, placement.status, role=Role.SYSTEM)
        order = ("complete", "cancel", "fail") if met else ("cancel", "fail")
        move = next(each for each in order if each in possible)
        ended.append(end(placement, move, reason, actor=SYSTEM, now=now))
    return ended
