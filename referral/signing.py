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


def age_group(birth_year: int, this_year: int) -> str:
    """The group of somebody born in this year, by the age that they reach in it."""
    full = this_year - birth_year
    return "under_18" if full < ADULT else "adult" if full < GROUPS["65_up"][0] else "65_up"


def bar(signs_as: str, *, age: Ages, substance: bool, proof: str) -> Bar | None:
    """What keeps this signature from counting, or None. `proof` is what was seen or said of their authority."""
    low, high = age
    unsure = high - low > 1
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
        case "guardian" | "agent":
            return None if proof.strip() else Bar.NO_PROOF
        case _:
            return Bar.NO_AUTHORITY


def of_another(name: str, *, patient: str, contact: str) -> bool:
    """Whether a consent "for themselves" bears the name of whoever calls for the person in care, not theirs.

    All are names as they are looked up; one of them may be shorter than the other, such as a first name.
    """
    return _may_be(name, contact) and not _may_be(name, patient)


def _may_be(one: str, two: str) -> bool:
    short, long = sorted((one.split(), two.split()), key=len)
    return bool(short) and long[: len(short)] == short
