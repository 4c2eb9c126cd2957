"""Following up: the plan, a check-in and its answer, how the family wants to be reached, and stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied

from messaging import actions as messaging
from messaging.calendar import utc_of
from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, new_task, require, write
from referral.actions.placing import begin_care
from referral.actions.telling import news_of, send_check_in, tell_family
from referral.hours import chosen, next_wall
from referral.lifecycle import REFERRAL, PlacementStatus, Role, moves_from, step
from referral.models import (
    CheckInLink,
    FamilyLink,
    FollowUp,
    FollowUpPlan,
    FollowUpStep,
    Referral,
    Task,
    TimelineEntry,
)

Kind = TimelineEntry.Kind
HUMAN = (Role.FAMILY, Role.NAVIGATOR, Role.SUPERVISOR)


# --- The plan ------------------------------------------------------------------------------------------------------


@one_transaction
def set_plan(pk: int, plan: FollowUpPlan, *, actor: Actor, now: datetime) -> list[FollowUp]:
    """Start a plan today, in place of what was still planned."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor)
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
        _dated(followup)
        planned.append(followup)
    return planned


def _dated(followup: FollowUp) -> None:
    """Derive the instant, save, and plan the message; a family that allows no message is called instead.

    A call waits for the next of the good times that the family chose.
    """
    contact = followup.referral.contact
    channel = next(iter(contact.channels()), "")
    if followup.kind == FollowUpStep.Kind.MESSAGE and not channel:
        followup.kind = FollowUpStep.Kind.CALL
    if followup.kind == FollowUpStep.Kind.CALL:
        wall = next_wall(followup.wall_time, chosen(contact.times))
        followup.local_date, followup.local_time = wall.date(), wall.time()
    followup.due_at = utc_of(followup.wall_time, followup.zone)
    followup.channel = channel if followup.kind == FollowUpStep.Kind.MESSAGE else ""
    followup.save()
    if followup.channel:
        send_check_in(followup, followup.channel)


@one_transaction
def check_in_now(pk: int, *, actor: Actor, now: datetime) -> FollowUp:
    """Send a check-in outside any plan, as soon as the hour allows."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor)
    if not referral.is_open:
        raise PermissionDenied
    local = now.astimezone(ZoneInfo(referral.contact.zone))
    followup = FollowUp(
        referral=referral, kind=FollowUpStep.Kind.MESSAGE,
        local_date=local.date(), local_time=local.time().replace(microsecond=0), zone=referral.contact.zone,
    )  # fmt: skip
    _dated(followup)
    write(referral, Kind.PLAN_SET, actor=actor, now=now, plan="", steps=1, channel=followup.channel)
    return followup


def cancel_follow_ups(
    referral: Referral,
    *,
    reason: str,
    now: datetime,
    kinds: Collection[str] = tuple(FollowUpStep.Kind),
    also: Collection[str] = (),
) -> int:
    """Cancel what is planned, its messages, and those under the references `also`; return how many follow-ups."""
    pending = list(referral.followups.pending().filter(kind__in=kinds))
    # The messages first: whoever sends one holds its row and may be about to write the follow-up's.
    messaging.cancel(*also, *(followup.key for followup in pending), reason=reason, now=now)
    for followup in pending:
        followup.status = FollowUp.Status.CANCELLED
        followup.save()
    return len(pending)


# --- The answer ----------------------------------------------------------------------------------------------------


@one_transaction
def answer_check_in(followup_pk: int, answer: str, *, actor: Actor, now: datetime, text: str = "") -> FollowUp:
    """Write down what the family says to a check-in, and let it move what it should.

    The family answers on its own page, or a member of staff writes down what was said on the phone. An answer may be
    changed: the newest counts, and every one stays on the timeline. Given twice, it is written once.
    """
    require(actor, *HUMAN)
    owner = FollowUp.objects.values_list("referral_id", flat=True).get(pk=followup_pk)
    referral = locked(owner, actor=actor)
    followup: FollowUp = referral.followups.get(pk=followup_pk)
    if followup.answer == answer and not text:
        return followup
    if answer == FollowUp.Answer.STOP:
        _stop(referral, channel=None, now=now, source="check-in")
        followup = referral.followups.get(pk=followup_pk)
    followup.status, followup.answer, followup.answered_at = FollowUp.Status.ANSWERED, FollowUp.Answer(answer), now
    followup.save()
    moved = _follow(referral, answer, actor=actor, now=now, text=text)
    write(
        referral, Kind.CHECK_IN_ANSWERED, actor=actor, now=now, text=text,
        followup=followup.pk, answer=answer, **moved,
    )  # fmt: skip
    return followup


def _follow(referral: Referral, answer: str, *, actor: Actor, now: datetime, text: str) -> dict[str, object]:
    """Do what an answer asks for, under the caller's line of history; return what it moved."""
    if not referral.is_open:
        # A family that says "help" after the end must still be heard.
        if answer == FollowUp.Answer.HELP:
            new_task(referral, Task.Kind.NEEDS_HELP, due_at=now, now=now, text=text, urgent=True)
        return {}
    if answer == FollowUp.Answer.CONNECTED:
        return _connected(referral, actor=actor, now=now)
    if answer == FollowUp.Answer.HELP:
        new_task(referral, Task.Kind.NEEDS_HELP, due_at=now, now=now, text=text, urgent=True)
        referral.urgency = Referral.Urgency.URGENT
        if "resume" in moves_from(REFERRAL, referral.status, role=actor.role):
            referral.status, referral.hold_until = step(REFERRAL, referral.status, "resume", role=actor.role), None
    elif answer == FollowUp.Answer.WAITING:
        new_task(referral, Task.Kind.STILL_WAITING, due_at=now + timedelta(hours=24), now=now, text=text)
    elif answer == FollowUp.Answer.NOBODY:
        new_task(referral, Task.Kind.CALL, due_at=now + timedelta(days=1), now=now, text=text)
    return {}


