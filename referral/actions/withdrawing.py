"""Somebody who came by a link, beside the browser that asked, ends what the family shares: all of it, or a part."""

from __future__ import annotations

from datetime import datetime

from privacy.transactions import one_transaction
from referral.actions.by_link import warn
from referral.actions.common import Actor
from referral.actions.consents import Signature, is_less, revoke_consent
from referral.actions.effects import Effect
from referral.actions.unsigned import offer_consent
from referral.models import FamilyLink, Referral
from referral.reasons import NARROWED_BY_LINK, REVOKED_BY_LINK
from referral.signing import Bar


@one_transaction
def withdraw_consent(consent_pk: int, *, actor: Actor, now: datetime, link: FamilyLink | None) -> Effect:
    """The family withdraws its consent, at once, whoever pressed. By a `link` beside the browser that asked, one of us
    asks the family, which hears of it; that browser may take it back for a while (`moving.take_back_withdrawal`)."""
    effect = revoke_consent(consent_pk, actor=actor, now=now)
    if effect.consents:
        _warn(effect.referral.pk, REVOKED_BY_LINK, actor, now, link)
    return effect


@one_transaction
def sign_as_family(
    pk: int, signature: Signature, *, actor: Actor, now: datetime, withdrawn: int | None, link: FamilyLink | None
) -> Bar | None:
    """The family signs on its own page (`unsigned.offer_consent`). By a `link` beside the browser that asked, what
    shares less than before is guarded as a withdrawal is."""
    less = actor.by_link and is_less(Referral.objects.get(pk=pk), signature, now)
    found = offer_consent(pk, signature, actor=actor, now=now, withdrawn=withdrawn)
    if less and found is None:
        _warn(pk, NARROWED_BY_LINK, actor, now, link)
    return found


def _warn(pk: int, code: str, actor: Actor, now: datetime, link: FamilyLink | None) -> None:
    referral = Referral.objects.select_related("contact").get(pk=pk)
    if actor.by_link and referral.is_open:
        warn(referral, code, now, link=link, ends=True)
