"""Somebody else to call for a family: added, changed and removed by staff; kept where two referrals become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from privacy.transactions import one_transaction
from referral.actions.common import Actor, Stale, locked, require, write
from referral.lifecycle import Role
from referral.models import Contact, OtherPerson, Patient, PatientKey, Referral, TimelineEntry
from referral.models.people import name_key, phone_key

Kind = TimelineEntry.Kind


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of somebody else to call."""

    name: str
    phone: str
    relation: str = ""
    language: str = ""
    voicemail: str = Contact.Message.NO
    knows: bool = False
    instead: bool = False
    when: str = ""
    apart: bool = False
    note: str = ""


def person_of(referral: Referral, key: UUID) -> OtherPerson:
    """Somebody else to call for this family. Raises `Stale` where a colleague has removed them."""
    found: OtherPerson | None = OtherPerson.objects.filter(patient=referral.patient_id, pk=key).first()
    if found is None:
        raise Stale
    return found


@one_transaction
def save_person(
    pk: int, facts: Facts, *, key: UUID | None = None, actor: Actor, now: datetime, seen: int | None = None
) -> OtherPerson:
    """Add somebody else to call, or change the one with this `key`. What stood there before stays in the line."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    if key is None:
        person, did, was = OtherPerson(patient=referral.patient, added_at=now), "added", {}
    else:
        person = person_of(referral, key)
        did, was = "changed", {"name": person.name, "phone": person.phone}
    for name, value in asdict(facts).items():
        setattr(person, name, value)
    person.save()
    about = {"name": person.name, "phone": person.phone}
    write(referral, Kind.OTHER_PERSON, actor=actor, now=now, did=did, was=was if was != about else {}, **about)
    return person


@one_transaction
def remove_person(pk: int, key: UUID, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Nobody calls this person for the family any more."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    person = person_of(referral, key)
    write(
        referral, Kind.OTHER_PERSON, actor=actor, now=now, did="removed", name=person.name, phone=person.phone,
        was={"note": person.note} if person.note else {},
    )  # fmt: skip
    person.delete()
    return referral


def keep_people(keep: Referral, other: Referral, left: Contact, now: datetime) -> dict[str, list[str]]:
    """After a merge: whoever is not the contact any more stays as somebody to call, and so do those of the other.

    Not a number on which others hear the calls. Returns what the line keeps, so that it can be undone.
    """
    came = [] if keep.patient_id == other.patient_id else list(other.patient.other_people.all())
    _move(came, keep.patient)
    made = _kept(keep, other, left, now)
    return {"people": [str(each.pk) for each in came], "person_made": [str(made.pk)] if made else []}


def _move(people: Iterable[OtherPerson], patient: Patient) -> None:
    for each in people:
        before, each.patient = each.patient, patient
        each.save()
        PatientKey.objects.bring_in_line(before)


def _kept(keep: Referral, other: Referral, left: Contact, now: datetime) -> OtherPerson | None:
    """The contact that is not used any more, where it is another name or number than those that are known here."""
    used = keep.contact
    known = {(name_key(used.name), phone_key(used.phone))}
    known |= {(name_key(each.name), phone_key(each.phone)) for each in keep.patient.other_people.all()}
    if not left.phone_to_call or (name_key(left.name), phone_key(left.phone)) in known or left.is_overheard:
        return None
    voicemail = Contact.Message.NO if "voicemail" in (left.not_asked or ()) else left.voicemail
    made: OtherPerson = OtherPerson.objects.create(
        patient=keep.patient, name=left.name, phone=left.phone, language=left.language, voicemail=voicemail,
        came_from=other.public_code, added_at=now,
    )  # fmt: skip
    return made


def part_people(keep: Referral, other: Referral, was: dict[str, Any]) -> None:
    """Give the other its people back, and take away whom the merge alone had made somebody to call."""
    theirs = OtherPerson.objects.filter(patient=keep.patient_id)
    _move(theirs.filter(pk__in=was.get("people", [])), other.patient)
    for each in theirs.filter(pk__in=was.get("person_made", [])):
        each.delete()
