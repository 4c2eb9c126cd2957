"""When a condition holds, also of what is not answered or not sure: a definition compiled to bits, for speed.

Every choice has a bit, and so has every "dimension d is rated at least n" (n = 1–4). What a choice contributes is one
integer: its own bit and the bits of all that it rates. The highest rating of several answers is then the `or` of
their integers, and both atoms of the grammar ask whether the state and a mask share a bit.

With "not sure" there are two states: what the answers make certain, and what they leave possible. As `not` swaps the
two, one compiled test tells both whether a condition holds for certain and whether it may hold. So that "one of these
two" can be certain where neither of the two is, each set of choices that a condition asks for has a bit, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import pairwise
from operator import and_, or_
from typing import NamedTuple, TypeAlias

from assessments.engine.conditions import HIGHEST_RATING, All, AnyOf, Condition, In, Not, Rating, atoms
from assessments.engine.definition import URGENCIES, Definition, FloorRule, Question, Rule

Test: TypeAlias = Callable[[int, int], bool]
"""A compiled condition over (sure, maybe): whether it certainly holds. With the two swapped: whether it may hold."""

Citation: TypeAlias = Callable[[int], int]
"""Bits of the choices that make a condition hold in a state, given that it does hold there."""


class Open(NamedTuple):
    """What an answer sets that leaves more than one choice: for certain, possibly, at least, and at most.

    `exact`: a helper's answer leaves no more than one, and so is as good as that one itself.
    """

    certain: int
    possible: int
    least: int
    worst: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A compiled question: what each choice sets, and what "not sure" sets, alone or with its helper's answer."""

    question: Question
    shows: Test | None
    sets: dict[str, int]
    unsure: Open
    helper: str | None
    """The key of its helper."""
    seen: dict[str, Open]
    """For each answer of its helper: what is left."""
    own: int
    """Bits of the choices themselves."""
    said: dict[int, str]
    """The key of the choice that a bit stands for."""
    is_many: bool
    follows_any: bool
    """It rates, and comes after some choices of earlier questions: so what it is told proves that there was one."""


class Because(NamedTuple):
    """An answer that made a rule fire: a choice's key, the keys of those choices that did, or "not_sure"."""

    question: str
    answer: str | tuple[str, ...]


class Told(dict[int, Because]):
    """What is told of a question for the bits of its choices that are cited; each made when first needed."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked

    def __missing__(self, bits: int) -> Because:
        choices = tuple(key for bit, key in self.asked.said.items() if bit & bits)
        plain = len(choices) == 1 and not self.asked.is_many
        told = self[bits] = Because(self.asked.question.key, choices[0] if plain else choices)
        return told


class Compiled(NamedTuple):
    """A compiled rule. `level` is the position of a floor rule's level, 0 for other rules; `first` as there."""

    key: str
    holds: Test
    cites: Citation
    level: int
    first: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled definition. Floors and notes keep the definition's order; safety rules go by urgency."""

    asked: tuple[Asked, ...]
    floors: tuple[Compiled, ...]
    safety: tuple[Compiled, ...]
    notes: tuple[Compiled, ...]
    ratings: dict[str, tuple[int, int]]
    """Dimension key → (lowest bit's position, mask of its bits)."""
    owner: dict[int, tuple[int, Told]]
    """For a choice's bit: the bits of all choices of its question, and what is told of them."""
    lasting: tuple[Compiled, ...]
    """The floors that are no first step; they decide about the care after it."""


@lru_cache(maxsize=128)
def compiled(definition: Definition) -> Program:
    """The program of a definition, made once."""
    return _Compiler(definition).program()


