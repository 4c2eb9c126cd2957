"""Who would wait for nothing: at a program that does not answer, or for texts that cannot be sent here."""

from __future__ import annotations

from datetime import datetime

from messaging.models import ChannelKey
from messaging.models.channel import is_set_up
from privacy.transactions import one_transaction
from referral.actions.common import SYSTEM, locked, new_task, write
from referral.actions.endings import transition
from referral.hours import answer_due, close_of_working_day
from referral.lifecycle import PlacementStatus
from referral.models import Placement, Referral, Task, TimelineEntry
from referral.models.escalations import answer_time
from referral.models.hours import working_time
from referral.models.referrals import PROGRAM_ANSWER_TIME
from referral.reasons import NO_ANSWER, NO_TEXTS, coded

WORKING_DAYS = 3  # after so many closes of business without a word, the family must not wait there any longer


def watch_requests(now: datetime) -> tuple[int, int]:
    """Ask staff to call, and close what has waited too long; return how many of each."""
    called = closed = 0
    silent = Placement.objects.filter(
        status=PlacementStatus.REQUESTED, sent_at__lte=now - answer_time(PROGRAM_ANSWER_TIME)
    )
    work, wait = working_time(), answer_time(PROGRAM_ANSWER_TIME)
    for placement in silent.order_by("sent_at"):
        since = owes_since(placement)
        if since is None or answer_due(since, wait, work) > now:
            continue  # it waits for our answer, or has just had it, or its office is closed
        if close_of_working_day(since, WORKING_DAYS, work) <= now:
            closed += _close(placement.pk, now)
        else:
            called += _call(placement.pk, now)
    return called, closed


def watch_ways(now: datetime) -> int:
    """Ask staff, once and urgently, to see to each family that allowed texts alone where none can be sent, perhaps
    since the account for them was taken away; return how many."""
    if is_set_up(ChannelKey.SMS):
        return 0
    texts_alone = Referral.objects.open().filter(
        contact__by_text=True, contact__by_email=False, contact__by_phone=False
    )
    unseen = texts_alone.exclude(tasks__kind=Task.Kind.NO_WAY).values_list("pk", flat=True)
    return sum(_find_a_way(pk, now) for pk in list(unseen))


@one_transaction
def _find_a_way(pk: int, now: datetime) -> bool:
    referral = locked(pk, actor=SYSTEM)
    contact = referral.contact
    if not referral.is_open or contact.is_reachable or not contact.by_text:
        return False
    text = "" if contact.is_overheard else coded(NO_TEXTS)  # nobody calls where others hear it
    new_task(referral, Task.Kind.NO_WAY, due_at=now, now=now, text=text, urgent=True)
    write(referral, TimelineEntry.Kind.TASK_ADDED, actor=SYSTEM, now=now, task=Task.Kind.NO_WAY.value, text=text)
    return True


def owes_since(placement: Placement) -> datetime | None:
    """Since when a program owes us its answer: it was asked, or had ours to its question. None while we owe it ours."""
    asked = list(placement.tasks.filter(kind=Task.Kind.PROGRAM_ASKS).values_list("done_at", flat=True))
    if None in asked:
        return None
    return max([placement.sent_at, *(done_at for done_at in asked if done_at)])


@one_transaction
def _call(pk: int, now: datetime) -> bool:
    placement = _still_silent(pk)
    if placement is None or placement.tasks.filter(kind=Task.Kind.CALL_PROGRAM).exists():
        return False
    if placement.tasks.open().filter(kind=Task.Kind.PROGRAM_ASKS).exists():
        return False  # it waits for our answer
    referral = placement.referral
    name = str(placement.program)
    new_task(referral, Task.Kind.CALL_PROGRAM, due_at=now, now=now, text=name, placement=placement)
    write(referral, TimelineEntry.Kind.TASK_ADDED, actor=SYSTEM, now=now, task=Task.Kind.CALL_PROGRAM.value, text=name)
    return True


@one_transaction
def _close(pk: int, now: datetime) -> bool:
    placement = _still_silent(pk)
    if placement is None or owes_since(placement) is None:
        return False
    referral, name = placement.referral, str(placement.program)
    transition(placement, "cancel", coded(NO_ANSWER), actor=SYSTEM, now=now)
    new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=name, placement=placement)
    write(
        referral, TimelineEntry.Kind.PLACEMENT_CANCELLED, actor=SYSTEM, now=now, text=coded(NO_ANSWER),
        placement=placement.pk, program=name, was=placement.was,
    )  # fmt: skip
    return True


def _still_silent(pk: int) -> Placement | None:
    owner = Placement.objects.values_list("referral_id", flat=True).get(pk=pk)
    referral = locked(owner, actor=SYSTEM)
    found = Placement.objects.filter(pk=pk, status=PlacementStatus.REQUESTED).select_related("program").first()
    if found is not None:
        found.referral = referral
    return found
