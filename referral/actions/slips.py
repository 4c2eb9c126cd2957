"""Whoever put a referral off, gave it to somebody or closed it takes that back within minutes."""

from __future__ import annotations

from datetime import datetime

from django.utils.dateparse import parse_datetime

from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, require, write
from referral.actions.moving import reopen_referral
from referral.lifecycle import UNDO_TIME, Refused, Role, Why
from referral.models import Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind


@one_transaction
def take_back(pk: int, *, actor: Actor, now: datetime) -> Referral:
    """The last thing that a person did with it stands no more: the day of before, whoever had it before, or open again.

    Raises `Refused` where it is too late, or where it was something else, or somebody else.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, whoever_has_it=True)
    line = referral.timeline.exclude(role=Role.SYSTEM).order_by("-at", "-pk").first()
    if line is None or line.actor_id is None or line.actor != actor.user or now - line.at > UNDO_TIME:
        raise Refused(Why.NOT_FROM_HERE, "take_back", referral.status)
    match line.kind:
        case Kind.SNOOZED if "was" in line.params:
            referral.snoozed_until, referral.snoozed_at = (parse_datetime(each) for each in line.params["was"])
            write(referral, Kind.SNOOZED, actor=actor, now=now, until="")
        case Kind.TAKEN:
            _back_to(None, referral, actor, now)
        case Kind.ASSIGNED if "was" in line.params:
            referral.tasks.open().filter(kind=Task.Kind.HANDED_OVER, created_at=line.at).update(done_at=now)
            _back_to(User.objects.filter(pk=line.params["was"]).first(), referral, actor, now)
        case Kind.CLOSED:
            return reopen_referral(pk, "", actor=actor, now=now)
        case _:
            raise Refused(Why.NOT_FROM_HERE, "take_back", referral.status)
    return referral


def _back_to(holder: User | None, referral: Referral, actor: Actor, now: datetime) -> None:
    """Whoever had it has it again; where nobody had, it waits for anybody to take it."""
    referral.assigned_to = holder
    if holder is None:
        write(referral, Kind.GIVEN_BACK, actor=actor, now=now)
    else:
        write(referral, Kind.ASSIGNED, actor=actor, now=now, to=holder.get_full_name() or holder.get_username())
