"""Which counts of people may be shown: none below five, and none from which subtracting gives one. Plain Python.

A count is whole and never negative. What may not be shown is None. Zero is shown: it is nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

FEWEST = 5
Shown = int | None
Cell = tuple[int, int]
Name = TypeVar("Name")


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def line(parts: Sequence[int], *, also: Collection[int] = ()) -> list[Shown]:
    """The parts of a total that everybody knows. `also` are places that are hidden whatever they hold.

    A part that is too small takes others with it, until what is hidden together is no longer small.
    """
    hidden = {place for place, count in enumerate(parts) if is_small(count)} | set(also)
    while hidden and len(hidden) < len(parts):
        if len(hidden) > 1 and not is_small(sum(parts[place] for place in hidden)):
            break
        hidden.add(_next([place for place in range(len(parts)) if place not in hidden], parts))
    return [None if place in hidden else count for place, count in enumerate(parts)]


def _next(places: Sequence[int], counts: Sequence[int]) -> int:
    """What is lost next: the smallest that is somebody, else a zero."""
    return min(places, key=lambda place: (counts[place] == 0, counts[place]))


def steps(counts: Sequence[int]) -> list[Shown]:
    """The steps of a way, each a part of those who took the one before: only where no difference is small either."""
    shown: list[int] = []
    found: list[Shown] = []
    for count in counts:
        good = not is_small(count) and not any(is_small(abs(count - before)) for before in shown)
        shown += [count] if good else []
        found.append(count if good else None)
    return found


def fold(rows: Mapping[Name, Sequence[int]], *, most: int) -> tuple[list[tuple[Name, list[int]]], list[int]]:
    """The rows in order of their sums, the largest first, and one row of all those that are too small or too many.

    No row that is told alone has a small sum, nor has that of the others, unless it is all there is.
    """
    ordered = sorted(((name, list(parts)) for name, parts in rows.items() if any(parts)), key=lambda row: -sum(row[1]))
    alone = [row for row in ordered[:most] if not is_small(sum(row[1]))]
    others = ordered[len(alone) :]
    while others and alone and is_small(sum(sum(parts) for _name, parts in others)):
        others.insert(0, alone.pop())
    return alone, [sum(column) for column in zip(*(parts for _name, parts in others), strict=True)]


def table(rows: Sequence[Sequence[int]], totals: Sequence[Shown]) -> list[list[Shown]]:
    """The cells of a table. The sums of its rows are known, as are those of columns in `totals`, save the hidden ones.

    Beside the small cells others are hidden, until no small one follows from what is shown: a hidden cell follows from
    the sums exactly if it is on no ring of hidden cells.
    """
    grid = [[*row] for row in rows]
    small = {(y, x) for y, row in enumerate(grid) for x, count in enumerate(row) if is_small(count)}
    last = len(grid)  # the row of totals
    margin = {(last, x) for x, total in enumerate(totals) if total is None}
    hidden = set(small)
    while more := set(_more(grid, hidden, margin, small | margin)):
        hidden |= more
    return [[None if (y, x) in hidden else count for x, count in enumerate(row)] for y, row in enumerate(grid)]


def _more(
    grid: Sequence[Sequence[int]], hidden: Collection[Cell], margin: Collection[Cell], kept: Collection[Cell]
) -> Iterator[Cell]:
    """Cells that must be hidden, too."""
    free = {(y, x) for y, row in enumerate(grid) for x in range(len(row))} - set(hidden)
    summed = {x for _y, x in margin}
    for axis in (0, 1):
        for place in range(len(grid) if axis == 0 else len(grid[0]) if grid else 0):
            together = sum(grid[y][x] for y, x in hidden if (y, x)[axis] == place)
            if is_small(together) and (axis == 0 or place not in summed):
                yield from _smallest([cell for cell in free if cell[axis] == place], grid)
    for cell in kept:
        if (cell in hidden or cell in margin) and follows(cell, {*hidden, *margin}):
            beside = [each for each in free if each[0] == cell[0]] or [each for each in free if each[1] == cell[1]]
            yield from _smallest(beside or list(free), grid)


def _smallest(cells: Sequence[Cell], grid: Sequence[Sequence[int]]) -> list[Cell]:
    ordered = sorted(cells, key=lambda cell: (grid[cell[0]][cell[1]] == 0, grid[cell[0]][cell[1]], cell))
    return ordered[:1]


def follows(cell: Cell, hidden: Collection[Cell]) -> bool:
    """Whether the sums give this hidden cell: no way leads from its row to its column over other hidden cells."""
    others = set(hidden) - {cell}
    rows, columns = {cell[0]}, set[int]()
    while True:
        reached = {x for y, x in others if y in rows} - columns
        if not reached:
            return True
        columns |= reached
        if cell[1] in columns:
            return False
        rows |= {y for y, x in others if x in columns}
