"""Steps from one value of a variable to the next that change a function's leaf, and the smallest combination with one.

Each such step passes a node that asks the variable: up to there the way is the same, and below it two functions differ.
So no function has to be built anew for a variable held at a value, which in a large diagram is too much work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assessments.engine.diagram import LEAF, Diagram, Node


class Steps:
    """Steps in one diagram where the leaves before and after are as `wanted`.

    `never` tells of two functions that no combination gives a pair of leaves as wanted.
    """

    def __init__(
        self, diagram: Diagram, wanted: Callable[[Node, Node], bool], never: Callable[[Node, Node], bool]
    ) -> None:
        self.diagram, self._wanted, self._never = diagram, wanted, never
        self._costs: dict[tuple[Node, Node], int | None] = {}

    def smallest(self, root: Node, variables: Iterable[int]) -> tuple[int, int, list[int]] | None:
        """The variable, its value before the step, and all values of the smallest combination with such a step.

        Smallest has the fewest values other than 0; of those that tie, the earliest variable and its lowest value.
        """
        diagram, among = self.diagram, frozenset(variables)
        least: dict[Node, int] = {root: 0}  # to reach a node
        best: tuple[int, int, int] | None = None
        for node in reversed(diagram.reachable(root)):
            variable, children, here = diagram.variable[node], diagram.children[node], least[node]
            for value, child in enumerate(children):
                way = here + (value > 0)
                least[child] = min(least.get(child, way), way)
                if variable not in among or value + 1 == len(children) or (best and way > best[0]):
                    continue
                below = self._below(child, children[value + 1])
                if below is not None:
                    found = (way + below, variable, value)
                    best = found if best is None else min(best, found)
        if best is None:
            return None
        _cost, variable, value = best
        values = self.values(root, variable, value)
        assert values is not None
        return variable, value, values

    def values(self, root: Node, variable: int, value: int) -> list[int] | None:
        """The smallest combination with a step of the variable from this value to the next, or None without one."""
        diagram = self.diagram
        costs: dict[Node, int | None] = {}

        def cost(node: Node) -> int | None:
            if node not in costs:
                asked = diagram.variable[node]
                least: int | None = None
                if asked < variable:
                    prices = [
                        (at > 0) + price
                        for at, child in enumerate(diagram.children[node])
                        if (price := cost(child)) is not None
                    ]
                    least = min(prices, default=None)
                elif asked == variable:
                    below = self._below(*diagram.children[node][value : value + 2])
                    least = None if below is None else (value > 0) + below
                costs[node] = least
            return costs[node]

        if cost(root) is None:
            return None
        values, node = [0] * len(diagram.sizes), root
        while (asked := diagram.variable[node]) < variable:
            prices = [
                (price + (at > 0), at)
                for at, child in enumerate(diagram.children[node])
                if (price := cost(child)) is not None
            ]
            _price, values[asked] = min(prices)
            node = diagram.children[node][values[asked]]
        values[variable] = value
        self._fill(values, *diagram.children[node][value : value + 2])
        return values

    def _below(self, one: Node, other: Node) -> int | None:
        """The fewest values other than 0 that give the two functions leaves as wanted; None where none do."""
        if self._never(one, other):
            return None
        pair = one, other
        if pair not in self._costs:
            self.diagram.check_size(len(self._costs))
            top, inside = self._split(one, other)
            if top == LEAF:
                self._costs[pair] = 0 if self._wanted(one, other) else None
            else:
                prices = [
                    (at > 0) + price for at, both in enumerate(inside) if (price := self._below(*both)) is not None
                ]
                self._costs[pair] = min(prices, default=None)
        return self._costs[pair]

    def _fill(self, values: list[int], one: Node, other: Node) -> None:
        """Write the cheapest values below a step; of those that tie, the earliest variables at 0."""
        while True:
            top, inside = self._split(one, other)
            if top == LEAF:
                return
            prices = [
                (price + (at > 0), at) for at, both in enumerate(inside) if (price := self._below(*both)) is not None
            ]
            _price, values[top] = min(prices)
            one, other = inside[values[top]]

    def _split(self, one: Node, other: Node) -> tuple[int, list[tuple[Node, Node]]]:
        """The first variable that either asks, and both functions for each of its values."""
        diagram = self.diagram
        top = min(diagram.variable[one], diagram.variable[other])
        if top == LEAF:
            return top, []
        return top, list(zip(diagram.split(one, top), diagram.split(other, top), strict=True))
