"""From a draft to a public page: who may make which move, and that nobody approves their own words."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from guides.workflow.moves import MOVES, PUBLISH, REVIEW, STAGES, WRITE, obstacle, possible

SETS = [frozenset(some) for size in range(4) for some in combinations((WRITE, REVIEW, PUBLISH), size)]


def test_the_table_leads_from_a_draft_to_the_public_and_back() -> None:
    reached, grew = {"draft"}, True
    while grew:
        found = {move.to for move in MOVES.values() if reached & set(move.origins)}
        grew = not found <= reached
        reached |= found
    assert reached == set(STAGES)


@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_only_from_its_stages_with_its_permission(name: str) -> None:
    for stage, permissions in product(STAGES, SETS):
        free = obstacle(name, stage, permissions, wrote=False) is None
        assert free == (stage in MOVES[name].origins and MOVES[name].permission in permissions)


def test_nobody_approves_their_own_words_with_any_permission() -> None:
    assert obstacle("approve", "review", {WRITE, REVIEW, PUBLISH}, wrote=True) == "own text"
    assert "approve" not in possible("review", {WRITE, REVIEW, PUBLISH}, wrote=True)


def test_every_way_to_the_public_goes_through_an_approval() -> None:
    ways = [("draft", False)]
    seen = set(ways)
    while ways:
        stage, approved = ways.pop()
        for name, move in MOVES.items():
            if stage in move.origins and name != "unpublish":
                assert approved or move.to not in ("scheduled", "published"), (stage, name)
                step = (move.to, move.to != "draft" and (approved or name == "approve"))
                if step not in seen:
                    seen.add(step)
                    ways.append(step)


def test_sending_back_says_why_and_scheduling_says_when() -> None:
    assert obstacle("send_back", "review", {REVIEW}, wrote=False, note=False) == "note"
    assert obstacle("schedule", "approved", {PUBLISH}, wrote=False, time=False) == "time"
