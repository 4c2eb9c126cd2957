"""Levels and hours are kept between pages of staff, and a change of them shows at once, in every process."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from guides.models import Generation, LevelOfCare, LevelText
from guides.publishing.cache import page_cache
from referral.models import Holiday, OfficeHours
from referral.models.hours import working_time
from workspace.filters import levels_by_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rows")]


def test_levels_and_hours_are_asked_once(django_assert_num_queries: Any) -> None:
    levels_by_key(), working_time()
    with django_assert_num_queries(0):
        levels_by_key(), working_time()


def test_a_changed_level_shows_at_once_here_and_elsewhere() -> None:
    level, before = LevelOfCare.objects.in_order()[0], Generation.current()
    assert str(levels_by_key()[level.pk]) == "recovery-support"
    text = LevelText.objects.get(level=level, language="en")
    text.name = "Support groups"
    text.save()
    assert str(levels_by_key()[level.pk]) == "Support groups"
    assert Generation.current() > before, "other processes would go on with what they keep"


def test_changed_hours_and_holidays_hold_at_once() -> None:
    day, before = date(2026, 3, 5), Generation.current()
    assert day not in working_time().holidays
    holiday = Holiday.objects.create(day=day, name="A day off")
    assert day in working_time().holidays
    holiday.delete()
    assert day not in working_time().holidays
    monday = OfficeHours.objects.get(weekday=0)
    monday.opens = time(11)
    monday.save()
    assert working_time().hours[0][0] == time(11) and Generation.current() == before + 3


def test_another_process_sees_the_change_with_the_stamp() -> None:
    working_time()
    Holiday.objects.bulk_create([Holiday(day=date(2026, 3, 5), name="A day off")])  # no signal: as if elsewhere
    Generation.advance()
    page_cache._next_look = 0  # half a second later
    assert date(2026, 3, 5) in working_time().holidays
