"""No count from one to four is shown, and none follows from those that are shown by adding and subtracting."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.small_counts import FEWEST, fold, is_small, line, steps, table

pytestmark = pytest.mark.slow

COUNTS = st.one_of(st.integers(0, 7), st.integers(0, 60))
TABLES = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(COUNTS, min_size=wide, max_size=wide), min_size=1, max_size=5)
)


def is_fixed(unknown: int, equations: Sequence[Sequence[int]], count: int) -> bool:
    """Whether equations (a row of 0 and 1 each, over `count` unknowns) give this one: by plain elimination."""
    rows = [[Fraction(each) for each in row] for row in equations]
    wanted = [Fraction(int(place == unknown)) for place in range(count)]
    for column in range(count):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        for row in [*rows, wanted]:
            factor = row[column] / pivot[column]
            row[:] = [one - factor * other for one, other in zip(row, pivot, strict=True)]
    return not any(wanted)


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_no_part_of_a_line_follows_from_the_rest(parts: list[int]) -> None:
    shown = line(parts)
    hidden = [count for count, told in zip(parts, shown, strict=True) if told is None]
    assert all(told == count for count, told in zip(parts, shown, strict=True) if told is not None)
    assert not any(is_small(told) for told in shown if told is not None)
    if not is_small(sum(parts)) and len(parts) > 1:
        assert len(hidden) != 1 and not is_small(sum(hidden))
    assert bool(hidden) == any(map(is_small, parts))  # nothing is hidden in vain


@given(st.lists(COUNTS, min_size=1, max_size=6).map(lambda counts: sorted(counts, reverse=True)))
def test_no_two_steps_shown_lie_closer_than_five(counts: list[int]) -> None:
    shown = [count for count in steps(counts) if count is not None]
    assert not any(is_small(each) for each in shown)
    assert not any(is_small(one - other) for one in shown for other in shown if one > other)


@given(st.dictionaries(st.text(max_size=2), st.lists(COUNTS, min_size=3, max_size=3), max_size=9), st.integers(1, 5))
def test_rows_that_are_small_are_told_together(rows: dict[str, list[int]], most: int) -> None:
    alone, others = fold(rows, most=most)
    assert len(alone) <= most and not any(is_small(sum(parts)) for _name, parts in alone)
    assert sum(sum(parts) for _name, parts in alone) + sum(others) == sum(map(sum, rows.values()))
    assert not is_small(sum(others)) or not alone


@given(TABLES)
def test_no_small_cell_follows_from_sums_and_cells(rows: list[list[int]]) -> None:
    named, others = fold(dict(enumerate(rows)), most=9)
    grid = [*(parts for _name, parts in named), *([others] if any(others) else [])]
    if not grid or is_small(sum(map(sum, grid))):
        return
    totals = line([sum(column) for column in zip(*grid, strict=True)])
    shown = table(grid, totals)
    unknown = {
        (y, x): place
        for place, (y, x) in enumerate(
            (y, x) for y, row in enumerate([*shown, totals]) for x, told in enumerate(row) if told is None
        )
    }
    small = [cell for cell in unknown if cell[0] < len(grid) and is_small(grid[cell[0]][cell[1]])]
    assert len(small) == sum(is_small(count) for row in grid for count in row)
    # One equation for each row, the row of totals among them, and for each column: what is hidden sums to something.
    equations = [[int(cell[axis] == place) for cell in unknown] for axis in (0, 1) for place in range(len(grid) + 9)]
    for x, total in enumerate(totals):
        for equation in equations[len(grid) + 9 + x :][:1]:
            if total is None:
                equation[unknown[len(grid), x]] = -1
    assert not any(is_fixed(unknown[cell], equations, len(unknown)) for cell in small)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([10, 20, 0], [10, 20, 0]),
        ([3, 20, 9], [None, 20, None]),
        ([1, 2, 40], [None, None, None]),
        ([2, 3, 40], [None, None, 40]),
        ([4, 0, 0], [None, None, None]),
    ],
)
def test_a_small_part_takes_the_next_smallest_with_it(parts: list[int], shown: list[int | None]) -> None:
    assert line(parts) == shown
    assert FEWEST == 5
