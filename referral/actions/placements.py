"""Requests to programs: answered once, ended with a reason. How they are sent: `sending`."""

from __future__ import annotations

from datetime import date, datetime

from guides.models import LevelOfCare
from privacy.transactions import one_transaction
from referral.actions.common import (
    SYSTEM,
    Actor,
    locked_placement,
    new_task,
    write,
)
from referral.actions.duty import hear_danger
from referral.actions.effects import Effect, disclose, require_shown
from referral.actions.endings import (
    UNDECIDED,
    ask_what_is_next,
    end_visits,
    free_others,
    open_times,
    overtaken,
    transition,
)
from referral.actions.followups import end_hold, start_default_plan
from referral.actions.notices import NEWS, tell_family
from referral.actions.sending import consent_for
from referral.actions.waitlists import look_at
from referral.coverage import LIMITED
from referral.lifecycle import PLACEMENT, REFERRAL, PlacementStatus, ReferralStatus, Role, step
from referral.models import Placement, Referral, Task, TimelineEntry
from referral.reasons import ACCEPTED_ELSEWHERE, CARE_ELSEWHERE, coded

Kind = TimelineEntry.Kind


@one_transaction
def accept_placement(
    placement_pk: int,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    seen: int | None = None,
    shown: str | None = None,
) -> Placement:
    """The program says yes, and in `text` what else we should know.

    What its consent covers beyond the limited part is shared now, and only now. Requests to other programs that are
    undecided are canceled, and those programs are told.
    """
    placement, referral = locked_placement(placement_pk, actor, seen)
    placement.make("accept", role=actor.role, now=now)
    effect = _accepting(placement, referral, now)
    require_shown(effect, shown)
    (consent,), rest = effect.consents, effect.shares
    placement.answered_at = now
    placement.save()
    disclose(placement, consent, rest, now)
    waited = [str(each.program) for each in effect.ends if each.status == PlacementStatus.WAITLISTED]
    others = free_others(placement, coded(ACCEPTED_ELSEWHERE), *UNDECIDED, now=now)
    overtaken(placement, referral).update(done_at=now, done_by=actor.user)
    # One call: at the end of a hold about all, else it is the first one, too, which is about nothing else.
    held = referral.held_until(now)
    calls = referral.tasks.open().filter(kind=Task.Kind.CALL, by_hand=False)
    calls.filter(pk__in=[each.pk for each in calls if held or not each.text]).update(done_at=now, done_by=actor.user)
    due = held or now
    new_task(referral, Task.Kind.CALL, due_at=due, now=now, text=_task_text(placement, text), placement=placement)
    _answered(
        placement, referral, Kind.ACCEPTED, actor, now,
        text=text, categories=sorted(rest), others=others, waited=waited,
    )  # fmt: skip
    return placement


def preview_accept(placement_pk: int, *, actor: Actor, now: datetime) -> Effect:
    """What an acceptance would share. Raises what keeps it from being written down."""
    placement = Placement.objects.select_related("program", "referral").get(pk=placement_pk)
    step(PLACEMENT, placement.status, "accept", role=actor.role)
    return _accepting(placement, placement.referral, now)


def _accepting(placement: Placement, referral: Referral, now: datetime) -> Effect:
    consent = consent_for(referral, placement.program, placement.categories, now)
    rest = (set(placement.categories) & consent.shares(referral.contact)) - LIMITED
    others = referral.placements.filter(status__in=UNDECIDED).exclude(pk=placement.pk).select_related("program")
    return Effect(referral=referral, program=placement.program, shares=rest, consents=[consent], ends=list(others))


