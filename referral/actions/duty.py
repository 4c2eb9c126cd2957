"""A family asks for help now: whoever is on duty is called, again and again until somebody has it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging import clock
from messaging.actions import allow, cancel, schedule
from messaging.addresses import BadAddress
from messaging.alerts import Alert
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import SYSTEM, Actor, locked, require, write
from referral.actions.followups import rest_follow_ups, wake_follow_ups
from referral.lifecycle import Refused, Role, Why
from referral.models import Absence, DutyShift, EscalationRule, Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind
DUTY, TEMPLATE = "duty", "staff-duty"
# What holds where no rule for a call for help is in force.
AS_SHIPPED = EscalationRule(about="crisis", amount=20, unit="minutes", tell_supervisors=True)
# Nobody has said "I have it" for so long: everybody on duty is called again.
AGAIN = timedelta(minutes=10)
WAITS_TOO_LONG = timedelta(minutes=30)


@dataclass(frozen=True)
class Called:
    """Who is called, and where."""

    user: User
    channel: str
    address: str
    language: str


def reference(task: Task) -> str:
    return f"{DUTY}:{task.pk}"


def call_duty(referral: Referral, *, now: datetime) -> None:
    """Call for every crisis of this referral that nobody has been called for, after the caller's line of history."""
    if referral.tasks.crises().exists():  # who asks for help now is called by a person, and asked by no machine
        rest_follow_ups(referral, now=now)
    for task in referral.tasks.crises().unanswered().filter(called_at=None):
        _call(task, referral, now)


def call_again(now: datetime) -> int:
    """Call once more for every crisis that nobody has answered; return for how many."""
    waiting = Task.objects.crises().unanswered().filter(Q(called_at=None) | Q(called_at__lte=now - AGAIN))
    return sum(_again(task.pk, task.referral_id, now) for task in waiting)


@one_transaction
def _again(task_pk: int, referral_pk: int, now: datetime) -> bool:
    referral = locked(referral_pk, actor=SYSTEM)
    task: Task | None = referral.tasks.crises().unanswered().filter(pk=task_pk).first()
    if task is None or (task.called_at and task.called_at > now - AGAIN):
        return False
    _call(task, referral, now)
    return True


def on_duty(now: datetime) -> list[Called]:
    return [
        Called(shift.user, shift.channel, shift.address, shift.language)
        for shift in DutyShift.objects.on_duty(now).select_related("user")
    ]


def on_duty_now(now: datetime) -> list[Called]:
    """Whoever is on duty, else every supervisor."""
    return on_duty(now) or supervisors()


def _call(task: Task, referral: Referral, now: datetime) -> None:
    at_work, number = on_duty(now), task.calls + 1
    told = [*at_work, *_also(referral, number, now)]
    called = one_each(told if at_work else [*told, *supervisors()])
    for each in called:
        plan_for(
            each, template=TEMPLATE, reference=reference(task), occasion=str(number), not_after=now + AGAIN, now=now
        )
    task.called_at, task.calls = now, number
    task.save(update_fields=["called_at", "calls"])
    if number == 1 or len(_steps_until(number)) > len(_steps_until(number - 1)):
        write(referral, Kind.DUTY_CALLED, actor=SYSTEM, now=now, names=names_of(called), on_duty=bool(at_work))


def _steps_until(number: int) -> list[EscalationRule]:
    """The rules for a call for help that hold by its call of this number. Without any, supervisors hear the third."""
    rules = EscalationRule.objects.of(EscalationRule.About.CRISIS) or [AS_SHIPPED]
    return [rule for rule in rules if rule.after <= (number - 1) * AGAIN]


def _with_supervisors() -> int:
    """The first call that goes to the supervisors, too."""
    rules = EscalationRule.objects.of(EscalationRule.About.CRISIS) or [AS_SHIPPED]
    after = next((rule.after for rule in rules if rule.tell_supervisors), AS_SHIPPED.after)
    return 1 + math.ceil(after / AGAIN)


def _also(referral: Referral, number: int, now: datetime) -> list[Called]:
    return [each for rule in _steps_until(number) for each in audience(rule, referral, now)]


def audience(rule: EscalationRule, referral: Referral, now: datetime) -> list[Called]:
    """Whom a rule tells of this referral; where that is nobody, the supervisors."""
    told: list[Called] = []
    if rule.tell_holder:
        told += _holder(referral, now)
    if rule.tell_duty:
        told += on_duty(now)
    return one_each([*told, *(supervisors() if rule.tell_supervisors or not told else [])])


