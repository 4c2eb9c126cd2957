"""Who may consent for whom, by age and authority. Plain Python.

Beside 42 CFR 2.14 and 2.15 these are the rules of one state for care that a minor may consent to (its Family Code 6924
and 6929). Another state has others: a lawyer looks at this table before it is used there.
"""

from __future__ import annotations

from enum import StrEnum

ADULT = 18
# From this age on a minor consents to this care, and to sharing about it, and nobody signs in their place.
SIGNS = 12
OLDEST = 120
Ages = tuple[int, int]
GROUPS: dict[str, Ages] = {"": (0, OLDEST), "under_18": (0, ADULT - 1), "adult": (ADULT, 64), "65_up": (65, OLDEST)}
# What is asked of whoever signs where the group does not tell who may.
FINER: dict[str, Ages] = {"under_12": (0, SIGNS - 1), "12_17": (SIGNS, ADULT - 1)}


class Bar(StrEnum):
    """Why a signature does not count."""

    TOO_YOUNG = "too_young"
    MINOR_SIGNS = "minor_signs"
    NOT_A_MINOR = "not_a_minor"
    AGE_UNKNOWN = "age_unknown"
    NO_PROOF = "no_proof"
    NO_AUTHORITY = "no_authority"
    OTHER_NAME = "other_name"


def ages(group: str, birth_year: int | None, this_year: int) -> Ages:
    """The lowest and the highest age that somebody can have now."""
    if birth_year is None:
        return GROUPS.get(group, GROUPS[""])
    full = this_year - birth_year
    return max(0, full - 1), max(0, full)


def leaves_open(age: Ages) -> bool:
    """Whether such an age does not tell who may sign, so that it is asked."""
    low, high = age
    return high - low > 1 and low < ADULT and (low, high) not in FINER.values()


def narrowed(age: Ages, said: str) -> Ages:
    """The age by what is known, or where that leaves it open by the group that whoever signs chose."""
    low, high = {**GROUPS, **FINER}.get(said, age)
    return (low, high) if leaves_open(age) and age[0] <= low and high <= age[1] else age


def age_group(birth_year: int, this_year: int) -> str:
    """The group of somebody born in this year, by the age that they reach in it."""
    full = this_year - birth_year
    return "under_18" if full < ADULT else "adult" if full < GROUPS["65_up"][0] else "65_up"


def by_substances(concern: str) -> bool:
    """Whether the rules of care for alcohol and drugs decide who signs: also where it is not known what it is about."""
    return concern != "mental_health"


def bar(signs_as: str, *, age: Ages, substance: bool, proof: str) -> Bar | None:
    """What keeps this signature from counting, or None. `proof` is what was seen or said of their authority.

    Who loves an adult shares what they told us themselves, as the words say, whichever way they sign.
    """
    low, high = age
    unsure = leaves_open(age)
    match signs_as:
        case "self":
            if high < SIGNS:
                return Bar.TOO_YOUNG
            return Bar.AGE_UNKNOWN if unsure and low < SIGNS else None
        case "parent":
            if low >= ADULT:
                return Bar.NOT_A_MINOR
            if unsure and high >= ADULT:
                return Bar.AGE_UNKNOWN
            return Bar.MINOR_SIGNS if substance and high >= SIGNS else None
        case "loved_one" if low >= ADULT:
            return None
        case "loved_one" if unsure and high >= ADULT:
            return Bar.AGE_UNKNOWN
        case "guardian" | "agent":
            return None if proof.strip() else Bar.NO_PROOF
        case _:
            return Bar.NO_AUTHORITY


def of_another(name: str, *, patient: str, contact: str) -> bool:
    """Whether a consent "for themselves" bears the name of whoever calls for the person in care, not theirs.

    All are names as they are looked up; one of them may be shorter than the other, such as a first name.
    """
    return _may_be(name, contact) and not _may_be(name, patient)


def names_another(patient: str, contact: str) -> bool:
    """Whether the name of the person in care is of somebody else than of whoever speaks for themselves."""
    return bool(patient.strip()) and not _may_be(patient, contact)


def _may_be(one: str, two: str) -> bool:
    short, long = sorted((one.split(), two.split()), key=len)
    return bool(short) and long[: len(short)] == short
