"""The follow-up plan: dating it in the family's days, planning its messages, and taking them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from messaging import actions as messaging
from messaging.calendar import next_allowed, utc_of
from messaging.models import Channel
from privacy.transactions import one_transaction
from referral.actions.common import Actor, WantsNothing, locked, require, require_open, write
from referral.actions.notices import news_of, send_check_in, tell_family
from referral.hours import chosen, next_wall
from referral.lifecycle import ReferralStatus, Role
from referral.models import FollowUp, FollowUpPlan, FollowUpStep, Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind


@one_transaction
def set_plan(pk: int, plan: FollowUpPlan, *, actor: Actor, now: datetime, seen: int | None = None) -> list[FollowUp]:
    """Start a plan today, in place of what was still planned."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    require_open(referral)
    cancel_follow_ups(referral, reason="another plan", now=now)
    planned = plan_follow_ups(referral, plan, now=now)
    write(referral, Kind.PLAN_SET, actor=actor, now=now, plan=plan.name, version=plan.version, steps=len(planned))
    return planned


def start_default_plan(referral: Referral, *, now: datetime) -> None:
    """Start the plan that starts by itself, under the caller's line of history, unless one runs already."""
    plan = FollowUpPlan.objects.filter(is_default=True, active=True).first()
    if plan and not referral.followups.exists():
        plan_follow_ups(referral, plan, now=now)


def plan_follow_ups(referral: Referral, plan: FollowUpPlan, *, now: datetime) -> list[FollowUp]:
    """Date every step in the family's own days, and plan its message. Days count from today where they live."""
    today = now.astimezone(ZoneInfo(referral.contact.zone)).date()
    planned = []
    for each in plan.steps.all():
        followup = FollowUp(
            referral=referral, plan=plan, plan_version=plan.version, kind=each.kind,
            local_date=today + timedelta(days=each.offset_days), local_time=each.local_time, zone=referral.contact.zone,
        )  # fmt: skip
        if _dated(followup):
            planned.append(followup)
    return planned


@dataclass(frozen=True)
class SampleDate:
    """A step of a plan, and when it goes where the family lives: a message after the quiet hours."""

    step: FollowUpStep
    goes: datetime


def sample_dates(steps: Iterable[FollowUpStep], *, now: datetime, zone: str) -> list[SampleDate]:
    """The steps of a plan, saved or not, for a family in `zone` that starts now. Nothing is planned."""
    today = now.astimezone(ZoneInfo(zone)).date()
    window = Channel.objects.of("email").window
    found = []
    for step in steps:
        due_at = utc_of(datetime.combine(today + timedelta(days=step.offset_days), step.local_time), zone)
        if step.kind == FollowUpStep.Kind.MESSAGE:
            due_at = next_allowed(max(due_at, now), zone, window.quiet_from, window.quiet_to)
        found.append(SampleDate(step, due_at.astimezone(ZoneInfo(zone))))
    return found


def _dated(followup: FollowUp, *, now: bool = False) -> bool:
    """Derive the instant, save, and plan the message; a family that allows no message is called instead, if it may be.

    A call waits for the next of the good times that the family chose. False, and nothing is planned, for who wants
    neither messages nor calls. While the referral rests, or asks for help or to be deleted, no message is planned,
    save one that is sent `now`. Who is known by a wrong number alone keeps the day, and nothing goes.
    """
    contact = followup.referral.contact
    channel = next(iter(contact.channels()), "")
    if not contact.is_reachable and not contact.waits_for_number:
        return False
    if followup.kind == FollowUpStep.Kind.MESSAGE and not channel and contact.is_callable:
        followup.kind = FollowUpStep.Kind.CALL
    if followup.kind == FollowUpStep.Kind.CALL:
        wall = next_wall(followup.wall_time, chosen(contact.times))
        followup.local_date, followup.local_time = wall.date(), wall.time()
    followup.due_at = utc_of(followup.wall_time, followup.zone)
    followup.channel = channel if followup.kind == FollowUpStep.Kind.MESSAGE else ""
    followup.save()
    if followup.channel and (now or not _waits(followup.referral)):
        send_check_in(followup, followup.channel)
    return True


def _waits(referral: Referral) -> bool:
    asked = referral.tasks.open().filter(kind__in=[Task.Kind.NEEDS_HELP, Task.Kind.ERASE])
    return referral.status == ReferralStatus.ON_HOLD or asked.exists()


def wake_follow_ups(referral: Referral, *, now: datetime) -> None:
    """Somebody has spoken with a family that asked for help: its check-ins go on, those of the days since are left."""
    if referral.tasks.crises().exists():
        return
    leave_past(referral, now=now)
    say_again(referral, (), now=now)


def leave_past(referral: Referral, *, now: datetime) -> None:
    """Check-ins that waited until their time was over are left."""
    past = referral.followups.pending().filter(kind=FollowUpStep.Kind.MESSAGE, due_at__lte=now)
    standing = messaging.standing(*(each.key for each in past))
    left = [each.pk for each in past if each.key not in standing]
    referral.followups.pending().filter(pk__in=left).update(status=FollowUp.Status.CANCELLED)


def rest_follow_ups(referral: Referral, *, now: datetime) -> None:
    """The referral rests, or the family asks for help: what is planned stays so, and its messages are taken back."""
    keys = [followup.key for followup in referral.followups.pending()]
    messaging.cancel(*keys, reason="on hold", now=now, doubtful=False)


