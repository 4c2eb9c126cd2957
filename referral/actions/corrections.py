"""A family sends its note once more, with something changed in it."""

from __future__ import annotations

from datetime import datetime

from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, require
from referral.actions.consents import Signature, revoke_consent
from referral.actions.contacts import Reach, change_contact, used_again
from referral.actions.replies import hear_family
from referral.actions.unsigned import offer_consent
from referral.lifecycle import Role
from referral.models import FamilyLink, TimelineEntry

# What the first sending of the note wrote down, a signature that did not count among it.
BY_OPENING = (TimelineEntry.Kind.OPENED, TimelineEntry.Kind.CONSENT_ASKED)


@one_transaction
def correct_note(
    pk: int,
    reach: Reach,
    signature: Signature | None,
    words: str,
    *,
    actor: Actor,
    now: datetime,
    link: FamilyLink,
) -> bool:
    """Take what was changed; `words` go to the navigator. False, and nothing is done, once the family did more.

    What it has said since on its own page, a stop or a consent taken back, must not be undone by an old form.
    """
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    since = referral.timeline.filter(role=Role.FAMILY).exclude(kind__in=BY_OPENING)
    if not referral.is_open or since.exists() or used_again(referral.contact, reach, now):
        return False
    if reach.differs(referral.contact):
        change_contact(pk, reach, actor=actor, now=now, link=link)
    signed = referral.consents.standing(now).first()
    if signature:
        offer_consent(pk, signature, actor=actor, now=now)
    elif signed:
        revoke_consent(signed.pk, actor=actor, now=now)
    if words:
        hear_family(pk, words, actor=actor, now=now)
    return True