class _Compiler:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        pairs = [(question.key, choice.key) for question in definition.questions for choice in question.choices]
        self.bit = {pair: 1 << position for position, pair in enumerate(pairs)}
        start = len(pairs)
        full = (1 << HIGHEST_RATING) - 1
        self.ratings = {
            dimension.key: (start + HIGHEST_RATING * position, full << (start + HIGHEST_RATING * position))
            for position, dimension in enumerate(definition.dimensions)
        }
        start += HIGHEST_RATING * len(self.ratings)
        groups = dict.fromkeys(filter(None, map(self.group, _asked_for(definition))))
        self.groups = {group: 1 << (start + position) for position, group in enumerate(groups)}
        self.raters: dict[tuple[str, int], int] = {}
        for question in definition.questions:
            for choice in question.choices:
                for dimension, rating in choice.rates:
                    for n in range(1, rating + 1):
                        pair = (dimension, n)
                        self.raters[pair] = self.raters.get(pair, 0) | self.bit[question.key, choice.key]

    def program(self) -> Program:
        definition = self.definition
        by_urgency = sorted(definition.safety, key=lambda rule: URGENCIES.index(rule.urgency))
        asked = tuple(self.asked(question) for question in definition.questions)
        told = list(map(Told, asked))
        floors = tuple(map(self.floor, definition.floors))
        return Program(
            asked=asked,
            floors=floors,
            safety=tuple(map(self.rule, by_urgency)),
            notes=tuple(map(self.rule, definition.notes)),
            ratings=self.ratings,
            owner={
                bit: (question.own, told) for question, told in zip(asked, told, strict=True) for bit in question.said
            },
            lasting=tuple(floor for floor in floors if not floor.first),
        )

    def rule(self, rule: Rule) -> Compiled:
        return Compiled(rule.key, self.test(rule.when), self.cites(rule.when), 0)

    def floor(self, rule: FloorRule) -> Compiled:
        return self.rule(rule)._replace(level=self.definition.levels.index(rule.level), first=rule.first)

    def asked(self, question: Question) -> Asked:
        sets = {choice.key: self.bit[question.key, choice.key] for choice in question.choices}
        said = {bit: key for key, bit in sets.items()}
        for choice in question.choices:
            for dimension, rating in choice.rates:
                sets[choice.key] |= ((1 << rating) - 1) << self.ratings[dimension][0]
        for (about, choices), bit in self.groups.items():
            for key in choices if about == question.key else ():
                sets[key] |= bit
        many = question.is_many
        helper = self.definition.helper_of.get(question.key)
        return Asked(
            question,
            self.test(question.shows_when) if question.shows_when is not None else None,
            sets,
            unsure=_open(sets.values(), many),
            helper=helper.key if helper else None,
            seen=_seen(helper, sets, many) if helper else {},
            own=reduce(or_, said),
            said=said,
            is_many=many,
            follows_any=question.role == "rated" and self.is_any_of(question.shows_when),
        )

    def group(self, condition: In) -> tuple[str, tuple[str, ...]] | None:
        """The choices that a condition asks for, where they are several of which one is taken."""
        asked = self.definition.by_key[condition.question]
        choices = tuple(choice.key for choice in asked.choices if choice.key in condition.choices)
        return (asked.key, choices) if not asked.is_many and len(choices) > 1 else None

    def is_any_of(self, condition: Condition | None) -> bool:
        """Whether the condition asks for nothing but some of several choices; all such conditions can hold at once."""
        if isinstance(condition, AnyOf):
            return all(map(self.is_any_of, condition.parts))
        return isinstance(condition, In) and self.definition.by_key[condition.question].is_many

    def test(self, condition: Condition) -> Test:
        mask = self.mask(condition)
        if mask is not None:
            return _shares(mask)
        match condition:
            case All(parts):
                masks = [self.mask(part) for part in parts]
                if len(parts) == 2 and masks[0] is not None and masks[1] is not None:
                    return _shares_both(masks[0], masks[1])
                return reduce(_both, map(self.test, parts))
            case AnyOf(parts):
                return reduce(_either, map(self.test, parts))
            case Not(part):
                return _inverse(self.test(part))
        raise TypeError(f"{condition} is no condition")

    def mask(self, condition: Condition) -> int | None:
        """The bits of which the state must share one, for an atom or any of atoms; None for other conditions."""
        match condition:
            case In(question, choices):
                group = self.group(condition)
                return self.groups[group] if group else self.choices_of(question, choices)
            case Rating(dimension, at_least):
                return 1 << (self.ratings[dimension][0] + at_least - 1)
            case AnyOf(parts):
                masks = [self.mask(part) for part in parts]
                return None if None in masks else reduce(or_, (mask or 0 for mask in masks))
        return None

    def cites(self, condition: Condition, holds: bool = True) -> Citation:
        """The choices that make a condition hold, or, if `holds` is False, those that make it fail.

        All parts that come out like the whole are cited: each of them alone is a reason, or they are one together.
        """
        plain = self.citable(condition) if holds else None
        if plain is not None:
            return _among(plain)
        match condition:
            case Not(part):
                return self.cites(part, not holds)
            case In(question):
                return _among(self.choices_of(question))
            case Rating(dimension):
                return _among(self.raters.get((dimension, 1), 0))
            case All(parts) | AnyOf(parts):
                cited = [(_like(self.test(part), holds), self.cites(part, holds)) for part in parts]
                return lambda state: reduce(or_, (cite(state) for like, cite in cited if like(state, state)), 0)

    def citable(self, condition: Condition) -> int | None:
        """The choices to cite wherever the condition holds, if none of them could be there when their part fails."""
        match condition:
            case In(question, choices):
                return self.choices_of(question, choices)
            case Rating(dimension, at_least):
                return self.raters.get((dimension, at_least), 0)
            case All(parts) | AnyOf(parts):
                if isinstance(condition, AnyOf) and not all(isinstance(part, In | Rating) for part in parts):
                    return None
                masks = [self.citable(part) for part in parts]
                return None if None in masks else reduce(or_, (mask or 0 for mask in masks))
        return None

    def choices_of(self, question: str, choices: Iterable[str] = ()) -> int:
        """Bits of some choices of a question, or of all of them."""
        keys = choices or [choice.key for choice in self.definition.by_key[question].choices]
        return reduce(or_, (self.bit[question, choice] for choice in keys))


