"""The table of moves, over every state and every move."""

from __future__ import annotations

import itertools

import pytest

from messaging.models.message import STATE_LABELS
from messaging.reasons import REASONS
from messaging.states import MOVES, PENDING, IllegalMove, Move, State, after, allowed

FINAL = {State.CANCELLED, State.SUPPRESSED, State.EXPIRED, State.BOUNCED}
ENDS = {State.SENT, State.DELIVERED, State.DEAD, State.REVIEW, *FINAL}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_every_pair_either_leads_where_the_table_says_or_is_refused(state: State, move: Move) -> None:
    if allowed(state, move):
        assert after(state, move) is MOVES[move].target
    else:
        with pytest.raises(IllegalMove):
            after(state, move)


def _reachable(start: State) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for move in Move:
            if allowed(here, move) and MOVES[move].target not in seen:
                seen.add(MOVES[move].target)
                todo.append(MOVES[move].target)
    return seen


def test_every_state_can_be_reached() -> None:
    assert _reachable(State.SCHEDULED) == set(State)


@pytest.mark.parametrize("state", State)
def test_from_every_state_a_message_can_come_to_an_end(state: State) -> None:
    assert _reachable(state) & ENDS


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_message_that_was_stopped_or_came_back_never_moves_again(state: State) -> None:
    assert not [move for move in Move if allowed(state, move)]


def test_only_the_gate_leads_to_sending_and_only_from_a_claim() -> None:
    ways = [(source, move) for move, way in MOVES.items() if way.target is State.SENDING for source in way.sources]
    assert ways == [(State.CLAIMED, Move.PASS)]


def test_what_was_sent_is_never_planned_again() -> None:
    again = {move for move, way in MOVES.items() if way.target in (State.SCHEDULED, State.CLAIMED, State.SENDING)}
    assert not [move for move in again for state in (State.SENT, State.DELIVERED) if allowed(state, move)]


@pytest.mark.parametrize("move", [Move.CANCEL, Move.SUPPRESS])
def test_a_stop_reaches_everything_that_has_not_left(move: Move) -> None:
    assert {state for state in State if allowed(state, move)} == PENDING


def test_the_owner_hears_of_every_end() -> None:
    silent = {way.target for way in MOVES.values() if not way.event}
    assert not silent & ENDS


def test_every_state_has_a_name_for_people() -> None:
    assert {state for state, _ in STATE_LABELS} == set(State)


def test_every_reason_says_what_happened_and_what_to_do() -> None:
    assert all(str(words) and str(step) for words, step in REASONS.values())
