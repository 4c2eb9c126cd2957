"""Somebody is away: a colleague sees to their families from today on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, require
from referral.lifecycle import Refused, Role, Why
from referral.models import Absence

STAFF = (Role.NAVIGATOR, Role.SUPERVISOR)


@one_transaction
def record_absence(user: User, cover: User, first_day: date, last_day: date, *, actor: Actor) -> Absence:
    """Write an absence down. Navigators say who covers for them, or that they cover; supervisors say it of anybody.

    Raises `ValidationError` where the days or the colleague do not fit.
    """
    require(actor, *STAFF)
    if actor.role is Role.NAVIGATOR and actor.user not in (user, cover):
        raise Refused(Why.NOT_YOU, "record_absence", None)
    absence = Absence(user=user, cover=cover, first_day=first_day, last_day=last_day, recorded_by=actor.user)
    absence.full_clean()
    absence.save()
    return absence


@one_transaction
def end_absence(pk: int, *, actor: Actor, now: datetime) -> None:
    """Whoever was away is back: today is no longer part of it."""
    require(actor, *STAFF)
    absence: Absence = Absence.objects.select_for_update().get(pk=pk)
    if actor.role is Role.NAVIGATOR and actor.user not in (absence.user, absence.cover):
        raise Refused(Why.NOT_YOU, "end_absence", None)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    if absence.first_day > yesterday:
        absence.delete()
    elif absence.last_day > yesterday:
        absence.last_day = yesterday
        absence.save(update_fields=["last_day"])
