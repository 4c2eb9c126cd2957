"""Somebody who came by a link, beside the browser that asked, withdraws the family's consent."""

from __future__ import annotations

from datetime import datetime

from privacy.transactions import one_transaction
from referral.actions.common import Actor, next_action
from referral.actions.consents import revoke_consent
from referral.actions.effects import Effect
from referral.actions.leaving import ask_them, tell_another_way
from referral.models import FamilyLink, Referral
from referral.reasons import REVOKED_BY_LINK, coded


@one_transaction
def withdraw_consent(consent_pk: int, *, actor: Actor, now: datetime, link: FamilyLink | None) -> Effect:
    """The family withdraws its consent, at once, whoever pressed. By a `link` beside the browser that asked, one of us
    asks the family, which hears of it by another way; that browser may take it back for a while
    (`moving.take_back_withdrawal`)."""
    effect = revoke_consent(consent_pk, actor=actor, now=now)
    if not actor.by_link or link is None or not effect.consents:
        return effect
    referral = Referral.objects.select_related("contact").get(pk=effect.referral.pk)
    if referral.is_open:
        ask_them(referral, coded(REVOKED_BY_LINK), now)
        tell_another_way(referral, link, f"withdrawn by a link {referral.version}", now)
        referral.next_action_at = next_action(referral, now)
        referral.save(update_fields=["next_action_at"])
    return effect
