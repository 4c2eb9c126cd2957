"""Messages to a family and to a program are planned here; what they say is decided when they are sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from directory.models import Program
from messaging.actions import allow, schedule
from messaging.models import Suppression
from messaging.people import address_index
from referral.models import FollowUp, Placement, Referral

# References of messages; the part before the colon says what `ReferralClient` finds behind the number.
RECEIVED, NEWS, CONSENT, NOTE = "referral", "news", "consent", "note"
PLACEMENT, FOLLOWUP = "placement", "followup"
TEMPLATES = {
    RECEIVED: "referral-received",
    NEWS: "referral-news",
    CONSENT: "referral-consent",
    NOTE: "referral-note",
    PLACEMENT: "referral-request",
    FOLLOWUP: "referral-check-in",
}


def tell_family(referral: Referral, kind: str, *, now: datetime, occasion: str = "") -> str:
    """Plan a message by the first channel that the family allowed; return the channel, or ``""`` if there is none.

    `kind` is RECEIVED, NEWS or CONSENT; `occasion` tells one piece of news from the next.
    """
    contact = referral.contact
    channel = next(iter(contact.channels()), "")
    if channel:
        schedule(
            template=TEMPLATES[kind],
            channel=channel,
            person_key=contact.key,
            address=contact.address(channel),
            language=contact.language,
            zone=contact.zone,
            due_at=now,
            not_after=now + timedelta(days=2),
            reference=f"{kind}:{referral.pk}",
            dedupe_key=f"{kind}:{referral.pk}:{channel}:{occasion}",
            # Whoever has just asked is awake.
            urgent=kind == RECEIVED,
        )
    return channel


def writes_to(program: Program, now: datetime) -> bool:
    """Whether the program has an address for requests, and has not said stop to us there."""
    if not program.referral_email:
        return False
    index = address_index("email", program.referral_email)
    return not Suppression.objects.holding(index, "email", now).exists()


def ask_program(placement: Placement, *, now: datetime) -> bool:
    """Plan the neutral e-mail that carries the link to a request; False where it gets no e-mail from us."""
    program = placement.program
    if not writes_to(program, now):
        return False
    # The address was given by the program for exactly this.
    allow(
        channel="email",
        address=program.referral_email,
        wording="The program gave this address for referrals.",
        source="directory",
        now=now,
    )
    schedule(
        template=TEMPLATES[PLACEMENT],
        channel="email",
        person_key=f"program:{program.pk}",
        address=program.referral_email,
        language="en",
        zone=settings.TIME_ZONE,
        due_at=now,
        not_after=now + timedelta(days=3),
        reference=placement.key,
        dedupe_key=f"{placement.key}:{now:%Y%m%d%H%M}",
        urgent=True,  # admissions work around the clock
        capped=False,
    )
    return True


def send_check_in(followup: FollowUp, channel: str) -> None:
    """Plan the check-in for its time, on one of the channels the family allowed."""
    contact = followup.referral.contact
    schedule(
        template=TEMPLATES[FOLLOWUP],
        channel=channel,
        person_key=contact.key,
        address=contact.address(channel),
        language=contact.language,
        zone=followup.zone,
        due_at=followup.due_at,
        not_after=followup.due_at + FollowUp.PATIENCE,
        reference=followup.key,
        dedupe_key=f"{followup.key}:{channel}:{followup.round}",
    )


def news_of(referral: Referral) -> dict[str, str]:
    """The references of what is said to a family beside its check-ins, with the kind of each."""
    return {f"{kind}:{referral.pk}": kind for kind in (RECEIVED, NEWS, CONSENT)}
