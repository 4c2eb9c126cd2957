"""Who may be, or perhaps is, the same family: by phone number, e-mail address, name, year of birth and ZIP code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from privacy.fields import blind_index
from privacy.models import User
from referral.models import Contact, ContactKey, OtherPerson, Patient, PatientKey, Referral
from referral.models.name_keys import key_number
from referral.models.people import email_key, name_key, phone_key
from referral.names import asked_parts, asked_sound, sound, words_of

MOST = 8
CANDIDATES = 100  # whose names sound alike; the rest tells them apart


@dataclass(frozen=True, kw_only=True)
class Caller:
    """What is known so far of somebody who calls; parts may be empty, or half typed."""

    phone: str = ""
    email: str = ""
    names: tuple[str, ...] = ()
    birth_year: str = ""
    zip_code: str = ""


@dataclass(frozen=True)
class Similar:
    """A referral that may be of the same family, and by what."""

    referral: Referral
    by: list[str] = field(default_factory=list)


def similar(caller: Caller, user: User) -> list[Similar]:
    """The referrals that `user` may find, the newest first. Another year of birth tells two people apart."""
    keys = {"phone": phone_key(caller.phone), "email": email_key(caller.email)}
    names = {name_key(name) for name in caller.names} - {""}
    blind = [blind_index(name, purpose="name") for name in names]
    found = Q(pk=None)
    for channel, value in keys.items():
        if value:
            contacts = Contact.objects.filter(**{f"{channel}_index": blind_index(value, purpose=channel)})
            found |= Q(contact__in=list(contacts.values_list("pk", flat=True)))
    if keys["phone"]:
        people = OtherPerson.objects.by_phone(keys["phone"]).values_list("patient", flat=True)
        found |= Q(patient__in=list(people))
    for model, name in ((Contact, "contact"), (Patient, "patient")):
        people = model.objects.filter(name_index__in=blind).values_list("pk", flat=True)
        found |= Q(**{f"{name}__in": list(people)})
    rows = Referral.objects.filter(found | _sounding(caller.names)).findable_by(user)
    rows = rows.select_related("contact", "patient", "assigned_to").order_by("-opened_at")
    sure = {each.pk: _by(each, keys, names, caller.birth_year.strip()) for each in rows}
    same = [Similar(each, by) for each in rows if (by := sure[each.pk])]
    near = [Similar(each, by) for each in rows if not sure[each.pk] and (by := _perhaps(each, caller))]
    return [*same, *near][:MOST]


def alike(referral: Referral, user: User) -> list[Similar]:
    """Others that may be of the same family, as far as `user` may find them."""
    contact, patient = referral.contact, referral.patient
    names = tuple(dict.fromkeys(name for name in (contact.name, patient.name) if name))
    caller = Caller(phone=contact.phone, email=contact.email, names=names, **_about(referral))
    steps = set(Referral.objects.filter(of_its_steps(referral)).values_list("pk", flat=True))
    return [each for each in similar(caller, user) if each.referral.pk not in {referral.pk, *steps}]


def others_reached_at(referral: Referral, user: User, *, phone: str, email: str) -> list[Similar]:
    """Other open families that are reached at one of these where this one was not so far: a slip of a digit would send
    to one what is meant for the other."""
    contact = referral.contact
    new = Caller(
        phone="" if phone_key(phone) == phone_key(contact.phone) else phone,
        email="" if email_key(email) == email_key(contact.email) else email,
    )
    return [
        each for each in similar(new, user) if each.referral.is_open and each.referral.contact_id != referral.contact_id
    ]


def of_its_steps(referral: Referral) -> Q:
    """The steps before and after this one, which are of one person by intent, and what it was merged with: no
    duplicates of it any more."""
    steps = Q(patient=referral.patient_id) & (Q(based_on__isnull=False) | Q(followed_by__isnull=False))
    return steps | Q(merged_into=referral.pk) | Q(pk=referral.merged_into_id or 0)


def _about(referral: Referral) -> dict[str, str]:
    return {"birth_year": referral.patient.birth_year or "", "zip_code": referral.contact.zip_code}


def _by(referral: Referral, keys: dict[str, str], names: set[str], year: str) -> list[str]:
    contact, patient = referral.contact, referral.patient
    by = []
    if keys["phone"] and phone_key(contact.phone) == keys["phone"]:
        by.append(_("same phone"))
    elif keys["phone"] and patient.other_people.by_phone(keys["phone"]).exists():
        by.append(_("phone of another person to call"))
    if keys["email"] and email_key(contact.email) == keys["email"]:
        by.append(_("same email"))
    if names & {name_key(contact.name), name_key(patient.name)} and year in ("", patient.birth_year or year):
        by.append(_named(referral, names, born=bool(patient.birth_year and year)))
    return by


def _sounding(names: tuple[str, ...]) -> Q:
    """Those of whom one has a first name that sounds like the first word of one of these, and a surname like its last:
    the person in care, whose surname may stand with whom we talk with."""
    found = Q(pk=None)
    for first, surname in _pairs(names):
        given = asked_sound(first) or asked_parts(first)
        family = asked_sound(surname) or asked_parts(surname)
        if given and family:
            mine = _having(PatientKey.objects.all(), given)
            known_as = Q(patient__in=_having(PatientKey.objects.all(), family))
            known_as |= Q(contact__in=_having(ContactKey.objects.all(), family))
            rows = Referral.objects.filter(known_as, patient__in=mine).order_by("-opened_at")
            found |= Q(pk__in=list(rows.values_list("pk", flat=True)[:CANDIDATES]))
    return found


def _having(rows: QuerySet[PatientKey] | QuerySet[ContactKey], keys: list[str]) -> QuerySet[Any, Any]:
    return rows.filter(key=key_number(keys[0])).values("person")


def _pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """First name and surname of each; of one that was said without a surname, with those of the others."""
    said = [words for words in map(words_of, names) if words]
    surnames = [words[-1] for words in said if len(words) > 1]
    return [(words[0], last) for words in said for last in (words[-1:] if len(words) > 1 else surnames)]


def _perhaps(referral: Referral, caller: Caller) -> list[str]:
    """Not where the years of birth differ: they tell two people of one family apart."""
    own, year = _about(referral), caller.birth_year.strip()
    if year and own["birth_year"] not in ("", year):
        return []
    born = bool(year) and own["birth_year"] == year
    near = bool(caller.zip_code) and own["zip_code"] == caller.zip_code.strip()
    patient, contact = words_of(referral.patient.name), words_of(referral.contact.name)
    if not patient or not (born or near):
        return []
    surnames = {patient[-1]} if len(patient) > 1 else set(contact[1:][-1:])
    said = _pairs(caller.names)
    if not any(_alike(first, patient[0]) and any(_alike(last, each) for each in surnames) for first, last in said):
        return []
    shared = [*([_("same year of birth")] if born else []), *([_("same ZIP code")] if near else [])]
    return [_("perhaps the same"), _("the name sounds alike"), *shared]


def _alike(one: str, other: str) -> bool:
    return one == other or bool(sound(one) and sound(one) == sound(other))


def _named(referral: Referral, names: set[str], *, born: bool) -> str:
    """Whose name is the same, and whether it is more than a first name."""
    if name_key(referral.contact.name) in names:
        return _("same name and year of birth") if born else _("same name")
    if " " in name_key(referral.patient.name):
        same = _("same name of the person in care")
    else:
        same = _("same first name of the person in care")
    return ", ".join([same, _("same year of birth")]) if born else same