@one_transaction
def waitlist_placement(
    placement_pk: int,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    expected_on: date | None = None,
    seen: int | None = None,
) -> Placement:
    """The program has no place yet, and keeps the request, until about `expected_on` as far as it knows; `text` is
    what else we should know."""
    placement, referral = locked_placement(placement_pk, actor, seen)
    placement.make("waitlist", role=actor.role, now=now)
    placement.answered_at, placement.expected_on = now, expected_on
    placement.save()
    due, about = look_at(expected_on, now), _task_text(placement, text)
    new_task(referral, Task.Kind.NEXT_STEP, due_at=due, now=now, text=about, placement=placement)
    until = expected_on.isoformat() if expected_on else ""
    _answered(placement, referral, Kind.WAITLISTED, actor, now, text=text, until=until)
    return placement


@one_transaction
def reject_placement(
    placement_pk: int, reason: str, *, actor: Actor, now: datetime, seen: int | None = None
) -> Placement:
    """The program says no, and why. It never reopens: another request is a new placement."""
    placement, referral = locked_placement(placement_pk, actor, seen)
    placement.answered_at = now
    transition(placement, "reject", reason, actor=actor, now=now)
    new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=placement.program.name, placement=placement)
    _answered(placement, referral, Kind.REJECTED, actor, now, text=reason, tell=False)
    return placement


def _task_text(placement: Placement, text: str) -> str:
    """Which program answered, with its words if there are any."""
    return ": ".join(part for part in (placement.program.name, text) if part)


def _answered(
    placement: Placement,
    referral: Referral,
    kind: Kind,
    actor: Actor,
    now: datetime,
    *,
    text: str = "",
    tell: bool = True,
    **params: object,
) -> None:
    asked = placement.tasks.open().filter(kind=Task.Kind.CALL_PROGRAM, by_hand=False)
    asked.update(done_at=now, done_by=actor.user)
    # A "no" is told by a person, not by a message.
    if tell:
        tell_family(referral, NEWS, now=now, occasion=f"{kind}:{placement.pk}:{referral.version}")
    write(
        referral, kind, actor=actor, now=now, text=text,
        placement=placement.pk, program=str(placement.program), **params,
    )  # fmt: skip
    hear_danger(referral, text, actor=actor, now=now)


@one_transaction
def start_placement(
    placement_pk: int, level: LevelOfCare | None = None, *, actor: Actor, now: datetime, seen: int | None = None
) -> Placement:
    """The person is in care there, at this level. Requests to other programs that are still undecided are cancelled."""
    placement, referral = locked_placement(placement_pk, actor, seen)
    placement.level, visits = level, open_times(placement)
    others = begin_care(placement, referral, actor=actor, now=now)
    write(
        referral, Kind.STARTED, actor=actor, now=now,
        placement=placement.pk, program=str(placement.program), others=others, visits=visits,
    )  # fmt: skip
    return placement


def begin_care(placement: Placement, referral: Referral, *, actor: Actor, now: datetime) -> list[str]:
    """Move placement and referral under the caller's line of history; return the programs that this cancels."""
    placement.make("start", role=actor.role, now=now)
    placement.reason = ""  # that of a hold, which is over
    offered = [] if placement.level_id else list(LevelOfCare.objects.filter(offers__program=placement.program_id)[:2])
    if len(offered) == 1:  # else nobody knows without being told
        placement.level = offered[0]
    placement.save()
    end_visits(placement, now)
    if referral.status != ReferralStatus.CONNECTED:
        # Of a program's word that care has started, this only follows.
        role = SYSTEM.role if actor.role is Role.PROGRAM else actor.role
        referral.status = step(REFERRAL, referral.status, "connect", role=role)
        end_hold(referral, now=now)
    if referral.based_on_id:  # a next step that was opened while care went on before it
        start_default_plan(referral, now=now)
    return free_others(placement, coded(CARE_ELSEWHERE), *UNDECIDED, PlacementStatus.ACCEPTED, now=now)


@one_transaction
def hold_placement(
    placement_pk: int, reason: str, *, actor: Actor, now: datetime, seen: int | None = None
) -> Placement:
    """Pause; the line keeps where the placement stood, so that it goes on from there."""
    return _moved(placement_pk, "hold", Kind.PLACEMENT_HELD, actor=actor, now=now, seen=seen, reason=reason)


