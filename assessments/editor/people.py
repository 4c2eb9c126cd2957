"""How many of the people in Waymark's stories get another level in a changed questionnaire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assessments.engine.definition import Definition
from assessments.engine.story_moves import Told, people_moved

ANSWERS = Path(__file__).parents[1] / "stories" / "answers.json"
"""The answers of people in stories retold from published cases (docs/vignettes.md), by story and way of telling."""


class Group(NamedTuple):
    """People who get `after` where they got `before`, by the names of levels."""

    before: str
    after: str
    number: int
    lower: bool


class People(NamedTuple):
    """Of `total` people so many get a lower level or a higher one; `groups` tells which, lower ones first."""

    total: int
    lower: int
    higher: int
    groups: list[Group]


@cache
def _told() -> tuple[Told, ...]:
    stories = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return tuple(story["known"] for story in stories.values())


def people_between(old: Definition, new: Definition, names: Mapping[str, str]) -> People | None:
    """Who moves among the people of the stories; None where the questionnaires ask something else."""
    found = people_moved(old, new, _told())
    if not found.people:
        return None
    rank = {slug: place for place, slug in enumerate(dict.fromkeys((*new.levels, *old.levels)))}
    moved = sorted(
        ((before, after, count) for (before, after), count in found.levels.items() if before != after),
        key=lambda one: (rank[one[1]] > rank[one[0]], -one[2]),
    )
    groups = [
        Group(names.get(before, before), names.get(after, after), count, rank[after] < rank[before])
        for before, after, count in moved
    ]
    lower = sum(group.number for group in groups if group.lower)
    return People(found.people, lower, sum(group.number for group in groups) - lower, groups)
