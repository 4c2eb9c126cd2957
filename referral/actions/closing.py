"""A referral ends: as met or for another reason, because the family withdraws, or because it wants nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from privacy.transactions import one_transaction
from referral.actions.by_link import tell_them, warn
from referral.actions.common import Actor, Unread, locked, write
from referral.actions.consents import end_elsewhere, lock_all_of
from referral.actions.effects import Effect, require_shown
from referral.actions.endings import end_live_placements, open_times
from referral.actions.followups import cancel_follow_ups
from referral.actions.leaving import has_place, pressed_by
from referral.actions.notices import LINK_ENDS, news_of
from referral.actions.stops import stop_ways
from referral.lifecycle import REFERRAL, PlacementStatus, Role, step
from referral.models import Consent, FamilyLink, Referral, Task, TimelineEntry
from referral.models.people import REACHED_BY
from referral.reasons import CLOSED, ENDED_BY_LINK, MET, WITHDREW, coded

Kind = TimelineEntry.Kind


@one_transaction
def close_referral(
    pk: int,
    *,
    closing: str,
    reason: str,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    shown: str | None = None,
) -> Referral:
    """End the referral, as met or for another reason, and with it its placements, follow-ups, tasks and messages. Where
    the family asked us to stop everything, what it signed ends with it, and it is written to and called no more.

    Programs are told once it cannot be taken back any more (`moving.reopen_referral`). Raises `Unread` while a call for
    help is open, or a message of the family is unread.
    """
    if closing == Referral.Closing.STOPPED:
        lock_all_of(pk)
    referral = locked(pk, actor=actor, seen=seen)
    require_shown(_closing(referral, closing, now), shown)
    met = closing == Referral.Closing.MET
    referral.status = step(REFERRAL, referral.status, "meet" if met else "close", role=actor.role, reason=reason)
    if closing != Referral.Closing.STOPPED:
        _end(referral, closing=closing, reason=reason, actor=actor, now=now)
        return referral
    ways = [allowed for allowed, _where in REACHED_BY.values() if getattr(referral.contact, allowed)]
    consents = _end_consents(referral, actor, now)
    _end(referral, closing=closing, reason=reason, actor=actor, now=now, ways=ways, **consents)
    referral.contact.by_phone = False
    referral.contact.save(update_fields=["by_phone"])
    stopped = stop_ways(referral, channel=None, now=now, source="staff", actor=actor)
    write(referral, Kind.STOPPED, actor=replace(actor, press=""), now=now, channel="", **stopped)
    return referral


def preview_close(pk: int, closing: str, now: datetime) -> Effect | None:
    """What closing would end at programs, and of what was signed; None where there is nothing of that. Raises `Unread`
    as closing does."""
    effect = _closing(Referral.objects.get(pk=pk), closing, now)
    return effect if effect.ends or effect.shuts or closing == Referral.Closing.STOPPED else None


def _closing(referral: Referral, closing: str, now: datetime) -> Effect:
    if referral.tasks.open().filter(kind__in=Task.FIRST).exists():
        raise Unread
    live = list(referral.placements.live().select_related("program"))
    care = [each for each in live if each.status == PlacementStatus.IN_PROGRESS]
    stops = closing == Referral.Closing.STOPPED
    signed = referral.consents.standing(now) if stops else Consent.objects.none()
    return Effect(
        referral=referral, ends=[each for each in live if each not in care], shuts=care, consents=list(signed)
    )


def _end_consents(referral: Referral, actor: Actor, now: datetime) -> dict[str, Any]:
    """End all that was signed, here and wherever it holds; return what of it stands on the caller's line."""
    signed = list(referral.consents.standing(now))
    referral.consents.filter(pk__in=[each.pk for each in signed]).update(revoked_at=now)
    end_elsewhere(signed, actor=actor, now=now)
    return {"consent_ended": bool(signed), "consents": [each.pk for each in signed]}


@one_transaction
def withdraw_referral(pk: int, *, actor: Actor, now: datetime, link: FamilyLink | None = None) -> Referral:
    """The family ends its own request, and with it what it signed. It owes nobody a reason. Programs are told once it
    cannot be taken back any more (`moving.take_back_end`). Where `link`, by which it is here, is not of the browser
    that asked, the family hears of it by another way, and where a program had accepted one of us asks."""
    lock_all_of(pk)
    referral = locked(pk, actor=actor)
    had_place, was = has_place(referral), str(referral.status)
    until = referral.hold_until.isoformat() if referral.hold_until else ""
    referral.status = step(REFERRAL, referral.status, "withdraw", role=actor.role)
    said = {**_end_consents(referral, actor, now), "was": was, "hold_until": until}
    pressed = pressed_by(link) if link is not None else ""
    if pressed:
        said["pressed"] = pressed
    _end(referral, closing=Referral.Closing.WITHDRAWN, reason=coded(WITHDREW), actor=actor, now=now, **said)
    if link is not None and pressed == "link":
        if had_place:
            warn(referral, ENDED_BY_LINK, now, link=link, ends=True)
        else:
            tell_them(referral, link, now, kind=LINK_ENDS)
    return referral


def _end(referral: Referral, *, closing: str, reason: str, actor: Actor, now: datetime, **said: Any) -> None:
    """End what goes on, under one line of history, which says what is `said` beside."""
    followups = list(referral.followups.pending().values_list("pk", flat=True))
    times = {key: at for each in referral.placements.live() for key, at in open_times(each).items()}
    cancel_follow_ups(referral, reason="referral closed", now=now, also=news_of(referral))
    met, by_staff = closing == Referral.Closing.MET, actor.role != Role.FAMILY
    why = coded(MET if met else CLOSED) if by_staff else reason  # what staff write is not for programs
    ended = end_live_placements(referral, met=met, reason=why, now=now, later=True)
    # A call for help is heard after the end, too: it is done when somebody says what happened.
    referral.tasks.open().exclude(kind=Task.Kind.NEEDS_HELP).update(done_at=now, done_by=actor.user)
    referral.closing, referral.closed_at, referral.hold_until = Referral.Closing(closing), now, None
    write(
        referral,
        Kind.CLOSED,
        actor=actor,
        now=now,
        text=reason,
        closing=closing,
        programs=ended,
        followups=followups,
        visits=times,
        **{"consent_ended": False, **said},
    )
