"""A member of staff lets a calendar fetch what they have to do, and ends that."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, require
from referral.lifecycle import Role
from referral.models import CalendarLink


@one_transaction
def make_calendar_link(language: str, *, actor: Actor, now: datetime) -> str:
    """Return the token of a new link, which is shown once; the one before works no longer."""
    end_calendar_link(actor=actor, now=now)
    user = cast(User, actor.user)
    _row, token = CalendarLink.mint(now=now, expires_at=now + CalendarLink.LIFE, user=user, language=language)
    return token


@one_transaction
def end_calendar_link(*, actor: Actor, now: datetime) -> None:
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    CalendarLink.objects.live(now).filter(user=actor.user).update(revoked_at=now)
