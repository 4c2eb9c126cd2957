"""The one function that changes the state of a message: the table says where to, the owner is told, all in one go."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction

from messaging.client import MessageEvent, client
from messaging.models import Message
from messaging.states import MOVES, Move, State, after

log = logging.getLogger(__name__)
TAKEN_BACK = "taken back"


class Overtaken(Exception):
    """The message is no longer where its row in memory says: somebody else has moved it since."""


def move(message: Message, what: Move, *, now: datetime, reason: str = "", detail: str = "", **fields: Any) -> None:
    """Make the move and save; `fields` are other values of the row to save with it.

    The caller is inside a transaction, and has read the row under its lock there; or, as `delivery.result` does, it
    takes the state and the claim that it knows as its fence, and catches `Overtaken`. Raises
    `messaging.states.IllegalMove`, too.
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
        tell(event_of(message, MOVES[what].event, now=now))


def move_all(messages: Sequence[Message], what: Move, *, now: datetime, reason: str = "", **fields: Any) -> None:
    """The same move for several messages of one state, in one statement. `fields` may hold expressions; what these make
    of a row is not known to its object.

    The caller has locked the rows in the order of their keys, and seen their state and claim there.
    """
    if not messages:
        return
    source = messages[0].state
    target = after(State(source), what)
    values = {"state": target, "reason": reason, "detail": "", "changed_at": now, **fields}
    if target not in (State.CLAIMED, State.SENDING):
        values["claim_token"] = None
    tokens = {message.claim_token for message in messages}
    known = Message.objects.filter(pk__in=[one.pk for one in messages], state=source, claim_token__in=tokens)
    if known.update(**values) != len(messages):
        raise Overtaken
    for message in messages:
        for name, value in values.items():
            if not hasattr(value, "resolve_expression"):
                setattr(message, name, value)
    if MOVES[what].event:
        tell_sent([event_of(message, MOVES[what].event, now=now) for message in messages])


def tell_sent(events: Sequence[MessageEvent]) -> None:
    """Tell the owner of all that were sent at once; where that fails, of one after the other."""
    if len(events) > 1:
        try:
            with transaction.atomic():
                client().record_sent(events)
            return
        except OperationalError:
            raise
        except Exception as error:
            log.warning("messaging: owner failed at %s events together: %s", len(events), type(error).__name__)
    for event in events:
        tell(event)


def tell(event: MessageEvent) -> bool:
    """Tell the owner, and return whether somebody there works on it. What happened has happened, even if the owner
    fails to write that down.

    Only the kind of the error is logged: its text may hold what a person wrote.
    """
    try:
        with transaction.atomic():
            return client().record(event)
    except OperationalError:
        raise  # the database's trouble, and nothing has happened yet: the whole transaction is tried again
    except Exception as error:
        log.error("messaging: owner failed at %s of message %s: %s", event.kind, event.message, type(error).__name__)
        return False


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
        taken_back=message.detail == TAKEN_BACK,
    )
