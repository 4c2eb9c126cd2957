"""Every move of a referral and of a placement, in one table each. Plain Python.

No other place decides a status: an action asks `step` where a move leads, and writes what it answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """Who acts. A system move is one that follows from another move, never from a person's wish."""

    FAMILY = "family"
    NAVIGATOR = "navigator"
    SUPERVISOR = "supervisor"
    PROGRAM = "program"
    SYSTEM = "system"


STAFF = frozenset({Role.NAVIGATOR, Role.SUPERVISOR})


class ReferralStatus(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    CONNECTED = "connected"
    MET = "met"
    CLOSED = "closed"


class PlacementStatus(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WAITLISTED = "waitlisted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Why(StrEnum):
    """Why a move is refused."""

    UNKNOWN = "unknown"  # no such move
    NOT_FROM_HERE = "not_from_here"  # the move exists, not from this status
    NOT_YOU = "not_you"  # the move exists from this status, for somebody else
    REASON_NEEDED = "reason_needed"


class Refused(Exception):
    """A move that is not in the table. Says `why`, and carries the `move` and the `status` it was tried from."""

    def __init__(self, why: Why, move: str, status: str | None):
        super().__init__(f"{move} from {status}: {why}")
        self.why, self.move, self.status = why, move, status


@dataclass(frozen=True)
class Move:
    """One line of a table. `source` is None where the move makes the row."""

    source: str | None
    name: str
    target: str
    who: frozenset[Role]
    needs_reason: bool = False


def _moves(
    name: str, sources: Iterable[str | None], target: str, who: Iterable[Role], *, reason: bool = False
) -> tuple[Move, ...]:
    return tuple(Move(source, name, target, frozenset(who), reason) for source in sources)


_R, _P = ReferralStatus, PlacementStatus
_WORKED_ON = (_R.ACTIVE, _R.ON_HOLD, _R.CONNECTED)
_OPEN = (_R.NEW, *_WORKED_ON)

REFERRAL: tuple[Move, ...] = (
    *_moves("open", [None], _R.NEW, {Role.FAMILY, *STAFF}),
    *_moves("take", [_R.NEW], _R.ACTIVE, STAFF),
    *_moves("assign", [_R.NEW, _R.ACTIVE], _R.ACTIVE, {Role.SUPERVISOR}),
    *_moves("assign", [_R.ON_HOLD], _R.ON_HOLD, {Role.SUPERVISOR}),
    *_moves("assign", [_R.CONNECTED], _R.CONNECTED, {Role.SUPERVISOR}),
    # What was given back is taken where it stands.
    *(Move(each, "take", each, STAFF) for each in _WORKED_ON),
    *(Move(each, "hand_over", each, frozenset({Role.NAVIGATOR}), needs_reason=True) for each in _WORKED_ON),
    *(Move(each, "give_back", each, STAFF, needs_reason=True) for each in _WORKED_ON),
    *_moves("hold", [_R.ACTIVE], _R.ON_HOLD, STAFF | {Role.FAMILY}, reason=True),
    *_moves("resume", [_R.ON_HOLD], _R.ACTIVE, STAFF | {Role.FAMILY, Role.SYSTEM}),
    *_moves("connect", [_R.NEW, _R.ACTIVE, _R.ON_HOLD], _R.CONNECTED, STAFF | {Role.FAMILY, Role.SYSTEM}),
    *_moves("reconsider", [_R.CONNECTED], _R.ACTIVE, STAFF | {Role.SYSTEM}),
    *_moves("meet", [_R.CONNECTED], _R.MET, STAFF),
    *_moves("close", _OPEN, _R.CLOSED, STAFF, reason=True),
    # A family that withdraws owes nobody a reason.
    *_moves("withdraw", _OPEN, _R.CLOSED, {Role.FAMILY}),
    # It takes that back for `UNDO_TIME`, before any program has heard of it.
    *(Move(_R.CLOSED, f"undo_to_{each}", each, frozenset({Role.FAMILY})) for each in _OPEN),
    # What was closed in error goes on. The next need is a referral of its own, whatever becomes of this one.
    *_moves("reopen", [_R.MET, _R.CLOSED], _R.ACTIVE, STAFF, reason=True),
    *(Move(each, "step", each, frozenset(STAFF), needs_reason=True) for each in (_R.CONNECTED, _R.MET, _R.CLOSED)),
    # Of two that are one, the other is kept.
    *_moves("merge", _OPEN, _R.CLOSED, STAFF),
    *_moves("unmerge", [_R.CLOSED], _R.ACTIVE, STAFF, reason=True),
)

_BY_PHONE = STAFF | {Role.PROGRAM}  # a program may also answer by phone, and staff write it down
_UNDECIDED = (_P.REQUESTED, _P.WAITLISTED)
_LIVE = (*_UNDECIDED, _P.ACCEPTED, _P.ON_HOLD, _P.IN_PROGRESS)

PLACEMENT: tuple[Move, ...] = (
    *_moves("send", [None], _P.REQUESTED, STAFF),
    *_moves("accept", _UNDECIDED, _P.ACCEPTED, _BY_PHONE),
    *_moves("waitlist", [_P.REQUESTED], _P.WAITLISTED, _BY_PHONE),
    *_moves("reject", _UNDECIDED, _P.REJECTED, _BY_PHONE, reason=True),
    *_moves("start", [_P.ACCEPTED], _P.IN_PROGRESS, _BY_PHONE | {Role.FAMILY}),
    *_moves("start", [_P.ON_HOLD], _P.IN_PROGRESS, STAFF | {Role.FAMILY}),
    *_moves("hold", [_P.ACCEPTED, _P.IN_PROGRESS], _P.ON_HOLD, STAFF, reason=True),
    *_moves("resume", [_P.ON_HOLD], _P.ACCEPTED, STAFF),
    *_moves("complete", [_P.IN_PROGRESS], _P.COMPLETED, _BY_PHONE | {Role.SYSTEM}),
    *_moves("fail", [_P.ACCEPTED, _P.IN_PROGRESS], _P.FAILED, _BY_PHONE | {Role.SYSTEM}, reason=True),
    *_moves("fail", [_P.ON_HOLD], _P.FAILED, STAFF | {Role.SYSTEM}, reason=True),
    *_moves("cancel", [*_UNDECIDED, _P.ACCEPTED, _P.ON_HOLD], _P.CANCELLED, STAFF | {Role.SYSTEM}, reason=True),
    # A program takes back its own slip, for `UNDO_TIME`. What its answer had freed elsewhere comes back with it.
    *_moves("undo_to_requested", [_P.ACCEPTED, _P.WAITLISTED, _P.REJECTED], _P.REQUESTED, {Role.PROGRAM}),
    *_moves("undo_to_waitlisted", [_P.ACCEPTED, _P.REJECTED], _P.WAITLISTED, {Role.PROGRAM}),
    *_moves("undo_to_accepted", [_P.IN_PROGRESS, _P.FAILED], _P.ACCEPTED, {Role.PROGRAM}),
    # Care that ended only because its referral was closed in error goes on with it.
    *_moves("undo_to_in_progress", [_P.COMPLETED, _P.FAILED], _P.IN_PROGRESS, {Role.PROGRAM, Role.SYSTEM}),
    # Of two requests of one family to one program, one goes on; and both again where they were two families.
    *_moves("merge", _LIVE, _P.CANCELLED, {Role.SYSTEM}, reason=True),
    *(Move(_P.CANCELLED, f"undo_to_{each}", each, frozenset({Role.SYSTEM})) for each in _LIVE),
)
UNDO_TIME = timedelta(minutes=10)

REFERRAL_ENDS = frozenset({_R.MET, _R.CLOSED})
PLACEMENT_ENDS = frozenset({_P.REJECTED, _P.COMPLETED, _P.FAILED, _P.CANCELLED})
# Rejected is an answer; these are the placements that a program could still act on or is caring for.
PLACEMENT_LIVE = frozenset(_P) - PLACEMENT_ENDS


def step(table: tuple[Move, ...], status: str | None, name: str, *, role: Role, reason: str = "") -> str:
    """Return the status that move `name` leads to from `status`, or raise `Refused`."""
    named = [move for move in table if move.name == name]
    if not named:
        raise Refused(Why.UNKNOWN, name, status)
    here = [move for move in named if move.source == status]
    if not here:
        raise Refused(Why.NOT_FROM_HERE, name, status)
    move = next((move for move in here if role in move.who), None)
    if move is None:
        raise Refused(Why.NOT_YOU, name, status)
    if move.needs_reason and not reason.strip():
        raise Refused(Why.REASON_NEEDED, name, status)
    return move.target


def moves_from(table: tuple[Move, ...], status: str | None, *, role: Role) -> list[str]:
    """The names of the moves that `role` may make from `status`, in the table's order."""
    return [move.name for move in table if move.source == status and role in move.who]


def undo_of(status: str, was: str, moved_by: str, moved_at: datetime | None, *, now: datetime) -> str:
    """The name of the move by which a program takes back its own last one; ``""`` where there is none, or none left."""
    if moved_by != Role.PROGRAM or moved_at is None or now - moved_at > UNDO_TIME:
        return ""
    name = f"undo_to_{was}"
    return name if name in moves_from(PLACEMENT, status, role=Role.PROGRAM) else ""
