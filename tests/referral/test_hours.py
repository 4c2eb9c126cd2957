"""When a family may be called, and by when we promised to be in touch, on every clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.hours import OFFICE, SLOTS, Slot, call_at, overdue_before, promised_by, promised_to

ZONES = st.sampled_from(["America/Los_Angeles", "America/New_York", "Pacific/Honolulu", "Asia/Kathmandu", "UTC"])
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
TIMES = st.lists(st.sampled_from(sorted(SLOTS)), unique=True)
QUARTER = timedelta(minutes=15)


def allowed(at: datetime, times: list[str], zone: str) -> bool:
    wall = at.astimezone(ZoneInfo(zone))
    slots: list[Slot] = [SLOTS[each] for each in times] or [OFFICE]
    return any(wall.weekday() in slot.days and slot.start <= wall.time() < slot.until for slot in slots)


@given(at=INSTANTS, times=TIMES, zone=ZONES)
def test_a_call_is_at_the_first_moment_that_the_family_chose(at: datetime, times: list[str], zone: str) -> None:
    found = call_at(at, times, zone)
    assert found >= at
    assert allowed(found, times, zone)
    assert (found == at) == allowed(at, times, zone)
    steps = int((found - at) / QUARTER)
    assert not any(allowed(at + step * QUARTER, times, zone) for step in range(steps) if at + step * QUARTER < found)


@given(asked=INSTANTS, now=INSTANTS, zone=ZONES)
def test_what_is_late_is_what_was_promised_for_before(asked: datetime, now: datetime, zone: str) -> None:
    by = promised_by(asked, zone)
    assert asked < by <= asked + timedelta(days=5)
    assert by.astimezone(ZoneInfo(zone)).weekday() < 5
    assert (asked < overdue_before(now, zone)) == (by <= now)


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
    zone = ZoneInfo("America/Los_Angeles")
    at, due = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (asked, by))
    assert promised_by(at, "America/Los_Angeles") == due


@pytest.mark.parametrize(
    ("times", "own_zone", "by"),
    [
        ([], "America/Los_Angeles", "2026-11-23 17:00"),
        (["morning"], "America/Los_Angeles", "2026-11-23 17:00"),
        (["evening", "weekend"], "America/Los_Angeles", "2026-11-23 20:00"),
        (["weekend"], "America/Los_Angeles", "2026-11-28 18:00"),
        (["evening"], "America/New_York", "2026-11-23 17:00"),
    ],
)
def test_a_promise_of_a_call_keeps_to_the_hours_that_were_chosen(times: list[str], own_zone: str, by: str) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    sunday, due = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in ("2026-11-22 10:00", by))
    assert promised_to(sunday, "America/Los_Angeles", times, own_zone) == due
