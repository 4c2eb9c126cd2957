"""Ordered decision diagrams: a function of finite variables, stored once for every different remainder.

A node asks one variable and has a child for each of its values; a leaf is a small number (0 and 1 for false and true,
or the position of a level). Equal nodes are the same node, so two functions are equal exactly when their numbers are.
Whatever is proved here is proved for every combination of values, though they are never listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

Node: TypeAlias = int
FALSE: Node = 0
TRUE: Node = 1
LEAF = 1 << 30
"""The variable of a leaf: after all others."""


class TooLarge(Exception):
    """The function needs more work than allowed; nothing is known about it then."""


class Diagram:
    """Nodes over variables 0, 1, … with `sizes[v]` values each. The first `leaves` nodes are the leaves.

    At most `limit` nodes and remembered steps together; beyond that TooLarge is raised.
    """

    def __init__(self, sizes: Sequence[int], leaves: int, limit: int) -> None:
        self.sizes = tuple(sizes)
        self.leaves = leaves
        self.limit = limit
        self.variable: list[int] = [LEAF] * leaves
        self.children: list[tuple[Node, ...]] = [()] * leaves
        self._nodes: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._chosen: dict[tuple[Node, Node, Node], Node] = {}
        self._below: dict[tuple[Node, Node], bool] = {}
        self._asked: dict[Node, frozenset[int]] = {}

    def node(self, variable: int, children: tuple[Node, ...]) -> Node:
        """The node that asks `variable`; the child itself when the answer makes no difference."""
        first = children[0]
        if all(child == first for child in children):
            return first
        key = (variable, children)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = len(self.variable)
            self.variable.append(variable)
            self.children.append(children)
        return found

    def among(self, variable: int, values: set[int]) -> Node:
        """True when the variable has one of the values."""
        return self.node(variable, tuple(TRUE if value in values else FALSE for value in range(self.sizes[variable])))

    def choose(self, condition: Node, then: Node, other: Node) -> Node:
        """The function that is `then` where the condition is true and `other` where it is false."""
        if condition == TRUE or then == other:
            return then
        if condition == FALSE:
            return other
        if then == TRUE and other == FALSE:
            return condition
        key = (condition, then, other)
        found = self._chosen.get(key)
        if found is not None:
            return found
        self.check_size()
        top = min(self.variable[condition], self.variable[then], self.variable[other])
        found = self.node(
            top, tuple(map(self.choose, self.split(condition, top), self.split(then, top), self.split(other, top)))
        )
        self._chosen[key] = found
        return found

    def both(self, one: Node, other: Node) -> Node:
        return self.choose(one, other, FALSE)

    def either(self, one: Node, other: Node) -> Node:
        return self.choose(one, TRUE, other)

    def negate(self, one: Node) -> Node:
        return self.choose(one, FALSE, TRUE)

    def split(self, node: Node, variable: int) -> tuple[Node, ...]:
        """The function for each value of a variable that does not come after the node's own."""
        if self.variable[node] == variable:
            return self.children[node]
        return (node,) * self.sizes[variable]

    def never_above(self, one: Node, other: Node) -> bool:
        """Whether the first function's leaf is at most the second's, for every combination of values."""
        if one == other or one == 0:
            return True
        if one < self.leaves and other < self.leaves:
            return one < other
        key = (one, other)
        found = self._below.get(key)
        if found is None:
            self.check_size()
            top = min(self.variable[one], self.variable[other])
            found = all(map(self.never_above, self.split(one, top), self.split(other, top)))
            self._below[key] = found
        return found

    def reachable(self, root: Node) -> list[Node]:
        """All nodes and leaves of a function, in ascending order: children before those who ask them."""
        seen = {root}
        waiting = [root]
        while waiting:
            for child in self.children[waiting.pop()]:
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
        return sorted(seen)

    def depends(self, root: Node, variable: int) -> bool:
        """Whether a function's leaf ever changes with a variable: in a reduced diagram, where a node asks for it."""
        if root not in self._asked:
            self._asked[root] = frozenset(self.variable[node] for node in self.reachable(root))
        return variable in self._asked[root]

    def value(self, root: Node, values: Sequence[int]) -> int:
        """The leaf of a function for one combination of values."""
        while root >= self.leaves:
            root = self.children[root][values[self.variable[root]]]
        return root

    def cheapest(self, roots: tuple[Node, ...], wanted: Callable[[tuple[int, ...]], bool]) -> list[int] | None:
        """Values for which the functions' leaves together are as wanted, or None if there are none.

        Of all such combinations: one with the fewest values other than 0, then the earliest variables at 0.
        """
        costs: dict[tuple[Node, ...], int | None] = {}

        def cost(nodes: tuple[Node, ...]) -> int | None:
            if nodes in costs:
                return costs[nodes]
            self.check_size(len(costs))
            top = min(self.variable[node] for node in nodes)
            if top == LEAF:
                least = 0 if wanted(nodes) else None
            else:
                options = [cost(below) for below in zip(*(self.split(node, top) for node in nodes), strict=True)]
                priced = [(value > 0) + price for value, price in enumerate(options) if price is not None]
                least = min(priced, default=None)
            costs[nodes] = least
            return least

        total = cost(roots)
        if total is None:
            return None
        values = [0] * len(self.sizes)
        nodes = roots
        while (top := min(self.variable[node] for node in nodes)) != LEAF:
            for value, below in enumerate(zip(*(self.split(node, top) for node in nodes), strict=True)):
                price = cost(below)
                if price is not None and price + (value > 0) == total:
                    values[top], nodes, total = value, below, price
                    break
        return values

    def check_size(self, more: int = 0) -> None:
        """Raises TooLarge when the work has grown beyond the limit."""
        if len(self.variable) + len(self._chosen) + len(self._below) + more > self.limit:
            raise TooLarge
