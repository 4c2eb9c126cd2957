from datetime import UTC, datetime, timedelta

import pytest

from directory.capacity import Opening, Report, Standing, opening_of, soonest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("spots", "wait_days", "standing"),
    [
        (2, None, Standing.OPEN),
        (2, 30, Standing.OPEN),
        (None, 0, Standing.OPEN),
        (0, 0, Standing.OPEN),
        (0, 9, Standing.WAIT),
        (None, 9, Standing.WAIT),
        (0, None, Standing.FULL),
    ],
)
def test_what_a_fresh_report_means(spots: int | None, wait_days: int | None, standing: Standing) -> None:
    assert opening_of("iop", Report(spots, wait_days, NOW - WEEK), now=NOW, fresh=WEEK).standing is standing


def test_stale_capacity_is_unknown_and_keeps_only_its_age() -> None:
    opening = opening_of("iop", Report(5, 3, NOW - WEEK - timedelta(seconds=1)), now=NOW, fresh=WEEK)
    assert opening == Opening(Standing.STALE, "iop", age=WEEK + timedelta(seconds=1))


def test_a_report_from_a_clock_that_runs_ahead_is_of_now() -> None:
    opening = opening_of("iop", Report(1, None, NOW + timedelta(hours=1)), now=NOW, fresh=WEEK)
    assert (opening.standing, opening.age) == (Standing.OPEN, timedelta())


def test_never_reported_is_unknown() -> None:
    assert opening_of("iop", None, now=NOW, fresh=WEEK) == Opening(Standing.UNKNOWN, "iop")


def test_the_soonest_of_several_levels_is_told() -> None:
    full, wait, long = Opening(Standing.FULL), Opening(Standing.WAIT, wait_days=3), Opening(Standing.WAIT, wait_days=9)
    stale, unknown, open_ = Opening(Standing.STALE), Opening(Standing.UNKNOWN), Opening(Standing.OPEN)
    order = [open_, wait, long, stale, unknown, full]
    for first in range(len(order)):
        assert soonest(reversed(order[first:])) == order[first]
    assert soonest([]) == Opening(Standing.UNKNOWN)
