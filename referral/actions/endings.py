"""How a request to a program ends, under the line of history of whatever ended it; and that the program is told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from messaging.actions import cancel
from referral.actions.common import SYSTEM, Actor, new_task
from referral.actions.notices import ENDED, NEWS, notices_of, tell_program
from referral.lifecycle import PLACEMENT, PLACEMENT_ENDS, PLACEMENT_LIVE, UNDO_TIME, PlacementStatus, Role, moves_from
from referral.models import Appointment, Placement, ProgramLink, Referral, Task
from referral.models.tasks import TaskQuerySet
from referral.reasons import ACCEPTED_ELSEWHERE, CARE_ELSEWHERE, coded, in_words

# What a family is told of: a program has answered, and its answer stands.
ANSWER_STANDS = PLACEMENT_LIVE - {PlacementStatus.REQUESTED}
UNDECIDED = (PlacementStatus.REQUESTED, PlacementStatus.WAITLISTED)
OPEN_TIMES = (Appointment.Status.PROPOSED, Appointment.Status.BOOKED)
# What ended a request here may be taken back for a while: the program hears of it after that.
MAY_COME_BACK = (coded(ACCEPTED_ELSEWHERE), coded(CARE_ELSEWHERE))


def transition(
    placement: Placement, move: str, reason: str, *, actor: Actor, now: datetime, later: bool = False
) -> str:
    """Move a placement under the caller's line of history; return its program's name. Told `later` is what may be taken
    back meanwhile."""
    placement.make(move, role=actor.role, now=now, reason=reason)
    placement.reason = reason
    if not placement.is_live:
        placement.ended_at = now
        close_link(placement, *_news_ended(placement), reason=f"placement {placement.status}", now=now)
        # After its messages: whoever sends one holds it and may be about to write a task.
        placement.tasks.open().filter(by_hand=False).update(done_at=now, done_by=actor.user)
        cancel_open_times(placement)
        if placement.status == PlacementStatus.CANCELLED:
            tell_program(placement, ENDED, now=now + UNDO_TIME if later or reason in MAY_COME_BACK else now)
    placement.save()
    return str(placement.program)


def ask_what_is_next(
    placement: Placement, referral: Referral, *, fell_through: bool, actor: Actor, now: datetime
) -> None:
    """A task after a place came to nothing, or care ended. Of several places that fell through one is left, and says
    them all: the next program is asked once."""
    text = f"{placement.program}: {in_words(placement.reason)}" if placement.reason else str(placement.program)
    if not fell_through:
        new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=text, placement=placement)
        return
    rows = referral.tasks.open().filter(kind=Task.Kind.NEXT_PROGRAM, by_hand=False)
    if names := ", ".join(sorted(_ended_for(placement, referral))):
        text += "\n" + _("Ended when this program said yes: %(programs)s. Ask them again.") % {"programs": names}
    text = "\n".join([*(each.text for each in rows), text])
    rows.update(done_at=now, done_by=actor.user)
    new_task(referral, Task.Kind.NEXT_PROGRAM, due_at=now, now=now, text=text, placement=placement)


def _ended_for(placement: Placement, referral: Referral) -> list[str]:
    """The programs whose requests ended because this one said yes: each was told the family that we ask it again."""
    since = placement.answered_at or placement.sent_at
    rows = referral.placements.filter(
        status=PlacementStatus.CANCELLED, reason_code=ACCEPTED_ELSEWHERE, ended_at__gte=since
    )
    live = set(referral.placements.live().values_list("program", flat=True))
    return [str(each.program) for each in rows.select_related("program") if each.program_id not in live]


def overtaken(placement: Placement, referral: Referral) -> TaskQuerySet:
    """What nobody has to do any more once this program has said yes: to look again at its place on the waitlist, to
    call because it took its word back, to find what comes after another that declined or fell through."""
    own = Q(placement=placement, kind__in=[Task.Kind.NEXT_STEP, Task.Kind.CALL])
    after = Q(placement__status__in=PLACEMENT_ENDS, kind__in=[Task.Kind.NEXT_STEP, Task.Kind.NEXT_PROGRAM])
    return referral.tasks.open().filter(own | after, by_hand=False)


def cancel_open_times(placement: Placement) -> None:
    """No time that is proposed or chosen stands any more."""
    placement.appointments.filter(status__in=OPEN_TIMES).update(status=Appointment.Status.CANCELLED)


def open_times(placement: Placement) -> dict[str, str]:
    """The times that are proposed or chosen, each with its status: what is taken back puts them back."""
    times = placement.appointments.filter(status__in=OPEN_TIMES).values_list("pk", "status")
    return {str(pk): status for pk, status in times}


def end_visits(placement: Placement, now: datetime) -> None:
    """Care has started: the first visit is over or is not needed, and nothing is left to choose."""
    end_alarms(placement, now)
    placement.appointments.booked().filter(at__lte=now).update(status=Appointment.Status.FULFILLED)
    cancel_open_times(placement)


def end_alarms(placement: Placement, now: datetime) -> None:
    """They came, or care has started: nobody has to ask any more what comes after a visit that came to nothing."""
    placement.tasks.open().filter(kind=Task.Kind.NEXT_STEP, by_hand=False).update(done_at=now)


def free_others(placement: Placement, reason: str, *statuses: PlacementStatus, now: datetime) -> list[str]:
    """Cancel the family's other requests in these statuses; return the programs, which hear of it."""
    others = Placement.objects.filter(referral=placement.referral_id, status__in=statuses).exclude(pk=placement.pk)
    return [transition(each, "cancel", reason, actor=SYSTEM, now=now) for each in others.select_related("program")]


def open_again(placement: Placement, now: datetime) -> str:
    """Take back the end of a request whose program has not heard of it; return the program's name."""
    placement.make(f"undo_to_{placement.was}", role=SYSTEM.role, now=now)
    placement.reason, placement.ended_at = "", None
    placement.save()
    return str(placement.program)


def asked_again(placement: Placement) -> bool:
    """Whether the program has another request of this family since: there is room for one."""
    others = Placement.objects.live().filter(referral=placement.referral_id, program=placement.program_id)
    return others.exclude(pk=placement.pk).exists()


def close_link(placement: Placement, *also: str, reason: str, now: datetime) -> None:
    """Close the program's way in, and take back its request and the messages under the references `also`."""
    cancel(placement.key, *notices_of(placement), *also, reason=reason, now=now)
    ProgramLink.objects.filter(placement=placement, revoked_at=None).update(revoked_at=now)


def _news_ended(placement: Placement) -> list[str]:
    """The news that nothing is left to tell of: no other program's answer stands that it could be about."""
    others = Placement.objects.filter(referral=placement.referral_id, status__in=ANSWER_STANDS).exclude(pk=placement.pk)
    return [] if others.exists() else [f"{NEWS}:{placement.referral_id}"]


def end_live_placements(referral: Referral, *, met: bool, reason: str, now: datetime, later: bool = False) -> list[str]:
    """End every live placement because the referral ends; return the programs' names."""
    ended = []
    for placement in referral.placements.live().select_related("program"):
        possible = moves_from(PLACEMENT, placement.status, role=Role.SYSTEM)
        order = ("complete", "cancel", "fail") if met else ("cancel", "fail")
        move = next(each for each in order if each in possible)
        ended.append(transition(placement, move, reason, actor=SYSTEM, now=now, later=later))
    return ended
