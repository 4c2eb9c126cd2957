"""Two versions over the same answers: one person's way through the old one and through the new one, side by side.

The same key is the same question, and the same choice. Who gives an answer that only one version has is taken to give
one of those next to it in the other: where a choice was split, joined or renamed, its like; where it was taken out or
put in, the nearest choices above and below. A question that only one version asks may get any answer there, and so may
one whose kind of answer changed, in each version for itself. So whatever could move does move here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from assessments.engine.definition import Definition, Question
from assessments.engine.diagram import FALSE, TRUE, Diagram, Node
from assessments.engine.model import LIMIT, Model, modelled

Pair = tuple[int, int]
"""A choice in the old version and the one that the same person gives in the new one, by position."""

OLD, NEW = 0, 1


class Place(NamedTuple):
    """Where a variable of one version stands: the common variable, and its values for each value there."""

    variable: int
    values: tuple[frozenset[int], ...]


def paired(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Every pair of choices that one person could give to the same question in both versions."""
    both = [key for key in old if key in new]
    if not both:
        return [(before, after) for before in range(len(old)) for after in range(len(new))]
    pairs = {(old.index(key), new.index(key)) for key in both}
    gone, came = _between(old, both), _between(new, both)
    for gap in {*gone, *came}:
        below, above = gap
        kept = [key for key in (below, above) if key is not None]
        out, into = gone.get(gap, []), came.get(gap, [])
        if len(out) == len(into):
            pairs |= set(zip(out, into, strict=True))
        elif out and into:
            pairs |= {(before, after) for before in out for after in into}
        pairs |= {(before, new.index(key)) for before in out for key in kept if not into}
        pairs |= {(old.index(key), after) for after in into for key in kept if not out}
    return sorted(pairs)


def _between(keys: Sequence[str], both: Sequence[str]) -> dict[tuple[str | None, str | None], list[int]]:
    """The positions of the keys that only one version has, by the nearest keys of both below and above them."""
    found: dict[tuple[str | None, str | None], list[int]] = {}
    for position, key in enumerate(keys):
        if key not in both:
            below = next((one for one in reversed(keys[:position]) if one in both), None)
            above = next((one for one in keys[position:] if one in both), None)
            found.setdefault((below, above), []).append(position)
    return found


