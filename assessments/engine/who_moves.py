"""Counts who moves between two versions: every way through both, by the level, the warning and the ratings it gets.

Nothing is sampled. Where the two together are too large to count, nothing is known, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assessments.engine.definition import URGENCIES, Definition, Question
from assessments.engine.diagram import FALSE, Node, TooLarge
from assessments.engine.joint import NEW, OLD, Joint
from assessments.engine.model import LIMIT

Given = dict[str, str | list[str]]

NO_WARNING = ""
MILDEST_FIRST = (NO_WARNING, *reversed(URGENCIES))


class Example(NamedTuple):
    """The way with the fewest answers other than the least severe: what is answered in either version."""

    old: Given
    new: Given


class Move(NamedTuple):
    """Ways that get `after` where they got `before`."""

    before: str
    after: str
    walks: int
    lower: bool
    example: Example


class Rerated(NamedTuple):
    """How many ways rate a dimension lower than before, and how many higher."""

    dimension: str
    lower: int
    higher: int


class Moves(NamedTuple):
    """Who moves. `walks` maps (old level, new level) to ways, those that stay among them; `total` is their sum.

    `then` are the moves of the care after a first step, where either version has one. `helpers` are the questions for
    whoever is not sure after which less is certain than before.
    """

    walks: dict[tuple[str, str], int]
    total: int
    levels: tuple[Move, ...]
    then: tuple[Move, ...]
    helpers: tuple[str, ...]
    warnings: tuple[Move, ...]
    ratings: tuple[Rerated, ...]

    @property
    def lowers(self) -> bool:
        """Whether anybody would get less than before: a lower level, first or later, or a milder warning, or none."""
        return bool(self.helpers) or any(move.lower for move in (*self.levels, *self.then, *self.warnings))


def moves(old: Definition, new: Definition, limit: int = LIMIT) -> Moves | None:
    """Who moves; None when it takes too much work to count."""
    try:
        return _Counting(old, new, limit).moves()
    except TooLarge:
        return None


def may_lower(old: Definition, new: Definition, limit: int = LIMIT) -> bool:
    """Whether anybody would get less than before. What cannot be counted may."""
    found = moves(old, new, limit)
    return found is None or found.lowers


class _Counting:
    def __init__(self, old: Definition, new: Definition, limit: int) -> None:
        self.old, self.new = old, new
        self.joint = Joint(old, new, limit)

    def moves(self) -> Moves:
        levels = self.joint.level(OLD), self.joint.level(NEW)
        counts = self.count(*levels)
        walks = {(self.old.levels[was], self.new.levels[now]): number for (was, now), number in counts.items()}
        return Moves(
            walks=walks,
            total=sum(walks.values()),
            levels=tuple(self.each(levels, counts, self.old.levels, self.new.levels)),
            then=tuple(self.then()),
            helpers=tuple(weaker_helpers(self.old, self.new)),
            warnings=tuple(self.warnings()),
            ratings=tuple(self.ratings()),
        )

    def then(self) -> list[Move]:
        if not any(rule.first for rule in (*self.old.floors, *self.new.floors)):
            return []
        ends = self.joint.then(OLD), self.joint.then(NEW)
        return self.each(ends, self.count(*ends), self.old.levels, self.new.levels)

    def warnings(self) -> list[Move]:
        urgencies = self.joint.urgency(OLD), self.joint.urgency(NEW)
        return self.each(urgencies, self.count(*urgencies), MILDEST_FIRST, MILDEST_FIRST)

    def ratings(self) -> list[Rerated]:
        keys = dict.fromkeys(one.key for definition in (self.new, self.old) for one in definition.dimensions)
        found = []
        for key in keys:
            counts = self.count(self.joint.rating(OLD, key), self.joint.rating(NEW, key))
            lower = sum(number for (was, now), number in counts.items() if now < was)
            higher = sum(number for (was, now), number in counts.items() if now > was)
            if lower or higher:
                found.append(Rerated(key, lower, higher))
        return found

    def each(
        self,
        functions: tuple[Node, Node],
        counts: dict[tuple[int, int], int],
        before: Sequence[str],
        after: Sequence[str],
    ) -> list[Move]:
        """What does not stay, those that fall first, and of these the farthest."""
        found = []
        for (was, now), number in counts.items():
            if before[was] != after[now]:
                lower = is_lower(before[was], after[now], before, after)
                move = Move(before[was], after[now], number, lower, self.smallest(functions, (was, now)))
                found.append((not lower, now - was if lower else was - now, move))
        return [move for *_, move in sorted(found, key=lambda one: one[:2])]

    def smallest(self, functions: tuple[Node, Node], leaves: tuple[int, int]) -> Example:
        values = self.joint.diagram.cheapest((self.joint.walks, *functions), lambda ends: ends == (1, *leaves))
        if values is None:
            raise ValueError(f"nothing leads to {leaves}")
        return Example(self.joint.answers(OLD, values), self.joint.answers(NEW, values))

    def count(self, one: Node, other: Node) -> dict[tuple[int, int], int]:
        """How many ways give each pair of leaves."""
        diagram, sizes = self.joint.diagram, self.joint.diagram.sizes
        seen: dict[tuple[Node, ...], dict[tuple[int, int], int]] = {}

        def top(nodes: tuple[Node, ...]) -> int:
            return min(len(sizes), *(diagram.variable[node] for node in nodes))

        def skipped(start: int, end: int) -> int:
            product = 1
            for size in sizes[start:end]:
                product *= size
            return product

        def below(nodes: tuple[Node, ...]) -> dict[tuple[int, int], int]:
            """Counts over the variables from the nodes' own on."""
            if nodes[0] == FALSE:
                return {}
            if nodes not in seen:
                diagram.check_size(len(seen))
                variable = top(nodes)
                if variable == len(sizes):
                    return {(nodes[1], nodes[2]): 1}
                counts: dict[tuple[int, int], int] = {}
                for child in zip(*(diagram.split(node, variable) for node in nodes), strict=True):
                    times = skipped(variable + 1, top(child))
                    for leaves, number in below(child).items():
                        counts[leaves] = counts.get(leaves, 0) + number * times
                seen[nodes] = counts
            return seen[nodes]

        roots = (self.joint.walks, one, other)
        times = skipped(0, top(roots))
        return {leaves: number * times for leaves, number in sorted(below(roots).items())}


