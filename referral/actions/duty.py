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
from messaging.danger_words import in_danger
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import FAMILY, SYSTEM, Actor, locked, new_task, require, write
from referral.actions.followups import end_hold, rest_follow_ups, wake_follow_ups
from referral.lifecycle import REFERRAL, PlacementStatus, Refused, Role, Why, moves_from, step
from referral.models import Absence, DutyShift, EscalationRule, Referral, Task, TimelineEntry
from referral.reasons import in_words

Kind = TimelineEntry.Kind
DUTY, TEMPLATE = "duty", "staff-duty"
TAKEN_OVER, TAKEN = "taken-over", "staff-taken-over"
TOLD_FOR = timedelta(hours=12)  # read later than that, it is no news
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


def ask_for_help(referral: Referral, text: str, *, actor: Actor, now: datetime) -> Task:
    """A call for help in these words, under the caller's line of history; `call_duty` follows it. What rests, wakes."""
    task = new_task(referral, Task.Kind.NEEDS_HELP, due_at=now, now=now, text=text, urgent=True)
    _make_urgent(referral, actor, now)
    return task


def hear_danger(referral: Referral, text: str, *, actor: Actor, now: datetime) -> Task | None:
    """Words of danger are a call for help, by whichever way they come: after the caller's line of history. What staff
    write of what they heard themselves is one only where they say so: they are asked."""
    if actor.role not in (Role.FAMILY, Role.PROGRAM) or not in_danger(text):
        return None
    return ring(referral, in_words(text), actor=actor, now=now)


def ring(referral: Referral, text: str, *, actor: Actor, now: datetime) -> Task:
    """A call for help in these words, after the caller's line of history: whoever is on duty is called. What staff
    report is told as theirs."""
    if actor.user:
        kind = Task.Kind.NEEDS_HELP
        task = referral.tasks.create(kind=kind, due_at=now, created_at=now, text=text, urgent=True, by_hand=True)
        _make_urgent(referral, actor, now)
    else:
        task = ask_for_help(referral, text, actor=actor, now=now)
    call_duty(referral, now=now)
    return task


def _make_urgent(referral: Referral, actor: Actor, now: datetime) -> None:
    if not referral.is_open:
        return
    referral.urgency = Referral.Urgency.URGENT
    if "resume" in moves_from(REFERRAL, referral.status, role=actor.role):
        referral.status = step(REFERRAL, referral.status, "resume", role=actor.role)
        end_hold(referral, now=now)


@one_transaction
def call_for(pk: int, *, now: datetime) -> None:
    """Call for what came by text or email, and stands there already; if this fails, `call_again` does it soon."""
    referral = locked(pk, actor=SYSTEM)
    _make_urgent(referral, FAMILY, now)
    referral.save()
    call_duty(referral, now=now)


def call_again(now: datetime) -> int:
    """Call once more for every crisis that nobody has answered; return for how many."""
    give_back(now)
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


def give_back(now: datetime, user: User | None = None) -> None:
    """Who is away has no call for help: whoever is on duty is called on for it. What was answered in the absence itself
    stays, unless it is `user` who is said to be away just now."""
    absences = Absence.objects.on(timezone.localdate(now)).select_related("user")
    away = {each.user_id: each for each in (absences.filter(user=user) if user else absences)}
    for task in Task.objects.crises().filter(acknowledged_by__in=away):
        absence = away[task.acknowledged_by_id]
        if user or timezone.localdate(task.acknowledged_at) < absence.first_day:
            _give_back(task.pk, task.referral_id, absence, now)


@one_transaction
def _give_back(task_pk: int, referral_pk: int, absence: Absence, now: datetime) -> None:
    referral = locked(referral_pk, actor=SYSTEM)
    had = referral.tasks.crises().filter(pk=task_pk, acknowledged_by=absence.user_id)
    if had.update(acknowledged_at=None, acknowledged_by=None, called_at=None):
        away = absence.user.get_full_name() or absence.user.get_username()
        write(referral, Kind.ACKNOWLEDGED, actor=SYSTEM, now=now, away=away)
        call_duty(referral, now=now)


def on_duty(now: datetime) -> list[Called]:
    return [
        Called(shift.user, shift.reached_by, shift.address, shift.language)
        for shift in DutyShift.objects.on_duty(now).select_related("user")
    ]


def on_duty_now(now: datetime) -> list[Called]:
    """Whoever is on duty, else every supervisor."""
    return on_duty(now) or supervisors()