def _holder(referral: Referral, now: datetime) -> list[Called]:
    """Whoever has it, or covers today for who has."""
    user = referral.assigned_to
    away = (
        Absence.objects.on(timezone.localdate(now)).filter(user=user).select_related("cover").first() if user else None
    )
    holder = away.cover if away else user
    if holder is None or not holder.is_active or not holder.email:
        return []
    return [Called(holder, "email", holder.email, settings.LANGUAGE_CODE)]


def one_each(called: Iterable[Called]) -> list[Called]:
    """Each address once, the first who has it."""
    return list({(each.channel, each.address): each for each in reversed(list(called))}.values())[::-1]


def names_of(called: Iterable[Called]) -> list[str]:
    return list(dict.fromkeys(each.user.get_full_name() or each.user.get_username() for each in called))


def plan_for(
    called: Called, *, template: str, reference: str, occasion: str, not_after: datetime, now: datetime
) -> None:
    """Plan a message to somebody at work: neither quiet hours nor a daily cap hold it."""
    try:
        allow(
            channel=called.channel, address=called.address, wording="On the duty list, a supervisor, or away.",
            source="duty list", now=now,
        )  # fmt: skip
    except BadAddress:
        return  # whoever cannot be written to must not keep the others from being called
    schedule(
        template=template, channel=called.channel, person_key=f"staff:{called.user.pk}",
        address=called.address, language=called.language, zone=settings.TIME_ZONE, due_at=now, not_after=not_after,
        reference=reference, dedupe_key=f"{reference}:{occasion}:{called.user.pk}:{called.channel}",
        urgent=True, capped=False,
    )  # fmt: skip


def supervisors() -> list[Called]:
    """Every supervisor, by e-mail; the admins where there is none."""
    backend = "django.contrib.auth.backends.ModelBackend"
    may = "referral.supervise_referrals"
    found = User.objects.with_perm(may, is_active=True, include_superusers=False, backend=backend)
    rows = found if found.exists() else User.objects.filter(is_superuser=True, is_active=True)
    return [Called(user, "email", user.email, settings.LANGUAGE_CODE) for user in rows.exclude(email="").order_by("pk")]


def not_reached(task_pk: int) -> None:
    """A call did not arrive: let the next one come at once, and go to the supervisors, too. Locks no referral."""
    first = _with_supervisors()
    missed = Task.objects.crises().unanswered().filter(pk=task_pk, calls__lt=first)
    missed.update(calls=first - 1, called_at=None)


def still_waiting(task_pks: Sequence[int]) -> set[int]:
    return set(Task.objects.crises().unanswered().filter(pk__in=task_pks).values_list("pk", flat=True))


@one_transaction
def acknowledge(task_pk: int, *, actor: Actor, now: datetime) -> Task:
    """The first who says "I have it" has all that this family asks for now, and nobody is called any more.

    Asks for no version: it must not fail because a colleague wrote a note meanwhile.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(Task.objects.values_list("referral_id", flat=True).get(pk=task_pk), actor=actor)
    task: Task = referral.tasks.select_related("acknowledged_by").get(pk=task_pk)
    waiting = list(referral.tasks.crises().unanswered())
    if task in waiting:
        cancel(*(reference(each) for each in waiting), reason="acknowledged", now=now)
        for each in waiting:
            each.acknowledged_at, each.acknowledged_by = now, actor.user
            each.save()
        write(referral, Kind.ACKNOWLEDGED, actor=actor, now=now)
        task.refresh_from_db()
    return task


@one_transaction
def resolve(task_pk: int, happened: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Task:
    """A crisis is over. What happened stands on the timeline; without it, nothing is ticked off."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(Task.objects.values_list("referral_id", flat=True).get(pk=task_pk), actor=actor, seen=seen)
    task: Task = referral.tasks.get(pk=task_pk)
    if not happened.strip():
        raise Refused(Why.REASON_NEEDED, "resolve", None)
    if task.done_at is None:
        cancel(reference(task), reason="done", now=now)
        task.done_at, task.done_by = now, actor.user
        task.save()
        write(referral, Kind.TASK_DONE, actor=actor, now=now, text=happened, task=task.kind)
        wake_follow_ups(referral, now=now)
    return task


def alerts() -> list[Alert]:
    """What an operator must hear about: a crisis while nobody is on duty, or that nobody has answered for long."""
    now = clock.now()
    waiting, page = Task.objects.crises().unanswered(), "admin:referral_dutyshift_changelist"
    found = []
    if waiting.exists() and not DutyShift.objects.on_duty(now).exists():
        sentence = _("A family asks for help now, and no one is on duty. All supervisors are told.")
        found.append(Alert("nobody_on_duty", sentence, page))
    if waiting.filter(created_at__lte=now - WAITS_TOO_LONG).exists():
        sentence = _("A family has asked for help for over 30 minutes, and no one has answered “I have it”.")
        found.append(Alert("crisis_waits", sentence, page))
    return found
