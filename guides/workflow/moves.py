"""From a draft to a public page: every move that there is, in one table. Plain Python."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Stage = Literal["draft", "review", "approved", "scheduled", "published"]
Reason = Literal["stage", "permission", "own text", "note", "time"]
STAGES: tuple[Stage, ...] = ("draft", "review", "approved", "scheduled", "published")
WRITE, REVIEW, PUBLISH = "guides.change_guideedition", "guides.review", "guides.publish"


@dataclass(frozen=True)
class Move:
    """Where a move may begin and where it ends, who may make it, and what it asks for.

    `others` is a move that nobody makes with a text they wrote, `note` one that says why, `time` one with a moment.
    """

    origins: tuple[Stage, ...]
    to: Stage
    permission: str
    others: bool = False
    note: bool = False
    time: bool = False


# Changed words make a draft of whatever it was, and archiving takes a guide off the site: neither is a move of its own.
MOVES: dict[str, Move] = {
    "submit": Move(("draft",), "review", WRITE),
    "withdraw": Move(("review",), "draft", WRITE),
    "approve": Move(("review",), "approved", REVIEW, others=True),
    "send_back": Move(("review", "approved", "scheduled"), "draft", REVIEW, note=True),
    "schedule": Move(("approved", "scheduled"), "scheduled", PUBLISH, time=True),
    "unschedule": Move(("scheduled",), "approved", PUBLISH),
    "publish": Move(("approved", "scheduled", "published"), "published", PUBLISH),
    "unpublish": Move(STAGES, "draft", PUBLISH),
}


def obstacle(
    name: str, stage: str, permissions: Collection[str], *, wrote: bool, note: bool = True, time: bool = True
) -> Reason | None:
    """Return what keeps a person from a move, None if nothing does. `wrote` is whether any words are theirs."""
    move = MOVES[name]
    if stage not in move.origins:
        return "stage"
    if move.permission not in permissions:
        return "permission"
    if move.others and wrote:
        return "own text"
    if move.note and not note:
        return "note"
    return "time" if move.time and not time else None


def possible(stage: str, permissions: Collection[str], *, wrote: bool) -> list[str]:
    """Return the moves that a person may make from here, in the order of the table."""
    return [name for name in MOVES if obstacle(name, stage, permissions, wrote=wrote) is None]
