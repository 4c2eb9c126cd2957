"""Whose words a message is that came back to us: one phone number or address may belong to several families."""

from __future__ import annotations

from uuid import UUID

from messaging.client import MessageEvent
from referral.models import Contact, Referral


def open_at(address: str) -> list[Referral]:
    """The open referrals whose family is reached at this number or address, the oldest first."""
    if not address:
        return []
    contacts = Contact.objects.reached_at(address).values("pk")
    found = Referral.objects.open().filter(contact__in=contacts).select_related("contact")
    return list(found.order_by("opened_at", "pk"))


def open_of(contact: UUID) -> list[Referral]:
    """The open referrals of this contact, the oldest first."""
    found = Referral.objects.open().filter(contact=contact).select_related("contact")
    return list(found.order_by("opened_at", "pk"))


def whose(event: MessageEvent, last: Referral | None) -> tuple[list[Referral], bool]:
    """The referrals that a reply may be about, and whether that is certain. `last` is that of the message it answers.

    Certain is whom we surely wrote to last at that number or address. Where nothing surely went there, any of the
    families that share it may have written, and somebody must read it for each.
    """
    if last is not None and last.merged_into is not None:
        last = last.merged_into  # it goes on there
    if last is not None and event.sure:
        return [last], True
    several = open_at(event.address)
    if len(several) > 1:
        return several, False
    return several or ([last] if last is not None else []), True
