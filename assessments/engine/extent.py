"""Counts all complete walks of a definition, without walking them one by one."""

from __future__ import annotations

from typing import NamedTuple

from assessments.engine.diagram import FALSE, Node
from assessments.engine.model import Model


class Extent(NamedTuple):
    """All complete walks: how many different ones, and the fewest and most questions that one asks."""

    walks: int
    shortest: int
    longest: int


class _Count:
    """What lies ahead depends only on what is left of the conditions; each such remainder is counted once."""

    def __init__(self, model: Model) -> None:
        self.model, self.diagram = model, model.diagram
        self.seen: dict[tuple[int, tuple[Node, ...]], Extent] = {}

    def ahead(self, position: int, asked: tuple[Node, ...]) -> Extent:
        if not asked:
            return Extent(1, 0, 0)
        key = (position, asked)
        if key not in self.seen:
            self.diagram.check_size(len(self.seen))
            self.seen[key] = (
                self.ahead(position + 1, asked[1:]) if asked[0] == FALSE else self.answered(position, asked[1:])
            )
        return self.seen[key]

    def answered(self, position: int, asked: tuple[Node, ...]) -> Extent:
        left = {asked: 1}
        for variable in self.model.variables_of(position):
            after: dict[tuple[Node, ...], int] = {}
            for state, times in left.items():
                for below in zip(*(self.diagram.split(node, variable) for node in state), strict=True):
                    after[below] = after.get(below, 0) + times
                if not state:
                    after[state] = times * self.diagram.sizes[variable]
            left = after
        ends = [(self.ahead(position + 1, state), times) for state, times in left.items()]
        return Extent(
            sum(end.walks * times for end, times in ends),
            1 + min(end.shortest for end, _ in ends),
            1 + max(end.longest for end, _ in ends),
        )


def extent(model: Model) -> Extent:
    """The extent of a definition. Raises TooLarge."""
    return _Count(model).ahead(0, tuple(model.asked))
