"""A family's answer to a check-in, and what it moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from messaging.danger_words import in_danger
from privacy.transactions import one_transaction
from referral.actions.common import HUMAN, Actor, locked, new_task, require, write
from referral.actions.duty import ask_for_help, call_duty
from referral.actions.endings import UNDECIDED
from referral.actions.followups import end_hold
from referral.actions.placements import begin_care
from referral.actions.stops import stop_ways
from referral.hours import answer_due
from referral.lifecycle import REFERRAL, PlacementStatus, Role, moves_from, step
from referral.models import CheckInLink, FollowUp, Referral, Task, TimelineEntry
from referral.models.hours import working_time

Kind = TimelineEntry.Kind


@one_transaction
def answer_check_in(
    followup_pk: int,
    answer: str,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    seen: int | None = None,
    link: CheckInLink | None = None,
) -> FollowUp:
    """Write down what the family says to a check-in, and let it move what it should.

    The family answers on its own page, or a member of staff writes down what was said on the phone. An answer may be
    changed: the newest counts, and every one stays on the timeline. Given twice in the same words, or in none, it is
    written once. STOP counts for the address that `link`, by which the family is here, went to; of any other for this
    family alone.
    """
    require(actor, *HUMAN)
    owner = FollowUp.objects.values_list("referral_id", flat=True).get(pk=followup_pk)
    referral = locked(owner, actor=actor, seen=seen)
    followup: FollowUp = referral.followups.get(pk=followup_pk)
    if followup.answer == answer and text in ("", _last_words(referral, followup)):
        return followup
    shut: dict[str, list[str]] = {}
    if answer == FollowUp.Answer.STOP:
        shut = {"shut": _stopped(referral, actor=actor, link=link, now=now)}
        followup = referral.followups.get(pk=followup_pk)
    followup.status, followup.answer, followup.answered_at = FollowUp.Status.ANSWERED, FollowUp.Answer(answer), now
    followup.save()
    moved = _follow(referral, answer, actor=actor, now=now, text=text)
    write(
        referral, Kind.CHECK_IN_ANSWERED, actor=actor, now=now, text=text,
        followup=followup.pk, answer=answer, **moved, **shut,
    )  # fmt: skip
    call_duty(referral, now=now)
    return followup


def _stopped(referral: Referral, *, actor: Actor, link: CheckInLink | None, now: datetime) -> list[str]:
    said = stop_ways(referral, channel=None, now=now, source=actor.source("check-in"), actor=actor, link=link)
    return said.get("shut", [])


def _last_words(referral: Referral, followup: FollowUp) -> str:
    lines = referral.timeline.filter(kind=Kind.CHECK_IN_ANSWERED).about(followup=followup.pk)
    return str(lines[-1].text) if lines else ""


def _follow(referral: Referral, answer: str, *, actor: Actor, now: datetime, text: str) -> dict[str, object]:
    """Do what an answer asks for, under the caller's line of history; return what it moved.

    A family that asks for help after the end must still be heard, but its referral stays as it ended.
    """
    if answer == FollowUp.Answer.HELP or (actor.role == Role.FAMILY and in_danger(text)):
        ask_for_help(referral, text, actor=actor, now=now)
    elif answer == FollowUp.Answer.WAITING:
        new_task(referral, Task.Kind.STILL_WAITING, due_at=_in_a_day(now), now=now, text=text)
    if not referral.is_open:
        return {}
    if answer == FollowUp.Answer.CONNECTED:
        return _connected(referral, actor=actor, now=now)
    if answer == FollowUp.Answer.NOBODY:
        new_task(referral, Task.Kind.CALL, due_at=_in_a_day(now), now=now, text=text)
    return {}


def _in_a_day(now: datetime) -> datetime:
    """A day from now, or once somebody is at work after that."""
    return answer_due(now, timedelta(days=1), working_time())


def connecting_ends_requests(referral: Referral) -> bool:
    """Whether "We have a program" cancels what other programs still decide, as it does where one has accepted."""
    stands = list(referral.placements.values_list("status", flat=True))
    return stands.count(PlacementStatus.ACCEPTED) == 1 and any(each in UNDECIDED for each in stands)


def _connected(referral: Referral, *, actor: Actor, now: datetime) -> dict[str, object]:
    """The family is in care. With one accepted placement it is clear where; with several, staff ask."""
    accepted = list(referral.placements.filter(status=PlacementStatus.ACCEPTED).select_related("program"))
    if len(accepted) == 1:
        others = begin_care(accepted[0], referral, actor=actor, now=now)
        return {"program": str(accepted[0].program), "others": others}
    if "connect" in moves_from(REFERRAL, referral.status, role=actor.role):
        referral.status = step(REFERRAL, referral.status, "connect", role=actor.role)
        end_hold(referral, now=now)
    if not referral.placements.filter(status=PlacementStatus.IN_PROGRESS).exists():
        new_task(referral, Task.Kind.NEXT_STEP, due_at=_in_a_day(now), now=now)
    return {}
