"""Tasks of a referral: added for whoever has it, and ticked off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, require, require_open, write
from referral.actions.duty import call_duty
from referral.lifecycle import UNDO_TIME, Refused, Role, Why
from referral.models import Task, TimelineEntry
from referral.models.people import as_phone

Kind = TimelineEntry.Kind


@one_transaction
def add_task(
    pk: int, *, kind: str, due_at: datetime, actor: Actor, now: datetime, text: str = "", urgent: bool = False
) -> Task:
    """Add a task for whoever has the referral."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor)
    urgent = urgent or kind == Task.Kind.NEEDS_HELP
    task: Task = referral.tasks.create(kind=kind, due_at=due_at, created_at=now, text=text, urgent=urgent, by_hand=True)
    write(referral, Kind.TASK_ADDED, actor=actor, now=now, task=kind)
    call_duty(referral, now=now)
    return task


@one_transaction
def leave_word(pk: int, said: str, *, number: str = "", asks_now: bool = False, actor: Actor, now: datetime) -> Task:
    """What a family said on the phone to somebody else than its navigator: a task for whoever has it, to call back.

    `number` is where to call, if it is another than the family's own; `asks_now` calls whoever is on duty. Asks for no
    version: what a family said must not be lost because somebody wrote a note meanwhile.
    Raises `Ended` where the referral is closed.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, whoever_has_it=True)
    require_open(referral)
    kind = Task.Kind.NEEDS_HELP if asks_now else Task.Kind.CALL
    text = "\n".join(part for part in (f"{actor.label}: {said}", as_phone(number)) if part)
    open_ones: Iterable[Task] = referral.tasks.open().filter(kind=kind, by_hand=True)
    if (same := next((each for each in open_ones if each.text == text), None)) is not None:
        return same  # pressed twice
    task: Task = referral.tasks.create(kind=kind, due_at=now, created_at=now, text=text, urgent=asks_now, by_hand=True)
    write(referral, Kind.TASK_ADDED, actor=actor, now=now, text=said, task=kind)
    call_duty(referral, now=now)
    return task


@one_transaction
def finish_task(task_pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Task:
    """Tick a task off; ticked twice, it is written once. Of a call for help, and of what a family wrote, one says what
    happened: see `resolve`."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(Task.objects.values_list("referral_id", flat=True).get(pk=task_pk), actor=actor, seen=seen)
    task: Task = referral.tasks.get(pk=task_pk)
    if task.asks_what_happened:
        raise Refused(Why.REASON_NEEDED, "done", None)
    if task.done_at is None:
        task.done_at, task.done_by = now, actor.user
        task.save()
        write(referral, Kind.TASK_DONE, actor=actor, now=now, task=task.kind)
    return task


@one_transaction
def put_back(task_pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Task:
    """Whoever ticked a task off takes it back, for `UNDO_TIME`. Raises `Refused` after that, `Ended` after the end."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(Task.objects.values_list("referral_id", flat=True).get(pk=task_pk), actor=actor, seen=seen)
    require_open(referral)
    assert actor.user is not None
    task: Task | None = referral.tasks.ticked_by(actor.user, now - UNDO_TIME).filter(pk=task_pk).first()
    if task is None:
        raise Refused(Why.NOT_FROM_HERE, "put_back", None)
    task.done_at, task.done_by = None, None
    task.save()
    write(referral, Kind.TASK_ADDED, actor=actor, now=now, task=task.kind, again=True)
    return task
