"""What a family or a program tells us of its own accord: somebody here reads it and acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from messaging.danger_words import in_danger
from messaging.steering import UNDO
from privacy.transactions import one_transaction
from referral.actions.common import Actor, NotCovered, locked, new_task, require, require_open, write
from referral.actions.duty import ask_for_help, call_duty, hear_danger
from referral.actions.notices import ANSWER, UPDATE, tell_family, tell_program
from referral.contact_lines import wrote_by_link
from referral.coverage import Category, Gap, covering
from referral.leaks import tells
from referral.lifecycle import STAFF, PlacementStatus, Refused, Role, Why
from referral.models import Placement, Referral, Task, TimelineEntry
from referral.program_rows import KNOWS_ALL
from referral.reasons import SAID_NOW, coded

Kind = TimelineEntry.Kind


@one_transaction
def hear_family(pk: int, text: str, *, danger: bool = False, actor: Actor, now: datetime) -> Task:
    """The family sends us a word; words of danger are a call for help, and any words where it says that there is
    `danger`. Raises `Ended` once its request is closed."""
    referral = _open(pk, actor, Role.FAMILY)
    if danger:
        task = ask_for_help(referral, f"{coded(SAID_NOW)}\n{text}", actor=actor, now=now)
    elif in_danger(text):
        task = ask_for_help(referral, text, actor=actor, now=now)
    else:
        marked = f"{text}\n{wrote_by_link()}" if actor.by_link else text
        task = new_task(referral, Task.Kind.REPLY, due_at=now, now=now, text=marked)
    write(referral, Kind.WROTE, actor=actor, now=now, text=text)
    call_duty(referral, now=now)
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
    # It has been in touch: nobody has to call it for an answer.
    placement.tasks.open().filter(kind=Task.Kind.CALL_PROGRAM, by_hand=False).update(done_at=now)
    name = str(placement.program)
    task = new_task(referral, Task.Kind.PROGRAM_ASKS, due_at=now, now=now, text=f"{name}: {text}", placement=placement)
    write(referral, Kind.PROGRAM_ASKED, actor=actor, now=now, text=text, placement=placement.pk, program=name)
    hear_danger(referral, text, actor=actor, now=now)
    return task


class TellsWho(Exception):
    """The words say who the person is, and the program may not know yet; `parts` are those that do."""

    def __init__(self, parts: Sequence[str]):
        super().__init__(len(parts))
        self.parts = parts


@one_transaction
def tell_the_program(
    placement_pk: int, text: str, *, actor: Actor, now: datetime, occasion: str = "", by_itself: bool = False
) -> Placement:
    """Staff answer a program; it reads the words on its page, and nowhere else. What it had asked is done.

    `by_itself` is what it had not asked for. Its mailbox is told once the words can no longer be taken back. Raises
    `NotCovered` where no live consent covers the request any more, and `TellsWho` where it may not know who they are.
    """
    owner = Placement.objects.values_list("referral_id", flat=True).get(pk=placement_pk)
    referral = _open(owner, actor, *STAFF)
    placement: Placement = referral.placements.select_related("program").get(pk=placement_pk)
    if not placement.is_live:
        raise Refused(Why.NOT_FROM_HERE, "tell", placement.status)
    _require_may_read(placement, referral, text, now)
    message = tell_program(placement, UPDATE, now=now + UNDO, occasion=occasion)
    asked = placement.tasks.open().filter(kind=Task.Kind.PROGRAM_ASKS)
    done = list(asked.values_list("pk", flat=True))
    asked.update(done_at=now, done_by=actor.user)
    write(
        referral, Kind.TOLD_PROGRAM, actor=actor, now=now, text=text, placement=placement.pk,
        program=str(placement.program), by_itself=by_itself, message=message.pk if message else None, tasks=done,
    )  # fmt: skip
    return placement


def _require_may_read(placement: Placement, referral: Referral, text: str, now: datetime) -> None:
    grants = referral.consents.all().grants()
    wanted = placement.categories
    grant, gap = covering(grants, recipient=placement.program_id, categories=wanted, now=now)
    if grant is None:
        raise NotCovered(gap or Gap.NONE_SIGNED)
    if placement.status in KNOWS_ALL and Category.CONTACT in wanted:
        return
    contact = referral.contact
    names = (contact.name, referral.patient.name)
    if parts := tells(text, names=names, phone=contact.phone, email=contact.email):
        raise TellsWho(parts)


@one_transaction
def tell_the_family(pk: int, text: str, *, actor: Actor, now: datetime) -> Referral:
    """Staff answer a family; it reads the words on its page, and is written to that there is news. What it wrote there
    is read by that."""
    referral = _open(pk, actor, *STAFF)
    tell_family(referral, ANSWER, now=now, occasion=str(referral.version))
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
