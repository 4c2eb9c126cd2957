"""The one function that changes the state of a message: the table says where to, the owner is told, all in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from messaging.client import MessageEvent, client
from messaging.models import Message
from messaging.states import MOVES, Move, State, after


class Overtaken(Exception):
    """The message is no longer where its row in memory says: somebody else has moved it since."""


def move(message: Message, what: Move, *, now: datetime, reason: str = "", detail: str = "", **fields: Any) -> None:
    """Make the move and save; `fields` are other values of the row to save with it.

    The caller is inside a transaction. Who holds the row's lock is sure to succeed; for others the state and the claim
    that they know are the fence. Raises `messaging.states.IllegalMove` and `Overtaken`.
    """
    target = after(State(message.state), what)
    values = {"state": target, "reason": reason, "detail": detail[:60], "changed_at": now, **fields}
    if target not in (State.CLAIMED, State.SENDING):
        values["claim_token"] = None
    known = Message.objects.filter(pk=message.pk, state=message.state, claim_token=message.claim_token)
    if not known.update(**values):
        raise Overtaken
    for name, value in values.items():
        setattr(message, name, value)
    if MOVES[what].event:
        client().record(event_of(message, MOVES[what].event, now=now))


def event_of(message: Message, kind: str, *, now: datetime, text: str = "", reason: str | None = None) -> MessageEvent:
    """The event of this kind about this message."""
    return MessageEvent(
        kind=kind,
        reference=message.reference,
        person_key=message.person_key,
        channel=message.channel,
        at=now,
        reason=message.reason if reason is None else reason,
        text=text,
        message=message.pk,
    )
