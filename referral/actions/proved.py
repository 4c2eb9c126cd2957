"""Whether a request is the family's own, as far as anybody has shown it: anyone may ask in somebody's name."""

from __future__ import annotations

from datetime import datetime

from messaging import actions as messaging
from referral.lifecycle import Role
from referral.models import Consent, FamilyLink, Referral, TimelineEntry

Kind = TimelineEntry.Kind


def why_not(one: Referral, beside: Referral, now: datetime) -> str:
    """Why the contact of `one` must not be reached for both: ``others`` where either family said that others read or
    hear what comes to a way of it, ``unproved`` where it has a way which that of `beside` has not, and nobody has shown
    that it is theirs; else ``""``. Anyone may ask in somebody's name, from an address of their own."""
    ways, known = one.contact.program_ways(), {address_key(*each) for each in beside.contact.program_ways().items()}
    keys = {one.contact.key, beside.contact.key}
    if any(messaging.is_shut(address=at, channel=way, now=now, by=key) for way, at in ways.items() for key in keys):
        return "others"
    return "" if {address_key(*each) for each in ways.items()} <= known or is_proved(one) else "unproved"


def is_proved(referral: Referral) -> bool:
    """Whether somebody has shown that the contact is theirs: one of us has talked with them, or they came by a link
    that went to where they are reached now."""
    if referral.contacted_at or referral.timeline.filter(kind=Kind.OPENED).about(by_staff=True):
        return True
    return _was_opened(referral)


def is_backed(referral: Referral) -> bool:
    """Whether its page is the family's: somebody came by a link that went to where they are reached now, or no browser
    sent it. A call shows whose the phone is, and not who sits at the browser that asked."""
    return _was_opened(referral) or not FamilyLink.objects.filter(referral=referral, asked=True).exists()


def _was_opened(referral: Referral) -> bool:
    """Whether a link that went to where they are reached now was opened. An address that the browser which asked put in
    place of the first proves nothing, unless a link had been opened before: anyone can enter a mailbox of their own."""
    there = [address_key(way, at) for way, at in referral.contact.program_ways().items()]
    opened = FamilyLink.objects.filter(referral__contact=referral.contact_id, sent_to__isnull=False)
    opened = opened.exclude(opened_at=None)
    if not opened.filter(sent_to__in=there).exists():
        return False
    moved = [
        line.at
        for line in referral.timeline.filter(kind=Kind.CONTACT_CHANGED, role=Role.FAMILY)
        if {"email", "phone"} & set(line.params.get("changed", ()))
    ]
    return not moved or opened.filter(opened_at__lt=min(moved)).exists()


def was_asked_twice_by_mail(one: Referral, two: Referral) -> bool:
    """Whether browsers sent both, each with an email of its own: one of them may be somebody else's."""
    emails = {address_key("email", each.contact.email) for each in (one, two) if each.contact.email}
    asked = FamilyLink.objects.filter(referral__in=[one.pk, two.pk], asked=True).values("referral").distinct().count()
    return len(emails) > 1 and asked > 1


def withdrawn_at(referral: Referral, now: datetime) -> datetime | None:
    """When the consent was withdrawn, where none has stood here since."""
    if referral.consents.standing(now).exists():
        return None
    lines = referral.timeline.filter(kind=Kind.CONSENT_REVOKED).order_by("at", "pk")
    return lines.values_list("at", flat=True).last()


def outlives(consent: Consent, withdrawn: datetime | None) -> bool:
    """Whether it counts beside a withdrawal on another request: only what one of us wrote down since. A signature on a
    page may be that of whoever asked in their name."""
    return withdrawn is None or (consent.recorded_by_id is not None and consent.signed_at > withdrawn)


def address_key(way: str, address: str) -> str:
    """An address as it is told from another; of texts and calls it is one number."""
    return messaging.index_of("sms" if way == messaging.CALLS else way, address)