def end_hold(referral: Referral, *, now: datetime) -> None:
    """The referral has left its hold, under the caller's line of history: what rested goes on, as many days later."""
    if referral.hold_until is None:
        return
    if referral.snoozed_until == referral.hold_until:
        referral.snoozed_until, referral.snoozed_at = None, None
    referral.hold_until = None
    pending = list(referral.followups.pending().select_for_update(no_key=True))
    for followup, day in _moved(referral, pending, now):
        followup.referral, followup.local_date = referral, day
        followup.zone, followup.round = referral.contact.zone, followup.round + 1
        if not _dated(followup):
            FollowUp.objects.filter(pk=followup.pk).update(status=FollowUp.Status.CANCELLED)


def days_after_hold(referral: Referral, *, now: datetime) -> dict[int, date]:
    """The day to which each follow-up that rests moves if the hold ends on its day, by the follow-up's number."""
    if referral.hold_until is None:
        return {}
    moved = _moved(referral, list(referral.followups.pending()), max(now, referral.hold_until))
    return {followup.pk: day for followup, day in moved}


def _moved(referral: Referral, pending: Sequence[FollowUp], until: datetime) -> list[tuple[FollowUp, date]]:
    """What rests until then, as many days later; what is on its way rests no longer."""
    zone = ZoneInfo(referral.contact.zone)
    rested = until.astimezone(zone).date() - _rests_since(referral, until).astimezone(zone).date()
    standing = messaging.standing(*(followup.key for followup in pending))
    return [(each, each.local_date + rested) for each in pending if each.key not in standing]


def plan_again(referral: Referral, pks: Collection[int], *, now: datetime) -> None:
    """Plan what had been cancelled, as far as its time is still to come."""
    gone = referral.followups.filter(pk__in=pks, status=FollowUp.Status.CANCELLED, due_at__gt=now)
    for followup in gone.select_for_update(no_key=True):
        followup.referral, followup.status, followup.round = referral, FollowUp.Status.PLANNED, followup.round + 1
        _dated(followup)


def _rests_since(referral: Referral, now: datetime) -> datetime:
    """When the hold began, or the plan that was set in it."""
    lines = referral.timeline.filter(kind__in=(Kind.HELD, Kind.PLAN_SET)).order_by("-at", "-pk")
    return next((each.at for each in lines if each.kind == Kind.HELD or each.params.get("plan")), now)


@one_transaction
def check_in_now(pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> FollowUp:
    """Send a check-in outside any plan, as soon as the hour allows. Raises `WantsNothing`."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    require_open(referral)
    if not referral.contact.is_reachable:
        raise WantsNothing
    local = now.astimezone(ZoneInfo(referral.contact.zone))
    followup = FollowUp(
        referral=referral, kind=FollowUpStep.Kind.MESSAGE,
        local_date=local.date(), local_time=local.time().replace(microsecond=0), zone=referral.contact.zone,
    )  # fmt: skip
    _dated(followup, now=True)
    write(referral, Kind.PLAN_SET, actor=actor, now=now, plan="", steps=1, channel=followup.channel, **_after(followup))
    return followup


def _after(followup: FollowUp) -> dict[str, str]:
    """The family's hour after which the message may go, where that is not now."""
    if not followup.channel:
        return {}
    window = Channel.objects.get(key=followup.channel).window
    goes = next_allowed(followup.due_at, followup.zone, window.quiet_from, window.quiet_to)
    if goes <= followup.due_at:
        return {}
    return {"after": goes.astimezone(ZoneInfo(followup.zone)).time().isoformat("minutes")}


def cancel_follow_ups(
    referral: Referral,
    *,
    reason: str,
    now: datetime,
    kinds: Collection[str] = tuple(FollowUpStep.Kind),
    also: Collection[str] = (),
) -> None:
    """Cancel what is planned, its messages, and those under the references `also`."""
    pending = list(referral.followups.pending().filter(kind__in=kinds))
    # The messages first: whoever sends one holds its row and may be about to write the follow-up's.
    messaging.cancel(*also, *(followup.key for followup in pending), reason=reason, now=now)
    still = referral.followups.pending().filter(pk__in=[followup.pk for followup in pending])
    still.update(status=FollowUp.Status.CANCELLED)


def replan(referral: Referral, *, reason: str, now: datetime) -> None:
    """Date and address anew what has not gone, under the caller's line of history."""
    say_again(referral, take_back(referral, reason=reason, now=now), now=now)


def take_back(referral: Referral, *, reason: str, now: datetime, also: Collection[str] = ()) -> set[str]:
    """Take back all that has surely not gone, and what is under the references `also`; return the references."""
    keys = [followup.key for followup in referral.followups.pending()]
    return messaging.cancel(*news_of(referral), *also, *keys, reason=reason, now=now, doubtful=False)


def say_again(referral: Referral, unsaid: Collection[str], *, now: datetime) -> None:
    """Date and plan anew what was planned, and say anew the news under the references that were taken back."""
    for reference, kind in news_of(referral).items():
        if reference in unsaid:
            tell_family(referral, kind, now=now, occasion=f"again {referral.version}")
    # Locked, as a family may be answering one while a message of another is written down.
    pending = list(referral.followups.pending().select_for_update(no_key=True))
    # One that is on its way, or may be, must not come twice.
    standing = messaging.standing(*(followup.key for followup in pending))
    for followup in pending:
        if followup.key not in standing:
            followup.referral, followup.zone, followup.round = referral, referral.contact.zone, followup.round + 1
            if not _dated(followup):
                FollowUp.objects.filter(pk=followup.pk).update(status=FollowUp.Status.CANCELLED)