@one_transaction
def resume_placement(placement_pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Placement:
    """Go on where the placement stood before the hold: whoever was in care there is in care again."""
    placement, referral = locked_placement(placement_pk, actor, seen)
    held = TimelineEntry.objects.filter(kind=Kind.PLACEMENT_HELD).of_request(placement)
    others: list[str] = []
    if held and held[-1].params.get("was") == PlacementStatus.IN_PROGRESS:
        others = begin_care(placement, referral, actor=actor, now=now)
    else:
        transition(placement, "resume", "", actor=actor, now=now)
    write(
        referral, Kind.PLACEMENT_RESUMED, actor=actor, now=now,
        placement=placement.pk, program=str(placement.program), others=others,
    )  # fmt: skip
    return placement


@one_transaction
def complete_placement(
    placement_pk: int, *, actor: Actor, now: datetime, seen: int | None = None, text: str = ""
) -> Placement:
    """Care there is completed, and in `text` what else is said of it. Heard of from the program, it is for the
    navigator to ask what comes next."""
    return _moved(placement_pk, "complete", Kind.PLACEMENT_COMPLETED, actor=actor, now=now, seen=seen, reason=text)


@one_transaction
def fail_placement(
    placement_pk: int, reason: str, *, actor: Actor, now: datetime, seen: int | None = None
) -> Placement:
    """It did not work out. Where no other placement is in care, the referral is open again for another program."""
    return _moved(placement_pk, "fail", Kind.PLACEMENT_FAILED, actor=actor, now=now, seen=seen, reason=reason)


@one_transaction
def cancel_placement(
    placement_pk: int,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    shown: str | None = None,
) -> Placement:
    """Cancel the request, or the place that the program gave."""
    placement, referral = locked_placement(placement_pk, actor, seen)
    require_shown(_cancelling(placement, referral), shown)
    return _moved(placement_pk, "cancel", Kind.PLACEMENT_CANCELLED, actor=actor, now=now, seen=seen, reason=reason)


def preview_cancel(placement_pk: int, *, actor: Actor, now: datetime) -> Effect | None:
    """What cancelling would end; None while the program has given no place, which is no more than a question."""
    placement = Placement.objects.select_related("program", "referral").get(pk=placement_pk)
    if placement.status in (PlacementStatus.REQUESTED, PlacementStatus.WAITLISTED):
        return None
    step(PLACEMENT, placement.status, "cancel", role=actor.role, reason="asked for later")
    return _cancelling(placement, placement.referral)


def _cancelling(placement: Placement, referral: Referral) -> Effect:
    return Effect(referral=referral, program=placement.program, ends=[placement])


def _moved(
    pk: int, move: str, kind: Kind, *, actor: Actor, now: datetime, seen: int | None, reason: str = ""
) -> Placement:
    placement, referral = locked_placement(pk, actor, seen)
    was, visits = placement.status, open_times(placement)
    transition(placement, move, reason, actor=actor, now=now)
    in_care = referral.placements.filter(status=PlacementStatus.IN_PROGRESS).exists()
    if move == "fail" and not in_care and referral.status == ReferralStatus.CONNECTED:
        referral.status = step(REFERRAL, referral.status, "reconsider", role=SYSTEM.role)
    if actor.role is Role.PROGRAM or move in ("complete", "fail"):
        left_care = actor.role is Role.PROGRAM and was == PlacementStatus.IN_PROGRESS
        ask_what_is_next(placement, referral, fell_through=move == "fail" and not left_care, actor=actor, now=now)
    write(
        referral, kind, actor=actor, now=now, text=reason,
        placement=placement.pk, program=str(placement.program), was=was, visits=visits,
    )  # fmt: skip
    hear_danger(referral, reason, actor=actor, now=now)
    return placement
