"""Sending everything that is due on one channel, batch after batch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from messaging import clock
from messaging.batch_size import Pace, pace_of
from messaging.delivery.claim import Claim, claim, release
from messaging.delivery.gate import Texts, pass_all, stumble
from messaging.delivery.handover import Lines
from messaging.delivery.result import Answered, finish_all
from messaging.letter import Letter
from messaging.models import Message
from messaging.retry import NotBegun

log = logging.getLogger(__name__)
BATCH = 50
DATABASE_BACK_WITHIN = 20.0
TICK = 1.0  # seconds between two looks at what is due
STEP = 0.1  # seconds; what falls due closer together is sent together


@dataclass
class Tally:
    """What one drain did."""

    claimed: int = 0
    sent: int = 0
    seconds: float = 0.0


def soon(channel: str) -> list[float]:
    """In how many seconds to look again, before the next tick, so that what falls due until then is sent on time."""
    now = clock.now()
    end, looked, waits = now + timedelta(seconds=TICK), now, list[float]()
    while due := Message.objects.due_between(channel, looked, end).values_list("due_at", flat=True).first():
        looked = max(due, looked + timedelta(seconds=STEP)) if waits else due
        waits.append((looked - now).total_seconds())
    return waits


def drain(
    channel: str, *, seconds: float = 15.0, batch: int = BATCH, call_help: Callable[[], None] = lambda: None
) -> Tally:
    """Send what is due on `channel` until nothing is left or the time is over. Any number may run at once.

    Calls `call_help` once, as soon as there is more than one batch holds: another worker need not wait for its tick.
    """
    started, tally, called = time.monotonic(), Tally(), False
    lines, pace = Lines(channel), pace_of(channel)
    try:
        while time.monotonic() - started < seconds:
            claims = claim(channel, batch)
            if not claims:
                break
            if len(claims) == batch and not called:
                called = True
                call_help()
            tally.claimed += len(claims)
            tally.sent += _deliver(claims, lines, pace, until=started + seconds)
    finally:
        lines.close()
    tally.seconds = time.monotonic() - started
    return tally


def _deliver(claims: list[Claim], lines: Lines, pace: Pace, *, until: float) -> int:
    sent, texts = 0, Texts()
    # A slow provider must not let claims grow old: what is left goes back while it is still ours.
    until = min(until, time.monotonic() + settings.MESSAGING_CLAIM_LEASE / 2)
    left = list(claims)
    try:
        while left and (time.monotonic() < until or len(left) == len(claims)):
            group = left[: pace.size]
            for letters, held in _gate(group, texts):
                sent += _hand_over(letters, lines, pace)
                for one in held:  # somebody was at it, and has by now decided; the others have not waited
                    for late, _held in _gate([one], texts, wait=True):
                        sent += _hand_over(late, lines, pace)
            left = left[len(group) :]
    finally:
        release(left)
    return sent


def _gate(group: Sequence[Claim], texts: Texts, *, wait: bool = False) -> Iterator[tuple[list[Letter], list[Claim]]]:
    """Those that pass, and those that somebody else has locked just now. One that makes the gate fail is found by
    halving, and stumbles; the others pass without it."""
    try:
        passed = _pass(group, texts, wait=wait)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(group) == 1:
            stumble(group[0], error)
            return
    else:
        yield passed
        return
    half = len(group) // 2
    yield from _gate(group[:half], texts, wait=wait)
    yield from _gate(group[half:], texts, wait=wait)


def _pass(group: Sequence[Claim], texts: Texts, *, wait: bool) -> tuple[list[Letter], list[Claim]]:
    try:
        return pass_all(group, texts, wait=wait)
    except (OperationalError, InterfaceError):
        # A deadlock's loser, or a database that went away: nothing has happened, so once more is safe.
        _reconnect()
        return pass_all(group, texts, wait=wait)


def _hand_over(letters: list[Letter], lines: Lines, pace: Pace) -> int:
    if not letters:
        return 0
    began = time.monotonic()
    answers = lines.send(letters)
    begun = sum(not isinstance(answer, NotBegun) for answer in answers)
    pace.note(begun, time.monotonic() - began)
    _finish(list(zip(letters, answers, strict=True)))
    return begun


def _finish(answered: list[Answered]) -> None:
    """Write the answers down, however long the database is away, within reason: after that the messages are
    uncertain."""
    give_up = time.monotonic() + DATABASE_BACK_WITHIN
    while True:
        try:
            return finish_all(answered)
        except (OperationalError, InterfaceError):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
            _reconnect()


def _reconnect() -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
        close_old_connections()
