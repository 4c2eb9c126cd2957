"""What staff do with a referral: take it, give it, note, pause, settle what the need is, close it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import takewhile
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import (
    SYSTEM,
    Actor,
    NotYours,
    OutsideHours,
    locked,
    new_task,
    next_action,
    require,
    require_new_words,
    write,
)
from referral.actions.duty import end_help, have, ring
from referral.actions.endings import UNDECIDED, transition
from referral.actions.followups import end_hold, rest_follow_ups, start_default_plan
from referral.actions.other_people import person_of
from referral.actions.wrong_numbers import mark_wrong
from referral.hours import call_at
from referral.lifecycle import REFERRAL, ReferralStatus, Refused, Role, Why, step
from referral.models import Absence, Contact, FollowUp, FollowUpStep, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.reasons import RESTS, coded

Kind, Call = TimelineEntry.Kind, TimelineEntry.Call
NOT_REACHED = (Call.NO_ANSWER, Call.LEFT_WORD)
FARTHEST_TRY = timedelta(days=60)


@one_transaction
def take(pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Take a referral that nobody has, with a call for help that rang before. Of two who take it at once one wins; the
    other gets `Stale` or `NotYours`."""
    referral = locked(pk, actor=actor, seen=seen)
    if referral.assigned_to_id is not None:
        raise Refused(Why.NOT_FROM_HERE, "take", referral.status)
    new = referral.status == ReferralStatus.NEW
    referral.status = step(REFERRAL, referral.status, "take", role=actor.role)
    referral.assigned_to = actor.user
    if new:
        _first_contact(referral, now)
    start_default_plan(referral, now=now)
    has = referral.opened_at < now and have(referral, actor=actor, now=now)
    write(referral, Kind.TAKEN, actor=actor, now=now, has_call=has)
    return referral


