"""When a family may be called, and by when we promised to be in touch, on every clock, in hours that are data."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.hours import (
    OFFICE,
    SLOTS,
    Slot,
    Work,
    both_at,
    call_at,
    close_of_working_day,
    due_from,
    due_on,
    late_before,
    promised_by,
    promised_to,
)

HOME = "America/Los_Angeles"
ZONES = st.sampled_from([HOME, "America/New_York", "Pacific/Honolulu", "Asia/Kathmandu", "UTC"])
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
TIMES = st.lists(st.sampled_from(sorted(SLOTS)), unique=True)
QUARTER = timedelta(minutes=15)
HOURS = st.dictionaries(
    st.integers(0, 6),
    st.tuples(st.integers(6, 11).map(time), st.integers(12, 20).map(time)),
    min_size=1,
)
HOLIDAYS = st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=40)
WORK = st.builds(Work, ZONES, HOURS, HOLIDAYS)
USUAL = Work(HOME, OFFICE)


def at(local: str, zone: str = HOME) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def allowed(instant: datetime, times: list[str], zone: str) -> bool:
    wall = instant.astimezone(ZoneInfo(zone))
    if not times:
        return wall.weekday() in OFFICE and time(9) <= wall.time() < time(17)
    slots: list[Slot] = [SLOTS[each] for each in times]
    return any(wall.weekday() in slot.days and slot.start <= wall.time() < slot.until for slot in slots)


@given(instant=INSTANTS, times=TIMES, zone=ZONES)
def test_a_call_is_at_the_first_moment_that_the_family_chose(instant: datetime, times: list[str], zone: str) -> None:
    found = call_at(instant, times, zone, USUAL)
    assert found >= instant
    assert allowed(found, times, zone)
    assert (found == instant) == allowed(instant, times, zone)
    steps = int((found - instant) / QUARTER)
    moments = (instant + step * QUARTER for step in range(steps))
    assert not any(allowed(moment, times, zone) for moment in moments if moment < found)


@given(asked=INSTANTS, work=WORK)
def test_a_promise_ends_as_a_day_closes_that_begins_after_it_was_made(asked: datetime, work: Work) -> None:
    by = promised_by(asked, work).astimezone(ZoneInfo(work.zone))
    hours = work.on(by.date())
    assert hours is not None and by.time() == hours[1] and by > asked
    begins = datetime.combine(by.date(), hours[0], ZoneInfo(work.zone))
    assert begins > asked or begins == asked
    between = (asked.astimezone(ZoneInfo(work.zone)).date() + timedelta(days=n) for n in range(1, 400))
    assert not any(work.on(day) for day in between if day < by.date())


@given(now=INSTANTS, work=WORK, minutes=st.integers(1, 300))
def test_late_is_what_has_waited_so_long_while_somebody_was_at_work(now: datetime, work: Work, minutes: int) -> None:
    grace = timedelta(minutes=minutes)
    before = late_before(now, grace, work)
    assert before <= now - grace + timedelta(hours=1)  # an hour that a change of clocks takes away
    hours = work.on(before.astimezone(ZoneInfo(work.zone)).date())
    assert hours is not None


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("2026-11-22 10:00", "2026-11-23 17:00"),  # a Sunday
        ("2026-11-20 18:00", "2026-11-23 17:00"),  # a Friday evening
        ("2026-11-20 10:00", "2026-11-23 17:00"),
        ("2026-11-18 07:00", "2026-11-18 17:00"),
    ],
)
def test_one_working_day_ends_when_the_next_one_to_begin_ends(asked: str, by: str) -> None:
    assert promised_by(at(asked), USUAL) == at(by)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("2026-11-25 10:00", "2026-11-30 17:00"),  # before Thanksgiving, with the day after it
        ("2026-11-26 08:00", "2026-11-30 17:00"),  # on it
        ("2026-11-30 08:00", "2026-11-30 17:00"),
    ],
)
def test_a_holiday_is_no_working_day(asked: str, by: str) -> None:
    work = Work(HOME, OFFICE, frozenset({date(2026, 11, 26), date(2026, 11, 27)}))
    assert promised_by(at(asked), work) == at(by)
    assert close_of_working_day(at("2026-11-25 10:00"), 2, work) == at("2026-12-01 17:00")
    assert call_at(at("2026-11-26 10:00"), (), HOME, work) == at("2026-11-30 09:00")


def test_hours_of_the_team_are_those_of_each_weekday() -> None:
    work = Work(HOME, {0: (time(10), time(14)), 5: (time(8), time(12))})
    assert promised_by(at("2026-11-20 10:00"), work) == at("2026-11-21 12:00")  # a Friday; Saturdays are worked
    assert promised_by(at("2026-11-21 09:00"), work) == at("2026-11-23 14:00")
    assert due_on(date(2026, 11, 23), at("2026-11-20 10:00"), work) == at("2026-11-23 10:00")


def test_a_day_that_nobody_chose_is_one_with_work() -> None:
    work = Work(HOME, OFFICE, frozenset({date(2026, 12, 25)}))
    for day in (25, 26, 27):  # a holiday, then the weekend
        assert due_from(date(2026, 12, day), at("2026-12-20 10:00"), work) == at("2026-12-28 09:00")
    assert due_on(date(2026, 12, 26), at("2026-12-20 10:00"), work) == at("2026-12-26 09:00")  # as somebody typed it


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2026-11-23 12:00", "2026-11-23 11:00"),
        ("2026-11-23 09:30", "2026-11-20 16:30"),  # a Monday: half an hour then, half an hour today
        ("2026-11-22 12:00", "2026-11-20 16:00"),  # on Sunday nothing becomes late
        ("2026-11-20 22:00", "2026-11-20 16:00"),
    ],
)
def test_nights_and_weekends_make_nothing_late(now: str, before: str) -> None:
    assert late_before(at(now), timedelta(hours=1), USUAL) == at(before)


def test_a_team_without_any_hours_still_has_an_answer() -> None:
    none = Work(HOME, {})
    assert promised_by(at("2026-11-20 10:00"), none) > at("2026-11-20 10:00")
    assert late_before(at("2026-11-20 10:00"), timedelta(hours=1), none) == at("2026-11-20 09:00")


@pytest.mark.parametrize(
    ("times", "own_zone", "by"),
    [
        ([], HOME, "2026-11-23 17:00"),
        (["morning"], HOME, "2026-11-23 17:00"),
        (["evening", "weekend"], HOME, "2026-11-23 20:00"),
        (["weekend"], HOME, "2026-11-28 18:00"),
        (["evening"], "America/New_York", "2026-11-23 17:00"),
    ],
)
def test_a_promise_of_a_call_keeps_to_the_hours_that_were_chosen(times: list[str], own_zone: str, by: str) -> None:
    assert promised_to(at("2026-11-22 10:00"), USUAL, times, own_zone) == at(by)


@pytest.mark.parametrize(
    ("times", "by", "meets"),
    [
        (["morning"], "2026-12-01 17:00", True),
        (["evening"], "2026-12-01 20:00", False),
        (["weekend"], "2026-12-05 18:00", False),
        (["evening", "morning"], "2026-12-01 17:00", True),
    ],
)
def test_a_promise_ends_inside_the_times_that_never_meet_our_hours(times: list[str], by: str, meets: bool) -> None:
    asked = at("2026-11-30 09:10")  # a Monday
    assert promised_to(asked, USUAL, times, HOME) == at(by)
    assert (both_at(asked, times, HOME, USUAL) is not None) is meets
