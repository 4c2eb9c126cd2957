"""Both tables of moves, over every status, every move, every role, with and without a reason."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from referral.lifecycle import (
    PLACEMENT,
    PLACEMENT_ENDS,
    PLACEMENT_LIVE,
    REFERRAL,
    REFERRAL_ENDS,
    Move,
    PlacementStatus,
    ReferralStatus,
    Refused,
    Role,
    Why,
    moves_from,
    step,
    undo_of,
)

F, N, S, P, Y = Role.FAMILY, Role.NAVIGATOR, Role.SUPERVISOR, Role.PROGRAM, Role.SYSTEM

# Written out once more by hand, as the paper form would have it: (from, move): (to, who, reason).
REFERRAL_FORM: dict[tuple[str | None, str], tuple[str, set[Role], bool]] = {
    (None, "open"): ("new", {F, N, S}, False),
    ("new", "take"): ("active", {N, S}, False),
    ("new", "assign"): ("active", {S}, False),
    ("active", "assign"): ("active", {S}, False),
    ("on_hold", "assign"): ("on_hold", {S}, False),
    ("connected", "assign"): ("connected", {S}, False),
    **{(at, "take"): (at, {N, S}, False) for at in ("active", "on_hold", "connected")},
    **{(at, "hand_over"): (at, {N}, True) for at in ("active", "on_hold", "connected")},
    **{(at, "give_back"): (at, {N, S}, True) for at in ("active", "on_hold", "connected")},
    ("active", "hold"): ("on_hold", {N, S, F}, True),
    ("on_hold", "resume"): ("active", {N, S, F, Y}, False),
    **{(at, "connect"): ("connected", {N, S, F, Y}, False) for at in ("new", "active", "on_hold")},
    ("connected", "reconsider"): ("active", {N, S, Y}, False),
    ("connected", "meet"): ("met", {N, S}, False),
    ("new", "close"): ("closed", {N, S}, True),
    ("active", "close"): ("closed", {N, S}, True),
    ("on_hold", "close"): ("closed", {N, S}, True),
    ("connected", "close"): ("closed", {N, S}, True),
    ("new", "withdraw"): ("closed", {F}, False),
    ("active", "withdraw"): ("closed", {F}, False),
    ("on_hold", "withdraw"): ("closed", {F}, False),
    ("connected", "withdraw"): ("closed", {F}, False),
    **{("closed", f"undo_to_{at}"): (at, {F}, False) for at in ("new", "active", "on_hold", "connected")},
    **{(at, "reopen"): ("active", {N, S}, True) for at in ("met", "closed")},
    **{(at, "step"): (at, {N, S}, True) for at in ("connected", "met", "closed")},
    **{(at, "merge"): ("closed", {N, S}, False) for at in ("new", "active", "on_hold", "connected")},
    ("closed", "unmerge"): ("active", {N, S}, True),
}
# What may still happen to a referral that has ended: it is opened again, or followed by another.
AFTER_THE_END = {"reopen", "step", "unmerge", *(f"undo_to_{at}" for at in ("new", "active", "on_hold", "connected"))}
LIVE = ("requested", "waitlisted", "accepted", "on_hold", "in_progress")
PLACEMENT_FORM: dict[tuple[str | None, str], tuple[str, set[Role], bool]] = {
    (None, "send"): ("requested", {N, S}, False),
    ("requested", "accept"): ("accepted", {N, S, P}, False),
    ("waitlisted", "accept"): ("accepted", {N, S, P}, False),
    ("requested", "waitlist"): ("waitlisted", {N, S, P}, False),
    ("requested", "reject"): ("rejected", {N, S, P}, True),
    ("waitlisted", "reject"): ("rejected", {N, S, P}, True),
    ("accepted", "start"): ("in_progress", {N, S, F, P}, False),
    ("on_hold", "start"): ("in_progress", {N, S, F}, False),
    ("accepted", "hold"): ("on_hold", {N, S}, True),
    ("in_progress", "hold"): ("on_hold", {N, S}, True),
    ("on_hold", "resume"): ("accepted", {N, S}, False),
    ("in_progress", "complete"): ("completed", {N, S, P, Y}, False),
    ("accepted", "fail"): ("failed", {N, S, P, Y}, True),
    ("in_progress", "fail"): ("failed", {N, S, P, Y}, True),
    ("on_hold", "fail"): ("failed", {N, S, Y}, True),
    ("requested", "cancel"): ("cancelled", {N, S, Y}, True),
    ("waitlisted", "cancel"): ("cancelled", {N, S, Y}, True),
    ("accepted", "cancel"): ("cancelled", {N, S, Y}, True),
    ("on_hold", "cancel"): ("cancelled", {N, S, Y}, True),
    # Back by a program's own undo, and what its slip had ended elsewhere with it.
    **{(at, "undo_to_requested"): ("requested", {P}, False) for at in ("accepted", "waitlisted", "rejected")},
    **{(at, "undo_to_waitlisted"): ("waitlisted", {P}, False) for at in ("accepted", "rejected")},
    **{(at, "undo_to_accepted"): ("accepted", {P}, False) for at in ("in_progress", "failed")},
    **{(at, "undo_to_in_progress"): ("in_progress", {P, Y}, False) for at in ("completed", "failed")},
    **{("cancelled", f"undo_to_{to}"): (to, {Y}, False) for to in LIVE},
    **{(at, "merge"): ("cancelled", {Y}, True) for at in LIVE},
}
MACHINES = [
    pytest.param(REFERRAL, REFERRAL_FORM, [None, *ReferralStatus], id="referral"),
    pytest.param(PLACEMENT, PLACEMENT_FORM, [None, *PlacementStatus], id="placement"),
]


@pytest.mark.parametrize(("table", "form", "statuses"), MACHINES)
def test_every_status_move_role_and_reason_does_what_the_form_says(
    table: tuple[Move, ...],
    form: dict[tuple[str | None, str], tuple[str, set[Role], bool]],
    statuses: list[str | None],
) -> None:
    names = {move.name for move in table} | {name for _status, name in form} | {"no-such-move"}
    tried = 0
    for status, name, role, reason in itertools.product(statuses, sorted(names), Role, ["", "   ", "because"]):
        tried += 1
        line = form.get((status, name))
        if line and role in line[1] and (reason.strip() or not line[2]):
            assert step(table, status, name, role=role, reason=reason) == line[0]
            continue
        with pytest.raises(Refused) as refused:
            step(table, status, name, role=role, reason=reason)
        known = any(key[1] == name for key in form)
        expected = Why.UNKNOWN if not known else Why.NOT_FROM_HERE if not line else Why.NOT_YOU
        if line and role in line[1]:
            expected = Why.REASON_NEEDED
        assert refused.value.why is expected
    assert tried == len(statuses) * len(names) * len(Role) * 3


@pytest.mark.parametrize(("table", "form", "statuses"), MACHINES)
def test_what_is_offered_is_what_can_be_done(
    table: tuple[Move, ...],
    form: dict[tuple[str | None, str], tuple[str, set[Role], bool]],
    statuses: list[str | None],
) -> None:
    for status, role in itertools.product(statuses, Role):
        offered = moves_from(table, status, role=role)
        assert sorted(offered) == sorted(
            name for (source, name), line in form.items() if source == status and role in line[1]
        )


@pytest.mark.parametrize(("table", "form", "statuses"), MACHINES)
def test_no_line_is_written_twice(table: tuple[Move, ...], form: object, statuses: object) -> None:
    keys = [(move.source, move.name) for move in table]
    assert len(keys) == len(set(keys))


def test_an_ended_placement_reopens_by_an_undo_alone() -> None:
    for status, role in itertools.product(PLACEMENT_ENDS, Role):
        assert all(name.startswith("undo_to_") for name in moves_from(PLACEMENT, status, role=role))


def test_an_undo_is_the_programs_own_and_ends_after_ten_minutes() -> None:
    at = datetime(2026, 3, 4, 18, tzinfo=UTC)
    for status, was, name in (
        ("rejected", "requested", "undo_to_requested"),
        ("accepted", "waitlisted", "undo_to_waitlisted"),
        ("completed", "in_progress", "undo_to_in_progress"),
        ("accepted", "on_hold", ""),
    ):
        assert undo_of(status, was, "program", at, now=at + timedelta(minutes=10)) == name
        assert undo_of(status, was, "program", at, now=at + timedelta(minutes=10, seconds=1)) == ""
        assert undo_of(status, was, "navigator", at, now=at) == ""


def test_an_end_is_an_end_and_everything_else_can_reach_one() -> None:
    for table, ends, statuses in (
        (REFERRAL, REFERRAL_ENDS, ReferralStatus),
        (PLACEMENT, PLACEMENT_ENDS, PlacementStatus),
    ):
        back = [move for move in table if move.name in AFTER_THE_END or move.name.startswith("undo_to_")]
        assert {move.source for move in table if move not in back} & set(ends) == set()
        reached = {None} | {move.target for move in table}
        assert reached == {None, *statuses}
        for status in set(statuses) - set(ends):
            seen, todo = set[str](), {str(status)}
            while todo:
                here = todo.pop()
                seen.add(here)
                todo |= {move.target for move in table if move.source == here} - seen
            assert seen & {str(end) for end in ends}
    assert set(PlacementStatus) == PLACEMENT_LIVE | PLACEMENT_ENDS


def test_rejected_cancelled_on_hold_and_failed_need_a_reason() -> None:
    for move in PLACEMENT:
        ends = move.target in {"rejected", "cancelled", "on_hold", "failed"}
        assert move.needs_reason == (ends and not move.name.startswith("undo"))