def _asked_for(definition: Definition) -> Iterator[In]:
    """Every answer that a condition of the definition asks for."""
    shows = [question.shows_when for question in definition.questions if question.shows_when is not None]
    for condition in (*shows, *(rule.when for rule in definition.rules.values())):
        yield from (atom for atom in atoms(condition) if isinstance(atom, In))


def _open(masks: Collection[int], many: bool) -> Open:
    """What is set when only these choices, from the least to the most severe, are left."""
    left = list(masks)
    every = reduce(or_, left, 0)
    return Open(0, every, 0, every) if many else Open(reduce(and_, left), every, left[0], left[-1])


def _seen(helper: Question, sets: dict[str, int], many: bool) -> dict[str, Open]:
    """What each answer of a helper leaves; one that leaves nothing of a question with one answer says nothing.

    Of several choices, an answer after the first says that at least one is true which the answer before it left out:
    what all of these and of all later ones set is certain. So a later answer never makes less certain.
    """
    left = {
        choice.key: _open([sets[key] for key in sets if key in choice.means], many)
        for choice in helper.choices
        if choice.means or many
    }
    if many:
        told = proved = 0
        for before, choice in pairwise(helper.choices):
            if added(helper, choice.key):
                proved = reduce(and_, (bits for key, bits in sets.items() if key not in before.means))
            told |= proved
            left[choice.key] = left[choice.key]._replace(certain=told, least=told)
    return {key: one._replace(exact=one.certain == one.possible) for key, one in left.items()}


def added(helper: Question, key: str) -> tuple[str, ...]:
    """The choices that an answer of a helper leaves possible and the answer before it does not; none for the first."""
    for before, choice in pairwise(helper.choices):
        if choice.key == key:
            return tuple(one for one in choice.means if one not in before.means)
    return ()


def _shares(mask: int) -> Test:
    return lambda sure, maybe: sure & mask != 0


def _shares_both(mask: int, other: int) -> Test:
    return lambda sure, maybe: sure & mask != 0 and sure & other != 0


def _both(one: Test, other: Test) -> Test:
    return lambda sure, maybe: one(sure, maybe) and other(sure, maybe)


def _either(one: Test, other: Test) -> Test:
    return lambda sure, maybe: one(sure, maybe) or other(sure, maybe)


def _inverse(one: Test) -> Test:
    return lambda sure, maybe: not one(maybe, sure)


def _like(one: Test, holds: bool) -> Test:
    return one if holds else _inverse(one)


def _among(mask: int) -> Citation:
    return lambda state: state & mask
