"""A comparison of two states of a questionnaire as a page shows it: changes in words, and who moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.editor.people import People, people_between
from assessments.editor.sheet import page_language
from assessments.engine.compare import Comparison
from assessments.engine.story import moved_story
from assessments.engine.who_moves import NO_WARNING, Move, Moves
from assessments.models import Question, SafetyRule

COUNTED_OUT = 100_000
"""Up to so many ways their number is told; of more, what part of all they are."""
LEAST_SHARE = 0.01


class Row(NamedTuple):
    """Where what the old state puts into one level goes: (new level, how many, stays). Nothing goes there: ``""``."""

    level: str
    cells: list[tuple[str, str, bool]]


class Told(NamedTuple):
    """Ways that get something else than before: from what, to what, how many, whether it is less, an example."""

    before: str
    after: str
    ways: str
    lower: bool
    story: str


class WalksPage(NamedTuple):
    """Who moves, counted by ways through both states."""

    stay: str
    up: str
    down: str
    rows: list[Row]
    levels: list[Told]
    then: list[Told]
    helpers: list[str]
    warnings: list[Told]
    ratings: list[tuple[str, str, str]]
    """Dimension, ways that rate it lower, ways that rate it higher; ``""`` for none."""
    lowers: bool


class ComparisonPage(NamedTuple):
    """The page. `people` is None where the stories are of another questionnaire, `walks` when there are too many ways,
    `rows` when there are too many rules to count."""

    changes: list[tuple[str, list[str]]]
    levels: list[str]
    people: People | None
    walks: WalksPage | None
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
        changes=_changes(comparison, names),
        levels=[names.get(slug, slug) for slug in after],
        people=people_between(comparison.old, comparison.new, names),
        walks=_walks(comparison, comparison.walks, names) if comparison.walks else None,
        rows=None if moved is None else _rows(moved, before, after, names, 0),
        total=comparison.total,
        stay=sum(count for (old, new), count in moves if old == new and old in both),
        up=sum(count for (old, new), count in moves if rank[new] > rank[old]),
        down=sum(count for (old, new), count in moves if rank[new] < rank[old]),
    )


def ways(count: int, total: int) -> str:
    """How many ways, as people can take it in: the number where it is small, else what part of all."""
    if not count:
        return ""
    if total <= COUNTED_OUT:
        return number_format(count, use_l10n=True, force_grouping=True)
    share = 100 * count / total
    if share < LEAST_SHARE:
        return _("under %(share)s%%") % {"share": number_format(LEAST_SHARE)}
    if count < total and share > 100 - LEAST_SHARE:
        return _("over %(share)s%%") % {"share": number_format(100 - LEAST_SHARE)}
    return _("%(share)s%%") % {"share": number_format(share, 2 if share < 1 else 1)}


def _walks(comparison: Comparison, moves: Moves, names: Mapping[str, str]) -> WalksPage:
    total = moves.total
    stays = sum(count for (old, new), count in moves.walks.items() if old == new)
    down = sum(move.walks for move in moves.levels if move.lower)
    dimensions = {one.key: one.name for version in (comparison.old, comparison.new) for one in version.dimensions}
    return WalksPage(
        stay=ways(stays, total) or "0",
        up=ways(total - stays - down, total) or "0",
        down=ways(down, total) or "0",
        rows=_rows(moves.walks, comparison.old.levels, comparison.new.levels, names, total),
        levels=[_told(comparison, move, names, total) for move in moves.levels],
        then=[_told(comparison, move, names, total) for move in moves.then],
        helpers=[comparison.old.by_key[key].text.say(page_language(), "me") for key in moves.helpers],
        warnings=[_told(comparison, move, warning_names(), total) for move in moves.warnings],
        ratings=[
            (
                dimensions[one.dimension].say(page_language(), "me") or one.dimension,
                ways(one.lower, total),
                ways(one.higher, total),
            )
            for one in moves.ratings
        ],
        lowers=moves.lowers,
    )


def warning_names() -> dict[str, str]:
    """What a crisis page may say, by the rule's urgency."""
    return {NO_WARNING: _("No crisis page"), **{urgency.value: str(urgency.label) for urgency in SafetyRule.Urgency}}


def _told(comparison: Comparison, move: Move, names: Mapping[str, str], total: int) -> Told:
    return Told(
        names.get(move.before, move.before),
        names.get(move.after, move.after),
        ways(move.walks, total),
        move.lower,
        moved_story(comparison.old, comparison.new, move, page_language(), names),
    )


def _rows(
    moved: Mapping[tuple[str, str], int],
    before: Sequence[str],
    after: Sequence[str],
    names: Mapping[str, str],
    total: int,
) -> list[Row]:
    return [
        Row(
            names.get(old, old),
            [(names.get(new, new), ways(moved.get((old, new), 0), total), old == new) for new in after],
        )
        for old in before
    ]


def _changes(comparison: Comparison, names: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    headings = {
        "title": _("Title"),
        "levels": _("Levels"),
        "dimensions": _("Dimensions"),
        "questions": _("Questions"),
        "floors": _("Floor rules"),
        "safety": _("Safety rules"),
        "notes": _("Notes on special care"),
    }
    labels: list[tuple[str | None, object]] = [
        *Question.Kind.choices,
        *Question.Role.choices,
        *SafetyRule.Urgency.choices,
        *SafetyRule.Helpline.choices,
    ]
    words = {**{key: str(label) for key, label in labels if key}, **names}
    lines: dict[str, list[str]] = {}
    for difference in comparison.differences:
        lines.setdefault(headings[difference.where[0]], []).append(difference.say(page_language(), words))
    return list(lines.items())
