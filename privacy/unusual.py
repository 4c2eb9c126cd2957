"""Which looks at records are unusual, so that a person asks why. Plain Python; it does not say that anybody did wrong.

A look is one opening of a family's record. Lists that show many families at once are no looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

MANY, WITHIN = 15, timedelta(hours=1)
OFTEN = 3  # acceptances that one program took back: each shows it a family's name and number
NIGHT_FROM, NIGHT_TO = time(22), time(6)


class Mark(StrEnum):
    """Why a look is unusual."""

    MANY = "many"  # one of more than `MANY` others' families within an hour
    NIGHT = "night"  # at night, by somebody who is not on duty, and the family is not theirs
    OWN_NIGHT = "own_night"  # the same, and the family is theirs: long hours, which must not hide what is strange
    AWAY = "away"  # by somebody who is recorded as away that day
    OWN_NAME = "own_name"  # the family has the last name of whoever looked
    COVER = "cover"  # of a colleague of whom whoever looked said that they are away


class Look(NamedTuple):
    """One opening: by whom, of what, when on the wall clock of our office, and what is known of it."""

    key: int
    actor: int
    subject: str
    at: datetime
    own: bool  # whoever looked has the family, covers for who has, or has done something for it
    on_duty: bool
    same_name: bool
    away: bool = False  # whoever looked is recorded as away on this day
    by_own_word: bool = False  # it is theirs because they wrote down themselves that they cover


def marks(looks: Iterable[Look]) -> Mapping[int, frozenset[Mark]]:
    """The marks of each look that has any, by its key."""
    ordered = sorted(looks, key=lambda look: (look.at, look.key))
    found: dict[int, set[Mark]] = defaultdict(set)
    for look in ordered:
        if look.same_name:
            found[look.key].add(Mark.OWN_NAME)
        if look.by_own_word:
            found[look.key].add(Mark.COVER)
        if not look.on_duty and is_night(look.at):
            found[look.key].add(Mark.OWN_NIGHT if look.own else Mark.NIGHT)
        if look.away:
            found[look.key].add(Mark.AWAY)
    for key in _many(ordered):
        found[key].add(Mark.MANY)
    return {key: frozenset(each) for key, each in found.items()}


def often_taken_back(programs: Iterable[str]) -> list[tuple[str, int]]:
    """From the program of each acceptance that was taken back: those that did so often, the most first."""
    counts = Counter(programs)
    return sorted(((name, n) for name, n in counts.items() if n >= OFTEN), key=lambda row: (-row[1], row[0]))


def is_night(at: datetime) -> bool:
    return at.time() >= NIGHT_FROM or at.time() < NIGHT_TO


def _many(ordered: Iterable[Look]) -> set[int]:
    """The keys of looks in any hour in which one person opened more than `MANY` families that are not theirs."""
    hours: dict[int, deque[Look]] = defaultdict(deque)
    found: set[int] = set()
    for look in ordered:
        if look.own:
            continue
        hour = hours[look.actor]
        hour.append(look)
        while look.at - hour[0].at > WITHIN:
            hour.popleft()
        if len({each.subject for each in hour}) > MANY:
            found |= {each.key for each in hour}
    return found


def same_name(last_name: str, *names: str) -> bool:
    """Whether a last name of more than two letters is a word of one of the names."""
    word = last_name.strip().casefold()
    return len(word) > 2 and any(word in name.casefold().split() for name in names)
