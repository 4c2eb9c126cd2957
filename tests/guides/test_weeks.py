"""A week at a level is read from the lines that an editor writes, and drawn from what was read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from guides.content.weeks import BadWeek, Hours, week_of
from guides.models import LevelOfCare
from ui.pictures import cairn, week


def test_days_and_hours_are_read_from_lines() -> None:
    told = week_of(["Mon wed-thu 18-21", "live-in"])
    assert told.live_in
    assert told.hours == (Hours(0, 18, 21), Hours(2, 18, 21), Hours(3, 18, 21))


@pytest.mark.parametrize("line", ["mon", "mon 21-18", "mon 9-25", "xyz 9-12", "fri-mon 9-12", "lunes 9-12"])
def test_a_line_without_days_and_hours_is_refused(line: str) -> None:
    with pytest.raises(BadWeek):
        week_of([line])
    with pytest.raises(ValidationError, match="names no days and hours"):
        LevelOfCare(slug="x", order=1, asam_codes=["1"], week=[line]).clean_fields()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Monday, Tuesday and Thursday: 6:00 p.m. to 9:00 p.m. Saturday: 10:00 a.m. to 12:00 p.m."),
        ("es", "lunes, martes y jueves: de"),
    ],
)
def test_the_picture_says_its_hours_in_words(language: str, words: str) -> None:
    hours = [(0, 18, 21), (1, 18, 21), (3, 18, 21), (5, 10, 12)]
    with override(language):
        drawn = week(hours, live_in=False)
    assert words.lower() in drawn.words.lower()
    assert [len(column.blocks) for column in drawn.columns] == [1, 1, 0, 1, 0, 1, 0]


def test_a_cairn_has_a_stone_for_each_level_and_the_open_ones_on_top() -> None:
    assert [stone.stand for stone in cairn(3, 2)] == ["sure", "sure", "here", "open", "open"]
    heights = [stone.y for stone in cairn(6)]
    assert heights == sorted(heights, reverse=True) and heights[:3] == [stone.y for stone in cairn(3)]