@one_transaction
def assign(pk: int, to: User, note: str = "", *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Give a referral to a member of staff. Raises `NoRole` where that person may not work on referrals."""
    referral = locked(pk, actor=actor, seen=seen)
    receiver = Actor.of(to)
    if referral.status == ReferralStatus.NEW:
        _first_contact(referral, now)
    _give(referral, receiver, "assign", note, actor=actor, now=now)
    return referral


@one_transaction
def hand_over(pk: int, to: User, note: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Hand a referral of one's own over to a colleague, with what they must know. Raises `NoRole` as `assign` does."""
    referral = locked(pk, actor=actor, seen=seen)
    _give(referral, Actor.of(to), "hand_over", note, actor=actor, now=now)
    return referral


def _give(referral: Referral, to: Actor, move: str, note: str, *, actor: Actor, now: datetime) -> None:
    """Whoever gets it finds it in the queue at once, with the note."""
    referral.status = step(REFERRAL, referral.status, move, role=actor.role, reason=note)
    was, referral.assigned_to = referral.assigned_to_id, to.user
    start_default_plan(referral, now=now)
    if note and to.user != actor.user:
        new_task(referral, Task.Kind.HANDED_OVER, due_at=now, now=now, text=note)
    write(referral, Kind.ASSIGNED, actor=actor, now=now, text=note, to=to.label, was=was)


def may_take_over(referral: Referral, today: date) -> bool:
    """Whether a colleague may take it over: its navigator is away today, or works here no more."""
    holder = referral.assigned_to
    return holder is not None and (not holder.is_active or Absence.objects.on(today).filter(user=holder).exists())


@one_transaction
def take_over(pk: int, reason: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Take over the family of a colleague who cannot see to it now. Raises `NotYours` where the colleague can."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen, whoever_has_it=True)
    if not may_take_over(referral, timezone.localdate(now)):
        raise NotYours
    move = "assign" if actor.role is Role.SUPERVISOR else "hand_over"
    _give(referral, actor, move, reason, actor=actor, now=now)
    return referral


@one_transaction
def give_back(pk: int, note: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Give a referral back to the queue, where anybody may take it, with what whoever takes it must know."""
    referral = locked(pk, actor=actor, seen=seen)
    if referral.assigned_to_id is None:
        raise Refused(Why.NOT_FROM_HERE, "give_back", referral.status)
    referral.status = step(REFERRAL, referral.status, "give_back", role=actor.role, reason=note)
    referral.assigned_to = None
    write(referral, Kind.GIVEN_BACK, actor=actor, now=now, text=note)
    return referral


@one_transaction
def pass_on(pk: int, to: User, note: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Give a referral to a colleague, whatever the actor may: take what nobody has, hand over, or assign.

    Whoever covers for its navigator hands it over, to a colleague or to themselves.
    """
    if actor.role is Role.SUPERVISOR:
        return assign(pk, to, note, actor=actor, now=now, seen=seen)
    nobody = Referral.objects.filter(pk=pk, assigned_to=None).exists()
    if nobody and to == actor.user:
        return take(pk, actor=actor, now=now, seen=seen)
    return hand_over(pk, to, note, actor=actor, now=now, seen=seen)


@one_transaction
def snooze_referral(
    pk: int, *, until: datetime, note: str = "", actor: Actor, now: datetime, seen: int | None = None
) -> Referral:
    """Put off what is due until a time. What is urgent, or comes later and is more than thanks, shows before it."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    if referral.status == ReferralStatus.NEW or not referral.is_open or referral.assigned_to_id is None:
        raise Refused(Why.NOT_FROM_HERE, "snooze", referral.status)
    was = [each.isoformat() if each else "" for each in (referral.snoozed_until, referral.snoozed_at)]
    referral.snoozed_until, referral.snoozed_at = until, now
    due, day = next_action(referral, now), timezone.localdate(until).isoformat()
    still = due is not None and due <= now
    write(referral, Kind.SNOOZED, actor=actor, now=now, text=note, until=day, still=still, was=was)
    return referral


def _first_contact(referral: Referral, now: datetime) -> None:
    """What whoever takes a referral does first: call at the next good time, or write where nobody may call; nothing
    for who wants neither."""
    contact, urgent = referral.contact, referral.urgency == Referral.Urgency.URGENT
    if not contact.is_reachable and not contact.is_called_back:
        return
    if contact.is_called_back:
        kind, due = Task.Kind.CALL, call_at(now, contact.times, contact.zone, working_time())
    else:
        kind, due = Task.Kind.WRITE, call_at(now, (), settings.TIME_ZONE, working_time())
    new_task(referral, kind, due_at=now if urgent else due, now=now, urgent=urgent)


@one_transaction
def log_call(
    pk: int,
    outcome: str,
    text: str,
    *,
    done: Collection[int] = (),
    next_try: datetime | None = None,
    danger: bool = False,
    help_over: bool = False,
    person: UUID | None = None,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
) -> TimelineEntry:
    """Write down a call. What is planned stays, but for the tasks in `done`, which were this very call.

    Whoever calls has what the family asks for now, and with `help_over` it is over once they talked: `text` says what
    happened. Who was not reached is called again at `next_try`, a task of its own, at any hour where help is asked for
    or the need is urgent; a wrong number is marked, see `mark_wrong`. Raises `OutsideHours` where the family may not be
    called then. A call to another `person` says so, and tells nothing of the family's own number.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    over = help_over and outcome == Call.REACHED and not danger
    if over and not text.strip():
        raise Refused(Why.REASON_NEEDED, "resolve", None)
    # Only what the caller has seen is ticked off.
    referral = locked(pk, actor=actor, seen=seen if done or over else None)
    urgent = referral.urgency == Referral.Urgency.URGENT or referral.tasks.crises().exists()
    calls = referral.tasks.open().filter(pk__in=done, kind__in=Task.HEARD)
    ticked = calls.update(done_at=now, done_by=actor.user)
    if not (danger or over or ticked):
        require_new_words(referral, Kind.CALLED, text, actor=actor, now=now, outcome=outcome)
    other = person_of(referral, person) if person else None
    told: dict[str, str | bool] = {"outcome": outcome, **({"with": other.who} if other else {})}
    if over and end_help(referral, actor=actor, now=now):
        told["help_over"] = True
    elif have(referral, actor=actor, now=now):
        told["has_call"] = True
    if outcome == Call.LEFT_WORD and (other or referral.contact).voicemail == Contact.Message.NO:
        told["unwanted"] = True
    if outcome == Call.WRONG_NUMBER and not other and referral.is_open and mark_wrong(referral, now=now):
        told["marked"] = True
    if next_try is not None and outcome in NOT_REACHED and referral.is_open:
        _call_again(referral, next_try, now, text=other.who if other else "", urgent=urgent)
        told |= {"next_try": next_try.isoformat(), "zone": referral.contact.zone}
    line = write(referral, Kind.CALLED, actor=actor, now=now, text=text, **told)
    if danger:
        ring(referral, text, actor=actor, now=now)
    return line


def tries_in_vain(referral: Referral) -> int:
    """How many of the last calls, in a row, reached nobody."""
    calls = referral.timeline.filter(kind=Kind.CALLED).order_by("-at", "-pk").values_list("params", flat=True)
    return len(list(takewhile(lambda params: params.get("outcome") in NOT_REACHED, calls)))


def _call_again(referral: Referral, at: datetime, now: datetime, *, text: str, urgent: bool) -> None:
    contact = referral.contact
    if not now < at < now + FARTHEST_TRY:
        raise OutsideHours
    if not urgent and call_at(at, contact.times, contact.zone, working_time()) != at:
        raise OutsideHours
    planned = referral.tasks.open().filter(kind=Task.Kind.CALL, due_at=at, by_hand=True)
    if all(each.text != text for each in planned):  # three calls in vain are not three calls to make
        referral.tasks.create(kind=Task.Kind.CALL, due_at=at, created_at=now, text=text, by_hand=True, urgent=urgent)
    for due in referral.followups.pending().filter(kind=FollowUpStep.Kind.CALL, due_at__lte=now):
        due.status, due.answer, due.answered_at = FollowUp.Status.ANSWERED, FollowUp.Answer.NOBODY, now
        due.save()  # this call was that check-in, and the next try is its


@one_transaction
def add_note(pk: int, text: str, *, danger: bool = False, actor: Actor, now: datetime) -> TimelineEntry:
    """Write a note, once. It changes nothing that somebody else could be changing, so no version is asked for."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor)
    if not danger:
        require_new_words(referral, Kind.NOTE, text, actor=actor, now=now)
    line = write(referral, Kind.NOTE, actor=actor, now=now, text=text)
    if danger:
        ring(referral, text, actor=actor, now=now)
    return line


@one_transaction
def hold_referral(
    pk: int,
    *,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    end_requests: bool = False,
) -> Referral:
    """Pause until a date: nothing is put off for ever. Requests that no program has decided on go on, unless they end
    with it."""
    referral = locked(pk, actor=actor, seen=seen)
    referral.status = step(REFERRAL, referral.status, "hold", role=actor.role, reason=reason)
    referral.hold_until = until
    referral.snoozed_until, referral.snoozed_at = until, now  # what is due rests; what comes later shows
    rest_follow_ups(referral, now=now)
    asked = referral.placements.filter(status__in=UNDECIDED if end_requests else ()).select_related("program")
    ended = [transition(each, "cancel", coded(RESTS), actor=SYSTEM, now=now) for each in asked]
    day = timezone.localdate(until).isoformat()
    write(referral, Kind.HELD, actor=actor, now=now, text=reason, until=day, cancelled=ended)
    return referral


@one_transaction
def resume_referral(pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    referral = locked(pk, actor=actor, seen=seen)
    referral.status = step(REFERRAL, referral.status, "resume", role=actor.role)
    end_hold(referral, now=now)
    write(referral, Kind.RESUMED, actor=actor, now=now)
    return referral


@one_transaction
def reconsider(pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Open a connected referral again for another program."""
    referral = locked(pk, actor=actor, seen=seen)
    referral.status = step(REFERRAL, referral.status, "reconsider", role=actor.role)
    write(referral, Kind.RECONSIDERED, actor=actor, now=now)
    return referral
