"""A definition compiled to bits, so that an answer is decided in microseconds.

Every choice has a bit, and so has every "dimension d is rated at least n" (n = 1–4). What a choice contributes is one
integer: its own bit and the bits of all that it rates. The highest rating of several answers is then the `or` of
their integers, and both atoms of the grammar ask whether the state and a mask share a bit.

With "not sure" there are two states: what the answers make certain, and what they leave possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_

from assessments.engine.conditions import HIGHEST_RATING, All, AnyOf, Condition, In, Not, Rating
from assessments.engine.definition import URGENCIES, Definition, FloorRule, Note, Question, SafetyRule


class Test:
    """A compiled condition over (sure, maybe): bits that are certainly set, and bits that may be."""

    __slots__ = ()

    def certain(self, sure: int, maybe: int) -> bool:
        """It holds, whatever the unsure answers are."""
        raise NotImplementedError

    def possible(self, sure: int, maybe: int) -> bool:
        """It is not ruled out."""
        raise NotImplementedError

    def cites(self, state: int, holds: bool) -> int:
        """Bits of the choices that make it hold (or not hold) in a state."""
        raise NotImplementedError


class Shares(Test):
    """The state shares a bit with the mask. `for_it`: choices that set such a bit; `about`: all that might have."""

    __slots__ = ("about", "for_it", "mask")

    def __init__(self, mask: int, for_it: int, about: int) -> None:
        self.mask, self.for_it, self.about = mask, for_it, about

    def certain(self, sure: int, maybe: int) -> bool:
        return sure & self.mask != 0

    def possible(self, sure: int, maybe: int) -> bool:
        return maybe & self.mask != 0

    def cites(self, state: int, holds: bool) -> int:
        return state & (self.for_it if holds else self.about)


class Every(Test):
    __slots__ = ("parts",)

    def __init__(self, parts: Iterable[Test]) -> None:
        self.parts = tuple(parts)

    def certain(self, sure: int, maybe: int) -> bool:
        return all(part.certain(sure, maybe) for part in self.parts)

    def possible(self, sure: int, maybe: int) -> bool:
        return all(part.possible(sure, maybe) for part in self.parts)

    def cites(self, state: int, holds: bool) -> int:
        return _cited(self.parts, state, holds)


class Some(Test):
    __slots__ = ("parts",)

    def __init__(self, parts: Iterable[Test]) -> None:
        self.parts = tuple(parts)

    def certain(self, sure: int, maybe: int) -> bool:
        return any(part.certain(sure, maybe) for part in self.parts)

    def possible(self, sure: int, maybe: int) -> bool:
        return any(part.possible(sure, maybe) for part in self.parts)

    def cites(self, state: int, holds: bool) -> int:
        return _cited(self.parts, state, holds)


class Inverse(Test):
    __slots__ = ("part",)

    def __init__(self, part: Test) -> None:
        self.part = part

    def certain(self, sure: int, maybe: int) -> bool:
        return not self.part.possible(sure, maybe)

    def possible(self, sure: int, maybe: int) -> bool:
        return not self.part.certain(sure, maybe)

    def cites(self, state: int, holds: bool) -> int:
        return self.part.cites(state, not holds)


def _cited(parts: tuple[Test, ...], state: int, holds: bool) -> int:
    """All parts that come out the same way as the whole: each of them alone is a reason, or they are one together."""
    return reduce(or_, (part.cites(state, holds) for part in parts if part.certain(state, state) is holds), 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A compiled question: what each choice sets, and what "not sure" sets for certain, at least, and at most."""

    question: Question
    shows: Test | None
    sets: dict[str, int]
    certain: int
    least: int
    worst: int
    possible: int
    own: int
    is_many: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled definition. Floors and notes keep the definition's order, safety
    rules go by urgency; `floors` carry the position of their level."""

    asked: tuple[Asked, ...]
    floors: tuple[tuple[FloorRule, Test, int], ...]
    safety: tuple[tuple[SafetyRule, Test], ...]
    notes: tuple[tuple[Note, Test], ...]
    ratings: dict[str, tuple[int, int]]
    """Dimension key → (lowest bit's position, mask of its bits)."""
    choices: tuple[tuple[str, str], ...]
    """The question and choice that each of the lowest bits stands for."""
    many: frozenset[str]
    """Keys of the questions that take a set of choices."""


@lru_cache(maxsize=128)
def compiled(definition: Definition) -> Program:
    """The program of a definition, made once."""
    return _Compiler(definition).program()


class _Compiler:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.choices = tuple((q.key, choice.key) for q in definition.questions for choice in q.choices)
        self.bit = {pair: 1 << position for position, pair in enumerate(self.choices)}
        start = len(self.choices)
        full = (1 << HIGHEST_RATING) - 1
        self.ratings = {
            dimension.key: (start + HIGHEST_RATING * position, full << (start + HIGHEST_RATING * position))
            for position, dimension in enumerate(definition.dimensions)
        }
        self.raters: dict[tuple[str, int], int] = {}
        for question in definition.questions:
            for choice in question.choices:
                for dimension, rating in choice.rates:
                    for n in range(1, rating + 1):
                        pair = (dimension, n)
                        self.raters[pair] = self.raters.get(pair, 0) | self.bit[question.key, choice.key]

    def program(self) -> Program:
        definition, levels = self.definition, self.definition.levels
        return Program(
            asked=tuple(self.asked(question) for question in definition.questions),
            floors=tuple((floor, self.test(floor.when), levels.index(floor.level)) for floor in definition.floors),
            safety=tuple(
                (rule, self.test(rule.when))
                for rule in sorted(definition.safety, key=lambda rule: URGENCIES.index(rule.urgency))
            ),
            notes=tuple((note, self.test(note.when)) for note in definition.notes),
            ratings=self.ratings,
            choices=self.choices,
            many=frozenset(question.key for question in definition.questions if question.kind == "many"),
        )

    def asked(self, question: Question) -> Asked:
        sets = {choice.key: self.bit[question.key, choice.key] for choice in question.choices}
        own = reduce(or_, sets.values(), 0)
        for choice in question.choices:
            for dimension, rating in choice.rates:
                sets[choice.key] |= ((1 << rating) - 1) << self.ratings[dimension][0]
        masks = list(sets.values())
        every = reduce(or_, masks)
        many = question.kind == "many"
        return Asked(
            question,
            self.test(question.shows_when) if question.shows_when is not None else None,
            sets,
            certain=0 if many else reduce(and_, masks),
            least=0 if many else masks[0],
            worst=every if many else masks[-1],
            possible=every,
            own=own,
            is_many=many,
        )

    def test(self, condition: Condition) -> Test:
        match condition:
            case All(parts):
                return Every(map(self.test, parts))
            case AnyOf(parts):
                return Some(map(self.test, parts))
            case Not(part):
                return Inverse(self.test(part))
            case In(question, choices):
                chosen = reduce(or_, (self.bit[question, choice] for choice in choices))
                about = reduce(or_, (self.bit[question, c.key] for c in self.definition.by_key[question].choices))
                return Shares(chosen, chosen, about)
            case Rating(dimension, at_least):
                mask = 1 << (self.ratings[dimension][0] + at_least - 1)
                about = self.raters.get((dimension, 1), 0)
                return Shares(mask, self.raters.get((dimension, at_least), 0), about)
