"""A program takes back its own slip, the last thing it did, within minutes: what followed from it goes with it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from messaging.actions import cancel, standing
from messaging.models import Message
from messaging.states import NEVER_SENT
from privacy.models import AccessEvent
from privacy.transactions import one_transaction
from referral import milestones
from referral.actions.common import SYSTEM, Actor, locked_placement, new_task, require, require_open, write
from referral.actions.endings import ANSWER_STANDS, MAY_COME_BACK, asked_again, cancel_open_times, open_again
from referral.actions.notices import ENDED, NEWS, reference, tell_family
from referral.actions.waitlists import look_again
from referral.lifecycle import REFERRAL, UNDO_TIME, PlacementStatus, ReferralStatus, Refused, Role, Why, step
from referral.models import Placement, Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind
# What may stand last on a request: the program's own steps, and the family's answers to its times.
AT_THE_VISIT = (Kind.TIMES_OFFERED, Kind.VISIT)
STEPS = (
    Kind.ACCEPTED, Kind.REJECTED, Kind.WAITLISTED, Kind.STARTED, Kind.PLACEMENT_COMPLETED, Kind.PLACEMENT_FAILED,
    *AT_THE_VISIT, Kind.OPENING_EXPECTED, Kind.TIME_CHOSEN, Kind.NO_TIME_FITS,
)  # fmt: skip
LEADS_TO = {
    Kind.ACCEPTED: PlacementStatus.ACCEPTED,
    Kind.WAITLISTED: PlacementStatus.WAITLISTED,
    Kind.STARTED: PlacementStatus.IN_PROGRESS,
}
# By these somebody here may have told the family of what happened meanwhile.
TELLS_FAMILY = (Kind.CALLED, Kind.WRITTEN, Kind.TOLD_FAMILY, Kind.TASK_DONE)
# Of these a family gets a message, so it gets one, too, once they hold no longer.
FAMILY_IS_TOLD = (Kind.ACCEPTED, Kind.WAITLISTED, Kind.OPENING_EXPECTED, Kind.TIMES_OFFERED)


def steps_of(placement: Placement) -> list[TimelineEntry]:
    """What was done with a request and not taken back since, in order."""
    done: list[TimelineEntry] = []
    for line in TimelineEntry.objects.filter(kind__in=[*STEPS, Kind.UNDONE]).of_request(placement):
        if line.kind != Kind.UNDONE:
            done.append(line)
        elif done:
            done.pop()
    return done


def slip_of(placement: Placement, deeds: list[TimelineEntry], now: datetime) -> TimelineEntry | None:
    """The last thing done, where the program did it and may still take it back."""
    last = deeds[-1] if deeds else None
    if last is None or last.role != Role.PROGRAM or now - last.at > UNDO_TIME:
        return None
    if last.kind in AT_THE_VISIT:
        return last if placement.status == PlacementStatus.ACCEPTED else None
    if last.kind == Kind.OPENING_EXPECTED:  # a line from before it could be taken back does not say what the day was
        return last if placement.status == PlacementStatus.WAITLISTED and "was" in last.params else None
    if last.kind == Kind.REJECTED and taken_elsewhere(placement):
        return None
    return last if placement.undo(now) else None


def taken_elsewhere(placement: Placement) -> bool:
    """Whether another program has accepted the family: what this one declined is not asked of it again."""
    others = Placement.objects.filter(referral=placement.referral_id, status__in=ANSWER_STANDS)
    return others.exclude(pk=placement.pk).exclude(status=PlacementStatus.WAITLISTED).exists()


@one_transaction
def undo_last(placement_pk: int, *, actor: Actor, now: datetime) -> Placement:
    """Take back the last thing that the program did: a move, its times, the day of an opening, its word of the visit.

    Raises `Refused` where it is too late, or something stands on it.

    What was disclosed stays disclosed, and stays on the record. Requests to other programs that the move had ended
    are open again; those programs have not been told yet, and are not told now.
    """
    require(actor, Role.PROGRAM)
    placement, referral = locked_placement(placement_pk, actor, None)
    require_open(referral)
    slip = slip_of(placement, steps_of(placement), now)
    if slip is None or asked_again(placement):
        raise Refused(Why.NOT_FROM_HERE, "undo", placement.status)
    others: list[str] = []
    if slip.kind in AT_THE_VISIT:
        _undo_at_the_visit(placement, slip, now)
    elif slip.kind == Kind.OPENING_EXPECTED:
        was = slip.params["was"]
        placement.expected_on = date.fromisoformat(was) if was else None
        placement.save(update_fields=["expected_on"])
        look_again(placement, referral, now)
    else:
        others = _undo_move(placement, referral, slip, actor=actor, now=now)
    if slip.kind in FAMILY_IS_TOLD:
        _correct(referral, slip.at, now)
    if slip.kind == Kind.ACCEPTED and _may_know(referral, slip.at):
        text = _("%(program)s took back its acceptance. The family may know of it: tell them.")
        text %= {"program": placement.program}
        new_task(referral, Task.Kind.CALL, due_at=now, now=now, text=text, urgent=True, placement=placement)
    for step_made in milestones.steps_of(slip.kind, slip.role, slip.params):
        if getattr(referral, step_made) == slip.at:  # an earlier one stands
            setattr(referral, step_made, None)
    write(
        referral, Kind.UNDONE, actor=actor, now=now,
        placement=placement.pk, program=str(placement.program), status=placement.status, others=others, what=slip.kind,
    )  # fmt: skip
    return placement


def _undo_move(
    placement: Placement, referral: Referral, slip: TimelineEntry, *, actor: Actor, now: datetime
) -> list[str]:
    """Return the programs whose requests are open again."""
    move, since = placement.undo(now), slip.at
    freed = _freed_by(placement, referral)
    canceled = referral.placements.filter(status=PlacementStatus.CANCELLED, moved_at=placement.moved_at)
    gone = [each.pk for each in canceled if each not in freed]
    told = [] if _others_stand(placement) else [f"{NEWS}:{referral.pk}"]
    cancel(*told, *(reference(ENDED, each) for each in freed), reason="undone", now=now)
    placement.make(move, role=actor.role, now=now)
    placement.reason, placement.ended_at = "", None
    _stand_as_before(placement, slip)
    if placement.status == PlacementStatus.REQUESTED:
        placement.answered_at, placement.expected_on = None, None
    placement.save()
    # Times are open only while a program has accepted: those that the move had ended are open again.
    cancel_open_times(placement)
    _give_back_times(placement, slip)
    own = placement.tasks.filter(by_hand=False)
    own.open().filter(created_at=since).exclude(kind=Task.Kind.PROGRAM_ASKS).update(done_at=now)
    # What the move had ended is to do again, but for what hangs on a request that stays ended.
    ended = referral.tasks.filter(by_hand=False).exclude(placement__in=gone)
    ended.filter(done_at=since, created_at__lt=since).update(done_at=None, done_by=None)
    _follow(referral)
    return [open_again(each, now) for each in freed]


def _stand_as_before(placement: Placement, slip: TimelineEntry) -> None:
    """The step before this one may be taken back, too, as long as its own minutes last."""
    moves = [each for each in steps_of(placement) if each.kind in LEADS_TO and each.pk < slip.pk]
    if moves:
        placement.was = LEADS_TO[Kind(moves[-2].kind)] if len(moves) > 1 else PlacementStatus.REQUESTED
        placement.moved_at, placement.moved_by = moves[-1].at, moves[-1].role


def _undo_at_the_visit(placement: Placement, slip: TimelineEntry, now: datetime) -> None:
    if slip.kind == Kind.TIMES_OFFERED:
        cancel_open_times(placement)
    else:
        tasks = placement.tasks.filter(by_hand=False)
        ended = [Task.Kind.CALL, Task.Kind.NOT_CALLED, Task.Kind.NEXT_STEP]
        called = tasks.filter(kind__in=ended, done_at=slip.at)
        called.update(done_at=None, done_by=None)
        tasks.open().filter(kind=Task.Kind.NEXT_STEP, created_at=slip.at).update(done_at=now)
    _give_back_times(placement, slip)


def _give_back_times(placement: Placement, slip: TimelineEntry) -> None:
    """The times as they stood before what is taken back."""
    for pk, status in slip.params.get("visits", {}).items():
        placement.appointments.filter(pk=pk).update(status=status)


def _may_know(referral: Referral, since: datetime) -> bool:
    """Whether the family may have been told: by a message, by one of us, or by its own page that it has seen."""
    went = Message.objects.filter(reference=f"{NEWS}:{referral.pk}", sending_at__gte=since).exclude(
        state__in=NEVER_SENT
    )
    told = referral.timeline.filter(at__gte=since, kind__in=TELLS_FAMILY)
    seen = AccessEvent.objects.filter(subject=referral.key, at__gte=since, purpose="family link")
    return went.exists() or told.exists() or seen.exists()


def _correct(referral: Referral, since: datetime, now: datetime) -> None:
    """A family that has had the news hears at once that there is other news; who has not had it finds the page as it
    is."""
    news = f"{NEWS}:{referral.pk}"
    went = Message.objects.filter(reference=news, sending_at__gte=since).exclude(state__in=NEVER_SENT)
    if standing(news) and (went.exists() or not Message.objects.filter(reference=news).pending().exists()):
        tell_family(referral, NEWS, now=now, occasion=f"undone {referral.version}", takes_back=True)


def _others_stand(placement: Placement) -> bool:
    others = Placement.objects.filter(referral=placement.referral_id, status__in=ANSWER_STANDS)
    return others.exclude(pk=placement.pk).exists()


def _freed_by(placement: Placement, referral: Referral) -> list[Placement]:
    """What ended at the very moment of the move, because of it, and can still come back."""
    ended = referral.placements.filter(status=PlacementStatus.CANCELLED, moved_at=placement.moved_at)
    found = ended.exclude(pk=placement.pk).select_related("program")
    return [each for each in found if each.reason in MAY_COME_BACK and not asked_again(each)]


def _follow(referral: Referral) -> None:
    """The referral is connected while somebody is in care, as far as these moves decide it."""
    in_care = referral.placements.filter(status=PlacementStatus.IN_PROGRESS).exists()
    if in_care and referral.status == ReferralStatus.ACTIVE:
        referral.status = step(REFERRAL, referral.status, "connect", role=SYSTEM.role)
    elif not in_care and referral.status == ReferralStatus.CONNECTED:
        referral.status = step(REFERRAL, referral.status, "reconsider", role=SYSTEM.role)
