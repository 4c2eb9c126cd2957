"""A family shuts its page to others, or wants its data deleted."""

from __future__ import annotations

from datetime import datetime

from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, new_task, require, write
from referral.actions.contacts import stop_ways
from referral.lifecycle import Role
from referral.models import CheckInLink, FamilyLink, Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind


@one_transaction
def end_links(pk: int, channel: str, *, actor: Actor, now: datetime) -> Referral:
    """Somebody else reads what comes by this channel: every link to the page ends, and nothing more is sent that way,
    so that no new link arrives there. Whoever works on the referral is told to agree on another way."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    stop_ways(referral, channel=channel, now=now, source="own page")
    live = {"revoked_at": None, "expires_at__gt": now}
    FamilyLink.objects.filter(referral__contact=referral.contact_id, **live).update(revoked_at=now)
    CheckInLink.objects.filter(followup__referral__contact=referral.contact_id, **live).update(revoked_at=now)
    if referral.is_open:
        new_task(referral, Task.Kind.NOT_REACHED, due_at=now, now=now, urgent=True)
    write(referral, Kind.LINK_ENDED, actor=actor, now=now, channel=channel)
    return referral


@one_transaction
def ask_for_erasure(pk: int, *, actor: Actor, now: datetime) -> Referral:
    """The family wants its data deleted: an urgent task, once. A person carries it out (`erase_person`), as what the
    law makes us keep, and what programs have received, must be told apart."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    if referral.tasks.open().filter(kind=Task.Kind.ERASE).exists():
        return referral
    new_task(referral, Task.Kind.ERASE, due_at=now, now=now, urgent=True)
    write(referral, Kind.ERASURE_ASKED, actor=actor, now=now)
    return referral
