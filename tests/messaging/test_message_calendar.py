"""Wall time to UTC, and quiet hours, over every zone that there is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from messaging.calendar import (
    FIRST,
    LAST,
    WEEK,
    Hours,
    UnknownZone,
    Window,
    is_quiet,
    local_day,
    next_allowed,
    next_day,
    spread,
    utc_of,
)

ZONES = sorted(available_timezones() - {"localtime"})
zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
walls = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1))
times = st.times().map(lambda at: at.replace(microsecond=0, second=0))
LA = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        (LA, "2026-03-08 01:59", "2026-03-08 09:59"),
        (LA, "2026-03-08 02:00", "2026-03-08 10:00"),  # in the gap: 3:00 by the new clock
        (LA, "2026-03-08 02:30", "2026-03-08 10:30"),  # in the gap: 3:30
        (LA, "2026-03-08 03:00", "2026-03-08 10:00"),
        (LA, "2026-11-01 00:59", "2026-11-01 07:59"),
        (LA, "2026-11-01 01:30", "2026-11-01 08:30"),  # comes twice: the first
        (LA, "2026-11-01 02:00", "2026-11-01 10:00"),
        ("America/Phoenix", "2026-03-08 02:30", "2026-03-08 09:30"),  # no summer time
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Asia/Kathmandu", "2026-06-01 09:00", "2026-06-01 03:15"),  # a quarter of an hour
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # a gap of half an hour
        ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 19:00"),  # a day that was left out
        ("America/Havana", "2026-03-08 00:30", "2026-03-08 05:30"),  # a gap at midnight
        ("Pacific/Kiritimati", "2026-01-01 00:00", "2025-12-31 10:00"),
        (LA, "2028-02-29 08:00", "2028-02-29 16:00"),
    ],
)
def test_a_wall_time_gives_the_right_instant(zone: str, local: str, utc: str) -> None:
    assert utc_of(datetime.fromisoformat(local), zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.slow
@given(zones, walls)
@settings(max_examples=2000)
def test_wall_times_round_trip_and_gaps_move_forward_in_every_zone(zone: str, local: datetime) -> None:
    at = utc_of(local, zone)
    back = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert back >= local
    if back != local:
        # In a gap. The same distance behind it as the wish lay behind its beginning.
        first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
        assert first is not None
        assert second is not None
        assert back - local == second - first
    earlier = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    if back == local:
        assert at <= earlier


@pytest.mark.slow
@given(zones, instants, times, times)
@settings(max_examples=3000)
@example(LA, datetime(2026, 3, 8, 9, 30, tzinfo=UTC), time(21), time(2, 30))  # the quiet hours end in a gap
@example(LA, datetime(2026, 11, 1, 9, 10, tzinfo=UTC), time(21), time(1, 30))  # they end twice
@example("Pacific/Apia", datetime(2011, 12, 30, 9, 0, tzinfo=UTC), time(21), time(8))
def test_in_every_zone_the_next_allowed_time_is_outside_the_quiet_hours(
    zone: str, at: datetime, quiet_from: time, quiet_to: time
) -> None:
    allowed = next_allowed(at, zone, quiet_from, quiet_to)
    assert not is_quiet(allowed, zone, quiet_from, quiet_to)
    assert at <= allowed <= at + timedelta(days=2)
    assert next_allowed(allowed, zone, quiet_from, quiet_to) == allowed
    if not is_quiet(at, zone, quiet_from, quiet_to):
        assert allowed == at


@pytest.mark.slow
@given(zones, instants)
@settings(max_examples=1500)
def test_next_allowed_time_misses_nothing_in_every_zone(zone: str, at: datetime) -> None:
    allowed = next_allowed(at, zone, time(21), time(8))
    minutes = int((allowed - at).total_seconds() // 60)
    assert all(is_quiet(at + timedelta(minutes=minute), zone, time(21), time(8)) for minute in range(0, minutes, 7))


@pytest.mark.slow
@given(zones, instants, st.text(max_size=20), st.integers(0, 240))
@settings(max_examples=1000)
def test_spread_keeps_a_message_in_its_window(zone: str, at: datetime, seed: str, minutes: int) -> None:
    window, latest = Window(time(21), time(8), timedelta(minutes=minutes)), at + timedelta(hours=13)
    first = window.first_time(at, zone, seed=seed, not_after=latest)
    assert not is_quiet(first, zone, time(21), time(8))
    assert first >= at
    assert first <= latest or first == next_allowed(at, zone, time(21), time(8))
    assert first == window.first_time(at, zone, seed=seed, not_after=latest)


@pytest.mark.slow
def test_fifty_thousand_messages_at_one_opening_do_not_go_in_one_second() -> None:
    seconds = [int(spread(f"followup:{number}", timedelta(minutes=20)).total_seconds()) for number in range(50_000)]
    busiest = max(seconds.count(second) for second in set(seconds))
    assert busiest < 100
    assert len(set(seconds)) == 1200


@given(zones, instants)
@settings(max_examples=1000)
def test_the_next_day_is_the_next_day(zone: str, at: datetime) -> None:
    after = next_day(at, zone)
    assert after > at
    assert local_day(after, zone) > local_day(at, zone)


def test_quiet_hours_of_no_length_are_none() -> None:
    assert not is_quiet(datetime(2026, 3, 4, 9, tzinfo=UTC), LA, time(8), time(8))


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "America", "Los Angeles", "UTC\x00"])
def test_a_zone_that_does_not_exist_is_a_clear_error(name: str) -> None:
    with pytest.raises(UnknownZone, match="is not a time zone"):
        utc_of(datetime(2026, 1, 1), name)


def test_a_wall_time_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone of its own"):
        utc_of(datetime(2026, 1, 1, tzinfo=UTC), LA)


hours = st.builds(
    lambda days, start, length: Hours(
        frozenset(days),
        time(start // 60, start % 60),
        time(min(start + length, 1439) // 60, min(start + length, 1439) % 60),
    ),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1380),
    st.integers(30, 720),
)
EVENINGS = Hours(frozenset({0, 2, 4}), time(17), time(20))


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("2026-03-04 17:00", "2026-03-04 17:00"),  # a Wednesday
        ("2026-03-04 19:59", "2026-03-04 19:59"),
        ("2026-03-04 20:00", "2026-03-06 17:00"),
        ("2026-03-06 23:00", "2026-03-09 17:00"),  # over a change of the clock
    ],
)
def test_a_message_waits_for_the_hours_that_were_chosen(asked: str, goes: str) -> None:
    window = Window(time(21), time(8), hours=EVENINGS)
    at = utc_of(datetime.fromisoformat(asked), LA)
    found = window.first_time(at, LA, seed="any", not_after=at + timedelta(days=30))
    assert found == utc_of(datetime.fromisoformat(goes), LA)


def test_hours_within_quiet_hours_give_way_to_them() -> None:
    window = Window(time(21), time(8), hours=Hours(WEEK, time(5), time(7)))
    at = utc_of(datetime(2026, 3, 4, 5, 30), LA)
    assert window.opening(at, LA) is None
    assert window.first_time(at, LA, seed="any", not_after=at) == utc_of(datetime(2026, 3, 4, 8), LA)


@pytest.mark.parametrize(("days", "start", "until"), [(set(), 9, 17), ({7}, 9, 17), ({1}, 9, 9), ({1}, 20, 8)])
def test_hours_that_never_come_are_refused(days: set[int], start: int, until: int) -> None:
    with pytest.raises(ValueError, match="hours need a day"):
        Hours(frozenset(days), time(start), time(until))


@given(zones, instants, hours, times, times)
@settings(max_examples=150)
def test_what_goes_is_in_the_hours_chosen_and_no_earlier_instant_is(
    zone: str, at: datetime, chosen: Hours, quiet_from: time, quiet_to: time
) -> None:
    window = Window(quiet_from, quiet_to, hours=chosen)
    found = window.opening(at, zone)
    if found is None:
        return
    assert found >= at
    assert window.is_open(found, zone)
    step = max((found - at) / 60, timedelta(minutes=5))
    probe = at
    while probe < found:
        assert not window.is_open(probe, zone), probe
        probe += step


def test_past_the_ends_of_the_calendar_is_far_away() -> None:
    assert utc_of(datetime(9999, 12, 31, 23, 59), LA) == LAST
    assert utc_of(datetime(1, 1, 1), "Asia/Tokyo") == FIRST
    assert all(end.astimezone(ZoneInfo(zone)) for end in (FIRST, LAST) for zone in (LA, "Pacific/Kiritimati"))
