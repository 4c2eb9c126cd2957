"""Who may be the same family: the same phone number, e-mail address, or name and year of birth."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from privacy.fields import blind_index
from privacy.models import User
from referral.models import Contact, Patient, Referral
from referral.models.people import email_key, name_key, phone_key

MOST = 8


@dataclass(frozen=True, kw_only=True)
class Caller:
    """What is known so far of somebody who calls; parts may be empty, or half typed."""

    phone: str = ""
    email: str = ""
    names: tuple[str, ...] = ()
    birth_year: str = ""


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
    for model, name in ((Contact, "contact"), (Patient, "patient")):
        people = model.objects.filter(name_index__in=blind).values_list("pk", flat=True)
        found |= Q(**{f"{name}__in": list(people)})
    rows = Referral.objects.filter(found).findable_by(user).select_related("contact", "patient", "assigned_to")
    pairs = [Similar(each, _by(each, keys, names, caller.birth_year.strip())) for each in rows.order_by("-opened_at")]
    return [each for each in pairs if each.by][:MOST]


def alike(referral: Referral, user: User) -> list[Similar]:
    """Others that may be of the same family, as far as `user` may find them."""
    contact, patient = referral.contact, referral.patient
    names = tuple(dict.fromkeys(name for name in (contact.name, patient.name) if name))
    caller = Caller(phone=contact.phone, email=contact.email, names=names, birth_year=patient.birth_year or "")
    steps = set(Referral.objects.filter(of_its_steps(referral)).values_list("pk", flat=True))
    return [each for each in similar(caller, user) if each.referral.pk not in {referral.pk, *steps}]


def of_its_steps(referral: Referral) -> Q:
    """The steps before and after this one, which are of one person by intent, and what it was merged with: no
    duplicates of it any more."""
    steps = Q(patient=referral.patient_id) & (Q(based_on__isnull=False) | Q(followed_by__isnull=False))
    return steps | Q(merged_into=referral.pk) | Q(pk=referral.merged_into_id or 0)


def _by(referral: Referral, keys: dict[str, str], names: set[str], year: str) -> list[str]:
    contact, patient = referral.contact, referral.patient
    by = []
    if keys["phone"] and phone_key(contact.phone) == keys["phone"]:
        by.append(_("same phone"))
    if keys["email"] and email_key(contact.email) == keys["email"]:
        by.append(_("same email"))
    if names & {name_key(contact.name), name_key(patient.name)} and year in ("", patient.birth_year or year):
        by.append(_named(referral, names, born=bool(patient.birth_year and year)))
    return by


def _named(referral: Referral, names: set[str], *, born: bool) -> str:
    """Whose name is the same, and whether it is more than a first name."""
    if name_key(referral.contact.name) in names:
        return _("same name and year of birth") if born else _("same name")
    if " " in name_key(referral.patient.name):
        same = _("same name of the person in care")
    else:
        same = _("same first name of the person in care")
    return ", ".join([same, _("same year of birth")]) if born else same
