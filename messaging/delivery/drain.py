"""Sending everything that is due on one channel, batch after batch."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from messaging.channels.base import Courier, courier_for
from messaging.delivery.claim import Claim, claim, release
from messaging.delivery.gate import Texts, pass_gate, stumble
from messaging.delivery.result import finish
from messaging.letter import Letter
from messaging.retry import Answer, Deferred

log = logging.getLogger(__name__)
BATCH = 50
DATABASE_BACK_WITHIN = 20.0


@dataclass
class Tally:
    """What one drain did."""

    claimed: int = 0
    sent: int = 0
    seconds: float = 0.0


def drain(channel: str, *, seconds: float = 15.0, batch: int = BATCH) -> Tally:
    """Send what is due on `channel` until nothing is left or the time is over. Any number may run at once."""
    started, tally = time.monotonic(), Tally()
    courier: Courier | None = None
    try:
        while time.monotonic() - started < seconds:
            claims = claim(channel, batch)
            if not claims:
                break
            tally.claimed += len(claims)
            courier = courier or courier_for(channel)
            tally.sent += _deliver(claims, courier, until=started + seconds)
    finally:
        if courier is not None:
            courier.close()
    tally.seconds = time.monotonic() - started
    return tally


def _deliver(claims: list[Claim], courier: Courier, *, until: float) -> int:
    sent, texts = 0, Texts()
    # A slow provider must not let claims grow old: what is left goes back while it is still ours.
    until = min(until, time.monotonic() + settings.MESSAGING_CLAIM_LEASE / 2)
    touched = 0
    try:
        for one in claims:
            if time.monotonic() >= until and touched:
                break
            touched += 1
            letter = _gate(one, texts)
            if letter is not None:
                _finish(letter, _send(letter, courier))
                sent += 1
    finally:
        release(claims[touched:])
    return sent


def _gate(one: Claim, texts: Texts) -> Letter | None:
    try:
        return pass_gate(one, texts)
    except (OperationalError, InterfaceError):
        # A deadlock's loser, or a database that went away: nothing has happened, so once more is safe.
        _reconnect()
        return pass_gate(one, texts)
    except Exception as error:
        stumble(one, error)
    return None


def _send(letter: Letter, courier: Courier) -> Answer:
    # A worker that was stopped here for long must not send: by now the message may be somebody else's.
    if time.monotonic() - letter.passed > settings.MESSAGING_SEND_LEASE / 4:
        return Deferred("lease_over")
    return courier.send(letter)


def _finish(letter: Letter, answer: Answer) -> None:
    """Write the answer down, however long the database is away, within reason: after that the message is uncertain."""
    give_up = time.monotonic() + DATABASE_BACK_WITHIN
    while True:
        try:
            return finish(letter, answer)
        except (OperationalError, InterfaceError):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
            _reconnect()


def _reconnect() -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
        close_old_connections()