def _connected(referral: Referral, *, actor: Actor, now: datetime) -> dict[str, object]:
    """The family is in care. With one accepted placement it is clear where; with several, staff ask."""
    accepted = list(referral.placements.filter(status=PlacementStatus.ACCEPTED).select_related("program"))
    if len(accepted) == 1:
        others = begin_care(accepted[0], referral, actor=actor, now=now)
        return {"program": str(accepted[0].program), "others": others}
    if "connect" in moves_from(REFERRAL, referral.status, role=actor.role):
        referral.status, referral.hold_until = step(REFERRAL, referral.status, "connect", role=actor.role), None
    if not referral.placements.filter(status=PlacementStatus.IN_PROGRESS).exists():
        new_task(referral, Task.Kind.NEXT_STEP, due_at=now + timedelta(days=1), now=now)
    return {}


# --- How the family wants to be reached ----------------------------------------------------------------------------


@one_transaction
def stop_messages(
    pk: int, *, actor: Actor, now: datetime, channel: str | None = None, source: str = "page"
) -> Referral:
    """No message goes to this family any more, by `channel` or by any. Committed before a send, it wins."""
    require(actor, *HUMAN)
    referral = locked(pk, actor=actor)
    _stop(referral, channel=channel, now=now, source=source)
    write(referral, Kind.STOPPED, actor=actor, now=now, channel=channel or "")
    return referral


def _stop(referral: Referral, *, channel: str | None, now: datetime, source: str) -> None:
    contact = referral.contact
    for each, address in (("email", contact.email), ("sms", contact.phone)):
        if address and channel in (None, each):
            messaging.stop(address=address, channel=each, until=None, source=source, now=now)
    silence(referral, channel, now=now)


def silence(referral: Referral, channel: str | None, *, now: datetime) -> None:
    """Note on the contact that a channel, or all of them, may not be used; the rest of the plan goes another way."""
    contact = referral.contact
    contact.by_email = contact.by_email and channel not in (None, "email")
    contact.by_text = contact.by_text and channel not in (None, "sms")
    if contact.channels():
        replan(referral, reason="stopped", now=now)
    else:
        messages = [FollowUpStep.Kind.MESSAGE]
        cancel_follow_ups(referral, reason="stopped", now=now, kinds=messages, also=news_of(referral))
    contact.save()