def is_lower(was: str, now: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether `now` is less than `was` in either order. Where neither order has both, it may be, and so it is."""
    orders = [order for order in (before, after) if was in order and now in order]
    return not orders or any(order.index(now) < order.index(was) for order in orders)


def weaker_helpers(old: Definition, new: Definition) -> list[str]:
    """Helpers of the old version whose answers may make less certain in the new one; one that is gone is among them.

    The walks that are counted have no "not sure", so no helper. For these the least answer that a helper leaves
    possible must not get milder. A helper of a question with any number of answers must stay as it is.
    """
    return [helper.key for helper in old.questions if helper.helps is not None and _is_weaker(helper, old, new)]


def _is_weaker(helper: Question, old: Definition, new: Definition) -> bool:
    now, helped = new.by_key.get(helper.key), old.by_key[str(helper.helps)]
    after = new.by_key.get(helped.key)
    if now is None or after is None or now.helps != helper.helps or after.kind != helped.kind:
        return True
    was, means = ({choice.key: choice.means for choice in one.choices} for one in (helper, now))
    if was.keys() != means.keys():
        return True
    if helped.is_many:
        return was != means
    order = [choice.key for choice in after.choices]
    if [key for key in order if _has(helped, key)] != [choice.key for choice in helped.choices]:
        return True
    return any(min(map(order.index, means[key]), default=0) < min(map(order.index, was[key]), default=0) for key in was)


def _has(question: Question, key: str) -> bool:
    return any(choice.key == key for choice in question.choices)
