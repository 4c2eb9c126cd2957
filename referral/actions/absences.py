"""Somebody is away: a colleague sees to their families from today on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from messaging import clock
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, require
from referral.actions.duty import Called, give_back, one_each, plan_for, supervisors
from referral.lifecycle import Refused, Role, Why
from referral.models import Absence

STAFF = (Role.NAVIGATOR, Role.SUPERVISOR)
ABSENCE, TEMPLATE = "absence", "staff-absence"
# Read later than that, it still says who covers; who comes back after weeks sees it on the page.
LASTS = timedelta(days=3)


@one_transaction
def record_absence(user: User, cover: User, first_day: date, last_day: date, *, actor: Actor) -> Absence:
    """Write an absence down. Navigators say who covers for them, or that they cover; supervisors say it of anybody.

    Of whom somebody else says it is told at once, and so are the supervisors: it opens their families to a colleague.
    A call for help that they have is open again where they are away today.
    Raises `ValidationError` where the days or the colleague do not fit.
    """
    require(actor, *STAFF)
    if actor.role is Role.NAVIGATOR and actor.user not in (user, cover):
        raise Refused(Why.NOT_YOU, "record_absence", None)
    absence = Absence(user=user, cover=cover, first_day=first_day, last_day=last_day, recorded_by=actor.user)
    absence.full_clean()
    absence.save()
    if actor.user != user:
        _tell(absence, actor)
    give_back(timezone.now(), user)
    return absence


def _tell(absence: Absence, actor: Actor) -> None:
    """An email to whoever is said to be away, and to the supervisors but for the one who said it."""
    told = [Called(absence.user, "email", absence.user.email, settings.LANGUAGE_CODE), *supervisors()]
    now = clock.now()
    for called in one_each(each for each in told if each.user != actor.user):
        plan_for(
            called, template=TEMPLATE, reference=f"{ABSENCE}:{absence.pk}", occasion="", not_after=now + LASTS, now=now
        )


@one_transaction
def end_absence(pk: int, *, actor: Actor, now: datetime) -> None:
    """Whoever was away is back: today is no longer part of it. What has begun is kept: it says who could look then."""
    require(actor, *STAFF)
    absence: Absence = Absence.objects.select_for_update().get(pk=pk)
    if actor.role is Role.NAVIGATOR and actor.user not in (absence.user, absence.cover):
        raise Refused(Why.NOT_YOU, "end_absence", None)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    if absence.first_day > yesterday + timedelta(days=1):
        absence.delete()
    elif absence.last_day > yesterday:
        absence.last_day = yesterday
        absence.save(update_fields=["last_day"])