class Joint:
    """The functions of two versions as one diagram. Raises TooLarge when that needs too much work."""

    def __init__(self, old: Definition, new: Definition, limit: int) -> None:
        self.models = _model(old, limit), _model(new, limit)
        self.places: tuple[dict[int, Place], dict[int, Place]] = ({}, {})
        """For each version: its variable → where that stands."""
        self.sizes: list[int] = []
        self._pairs: dict[str, tuple[int, list[Pair]]] = {}
        self._alone: list[tuple[int, str, tuple[int, ...]]] = []
        """Variables of choices that are taken or not: with the question, and the versions that have the choice."""
        for key in _in_order(old, new):
            self._place(key, old.by_key.get(key), new.by_key.get(key))
        leaves = max(5, len(old.levels), len(new.levels))
        self.diagram = Diagram(self.sizes, leaves, limit)
        self._carried: tuple[dict[Node, Node], dict[Node, Node]] = ({}, {})
        self.walks = self._each_walk_once()
        """True for one combination of each pair of walks: what neither asks is held at its first value."""

    def carry(self, side: int, root: Node) -> Node:
        """A function of one version's model, as a function of the common variables."""
        model, done, joint = self.models[side].diagram, self._carried[side], self.diagram
        if root < model.leaves:
            return root
        if root not in done:
            place = self.places[side][model.variable[root]]
            children = [self.carry(side, child) for child in model.children[root]]
            carried = children[0]
            for values, child in zip(place.values[1:], children[1:], strict=True):
                carried = joint.choose(joint.among(place.variable, set(values)), child, carried)
            done[root] = carried
        return done[root]

    def level(self, side: int) -> Node:
        return self.carry(side, self.models[side].level)

    def then(self, side: int) -> Node:
        """The level after a first step; where there is none, the level itself."""
        return self.carry(side, self.models[side].then)

    def urgency(self, side: int) -> Node:
        """How urgent the crisis page is: 0 there is none."""
        return self.carry(side, self.models[side].urgency())

    def rating(self, side: int, dimension: str) -> Node:
        """How a dimension is rated; 0 where the version does not have it."""
        model, rated = self.models[side], FALSE
        if all(one.key != dimension for one in model.definition.dimensions):
            return rated
        for degree in range(1, 5):
            holds = self.carry(side, model.rated(dimension, degree, len(model.definition.questions)))
            rated = self.diagram.choose(holds, degree, rated)
        return rated

    def answers(self, side: int, values: Sequence[int]) -> dict[str, str | list[str]]:
        """The answers that a combination of the common values gives in one version."""
        own = [0] * len(self.models[side].variables)
        for variable, place in self.places[side].items():
            own[variable] = next(value for value, these in enumerate(place.values) if values[place.variable] in these)
        return self.models[side].answers(own)

    def _new(self, size: int) -> int:
        self.sizes.append(size)
        return len(self.sizes) - 1

    def _place(self, key: str, old: Question | None, new: Question | None) -> None:
        if old and new and not old.is_many and not new.is_many:
            self._place_pairs(key, old, new)
        elif old and new and old.kind == new.kind:
            keys = list(dict.fromkeys(choice.key for question in (new, old) for choice in question.choices))
            for choice in keys:
                self._place_choice(key, choice, old, new)
        else:
            for side, question in ((OLD, old), (NEW, new)):
                if question and not question.is_many:
                    self._place_one(side, question)
                elif question:
                    for one in question.choices:
                        self._place_choice(key, one.key, *((question, None) if side == OLD else (None, question)))

    def _place_pairs(self, key: str, old: Question, new: Question) -> None:
        pairs = paired([choice.key for choice in old.choices], [choice.key for choice in new.choices])
        variable = self._new(len(pairs))
        self._pairs[key] = variable, pairs
        for side, question in ((OLD, old), (NEW, new)):
            values = (
                frozenset(value for value, pair in enumerate(pairs) if pair[side] == position)
                for position in range(len(question.choices))
            )
            self.places[side][self._first(side, key)] = Place(variable, tuple(values))

    def _place_one(self, side: int, question: Question) -> None:
        variable = self._new(len(question.choices))
        values = tuple(frozenset({value}) for value in range(len(question.choices)))
        self.places[side][self._first(side, question.key)] = Place(variable, values)
        self._alone.append((variable, question.key, (side,)))

    def _place_choice(self, key: str, choice: str, old: Question | None, new: Question | None) -> None:
        variable, sides = self._new(2), []
        for side, question in ((OLD, old), (NEW, new)):
            keys = [one.key for one in question.choices] if question else []
            if choice in keys:
                own = self._first(side, key) + keys.index(choice)
                self.places[side][own] = Place(variable, (frozenset({0}), frozenset({1})))
                sides.append(side)
        self._alone.append((variable, key, tuple(sides)))

    def _first(self, side: int, key: str) -> int:
        model = self.models[side]
        return model.first[model.position[key]]

    def _each_walk_once(self) -> Node:
        conditions = [(variable, self._only_when_asked(variable, key, sides)) for variable, key, sides in self._alone]
        conditions += [(place, self._one_pair_each(place, key, pairs)) for key, (place, pairs) in self._pairs.items()]
        # From the last variable up, so that each step adds at the top of what is there.
        last_first = sorted(conditions, reverse=True)
        return reduce(self.diagram.both, (condition for _, condition in last_first), TRUE)

    def _only_when_asked(self, variable: int, key: str, sides: Sequence[int]) -> Node:
        asked = reduce(self.diagram.either, [self._asked(side, key) for side in sides], FALSE)
        return self.diagram.either(asked, self.diagram.among(variable, {0}))

    def _one_pair_each(self, variable: int, key: str, pairs: list[Pair]) -> Node:
        """Any pair where both versions ask; where one does, the first with its choice; where none does, the first."""
        joint = self.diagram
        firsts = [
            joint.among(variable, {[pair[side] for pair in pairs].index(choice) for choice in {p[side] for p in pairs}})
            for side in (OLD, NEW)
        ]
        old, new = self._asked(OLD, key), self._asked(NEW, key)
        only_old = joint.choose(old, firsts[OLD], joint.among(variable, {0}))
        return joint.choose(new, joint.choose(old, TRUE, firsts[NEW]), only_old)

    def _asked(self, side: int, key: str) -> Node:
        model: Model = self.models[side]
        return self.carry(side, model.asked[model.position[key]])


def _model(definition: Definition, limit: int) -> Model:
    return modelled(definition) if limit == LIMIT else Model(definition, limit)


def _in_order(old: Definition, new: Definition) -> list[str]:
    """The keys of all questions in the new order; one that is gone stands behind those it stood behind."""
    order = [question.key for question in new.questions]
    place = 0
    for question in old.questions:
        if question.key not in new.by_key:
            order.insert(place, question.key)
        place = order.index(question.key) + 1
    return order
