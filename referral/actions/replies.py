"""What a family or a program tells us of its own accord: somebody here reads it and acts."""

from __future__ import annotations

from datetime import datetime

from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, new_task, require, require_open, write
from referral.actions.notices import NEWS, UPDATE, tell_family, tell_program
from referral.lifecycle import STAFF, PlacementStatus, Refused, Role, Why
from referral.models import Placement, Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind


@one_transaction
def hear_family(pk: int, text: str, *, actor: Actor, now: datetime) -> Task:
    """The family sends us a word. Raises `Ended` once its request is closed."""
    referral = _open(pk, actor, Role.FAMILY)
    task = new_task(referral, Task.Kind.REPLY, due_at=now, now=now, text=text)
    write(referral, Kind.WROTE, actor=actor, now=now, text=text)
    return task


@one_transaction
def nobody_called(pk: int, *, actor: Actor, now: datetime) -> Task:
    """A program said yes and has not called: said twice, one urgent task. Raises `Refused` where none said yes."""
    referral = _open(pk, actor, Role.FAMILY)
    accepted = referral.placements.filter(status=PlacementStatus.ACCEPTED).select_related("program")
    names = ", ".join(str(each.program) for each in accepted)
    if not names:
        raise Refused(Why.NOT_FROM_HERE, "remind", referral.status)
    known: Task | None = referral.tasks.open().filter(kind=Task.Kind.NOT_CALLED).first()
    if known:
        return known
    only = accepted[0] if len(accepted) == 1 else None
    task = new_task(referral, Task.Kind.NOT_CALLED, due_at=now, now=now, text=names, urgent=True, placement=only)
    write(referral, Kind.NOT_CALLED, actor=actor, now=now, program=names)
    return task


@one_transaction
def hear_program(placement_pk: int, text: str, *, actor: Actor, now: datetime) -> Task:
    """A program asks something before it answers; its request stays as it is. Raises `Refused` once that has ended."""
    owner = Placement.objects.values_list("referral_id", flat=True).get(pk=placement_pk)
    referral = _open(owner, actor, Role.PROGRAM)
    placement: Placement = referral.placements.select_related("program").get(pk=placement_pk)
    if not placement.is_live:
        raise Refused(Why.NOT_FROM_HERE, "ask", placement.status)
    name = str(placement.program)
    task = new_task(referral, Task.Kind.PROGRAM_ASKS, due_at=now, now=now, text=f"{name}: {text}", placement=placement)
    write(referral, Kind.PROGRAM_ASKED, actor=actor, now=now, text=text, placement=placement.pk, program=name)
    return task


@one_transaction
def tell_the_program(placement_pk: int, text: str, *, actor: Actor, now: datetime) -> Placement:
    """Staff answer a program; it reads the words on its page, and nowhere else. What it had asked is done."""
    owner = Placement.objects.values_list("referral_id", flat=True).get(pk=placement_pk)
    referral = _open(owner, actor, *STAFF)
    placement: Placement = referral.placements.select_related("program").get(pk=placement_pk)
    if not placement.is_live:
        raise Refused(Why.NOT_FROM_HERE, "tell", placement.status)
    tell_program(placement, UPDATE, now=now)
    asked = placement.tasks.open().filter(kind=Task.Kind.PROGRAM_ASKS)
    asked.update(done_at=now, done_by=actor.user)
    name = str(placement.program)
    write(referral, Kind.TOLD_PROGRAM, actor=actor, now=now, text=text, placement=placement.pk, program=name)
    return placement


@one_transaction
def tell_the_family(pk: int, text: str, *, actor: Actor, now: datetime) -> Referral:
    """Staff answer a family; it reads the words on its page, and is written to that there is news. What it wrote there
    is read by that."""
    referral = _open(pk, actor, *STAFF)
    tell_family(referral, NEWS, now=now, occasion=f"answer {referral.version}")
    referral.tasks.open().filter(kind=Task.Kind.REPLY).update(done_at=now, done_by=actor.user)
    write(referral, Kind.TOLD_FAMILY, actor=actor, now=now, text=text)
    return referral


def answer_task(task_pk: int, text: str, *, actor: Actor, now: datetime) -> Placement | Referral:
    """Staff answer what a family or a program wrote, where it wrote it."""
    task = Task.objects.get(pk=task_pk)
    if task.placement_id is not None:
        return tell_the_program(task.placement_id, text, actor=actor, now=now)
    return tell_the_family(task.referral_id, text, actor=actor, now=now)


def _open(pk: int, actor: Actor, *roles: Role) -> Referral:
    require(actor, *roles)
    referral = locked(pk, actor=actor)
    require_open(referral)
    return referral
