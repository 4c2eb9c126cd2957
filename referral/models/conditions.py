"""What a referral may be asked, as conditions for a query: what is open, late, urgent, in a crisis."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from referral.hours import Work, late_before
from referral.lifecycle import REFERRAL_ENDS, PlacementStatus, ReferralStatus
from referral.models.hours import working_time
from referral.models.placements import Placement
from referral.models.tasks import Task

# What is due is not called late before so long.
GRACE = timedelta(hours=1)
A_DAY = timedelta(days=1)
OPEN = sorted(each.value for each in set(ReferralStatus) - REFERRAL_ENDS)
ENDED = sorted(each.value for each in REFERRAL_ENDS)
AT_WORK = Q(status__in=OPEN) | Q(next_action_at__isnull=False)


def _referrals(rows: QuerySet[Task] | QuerySet[Placement]) -> Q:
    """Of a referral: that one of these is its. Not correlated, so that a database reads them once for all rows."""
    return Q(pk__in=rows.order_by().values("referral"))


def late(now: datetime, work: Work | None = None) -> Q:
    """Its time has passed for longer than may be, in hours of work; of what is new, the time that its family was
    promised. What is urgent is late by the clock. `work` is `working_time`, where it is known."""
    new, urgent = Q(status=ReferralStatus.NEW), _referrals(Task.objects.due(now - GRACE).filter(urgent=True))
    promised = Q(promised_at__lte=now) | Q(promised_at=None, opened_at__lte=now - A_DAY)
    over = Q(next_action_at__lte=late_before(now, GRACE, work or working_time())) | urgent
    return Q(next_action_at__lte=now) & (new & promised | ~new & over)


def in_crisis() -> Q:
    """Its family asks for help now."""
    return _referrals(Task.objects.crises())


def has_urgent_task() -> Q:
    return _referrals(Task.objects.open().filter(urgent=True))


def undelivered() -> Q:
    """A message to its family did not arrive."""
    return _referrals(Task.objects.undelivered())


def waits_for_program() -> Q:
    """A program was asked and has not answered."""
    return _referrals(Placement.objects.filter(status=PlacementStatus.REQUESTED))
