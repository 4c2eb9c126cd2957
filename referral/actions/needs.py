"""What a family needs, as staff write it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guides.models import LevelOfCare
from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, require, write
from referral.actions.consents import lock_all_of, weigh_consents
from referral.lifecycle import Refused, Role, Why
from referral.models import Referral, TimelineEntry


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is needed, as staff settle it with the family. `reason` says why this level."""

    concern: str
    low: LevelOfCare | None
    high: LevelOfCare | None
    urgency: str
    reason: str
    age: str = ""
    gender: str = ""
    payment: Sequence[str] = ()


@one_transaction
def change_need(pk: int, need: Need, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Set the need. What it was stays on the timeline. Another level needs its reason."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    lock_all_of(pk)
    referral = locked(pk, actor=actor, seen=seen)
    before = [level.slug for level in (referral.level_low, referral.level_high) if level]
    after = [level.slug for level in (need.low, need.high) if level]
    if after != before and not need.reason.strip():
        raise Refused(Why.REASON_NEEDED, "change_need", referral.status)
    changed = {
        name: [getattr(referral, name), getattr(need, name)]
        for name in ("concern", "urgency")
        if getattr(referral, name) != getattr(need, name)
    }
    referral.concern, referral.urgency = need.concern, need.urgency
    referral.level_low, referral.level_high, referral.level_reason = need.low, need.high, need.reason
    changed |= _person_changed(referral, need)
    write(
        referral,
        TimelineEntry.Kind.NEED_CHANGED,
        actor=actor,
        now=now,
        text=need.reason,
        before=before,
        after=after,
        **changed,
    )
    if {"concern", "person"} & changed.keys():
        weigh_consents(referral, actor=actor, now=now)
    return referral


def _person_changed(referral: Referral, need: Need) -> dict[str, list[str]]:
    """Set what is known of the person; the line says what was changed, and keeps none of it in the clear."""
    patient = referral.patient
    before = {"age": patient.age, "gender": patient.gender or "", "payment": sorted(referral.payment or ())}
    after = {"age": need.age, "gender": need.gender, "payment": sorted(need.payment)}
    patient.age, patient.gender, referral.payment = need.age, need.gender, sorted(need.payment)
    patient.save()
    person = [name for name in before if before[name] != after[name]]
    return {"person": person} if person else {}
