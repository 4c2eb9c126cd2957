"""Who the family is, as staff correct it."""

from __future__ import annotations

from dataclasses import dataclass

from referral.models import Referral


@dataclass(frozen=True, kw_only=True)
class People:
    """Who they are, as staff correct it. Where both are one person the patient's name is the contact's."""

    contact_name: str
    patient_name: str
    birth_year: str
    age: str
    gender: str = ""
    relation: str = ""  # where nobody had asked who needs care


def correct_people(referral: Referral, people: People) -> dict[str, str]:
    """Set names, age and gender; return what it was where it is another now."""
    contact, patient = referral.contact, referral.patient
    if people.relation and not contact.whom_asked:
        referral.relation = people.relation
        contact.not_asked = [each for each in contact.not_asked or () if each != contact.FOR_WHOM]
    own = referral.relation == Referral.Relation.SELF
    was = {
        "contact_name": contact.name,
        "patient_name": patient.name,
        "birth_year": patient.birth_year or "",
        "age": patient.age,
        "gender": patient.gender or "",
    }
    contact.name, patient.name = people.contact_name, people.contact_name if own else people.patient_name
    patient.birth_year, patient.age, patient.gender = people.birth_year, people.age, people.gender
    patient.save()
    set_to = {"contact_name": contact.name, "patient_name": patient.name, "birth_year": people.birth_year}
    set_to |= {"age": people.age, "gender": people.gender}
    return {name: value for name, value in was.items() if value != set_to[name]}
