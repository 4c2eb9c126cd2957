"""The life of a message as one table of moves. Plain Python.

Every change of state in the project goes through `after`, so what is not in `MOVES` cannot happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a message stands."""

    SCHEDULED = "scheduled"  # waits for its time
    CLAIMED = "claimed"  # a worker has it in hand, nothing has been decided
    SENDING = "sending"  # the gate let it pass; the provider may or may not have it
    SENT = "sent"  # the provider took it
    DELIVERED = "delivered"  # the provider says that it arrived
    BOUNCED = "bounced"  # the provider says that it did not
    UNCERTAIN = "uncertain"  # a crash or a dropped line hid the provider's answer
    REVIEW = "review"  # only a person can decide
    CANCELLED = "cancelled"  # its owner no longer wants it sent
    SUPPRESSED = "suppressed"  # the receiver does not want it, or never agreed to it
    EXPIRED = "expired"  # its latest time passed
    DEAD = "dead"  # refused for good


class Move(StrEnum):
    """What can happen to a message."""

    CLAIM = "claim"
    RELEASE = "release"
    PASS = "pass"  # noqa: S105 - the name of a move
    POSTPONE = "postpone"
    ACCEPT = "accept"
    RETRY = "retry"
    RETURN = "return"
    REFUSE = "refuse"
    LOSE = "lose"
    FIND = "find"
    RESEND = "resend"
    ESCALATE = "escalate"
    DELIVER = "deliver"
    BOUNCE = "bounce"
    CANCEL = "cancel"
    SUPPRESS = "suppress"
    EXPIRE = "expire"


class IllegalMove(Exception):
    """The move does not exist from this state."""


@dataclass(frozen=True)
class Way:
    """From any of `sources` to `target`; `event` is the kind told to the message's owner, or "" for silence."""

    sources: frozenset[State]
    target: State
    event: str = ""


def _from(*sources: State) -> frozenset[State]:
    return frozenset(sources)


# What may still be taken back: nothing has left the system, or nobody knows whether it has.
PENDING = _from(State.SCHEDULED, State.CLAIMED, State.UNCERTAIN)
# It did not reach anybody, and by itself never will.
NEVER_SENT = _from(State.CANCELLED, State.SUPPRESSED, State.EXPIRED, State.DEAD, State.BOUNCED)

# Where a provider may know more than we do: also what waits, or is in hand, to be sent once more.
_ON_ITS_WAY = _from(State.SENDING, State.UNCERTAIN, State.REVIEW, State.SCHEDULED, State.CLAIMED)

MOVES: dict[Move, Way] = {
    Move.CLAIM: Way(_from(State.SCHEDULED), State.CLAIMED),
    Move.RELEASE: Way(_from(State.CLAIMED), State.SCHEDULED),
    Move.POSTPONE: Way(_from(State.CLAIMED, State.SCHEDULED), State.SCHEDULED),
    Move.PASS: Way(_from(State.CLAIMED), State.SENDING),
    Move.ACCEPT: Way(_from(State.SENDING), State.SENT, "sent"),
    Move.RETRY: Way(_from(State.SENDING), State.SCHEDULED),
    # It passed the gate, and its turn did not come while what the gate saw was fresh.
    Move.RETURN: Way(_from(State.SENDING), State.SCHEDULED),
    Move.REFUSE: Way(_from(State.SENDING, State.CLAIMED, State.UNCERTAIN, State.REVIEW), State.DEAD, "failed"),
    Move.LOSE: Way(_from(State.SENDING), State.UNCERTAIN, "uncertain"),
    # Also while it waits to be sent once more: a worker that was only asleep may bring the answer after all.
    Move.FIND: Way(_from(State.UNCERTAIN, State.REVIEW, State.SCHEDULED, State.CLAIMED), State.SENT, "sent"),
    # From uncertain under the same Message-ID, once; from the others only because a person said so.
    Move.RESEND: Way(_from(State.UNCERTAIN, State.REVIEW, State.DEAD), State.SCHEDULED),
    Move.ESCALATE: Way(_from(State.UNCERTAIN), State.REVIEW, "review"),
    # A provider's word that it arrived also settles what a crash left open.
    # It may even be faster than the answer itself.
    Move.DELIVER: Way(_ON_ITS_WAY | {State.SENT}, State.DELIVERED, "delivered"),
    Move.BOUNCE: Way(_ON_ITS_WAY | {State.SENT, State.DELIVERED}, State.BOUNCED, "bounced"),
    Move.CANCEL: Way(PENDING, State.CANCELLED, "cancelled"),
    Move.SUPPRESS: Way(PENDING, State.SUPPRESSED, "suppressed"),
    Move.EXPIRE: Way(PENDING, State.EXPIRED, "expired"),
}


def allowed(state: State, move: Move) -> bool:
    """Whether `move` exists from `state`."""
    return state in MOVES[move].sources


def after(state: State, move: Move) -> State:
    """The state that `move` leads to. Raises `IllegalMove` when there is no such move from `state`."""
    if not allowed(state, move):
        raise IllegalMove(f"a message that is {state} cannot {move}")
    return MOVES[move].target
