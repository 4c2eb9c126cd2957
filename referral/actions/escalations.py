"""What waits too long is told, once for each step of the rules, until somebody says that they see to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef

from messaging.actions import cancel
from privacy.transactions import one_transaction
from referral.actions.common import SYSTEM, Actor, NotYours, locked, require, write
from referral.actions.duty import audience, names_of, plan_for
from referral.hours import call_at
from referral.lifecycle import REFERRAL_ENDS, PlacementStatus, ReferralStatus, Role
from referral.models import EscalationNotice, EscalationRule, FollowUp, Placement, Referral, TimelineEntry
from referral.models.escalations import LAST
from referral.models.hours import working_time

About = EscalationRule.About
ESCALATION, TEMPLATE = "escalation", "staff-waiting"
# A message that could not go for so long says nothing new any more.
LASTS = timedelta(hours=12)


@one_transaction
def save_rule(rule: EscalationRule, *, actor: Actor) -> EscalationRule:
    """Keep a rule, new or changed. Raises `ValidationError` where it makes no sense, and then it is not kept."""
    require(actor, Role.SUPERVISOR)
    rule.full_clean()
    rule.save()
    return rule


@one_transaction
def delete_rule(pk: int, *, actor: Actor) -> None:
    """Raises `ValidationError` where calls for help would be left without a step."""
    require(actor, Role.SUPERVISOR)
    rules = EscalationRule.objects.filter(pk=pk)
    if rules.hold_the_last():
        raise ValidationError(LAST)
    rules.delete()


def escalate(now: datetime) -> int:
    """Tell of all that has waited for as long as a rule says; return of how much. Calls for help have their own beat.

    Nobody is told while nobody is at work who could see to it.
    """
    if call_at(now, (), settings.TIME_ZONE, working_time()) != now:
        return 0
    rules = [rule for about in About if about != About.CRISIS for rule in EscalationRule.objects.of(about)]
    return sum(_tell(rule, *each, now) for rule in rules for each in _keys(rule, now))


_OWNER = {About.NEW: "pk", About.PROGRAM: "referral_id", About.FAMILY: "referral_id"}
_SINCE = {About.NEW: "opened_at", About.PROGRAM: "sent_at", About.FAMILY: "due_at"}


def _keys(rule: EscalationRule, now: datetime) -> list[tuple[int, int]]:
    """Of what waits its key, and that of its referral."""
    return list(_waiting(rule, now).values_list("pk", _OWNER[About(rule.about)]))


def _waiting(rule: EscalationRule, now: datetime) -> models.QuerySet[Any]:
    """What has begun to wait since the rule was made, for long enough, and is not told of."""
    about, told = About(rule.about), EscalationNotice.objects.filter(subject_id=OuterRef("pk"))
    ended = [*REFERRAL_ENDS, ReferralStatus.ON_HOLD]
    rows: dict[About, models.QuerySet[Any]] = {
        About.NEW: Referral.objects.filter(status=ReferralStatus.NEW),
        About.PROGRAM: Placement.objects.filter(status=PlacementStatus.REQUESTED),
        About.FAMILY: FollowUp.objects.open().filter(status=FollowUp.Status.SENT).exclude(referral__status__in=ended),
    }
    since = {f"{_SINCE[about]}__gte": rule.since, f"{_SINCE[about]}__lte": now - rule.after}
    seen_to = told.filter(rule__about=about, acknowledged_at__isnull=False)
    found = rows[about].filter(**since).exclude(Exists(told.filter(rule=rule))).exclude(Exists(seen_to))
    return found.order_by(_SINCE[about])


@one_transaction
def _tell(rule: EscalationRule, subject: int, referral_pk: int, now: datetime) -> bool:
    referral = locked(referral_pk, actor=SYSTEM)
    if not _waiting(rule, now).filter(pk=subject).exists():  # answered or told of meanwhile
        return False
    notice = EscalationNotice.objects.create(rule=rule, referral=referral, subject_id=subject, told_at=now)
    called = audience(rule, referral, now)
    for each in called:
        plan_for(each, template=TEMPLATE, reference=notice.key, occasion="told", not_after=now + LASTS, now=now)
    write(referral, TimelineEntry.Kind.ESCALATED, actor=SYSTEM, now=now, about=str(rule.about), names=names_of(called))
    return True


def still_waiting(pks: Sequence[int]) -> set[int]:
    """Of these notices, those that somebody must still hear of."""
    return set(EscalationNotice.objects.waiting().filter(pk__in=pks).values_list("pk", flat=True))


@one_transaction
def acknowledge(pk: int, *, actor: Actor, now: datetime) -> EscalationNotice:
    """Somebody sees to what waits: no further step is told of it. The first who says so stands.

    A navigator may who has the family, covers for who has, or is on duty; else `NotYours`.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(EscalationNotice.objects.values_list("referral_id", flat=True).get(pk=pk), actor=SYSTEM)
    if actor.user and not EscalationNotice.objects.for_staff(actor.user, now).filter(pk=pk).exists():
        raise NotYours
    notice: EscalationNotice = referral.escalations.select_related("rule").get(pk=pk)
    same = referral.escalations.filter(
        rule__about=notice.rule.about, subject_id=notice.subject_id, acknowledged_at=None
    )
    keys = [each.key for each in same]
    if keys:
        cancel(*keys, reason="acknowledged", now=now)
        same.update(acknowledged_at=now, acknowledged_by=actor.user)
        write(referral, TimelineEntry.Kind.ESCALATED, actor=actor, now=now, about=str(notice.rule.about))
        notice.refresh_from_db()
    return notice
