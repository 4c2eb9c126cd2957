"""What a family needs of a program, from all that is known: its request, its answers, and what staff settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from assessments.family.search import search_fields
from directory.geo import BadZip, Point
from directory.matching import Match, Wish, match
from directory.models import Program
from directory.models.zips import place_of
from directory.wording import OLDEST, sentence
from guides.models import LevelOfCare
from referral.models import Patient, Referral

AGES: dict[str, tuple[int, int]] = {
    Patient.Age.MINOR: (0, 17),
    Patient.Age.ADULT: (18, 64),
    Patient.Age.OLDER: (65, OLDEST),
}


class Against(NamedTuple):
    """What speaks against a program: the keys of the needs that it does not meet, and each as a sentence."""

    keys: tuple[str, ...]
    sentences: tuple[str, ...]


NOTHING = Against((), ())


def wish_of(referral: Referral, levels: Iterable[LevelOfCare] | None = None) -> Wish:
    """The wish for the directory. What staff settled counts before what the answers say. `levels` are all of them,
    where the caller has them."""
    answered = _answered(referral)
    concern = "" if referral.concern == Referral.Concern.UNSURE else referral.concern
    return Wish(
        levels=_levels(referral, levels),
        concern=concern or next(iter(answered.get("concern", ())), ""),
        ages=_ages(referral.patient),
        gender=referral.patient.gender or "",
        zip=referral.contact.zip_code,
        near=_near(referral.contact.zip_code),
        languages=frozenset(answered.get("languages") or {referral.contact.language}),
        payment=frozenset(referral.payment or answered.get("payment", ())),
        schedule=frozenset(answered.get("schedule", ())),
        populations=frozenset(answered.get("populations", ())),
        medications=frozenset(answered.get("medications", ())),
    )


def against(referral: Referral, program: Program, *, now: datetime) -> Against:
    """What is known to speak against sending this referral to this program."""
    missed = match_of(referral, program, now=now).missed
    names = {level.slug: str(level) for level in LevelOfCare.objects.in_order()}
    return Against(tuple(reason.key for reason in missed), tuple(sentence(reason, names) for reason in missed))


def match_of(referral: Referral, program: Program, *, now: datetime) -> Match:
    """How one program answers the wish of a referral."""
    row = Program.objects.with_details().get(pk=program.pk)
    return match(wish_of(referral), row.as_candidate(), now=now, fresh=settings.CAPACITY_FRESH_FOR)


def _ages(patient: Patient) -> tuple[int, int]:
    """By the year of birth, the two ages that it allows this year; else by the group. Not said: any age."""
    group = AGES.get(patient.age, (0, OLDEST))
    if not patient.birth_year:
        return group
    turns = max(timezone.localdate().year - int(patient.birth_year), 0)
    low, high = max(turns - 1, group[0]), min(turns, group[1])
    return (low, high) if low <= high else (max(turns - 1, 0), turns)


def _answered(referral: Referral) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if referral.response:
        for name, value in search_fields(referral.response.outcome()):
            found.setdefault(name, []).append(value)
    return found


def _levels(referral: Referral, levels: Iterable[LevelOfCare] | None) -> frozenset[str]:
    low, high = referral.level_low, referral.level_high
    if not (low and high):
        return frozenset()
    known = LevelOfCare.objects.in_order() if levels is None else levels
    return frozenset(each.slug for each in known if low.order <= each.order <= high.order)


def _near(zip_code: str) -> Point | None:
    try:
        return place_of(zip_code).point
    except BadZip:
        return None
