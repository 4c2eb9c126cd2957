"""A comparison of two states of a questionnaire as a page shows it: changes in words, and a table of what moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.editor.sheet import page_language
from assessments.engine.compare import Comparison


class Row(NamedTuple):
    """Where the combinations go that the old state puts into one level: (new level, count, stays)."""

    level: str
    cells: list[tuple[str, int, bool]]


class ComparisonPage(NamedTuple):
    """The page. `rows` is None when there are too many rules to count."""

    changes: list[tuple[str, list[str]]]
    levels: list[str]
    rows: list[Row] | None
    total: int
    stay: int
    up: int
    down: int


def page_of(comparison: Comparison, names: Mapping[str, str]) -> ComparisonPage:
    """The comparison, with levels by name, the lightest first."""
    moved = comparison.moved
    before, after = comparison.old.levels, comparison.new.levels
    order = [*after, *(slug for slug in before if slug not in after)]
    moves = list((moved or {}).items())
    both = [slug for slug in before if slug in after]
    rank = {slug: place for place, slug in enumerate(order)}
    return ComparisonPage(
        changes=_changes(comparison),
        levels=[names.get(slug, slug) for slug in after],
        rows=None
        if moved is None
        else [
            Row(names.get(old, old), [(names.get(new, new), moved.get((old, new), 0), old == new) for new in after])
            for old in before
        ],
        total=comparison.total,
        stay=sum(count for (old, new), count in moves if old == new and old in both),
        up=sum(count for (old, new), count in moves if rank[new] > rank[old]),
        down=sum(count for (old, new), count in moves if rank[new] < rank[old]),
    )


def _changes(comparison: Comparison) -> list[tuple[str, list[str]]]:
    headings = {
        "title": _("Title"),
        "levels": _("Levels"),
        "dimensions": _("Dimensions"),
        "questions": _("Questions"),
        "floors": _("Floor rules"),
        "safety": _("Safety rules"),
        "notes": _("Notes on special care"),
    }
    lines: dict[str, list[str]] = {}
    for difference in comparison.differences:
        lines.setdefault(headings[difference.where[0]], []).append(difference.say(page_language()))
    return list(lines.items())
