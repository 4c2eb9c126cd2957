"""A family asks for help, or staff write down that it did."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError

from assessments.actions import keep_until
from assessments.models import Response
from directory.models import ServiceArea
from guides.models import LevelOfCare
from messaging.actions import allow
from privacy.transactions import one_transaction
from referral.actions.common import FAMILY, Actor, write
from referral.actions.consents import MayNotSign, Signature, record_consent
from referral.actions.duty import hear_danger, ring
from referral.actions.notices import CALLED, RECEIVED, tell_family
from referral.actions.unsigned import keep_unsigned
from referral.hours import promised_to
from referral.lifecycle import REFERRAL, step
from referral.models import ConsentWording, Contact, Patient, Referral, TimelineEntry
from referral.models.hours import working_time
from referral.reasons import ANSWERS, coded
from referral.signing import Bar

ANSWERS_KEPT_FOR = timedelta(days=2 * 365)
CHANNEL_OF = {"email": "email", "text": "sms"}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a family told us, already validated. `permissions` holds the wordings whose boxes were ticked."""

    relation: str
    concern: str
    contact_name: str
    patient_name: str
    zip_code: str
    zone: str
    language: str
    phone: str = ""
    email: str = ""
    age: str = ""
    birth_year: str = ""
    gender: str = ""
    referrer: str = ""
    caller_phone: str = ""
    not_asked: Sequence[str] = ()
    message: str = ""
    times: Sequence[str] = ()
    voicemail: str = Contact.Message.NO
    permissions: Mapping[str, ConsentWording] = field(default_factory=dict)
    signature: Signature | None = None
    response: Response | None = None
    answers_call: str = ""  # "911" or "988", where the answers send there at once
    level_low: LevelOfCare | None = None
    level_high: LevelOfCare | None = None
    urgency: str = Referral.Urgency.ROUTINE
    source: str = "referral form"
    unusual: bool = False
    proved: bool = False  # whether whoever asks has shown that they read what comes to the address
    key: uuid.UUID = field(default_factory=uuid.uuid4)


def open_referral(ask: Ask, *, actor: Actor, now: datetime) -> Referral:
    """Open a referral and return it; the same `ask.key` again returns the one that it opened the first time."""
    try:
        return _open(ask, actor=actor, now=now)
    except IntegrityError:  # the same form at the same moment: on PostgreSQL neither sees the other before
        existing: Referral | None = Referral.objects.filter(idempotency_key=ask.key).first()
        # Anything else that two may make at once: with the other's written by now, this one has room.
        return existing or _open(ask, actor=actor, now=now)


@one_transaction
def _open(ask: Ask, *, actor: Actor, now: datetime) -> Referral:
    status = step(REFERRAL, None, "open", role=actor.role)
    existing: Referral | None = Referral.objects.filter(idempotency_key=ask.key).first()
    if existing:
        return existing
    referral = _written_down(ask, status, now)
    _allow(referral.contact, ask, now)
    unsigned = _sign(referral, ask, now)
    write(
        referral,
        TimelineEntry.Kind.OPENED,
        actor=actor,
        now=now,
        permissions=sorted(ask.permissions),
        consent=bool(ask.signature) and unsigned is None,
        answers=ask.response is not None,
        by_staff=actor.user is not None,
        referrer=bool(ask.referrer),
        not_asked=list(ask.not_asked),
        **({"age": ask.signature.age} if ask.signature and ask.signature.age else {}),
    )
    heard = hear_danger(referral, ask.message, actor=FAMILY, now=now)  # their words, also where staff type them
    if ask.answers_call and not heard:
        ring(referral, coded(ANSWERS[ask.answers_call]), actor=FAMILY, now=now)
    if ask.signature and unsigned:
        keep_unsigned(referral, ask.signature, unsigned, actor=actor, now=now)
    if ask.response:
        keep_until(ask.response, until=now + ANSWERS_KEPT_FOR)
    # Whoever called knows that we have it; where somebody else called for them, they hear of it here first.
    kind = CALLED if ask.source == "call" and not ask.referrer else RECEIVED
    tell_family(referral, kind, now=now, proved=ask.proved or actor.user is not None)
    return referral


def _written_down(ask: Ask, status: str, now: datetime) -> Referral:
    """The rows of the request and of its people."""
    contact = _contact(ask)
    patient = Patient.objects.create(name=ask.patient_name, age=ask.age, birth_year=ask.birth_year, gender=ask.gender)
    referral: Referral = Referral.objects.create(
        patient=patient,
        contact=contact,
        relation=ask.relation,
        concern=ask.concern,
        response=ask.response,
        level_low=ask.level_low,
        level_high=ask.level_high,
        computed_low=ask.level_low if ask.response else None,
        computed_high=ask.level_high if ask.response else None,
        message=ask.message,
        referrer=ask.referrer,
        status=status,
        urgency=ask.urgency,
        service_area=ServiceArea.objects.covering(ask.zip_code).first(),
        opened_at=now,
        promised_at=promised_to(now, working_time(), ask.times if contact.is_called_back else (), ask.zone),
        idempotency_key=ask.key,
        unusual=ask.unusual,
    )
    return referral


def _sign(referral: Referral, ask: Ask, now: datetime) -> Bar | None:
    """Record the consent, if one came. Return why it does not count, else None: it costs nobody the request."""
    try:
        if ask.signature:
            record_consent(referral, ask.signature, now=now)
    except MayNotSign as error:
        return error.bar
    return None


def _allow(contact: Contact, ask: Ask, now: datetime) -> None:
    for key, wording in ask.permissions.items():
        channel = CHANNEL_OF.get(key, "")
        if channel and contact.address(channel):
            allow(
                channel=channel,
                address=contact.address(channel),
                wording=f"{wording.label} {wording.body}",
                source=ask.source,
                now=now,
            )


def _contact(ask: Ask) -> Contact:
    contact: Contact = Contact.objects.create(
        name=ask.contact_name,
        phone=ask.phone,
        email=ask.email,
        zip_code=ask.zip_code,
        zone=ask.zone,
        language=ask.language,
        times=list(ask.times),
        by_email="email" in ask.permissions and bool(ask.email),
        by_text="text" in ask.permissions and bool(ask.phone),
        by_phone="phone" in ask.permissions and bool(ask.phone),
        voicemail=ask.voicemail,
        not_asked=list(ask.not_asked),
        caller_name=ask.referrer,
        caller_phone=ask.caller_phone,
    )
    return contact
