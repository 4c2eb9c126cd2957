"""Compares two versions of a questionnaire: what changed, in words, and what that does to every rating vector.

Floor rules see ratings and a few facts (pregnant; in residential care now). The comparison counts all combinations of
the ratings 0–4 of every dimension and of the facts that a rule names, and tells how many move from which level to
which. The combinations need not all come up on a walk; they are the whole space that the rules speak about. What the
questions rate, and who is asked what, is not in them: that is counted by walks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, NamedTuple

from assessments.engine.conditions import HIGHEST_RATING, In, Rating, atoms
from assessments.engine.definition import Definition, Language, Question
from assessments.engine.diagram import FALSE, Diagram, Node, TooLarge
from assessments.engine.differences import Difference, differences
from assessments.engine.model import LIMIT, translate
from assessments.engine.who_moves import Moves, moves


class Comparison(NamedTuple):
    """Two versions side by side.

    `moved` maps (old level, new level) to the number of combinations that the old version puts in the one and the new
    version in the other, the diagonal being those that stay; None when there are too many rules to count. `total` is
    the number of combinations: the sum of `moved`. `walks` tells who moves on the way through both versions, as far as
    that can be counted.
    """

    old: Definition
    new: Definition
    differences: tuple[Difference, ...]
    moved: dict[tuple[str, str], int] | None
    total: int
    walks: Moves | None


def compare(old: Definition, new: Definition, limit: int = LIMIT) -> Comparison:
    """The comparison of two versions. `limit` bounds the work for the matrix (diagram nodes and steps)."""
    space = _Space(old, new, limit)
    total = reduce(lambda product, size: product * size, space.diagram.sizes, 1)
    try:
        moved = space.moved(old, new)
    except TooLarge:
        moved = None
    return Comparison(old, new, tuple(differences(old, new)), moved, total, moves(old, new, limit))


def comparison_to_json(comparison: Comparison, language: Language = "en") -> dict[str, Any]:
    """The comparison as plain JSON values: {changes: [{where, words}], moved: [{from, to, count}], total, walks}."""
    moved, walks = comparison.moved, comparison.walks
    return {
        "changes": [
            {"where": list(difference.where), "words": difference.say(language)}
            for difference in comparison.differences
        ],
        "moved": None
        if moved is None
        else [{"from": before, "to": after, "count": count} for (before, after), count in moved.items()],
        "total": comparison.total,
        "walks": None
        if walks is None
        else [{"from": before, "to": after, "count": count} for (before, after), count in walks.walks.items()],
    }


class _Space:
    """The combinations of ratings and facts that the floor rules of either version look at."""

    def __init__(self, old: Definition, new: Definition, limit: int) -> None:
        self.variables: dict[tuple[str, ...], int] = {}
        """A dimension, a question of kind "one", or a choice of a question of kind "many" → its variable."""
        self.values: dict[tuple[str, str], int] = {}
        """(question, choice) of kind "one" → the value that stands for it; 0 is any other choice, or not asked."""
        sizes: list[int] = []
        for definition in (old, new):
            for dimension in definition.dimensions:
                if ("rating", dimension.key) not in self.variables:
                    self.variables["rating", dimension.key] = len(sizes)
                    sizes.append(HIGHEST_RATING + 1)
        for question, choices in _facts(old, new):
            if question.is_many:
                for choice in choices:
                    if ("many", question.key, choice) not in self.variables:
                        self.variables["many", question.key, choice] = len(sizes)
                        sizes.append(2)
                continue
            if ("one", question.key) not in self.variables:
                # The value for all choices that no rule names, and for the question not being asked.
                self.variables["one", question.key] = len(sizes)
                sizes.append(1)
            variable = self.variables["one", question.key]
            for choice in choices:
                if (question.key, choice) not in self.values:
                    self.values[question.key, choice] = sizes[variable]
                    sizes[variable] += 1
        self.diagram = Diagram(sizes, max(2, len(old.levels), len(new.levels)), limit)

    def moved(self, old: Definition, new: Definition) -> dict[tuple[str, str], int]:
        counts = self._count(self._level(old), self._level(new))
        return {(old.levels[before], new.levels[after]): counts[before, after] for before, after in sorted(counts)}

    def _level(self, definition: Definition) -> Node:
        level = 0
        for rule in sorted(definition.floors, key=lambda rule: definition.levels.index(rule.level)):
            condition = translate(self.diagram, rule.when, lambda atom: self._taken(definition, atom), self._rated)
            level = self.diagram.choose(condition, definition.levels.index(rule.level), level)
        return level

    def _taken(self, definition: Definition, atom: In) -> Node:
        if not definition.by_key[atom.question].is_many:
            values = {self.values[atom.question, choice] for choice in atom.choices}
            return self.diagram.among(self.variables["one", atom.question], values)
        choices = (self.diagram.among(self.variables["many", atom.question, choice], {1}) for choice in atom.choices)
        return reduce(self.diagram.either, choices, FALSE)

    def _rated(self, atom: Rating) -> Node:
        variable = self.variables["rating", atom.dimension]
        return self.diagram.among(variable, set(range(atom.at_least, HIGHEST_RATING + 1)))

    def _count(self, one: Node, other: Node) -> dict[tuple[int, int], int]:
        """How many combinations give each pair of leaves."""
        diagram, sizes = self.diagram, self.diagram.sizes
        seen: dict[tuple[Node, Node], dict[tuple[int, int], int]] = {}

        def top(pair: tuple[Node, Node]) -> int:
            return min(len(sizes), diagram.variable[pair[0]], diagram.variable[pair[1]])

        def skipped(start: int, end: int) -> int:
            return reduce(lambda product, size: product * size, sizes[start:end], 1)

        def below(pair: tuple[Node, Node]) -> dict[tuple[int, int], int]:
            """Counts over the variables from the pair's own on."""
            if pair not in seen:
                diagram.check_size(len(seen))
                variable = top(pair)
                if variable == len(sizes):
                    return {pair: 1}
                counts: dict[tuple[int, int], int] = {}
                for child in zip(*(diagram.split(node, variable) for node in pair), strict=True):
                    times = skipped(variable + 1, top(child))
                    for leaves, count in below(child).items():
                        counts[leaves] = counts.get(leaves, 0) + count * times
                seen[pair] = counts
            return seen[pair]

        times = skipped(0, top((one, other)))
        return {leaves: count * times for leaves, count in below((one, other)).items()}


def _facts(old: Definition, new: Definition) -> Iterator[tuple[Question, list[str]]]:
    """The questions whose answers a floor rule of either version looks at, with the choices that rules name."""
    named = {
        (atom.question, choice)
        for rule in (*old.floors, *new.floors)
        for atom in atoms(rule.when)
        if isinstance(atom, In)
        for choice in atom.choices
    }
    for definition in (old, new):
        for question in definition.questions:
            choices = [choice.key for choice in question.choices if (question.key, choice.key) in named]
            if choices:
                yield question, choices
