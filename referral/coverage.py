"""Whether a consent covers a disclosure. Plain Python; there is no override.

The elements are those of 42 CFR 2.31: who discloses, what, to whom, why, until when, signed by whom.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Category(StrEnum):
    """What may be told about a person. A consent names each one; a disclosure says which were sent."""

    NEED = "need"  # the concern and the level of care that fits
    SITUATION = "situation"  # area, language, times, for whom
    CONTACT = "contact"  # name, phone, e-mail
    ANSWERS = "answers"  # the answers to the questionnaire


# Enough to say yes or no; nobody is named before a program has accepted.
LIMITED = frozenset({Category.NEED, Category.SITUATION})


class Gap(StrEnum):
    """What stands between a consent and a disclosure."""

    NONE_SIGNED = "none_signed"
    REVOKED = "revoked"
    BARRED = "barred"
    EXPIRED = "expired"
    OTHER_RECIPIENT = "other_recipient"
    OTHER_CATEGORIES = "other_categories"


@dataclass(frozen=True)
class Grant:
    """A signed consent. `recipients` holds program keys; `any_program` is the class "listed treatment programs"."""

    key: int
    categories: frozenset[str]
    recipients: frozenset[int]
    any_program: bool
    signed_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    barred: bool = False  # whoever signed may not sign for this person, by what is known now

    def is_live(self, now: datetime) -> bool:
        """Whether it holds at this instant."""
        return gap(self, recipient=0, categories=(), now=now) in (None, Gap.OTHER_RECIPIENT)


def lasts(grant: Grant, *, now: datetime) -> Gap | None:
    """What keeps a consent from holding for the next need of the same person, or None. Its purpose is to look for a
    program and to arrange care there, so it does not end with one program; what and whom it names stays as it is."""
    if grant.revoked_at is not None and grant.revoked_at <= now:
        return Gap.REVOKED
    if grant.signed_at > now or (grant.expires_at is not None and grant.expires_at <= now):
        return Gap.EXPIRED
    return Gap.BARRED if grant.barred else None


def gap(grant: Grant, *, recipient: int, categories: Collection[str], now: datetime) -> Gap | None:
    """The first thing that keeps `grant` from covering this disclosure, or None if it covers it."""
    if (ended := lasts(grant, now=now)) is not None:
        return ended
    if not grant.any_program and recipient not in grant.recipients:
        return Gap.OTHER_RECIPIENT
    if not set(categories) <= grant.categories:
        return Gap.OTHER_CATEGORIES
    return None


# The nearer a consent came to covering, the more useful its gap is to the person who must close it.
_NEAREST = (Gap.OTHER_CATEGORIES, Gap.OTHER_RECIPIENT, Gap.BARRED, Gap.EXPIRED, Gap.REVOKED)


def covering(
    grants: Iterable[Grant], *, recipient: int, categories: Collection[str], now: datetime
) -> tuple[Grant | None, Gap | None]:
    """The newest grant that covers the disclosure, else (None, the gap that came nearest)."""
    gaps: set[Gap] = set()
    for grant in sorted(grants, key=lambda each: each.signed_at, reverse=True):
        found = gap(grant, recipient=recipient, categories=categories, now=now)
        if found is None:
            return grant, None
        gaps.add(found)
    return None, next((each for each in _NEAREST if each in gaps), Gap.NONE_SIGNED)