def listen_again(referral: Referral, channel: str, *, now: datetime) -> None:
    """The family wants to hear from us by this channel again: what is planned may go by it."""
    contact = referral.contact
    contact.by_email = contact.by_email or (channel == "email" and bool(contact.email))
    contact.by_text = contact.by_text or (channel == "sms" and bool(contact.phone))
    replan(referral, reason="resumed", now=now)
    contact.save()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a family wants to be reached, already validated."""

    phone: str
    email: str
    zip_code: str
    zone: str
    language: str
    times: Sequence[str]
    voicemail: str
    by_email: bool
    by_text: bool
    by_phone: bool
    wordings: dict[str, str]


@one_transaction
def change_contact(
    pk: int, reach: Reach, *, actor: Actor, now: datetime, source: str = "page", link: FamilyLink | None = None
) -> Referral:
    """Change addresses, channels, times, language or zone; what has not gone is dated and addressed anew.

    With another address, whoever reads the old one must not find a way in: all links end but `link`, by which the
    family is here.
    """
    require(actor, *HUMAN)
    referral = locked(pk, actor=actor)
    contact = referral.contact
    before = {name: getattr(contact, name) for name in CHANGEABLE}
    # Messages before permissions before the contact, as everybody locks them.
    unsaid = _take_back(referral, reason="contact changed", now=now)
    for channel, kept, address in (("email", reach.by_email, contact.email), ("sms", reach.by_text, contact.phone)):
        if address and contact.address(channel) and not kept:
            messaging.stop(address=address, channel=channel, until=None, source=source, now=now)
    for name in CHANGEABLE:
        setattr(contact, name, getattr(reach, name))
    contact.by_email, contact.by_text = reach.by_email and bool(reach.email), reach.by_text and bool(reach.phone)
    contact.save()
    for channel, field in (("email", "by_email"), ("sms", "by_text")):
        if address := contact.address(channel):
            # Their own page may lift their own stop, for the address that it was said for.
            same = not before[field] and before["email" if channel == "email" else "phone"] == address
            agree = messaging.resume if same else messaging.allow
            agree(channel=channel, address=address, wording=reach.wordings[channel], source=source, now=now)
    changed = sorted(name for name in CHANGEABLE if before[name] != getattr(contact, name))
    if {"email", "phone"} & set(changed):
        _end_links(referral, link, now)
    _say_again(referral, unsaid, now=now)
    write(referral, Kind.CONTACT_CHANGED, actor=actor, now=now, changed=changed)
    return referral


CHANGEABLE = ("phone", "email", "zip_code", "zone", "language", "times", "voicemail", "by_email", "by_text", "by_phone")


def _end_links(referral: Referral, link: FamilyLink | None, now: datetime) -> None:
    FamilyLink.objects.filter(referral=referral, revoked_at=None).exclude(pk=link and link.pk).update(revoked_at=now)
    CheckInLink.objects.filter(followup__referral=referral, revoked_at=None).update(revoked_at=now)


def replan(referral: Referral, *, reason: str, now: datetime) -> None:
    """Date and address anew what has not gone, under the caller's line of history."""
    _say_again(referral, _take_back(referral, reason=reason, now=now), now=now)


def _take_back(referral: Referral, *, reason: str, now: datetime) -> set[str]:
    """Take back every message that has surely not gone; return the references."""
    keys = [followup.key for followup in referral.followups.pending()]
    return messaging.cancel(*news_of(referral), *keys, reason=reason, now=now, doubtful=False)


def _say_again(referral: Referral, unsaid: Collection[str], *, now: datetime) -> None:
    for reference, kind in news_of(referral).items():
        if reference in unsaid:
            tell_family(referral, kind, now=now, occasion=f"again {referral.version}")
    pending = list(referral.followups.pending())
    # One that is on its way, or may be, must not come twice.
    standing = messaging.standing(*(followup.key for followup in pending))
    for followup in pending:
        if followup.key not in standing:
            followup.referral, followup.zone, followup.round = referral, referral.contact.zone, followup.round + 1
            _dated(followup)
