"""The one function that changes the state of a message: the table says where to, the owner is told, all in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from messaging.client import MessageEvent, client
from messaging.models import Message
from messaging.states import MOVES, Move, State, after


def move(message: Message, what: Move, *, now: datetime, reason: str = "", detail: str = "", **fields: Any) -> None:
    """Make the move and save; `fields` are other values of the row to save with it.

    The caller holds the row's lock inside a transaction. Raises `messaging.states.IllegalMove`.
    """
    message.state = after(State(message.state), what)
    message.reason, message.detail, message.changed_at = reason, detail[:60], now
    if message.state not in (State.CLAIMED, State.SENDING):
        message.claim_token = None
    for name, value in fields.items():
        setattr(message, name, value)
    message.save(update_fields=["state", "reason", "detail", "changed_at", "claim_token", *fields])
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
