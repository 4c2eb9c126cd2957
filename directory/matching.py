"""Orders programs for what a family needs and would like, and says why, line by line. Plain Python.

Facts come before preferences: the level offered, what is treated, the ages served, and whether it is for women or for
men only decide whether a program *fits*.
How a family pays and which language it speaks are *needs*: a program that lists others, and not these, comes after all
that list them or do not say. Preferences only order. What a program does not say is *unknown*, which is neither yes nor
no: it stands between them.
The order has nine steps, and money that changes hands is in none of them, because nothing here knows of any:

1. programs that fit, before those that a fact rules out;
2. fewer needs that are not met;
3. where care has two steps, programs for the first before the rest;
4. fewer unknown facts;
5. more of the needs and preferences met (met 2 points, unknown 1, not met 0; all count alike);
6. places: open now, then the shortest wait, then unknown, then full;
7. the nearest;
8. the name, 9. the key: two programs never share a rank, whatever order they came in.

Meeting one more kind of need or preference therefore never lowers a program: it gains as much as any other can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from directory.capacity import Opening, Report, Standing, opening_of, soonest
from directory.geo import Point, miles_between


class Answer(Enum):
    YES = "yes"
    UNKNOWN = "unknown"
    NO = "no"


class Kind(Enum):
    """What a reason does: a fact decides whether a program fits, a need not met puts it after those that meet it,
    a need and a preference count points, a note only tells."""

    FACT = "fact"
    NEED = "need"
    PREFERENCE = "preference"
    NOTE = "note"


LIVE_IN = frozenset({"residential", "medically-managed"})  # levels with care day and night
ONLINE = "telehealth"
OTHER = "other"  # a gender for which no program is set aside: whether one for women or for men is open must be asked
GROUP = "population"
POINTS = {Answer.YES: 2, Answer.UNKNOWN: 1, Answer.NO: 0}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a family needs and would like; everything may be left open.

    `levels` are slugs: one, or all of a range; `first` is the one of them that care begins with, where it has two
    steps. `concern` is ``substance_use``, ``mental_health`` or ``both``.
    `ages` are the youngest and the oldest that the person may be: twice the same where the age is known, the ends of a
    group where only that is. `gender` is ``women``, ``men`` or ``other``: the group of programs that would be theirs.
    `near` and `zip` come from the family's ZIP; with `miles` a nearer program is a preference. Of `languages`,
    `payment` and `schedule` any one will do; each of `populations` counts by itself. A program that offers one of
    `medications` (for opioid use) fits whatever its level: they are right at every level, and work from the first day.
    Beside a level they are a preference, too, so that programs that offer one come before those that do not.
    """

    levels: frozenset[str] = frozenset()
    first: str = ""
    concern: str = ""
    ages: tuple[int, int] | None = None
    gender: str = ""
    zip: str = ""
    near: Point | None = None
    miles: float | None = None
    languages: frozenset[str] = frozenset()
    payment: frozenset[str] = frozenset()
    schedule: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    medications: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a program. An empty set, string or None means: not known."""

    key: str
    name: str
    levels: frozenset[str] = frozenset()
    concern: str = ""
    age_min: int | None = None
    age_max: int | None = None
    only_for: str = ""  # women or men; empty where it is for everybody
    points: tuple[Point, ...] = ()
    zips: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    payment: frozenset[str] = frozenset()
    schedule: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    medications: frozenset[str] = frozenset()
    reports: Mapping[str, Report] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the explanation: `key` and `answer` choose the sentence, `params` fill it."""

    key: str
    kind: Kind
    answer: Answer
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A program's place in the order, and why."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    opening: Opening
    miles: float | None
    step: int = 0  # of care in two steps: 1 or 2, and 0 where neither is offered or care has one

    @property
    def fits(self) -> bool:
        """Whether no fact rules it out."""
        return not any(reason.kind is Kind.FACT and reason.answer is Answer.NO for reason in self.reasons)

    @property
    def needs_missed(self) -> int:
        """How many needs it lists other words for."""
        return sum(reason.kind is Kind.NEED and reason.answer is Answer.NO for reason in self.reasons)

    @property
    def meets_all(self) -> bool:
        """Whether it is known to meet every fact, need and special program that was asked for."""
        hard = (Kind.FACT, Kind.NEED)
        return all(reason.answer is Answer.YES for reason in self.reasons if reason.kind in hard or reason.key == GROUP)

    @property
    def missed(self) -> tuple[Reason, ...]:
        """The facts and needs that speak against it, in the order of the reasons."""
        hard = (Kind.FACT, Kind.NEED)
        return tuple(reason for reason in self.reasons if reason.kind in hard and reason.answer is Answer.NO)

    @property
    def points(self) -> int:
        counted = (Kind.NEED, Kind.PREFERENCE)
        return sum(POINTS[reason.answer] for reason in self.reasons if reason.kind in counted)

    @property
    def unknown_facts(self) -> int:
        return sum(reason.kind is Kind.FACT and reason.answer is Answer.UNKNOWN for reason in self.reasons)


def rank(wish: Wish, candidates: Iterable[Candidate], *, now: datetime, fresh: timedelta) -> list[Match]:
    """All candidates, best first; none is left out. A capacity report older than `fresh` counts as unknown."""
    return sorted((match(wish, candidate, now=now, fresh=fresh) for candidate in candidates), key=_place)


