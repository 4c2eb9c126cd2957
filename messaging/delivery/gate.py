"""The gate: a short transaction that locks one message, checks everything again, and only then lets it pass.

What is committed before the gate's locks wins: a stop, a withdrawn consent, a cancelled referral, a paused channel.
What comes after waits for the gate, and the message has then left. Locks are taken in one order everywhere: message,
permission, budget.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from messaging import clock
from messaging.addresses import BadAddress, normal
from messaging.budget import Cap
from messaging.client import Withheld, client
from messaging.declared import Text
from messaging.delivery.claim import Claim
from messaging.letter import Content, Letter, choices_url, compose
from messaging.models import (
    Attempt,
    Channel,
    Message,
    MessageTemplate,
    Permission,
    SendBudget,
    Suppression,
    Wording,
)
from messaging.moves import event_of, move, tell
from messaging.retry import KEYS_LOOK
from messaging.states import Move, State
from messaging.wording import MissingVariable
from privacy.crypto import CannotDecrypt

log = logging.getLogger(__name__)
PAUSE_LOOK = timedelta(seconds=30)
STUMBLES = 6
URGENT_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Halt:
    """The message does not pass: the move to make instead, why, and for a postponement until when."""

    move: Move
    reason: str
    detail: str = ""
    until: datetime | None = None


class Texts:
    """The texts that the messages of one batch use, each read once. One that is edited meanwhile serves the next."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], list[Text]] = {}
        self._kept: set[str] = set()

    def find(self, template: str, channel: str, language: str) -> list[Text]:
        """What may be said, the best first."""
        name = template, channel, language
        if name not in self._read:
            self._read[name] = MessageTemplate.objects.texts(*name)
        return self._read[name]

    def keep(self, text: Text) -> str:
        """Keep the words that are sent; return their name."""
        if text.digest not in self._kept:
            Wording.keep(text)
            # What is undone with the transaction must be kept again.
            transaction.on_commit(partial(self._kept.add, text.digest), robust=True)
        return text.digest


def pass_gate(claim: Claim, texts: Texts | None = None) -> Letter | None:
    """Let the claimed message pass and return it ready to send, or move it to where it belongs and return None.

    `texts` are those that a batch has read already. Anything that the owner raises leaves this function, with nothing
    changed: see `stumble`.
    """
    with transaction.atomic():
        message = _locked(claim)
        if message is None:
            return None
        now = clock.now()
        channel = Channel.objects.of(message.channel)
        failures = channel.failures
        texts = texts or Texts()
        outcome = _decide(message, channel, texts, now)
        if isinstance(outcome, Halt):
            _halt(message, outcome, now)
            return None
        content, text = outcome
        number = message.tries + 1
        move(message, Move.PASS, now=now, sending_at=now, tries=number)
        started = Attempt.Outcome.STARTED
        Attempt.objects.create(message=message, number=number, at=now, outcome=started, wording_id=texts.keep(text))
    return Letter(
        row=message,
        content=content,
        choices_url=choices_url(message),
        line_is_well=not failures,
        passed=time.monotonic(),
    )


def _locked(claim: Claim) -> Message | None:
    """The message, locked, if it is still ours."""
    # Asked for by its key alone: the index of what is in hand is full of rows that have just left it.
    rows = Message.objects.filter(pk=claim.message).select_for_update(no_key=True)
    try:
        message, readable = rows.first(), True
    except CannotDecrypt:
        message, readable = rows.defer("address").first(), False
    if message is None or message.claim_token != claim.token or message.state != State.CLAIMED:
        return None
    if not readable:
        _wait_for_keys(message, clock.now())
        return None
    return message


def _wait_for_keys(message: Message, now: datetime) -> None:
    """Look again soon: keys that are wrong now are put right, and nothing that was written under them is lost."""
    late = message.not_after <= now
    until = min(now + KEYS_LOOK, message.not_after)
    halt = Halt(Move.EXPIRE, "too_late", "unreadable") if late else Halt(Move.POSTPONE, "unreadable", until=until)
    _halt(message, halt, now)


def _decide(message: Message, channel: Channel, texts: Texts, now: datetime) -> Halt | tuple[Content, Text]:
    if message.not_after <= now:
        return Halt(Move.EXPIRE, "too_late")
    try:
        normal(message.channel, message.address)
    except BadAddress:
        return Halt(Move.REFUSE, "bad_address")
    halt = _channel_halt(channel, now) or _permission_halt(message, now) or _quiet_halt(message, channel, now)
    if halt is not None:
        return halt
    with transaction.atomic():
        outcome = _content(message, texts, now)
        if not isinstance(outcome, Halt):
            # Last, because what does not go must not use up the person's day.
            outcome = _budget_halt(message, now) or outcome
        if isinstance(outcome, Halt):
            transaction.set_rollback(True)  # the owner has made a link for it, which nobody will get
    return outcome


