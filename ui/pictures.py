"""Pictures drawn from figures: their shapes in numbers, which the templates of `parts/` put into SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Literal, NamedTuple, TypeAlias

from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

ROOM, HIDDEN = 4, "–"
"""How wide a part of a bar of 100 is that has a letter under it, and the sign of what may not be shown."""
Stand: TypeAlias = Literal["sure", "here", "open"]
DAWN, NIGHT = 6, 24
HOUR, NIGHT_HEIGHT = 7, 22
"""How high an hour of the day is drawn, and the six hours of the night together."""
FIRST_COLUMN, COLUMN, GUTTER = 82, 30, 4
STRETCH_WIDTH, LOW, HIGH = 180, 134, 92
"""A stretch of hill is so wide, and its ground lies between these heights (down from the top)."""


class Stone(NamedTuple):
    """One stone of a cairn; a stone that is open may come on top."""

    x: float
    y: float
    width: float
    stand: Stand


class Stretch(NamedTuple):
    """A piece of hill whose edges meet those beside it: outlines of what is behind and in front, and the path on it.

    A cairn stands in its middle, on `ground`.
    """

    back: str
    front: str
    way: str
    ground: float


class Block(NamedTuple):
    """Some hours of a day in the program."""

    y: int
    height: int


class Column(NamedTuple):
    """One day of a week."""

    x: int
    name: str
    blocks: tuple[Block, ...]


class WeekPicture(NamedTuple):
    """A week; `words` say the same as the picture."""

    live_in: bool
    columns: tuple[Column, ...]
    words: str


class DayPart(NamedTuple):
    """Some hours of a day, drawn from `x` on, `width` wide; `at` says when, `words` what for."""

    what: Literal["there", "own", "night"]
    x: int
    width: int
    at: str
    words: str


class Share(NamedTuple):
    """A part of a bar of 100: what it is, where it begins and how long it is, and the letter that its key has."""

    what: str
    x: float
    width: float
    letter: str = ""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def has_room(self) -> bool:
        """Whether its letter can stand under it."""
        return bool(self.letter) and self.width >= ROOM


def shares(
    counts: Sequence[int | None], names: Sequence[str], total: int | None, letters: Sequence[str] = ()
) -> tuple[Share, ...]:
    """The parts of a bar. What may not be shown alone is one part at its end, where the total is known."""
    whole = sum(count or 0 for count in counts) if total is None else total
    if not whole:
        return ()
    parts = [(name, count) for name, count in zip(names, counts, strict=True) if count]
    left = whole - sum(count for _name, count in parts)
    keyed = {**dict(zip(names, letters, strict=False)), "hidden": HIDDEN if letters else ""}
    drawn, x = [], 0.0
    for name, count in [*parts, ("hidden", left)]:
        width = round(100 * count / whole, 2)
        if count > 0:
            drawn.append(Share(name, round(x, 2), width, keyed.get(name, "")))
        x += width
    return tuple(drawn)


def cairn(sure: int, still_open: int = 0, *, here: bool = True) -> tuple[Stone, ...]:
    """A stone for each level up to the one told of, marked where it is `here`; above it what is open.

    It stands on y = 72 and is drawn to the same measure for every level, so that height compares.
    """
    stones = []
    for place in range(sure + still_open):
        width = 58 - 7 * place
        stand: Stand = "open" if place >= sure else "here" if here and place == sure - 1 else "sure"
        lean = (0, 2, -1.5)[place % 3]
        stones.append(Stone((64 - width) / 2 + lean, 62 - 11.5 * place, width, stand))
    return tuple(stones)


def stretch(place: int, of: int, *, falls: bool = False) -> Stretch:
    """The piece at `place` (from 0) of a hill of `of` pieces that rises from left to right, or falls."""
    ends = [LOW - (LOW - HIGH) * at / of for at in (place, place + 1)]
    start, end = [LOW + HIGH - at for at in ends] if falls else ends

    def line(lift: float) -> str:
        return f"M0 {start - lift:g}C60 {start - lift:g} 120 {end - lift:g} {STRETCH_WIDTH} {end - lift:g}"

    closed = "V160H0z"
    return Stretch(line(18) + closed, line(0) + closed, line(-14), (start + end) / 2)


def week(hours: Sequence[tuple[int, int, int]], *, live_in: bool) -> WeekPicture:
    """The picture of a week from (day, from, to) in full hours; day 0 is Monday."""
    columns = tuple(
        Column(
            FIRST_COLUMN + day * (COLUMN + GUTTER),
            str(WEEKDAYS_ABBR[day]),
            tuple(_block(start, end) for which, start, end in hours if which == day),
        )
        for day in range(7)
    )
    return WeekPicture(live_in, columns, _in_words(hours, live_in))


WAKING, BED = 7, 22
HOUR_WIDTH = 17
"""A day is drawn from its waking to the next, each hour so wide, the nine of the night as five."""


def day(hours: Sequence[tuple[int, int]]) -> tuple[DayPart, ...]:
    """A day where one lives in: from (from, to) in full hours of treatment, and what lies between them."""
    parts, at = [], WAKING
    for start, end in [*hours, (BED, BED)]:
        if start > at:
            parts.append(_part("own", at, start, _between(at, start)))
        if end > start:
            parts.append(_part("there", start, end, _("Therapy, groups and classes")))
        at = end
    return (*parts, _part("night", BED, WAKING, _("Sleep. Someone on the team is awake.")))


def _part(what: Literal["there", "own", "night"], start: int, end: int, words: str) -> DayPart:
    width = HOUR_WIDTH * (end - start if end > start else 5)
    return DayPart(what, HOUR_WIDTH * (start - WAKING), width, _spans([(start, end)]), words)


def _between(start: int, end: int) -> str:
    if start == WAKING:
        return _("Waking up, breakfast, a walk or exercise")
    if end == BED:
        return _("Supper, time outdoors, calls with family, quiet time")
    return _("Lunch and a rest")


def _block(start: int, end: int) -> Block:
    begin = max(start, DAWN)
    return Block((begin - DAWN) * HOUR, (end - begin) * HOUR)


def _in_words(hours: Sequence[tuple[int, int, int]], live_in: bool) -> str:
    by_hours: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day in range(7):
        own = tuple((start, end) for which, start, end in hours if which == day)
        if own:
            by_hours.setdefault(own, []).append(day)
    told = [
        _("%(days)s: %(hours)s.") % {"days": _days(days), "hours": _spans(spans)} for spans, days in by_hours.items()
    ]
    sentences = [_("People live there, day and night."), *told] if live_in else told
    # An hour may end in a dot of its own.
    return " ".join(capfirst(sentence.replace("..", ".")) for sentence in sentences)


def _days(days: Sequence[int]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s to %(last)s") % {"first": WEEKDAYS[days[0]], "last": WEEKDAYS[days[-1]]}
    return get_text_list([str(WEEKDAYS[day]) for day in days], _("and"))


def _spans(spans: Iterable[tuple[int, int]]) -> str:
    told = [_("%(since)s to %(until)s") % {"since": _hour(start), "until": _hour(end)} for start, end in spans]
    return get_text_list(told, _("and"))


def _hour(hour: int) -> str:
    return formats.time_format(time(hour % 24))
