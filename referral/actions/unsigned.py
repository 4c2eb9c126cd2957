"""A signature that does not count, as whoever gave it may not sign, is kept: somebody asks who may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, new_task, require, require_nothing_since, write
from referral.actions.consents import MayNotSign, Signature, lock_all_of, sign_consent
from referral.lifecycle import Role
from referral.models import Referral, Task, TimelineEntry
from referral.signing import FINER, Bar, ages, leaves_open


def keep_unsigned(referral: Referral, signature: Signature, found: Bar, *, actor: Actor, now: datetime) -> None:
    """Keep that somebody wished to sign who may not by themselves, and have the right person asked; under the
    caller's transaction. Nothing is shared by it."""
    if referral.is_open:
        new_task(referral, Task.Kind.ASK_CONSENT, due_at=now, now=now)
    told = {"by": signature.name, "signed_as": signature.signed_as, "bar": found.value, "age": signature.age}
    write(referral, TimelineEntry.Kind.CONSENT_ASKED, actor=actor, now=now, **told)


def offered_by(referral: Referral) -> list[tuple[str, str]]:
    """(name, by what right) of who signed here though it does not count, in their order."""
    return [(each["by"], each["signed_as"]) for each in _offers(referral)]


def why_unsigned(referral: Referral, now: datetime) -> Bar | None:
    """Why the signature that the family gave last does not count; None where it gave none of that kind."""
    stopped = referral.consents.standing(now).exclude(barred=None).values_list("barred", flat=True).last()
    return Bar(stopped) if stopped else next((Bar(each["bar"]) for each in reversed(_offers(referral))), None)


def age_said(referral: Referral) -> str:
    """The age, one of `signing.FINER`, that was said with a signature that does not count; else ``""``."""
    said = next((each.get("age", "") for each in reversed(_offers(referral))), "")
    return said if said in FINER else ""


def _says_another_age(referral: Referral, signature: Signature, now: datetime) -> bool:
    """Whether the age decides who may sign, and another was said first, with a signature that did not count."""
    known = ages(referral.patient.age, referral.patient.born, timezone.localdate(now).year)
    first = next((each["age"] for each in _offers(referral) if each.get("age")), "")
    return bool(first and signature.age) and first != signature.age and leaves_open(known)


def _offers(referral: Referral) -> list[dict[str, Any]]:
    lines = referral.timeline.filter(kind=TimelineEntry.Kind.CONSENT_ASKED).order_by("at", "pk")
    return [each.params for each in lines if each.params.get("bar")]


@one_transaction
def offer_consent(
    pk: int, signature: Signature, *, actor: Actor, now: datetime, withdrawn: int | None = None
) -> Bar | None:
    """The family signs on its own page. Where whoever signs may not, somebody is asked; return why, else None. An age
    that is another than was said with a signature that did not count waits for a person, too. A withdrawal that the
    page did not show among `withdrawn` lines stands: `Since` is raised."""
    require(actor, Role.FAMILY)
    lock_all_of(pk)
    require_nothing_since(locked(pk, actor=actor), TimelineEntry.Kind.CONSENT_REVOKED, withdrawn)
    try:
        if _says_another_age(Referral.objects.select_related("patient").get(pk=pk), signature, now):
            raise MayNotSign(Bar.AGE_UNKNOWN)
        sign_consent(pk, signature, actor=actor, now=now)
    except MayNotSign as error:
        keep_unsigned(locked(pk, actor=actor), signature, error.bar, actor=actor, now=now)
        return error.bar
    return None