def _channel_halt(channel: Channel, now: datetime) -> Halt | None:
    if channel.paused:
        return Halt(Move.POSTPONE, "channel_paused", until=now + PAUSE_LOOK)
    if channel.rests(now):
        return Halt(Move.POSTPONE, "channel_open", until=channel.rests_until)
    return None


def _permission_halt(message: Message, now: datetime) -> Halt | None:
    # The lock comes first: a stop that is being committed is waited for, and then seen by the second query.
    live = Permission.objects.live(message.address_index, message.channel).select_for_update(no_key=True).first()
    held = Suppression.objects.holding(message.address_index, message.channel, now).first()
    if held is not None and held.until is not None:
        return Halt(Move.POSTPONE, "paused_by_person", until=held.until)
    if held is not None:
        return Halt(Move.SUPPRESS, "stopped" if held.kind == Suppression.Kind.STOPPED else held.kind)
    if live is None:
        # What was waited for may have been another wording of the same yes: then there is a newer row by now.
        live = Permission.objects.live(message.address_index, message.channel).first()
    return None if live is not None else Halt(Move.SUPPRESS, "no_permission")


def _quiet_halt(message: Message, channel: Channel, now: datetime) -> Halt | None:
    if message.at_work:
        return None
    # Whoever asked a moment ago is awake; after that, what was held up keeps the hours like any other.
    if message.urgent and channel.urgent_any_time and now - message.created_at < URGENT_FOR:
        return None
    first = channel.window.first_time(now, message.zone, seed=message.dedupe_key, not_after=message.not_after)
    return Halt(Move.POSTPONE, "quiet_hours", until=first) if first > now else None


def _budget_halt(message: Message, now: datetime) -> Halt | None:
    """Take one of the day's messages of the person and the address. A later try of the same message takes nothing."""
    if message.tries or not message.capped:
        return None
    cap = Cap(settings.MESSAGING_DAILY_CAP)
    counts = cap.counts(message.person_key, message.address_index, urgent=message.urgent)
    if SendBudget.objects.take(counts, cap.day(now, message.zone), most=cap.per_day):
        return None
    return Halt(Move.POSTPONE, "daily_cap", until=cap.try_again(now, message.zone))


def _content(message: Message, texts: Texts, now: datetime) -> Halt | tuple[Content, Text]:
    values = client().context(message.reference, now)
    if isinstance(values, Withheld):
        return Halt(Move.CANCEL, "withheld", values.reason)
    halt = Halt(Move.REFUSE, "no_template")
    for text in texts.find(message.template, message.channel, message.language):
        try:
            return compose(message, text, values), text
        except MissingVariable as error:  # an admin's words: the shipped ones need less
            halt = Halt(Move.REFUSE, "missing_variable", str(error))
    return halt


def _halt(message: Message, halt: Halt, now: datetime) -> None:
    if halt.until is None:
        move(message, halt.move, now=now, reason=halt.reason, detail=halt.detail)
    elif halt.until > message.not_after:
        move(message, Move.EXPIRE, now=now, reason="too_late", detail=halt.reason)
    else:
        until = halt.until
        if halt.reason != "quiet_hours" and not message.urgent:
            window = Channel.objects.of(message.channel).window
            until = window.first_time(until, message.zone, seed=message.dedupe_key, not_after=message.not_after)
        move(message, halt.move, now=now, reason=halt.reason, due_at=min(until, message.not_after))
        if halt.reason == "daily_cap":
            tell(event_of(message, "postponed", now=now))  # somebody waits for it, and the whole day is long


def stumble(claim: Claim, error: Exception) -> None:
    """The gate failed with an exception: put the message back for later, and give it up after several times.

    Only the kind of the error is logged: its text may hold what a person wrote.
    """
    log.error("messaging: gate failed for message %s: %s", claim.message, type(error).__name__)
    with transaction.atomic():
        message = _locked(claim)
        if message is None:
            return
        now, count = clock.now(), message.stumbles + 1
        if isinstance(error, CannotDecrypt):
            _wait_for_keys(message, now)
        elif count >= STUMBLES:
            move(message, Move.REFUSE, now=now, reason="owner_failed", stumbles=count)
        else:
            due = now + timedelta(seconds=10 * 2**count)
            move(message, Move.POSTPONE, now=now, reason="owner_failed", due_at=due, stumbles=count)
