"""Requests that are sent to programs, each under a live consent that covers it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from directory.models import Program
from privacy.transactions import one_transaction
from referral.actions.common import Actor, CannotSend, Mismatch, NotCovered, locked, new_task, write
from referral.actions.effects import Changed, Effect, disclose, mark_of
from referral.actions.notices import ask_program, writes_to
from referral.coverage import LIMITED, Gap, covering
from referral.lifecycle import PLACEMENT, ReferralStatus, step
from referral.models import Consent, Placement, Referral, Task, TimelineEntry
from referral.needs import against

Kind = TimelineEntry.Kind
MOST_AT_ONCE = 3  # a family that many programs call at once is not helped


def send_to_program(
    pk: int,
    program: Program,
    categories: Collection[str],
    *,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    shown: str | None = None,
    reason: str = "",
) -> Placement:
    """Ask one program; see `send_to_programs`."""
    reasons = {program.pk: reason}
    (placement,) = send_to_programs(
        pk, [program], categories, actor=actor, now=now, seen=seen, shown=shown, reasons=reasons
    )
    return placement


@one_transaction
def send_to_programs(
    pk: int,
    programs: Collection[Program],
    categories: Collection[str],
    *,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    shown: str | None = None,
    reasons: Mapping[int, str] | None = None,
) -> list[Placement]:
    """Ask programs, each under a consent that covers it: all of them, or none. A program sees the limited part; the
    rest once it accepts.

    One that does not meet a need that is known takes one of the `reasons`, by its key, which stays on the timeline.
    Raises `NotCovered`, `CannotSend`, `Mismatch`, `Changed`, `Refused` or `Stale`, and then nothing has been written.
    """
    referral = locked(pk, actor=actor, seen=seen)
    step(PLACEMENT, None, "send", role=actor.role)
    effects = _sendings(referral, programs, categories, now)
    if shown is not None and shown != mark_of(effects):
        raise Changed(effects[0])
    given = reasons or {}
    for effect in effects:
        if effect.against.keys and not given.get(effect.asked.pk, "").strip():
            raise Mismatch(effect.against)
    referral.tasks.open().filter(kind=Task.Kind.ASK_PROGRAM).update(done_at=now, done_by=actor.user)
    return [_send(effect, given.get(effect.asked.pk, ""), actor=actor, now=now) for effect in effects]


def _send(effect: Effect, reason: str, *, actor: Actor, now: datetime) -> Placement:
    """Ask one program, under the caller's lock, with its line of history."""
    referral, program, against_it = effect.referral, effect.asked, effect.against.keys
    status = step(PLACEMENT, None, "send", role=actor.role)
    (consent,), categories = effect.consents, sorted({*effect.shares, *effect.later})
    placement: Placement = Placement.objects.create(
        referral=referral, program=program, status=status, categories=categories, sent_at=now
    )
    disclose(placement, consent, LIMITED, now)
    by_email = ask_program(placement, now=now)
    if not by_email:
        name = {"program": program.name}
        why = _("%(program)s: it gets no email from us.") % name if program.referral_email else program.name
        new_task(referral, Task.Kind.CALL_PROGRAM, due_at=now, now=now, text=why, placement=placement)
    write(
        referral, Kind.SENT, actor=actor, now=now, text=reason if against_it else "",
        placement=placement.pk, program=program.name, categories=categories, by_email=by_email,
        against=list(against_it), stopped=bool(program.referral_email) and not by_email,
    )  # fmt: skip
    return placement


def preview_sends(
    pk: int, programs: Collection[Program], categories: Collection[str], *, now: datetime
) -> list[Effect]:
    """What sending to these programs would share with each. Raises what keeps it from being sent."""
    return _sendings(Referral.objects.get(pk=pk), programs, categories, now)


def _sendings(
    referral: Referral, programs: Collection[Program], categories: Collection[str], now: datetime
) -> list[Effect]:
    if referral.placements.live().count() + len(programs) > MOST_AT_ONCE:
        raise CannotSend("too_many")
    return [_sending(referral, each, categories, now) for each in programs]


def preview_send(pk: int, program: Program, categories: Collection[str], *, now: datetime) -> Effect:
    """What sending would share. Raises what keeps it from being sent."""
    (effect,) = preview_sends(pk, [program], categories, now=now)
    return effect


def _sending(referral: Referral, program: Program, categories: Collection[str], now: datetime) -> Effect:
    if referral.status != ReferralStatus.ACTIVE:
        raise CannotSend("not_yours_yet")
    if program.status != "public":
        raise CannotSend("not_listed")
    if referral.placements.live().filter(program=program).exists():
        raise CannotSend("already")
    wanted = LIMITED | set(categories)
    return Effect(
        referral=referral,
        program=program,
        shares=LIMITED,
        later=wanted - LIMITED,
        consents=[consent_for(referral, program, wanted, now)],
        against=against(referral, program, now=now),
        by_email=writes_to(program, now),
    )


def consent_for(referral: Referral, program: Program, categories: Collection[str], now: datetime) -> Consent:
    """The consent that covers it now. Raises `NotCovered`."""
    grants = referral.consents.all().grants()
    grant, gap = covering(grants, recipient=program.pk, categories=categories, now=now)
    if grant is None:
        raise NotCovered(gap or Gap.NONE_SIGNED)
    consent: Consent = Consent.objects.get(pk=grant.key)
    return consent