def _call(task: Task, referral: Referral, now: datetime) -> None:
    at_work, number = on_duty(now), task.calls + 1
    told = [*at_work, *_holder(referral, now), *_also(referral, number, now)]
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
    """The first who says "I have it" has all that this family asks for now, and nobody is called any more. What a
    colleague has is taken over where they are away, or have had it for a while; they are told.

    Asks for no version: it must not fail because a colleague wrote a note meanwhile.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(Task.objects.values_list("referral_id", flat=True).get(pk=task_pk), actor=actor)
    task: Task = referral.tasks.select_related("acknowledged_by").get(pk=task_pk)
    if task.is_crisis and task.done_at is None and not task.had_by and have(referral, actor=actor, now=now):
        write(referral, Kind.ACKNOWLEDGED, actor=actor, now=now)
        task.refresh_from_db()
    elif task.had_by:
        _take_over(task, referral, actor, now)
    return task


def _take_over(task: Task, referral: Referral, actor: Actor, now: datetime) -> None:
    away = Absence.objects.users_on(timezone.localdate(now))
    first, whose = task.acknowledged_by, actor.user.pk if actor.user else 0
    if first is None or not task.may_be_taken_over(whose, now, away):
        return
    write(referral, Kind.ACKNOWLEDGED, actor=actor, now=now, before=task.had_by)
    theirs = referral.tasks.crises().filter(acknowledged_by=first)
    theirs.update(acknowledged_at=now, acknowledged_by=actor.user)
    task.refresh_from_db()
    told = Called(first, "email", first.email, settings.LANGUAGE_CODE)
    kind, until = f"{TAKEN_OVER}:{task.pk}", now + TOLD_FOR
    if first.is_active and first.email:
        plan_for(told, template=TAKEN, reference=kind, occasion=f"{now:%Y%m%d%H%M%S}", not_after=until, now=now)


def have(referral: Referral, *, actor: Actor, now: datetime) -> bool:
    """All that this family asks for now is had by `actor`, where nobody has it, under the caller's line of history."""
    waiting = list(referral.tasks.crises().unanswered())
    cancel(*(reference(each) for each in waiting), reason="acknowledged", now=now)
    for each in waiting:
        each.acknowledged_at, each.acknowledged_by = now, actor.user
        each.save()
    return bool(waiting)


@one_transaction
def resolve(
    task_pk: int, happened: str, *, stays: bool = False, actor: Actor, now: datetime, seen: int | None = None
) -> Task:
    """A crisis is over, or what a family wrote was seen to. What happened stands on the timeline; without it, nothing
    is ticked off. Where nobody was reached, it `stays`, and the words are a note."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(Task.objects.values_list("referral_id", flat=True).get(pk=task_pk), actor=actor, seen=seen)
    task: Task = referral.tasks.get(pk=task_pk)
    if not happened.strip():
        raise Refused(Why.REASON_NEEDED, "resolve", None)
    if stays:
        write(referral, Kind.NOTE, actor=actor, now=now, text=happened)
    elif task.done_at is None:
        _end(task, actor, now)
        if task.is_crisis:
            _ask_of_programs(referral, now)
        write(referral, Kind.TASK_DONE, actor=actor, now=now, text=happened, task=task.kind)
        if task.is_crisis:
            wake_follow_ups(referral, now=now)
    return task


def end_help(referral: Referral, *, actor: Actor, now: datetime) -> bool:
    """One call answers all that this family asks for now, whoever has it: under the caller's line of history, which
    says what happened. Whether anything was asked for."""
    crises = list(referral.tasks.crises())
    for task in crises:
        _end(task, actor, now)
    if crises:
        wake_follow_ups(referral, now=now)
        _ask_of_programs(referral, now)
    return bool(crises)


def _ask_of_programs(referral: Referral, now: datetime) -> None:
    """Who asked for help may be elsewhere now: each program that expects them is told, by somebody who knows what."""
    for placement in referral.placements.filter(status=PlacementStatus.ACCEPTED).select_related("program"):
        words = _("%(program)s expects them. After the call for help: does the first visit still hold?")
        new_task(
            referral, Task.Kind.CALL_PROGRAM, due_at=now, now=now, placement=placement,
            text=words % {"program": placement.program},
        )  # fmt: skip


def _end(task: Task, actor: Actor, now: datetime) -> None:
    cancel(reference(task), reason="done", now=now)
    task.done_at, task.done_by = now, actor.user
    task.save()


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
