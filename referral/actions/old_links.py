"""Links to a family's pages that lead to where it is no longer reached."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from messaging import actions as messaging
from referral.models import CheckInLink, Contact, FamilyLink


def end_old_links(contact: Contact, now: datetime) -> None:
    """End the links to the contact's pages that went to another address than its own of today."""
    theirs = [messaging.index_of(channel, contact.address(channel)) for channel in contact.channels()]
    # Where one went may not be known: then it ends.
    gone = Q(revoked_at=None) & (Q(sent_to=None) | ~Q(sent_to__in=theirs))
    FamilyLink.objects.filter(gone, referral__contact=contact).exclude(asked=True).update(revoked_at=now)
    CheckInLink.objects.filter(gone, followup__referral__contact=contact).update(revoked_at=now)