def match(wish: Wish, candidate: Candidate, *, now: datetime, fresh: timedelta) -> Match:
    """One candidate, explained."""
    miles = min((miles_between(wish.near, point) for point in candidate.points), default=None) if wish.near else None
    wanted = (wish.levels & candidate.levels) or candidate.levels
    opening = soonest(opening_of(level, candidate.reports.get(level), now=now, fresh=fresh) for level in sorted(wanted))
    reasons = (
        *_facts(wish, candidate),
        *_needs(wish, candidate),
        *_preferences(wish, candidate, miles),
        *_notes(wish, candidate, miles, opening),
    )
    return Match(candidate, reasons, opening, miles, _step(wish, candidate))


def _step(wish: Wish, candidate: Candidate) -> int:
    if not wish.first or wish.levels.isdisjoint(candidate.levels):
        return 0
    return 1 if wish.first in candidate.levels else 2


def _place(match: Match) -> tuple[object, ...]:
    far = (match.miles is None, round(match.miles or 0.0, 1))
    order = (match.opening.standing.order, match.opening.wait_days or 0)
    name = (match.candidate.name.casefold(), match.candidate.key)
    needs = (not match.fits, match.needs_missed)
    return (*needs, match.step != 1, match.unknown_facts, -match.points, order, far, name)


def _facts(wish: Wish, candidate: Candidate) -> Iterable[Reason]:
    medicine = wish.medications & candidate.medications
    if wish.levels and not (medicine and wish.levels.isdisjoint(candidate.levels)):
        yield _any_of("level", Kind.FACT, wish.levels, candidate.levels)
    if wish.medications:
        kind = Kind.PREFERENCE if wish.levels else Kind.FACT
        yield _any_of("medications", kind, wish.medications, candidate.medications)
    if wish.concern:
        treats = {"both": frozenset({"both", "substance_use", "mental_health"}), "": frozenset[str]()}
        have = treats.get(candidate.concern, frozenset({candidate.concern}))
        answer = _any_of("concern", Kind.FACT, frozenset({wish.concern}), have).answer
        if answer is Answer.NO and wish.concern == "both":
            answer = Answer.UNKNOWN  # One half of it: it comes after those that treat both.
        yield Reason("concern", Kind.FACT, answer, {"wished": wish.concern, "have": candidate.concern})
    if wish.ages:
        low, high = candidate.age_min, candidate.age_max
        yield Reason("age", Kind.FACT, _serves(wish.ages, low, high), {"ages": wish.ages, "low": low, "high": high})
    if wish.gender and candidate.only_for:
        answer = Answer.UNKNOWN if wish.gender == OTHER else _yes(wish.gender == candidate.only_for)
        yield Reason("only_for", Kind.FACT, answer, {"have": candidate.only_for})


def _yes(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


def _serves(ages: tuple[int, int], low: int | None, high: int | None) -> Answer:
    """Whether a program for `low` to `high` serves all of these ages, none, or perhaps: only some of them."""
    if low is None and high is None:
        return Answer.UNKNOWN
    youngest, oldest = ages
    least, most = low if low is not None else 0, high if high is not None else max(oldest, 200)
    if least <= youngest and oldest <= most:
        return Answer.YES
    return Answer.NO if oldest < least or most < youngest else Answer.UNKNOWN


def _needs(wish: Wish, candidate: Candidate) -> Iterable[Reason]:
    for key in ("payment", "languages"):
        if wished := getattr(wish, key):
            yield _any_of(key, Kind.NEED, wished, getattr(candidate, key))


def _preferences(wish: Wish, candidate: Candidate, miles: float | None) -> Iterable[Reason]:
    if wish.near and wish.miles is not None:
        answer = Answer.UNKNOWN if miles is None else Answer.YES if miles <= wish.miles else Answer.NO
        yield Reason("distance", Kind.PREFERENCE, answer, {"miles": miles, "wished": wish.miles})
    if wish.zip:
        area = _any_of("area", Kind.PREFERENCE, frozenset({wish.zip}), candidate.zips)
        yield replace(area, params={**area.params, "online": ONLINE in candidate.schedule})
    if wish.schedule:
        yield _hours(wish, candidate)
    for group in sorted(wish.populations):
        yield _any_of(GROUP, Kind.PREFERENCE, frozenset({group}), candidate.populations)


def _hours(wish: Wish, candidate: Candidate) -> Reason:
    """Who lives where care is has it at every hour."""
    levels = (wish.levels & candidate.levels) or candidate.levels
    if levels and levels <= LIVE_IN:
        return Reason("schedule", Kind.PREFERENCE, Answer.YES, {"live_in": True})
    return _any_of("schedule", Kind.PREFERENCE, wish.schedule, candidate.schedule)


def _notes(wish: Wish, candidate: Candidate, miles: float | None, opening: Opening) -> Iterable[Reason]:
    if candidate.only_for and not wish.gender:
        yield Reason("only_for", Kind.NOTE, Answer.UNKNOWN, {"have": candidate.only_for})
    if wish.near and wish.miles is None:
        yield Reason("distance", Kind.NOTE, Answer.UNKNOWN if miles is None else Answer.YES, {"miles": miles})
    answers = {Standing.OPEN: Answer.YES, Standing.WAIT: Answer.NO, Standing.FULL: Answer.NO}
    yield Reason("opening", Kind.NOTE, answers.get(opening.standing, Answer.UNKNOWN), {"opening": opening})


def _any_of(key: str, kind: Kind, wished: frozenset[str], have: frozenset[str]) -> Reason:
    found = wished & have
    answer = Answer.YES if found else Answer.NO if have else Answer.UNKNOWN
    return Reason(key, kind, answer, {"wished": sorted(wished), "found": sorted(found), "have": sorted(have)})
