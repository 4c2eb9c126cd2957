"""The gate: a short transaction that locks a batch of messages, checks everything again, and only then lets them pass.

What is committed before the gate's locks wins: a stop, a withdrawn consent, a cancelled referral, a paused channel.
What comes after waits for the gate, and the messages have then left. Locks are taken in one order everywhere, see
"The order of locks" in docs/messages.md: messages, permissions, what belongs to the owner, budgets, wordings.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Value, When

from messaging import clock
from messaging.calendar import HOURS_GRACE
from messaging.client import Withheld, client
from messaging.daily_cap import Cap
from messaging.declared import WORDS, Text
from messaging.delivery.checks import Halt, check
from messaging.delivery.claim import Claim
from messaging.letter import Content, Letter, compose
from messaging.models import (
    Attempt,
    Channel,
    Message,
    MessageTemplate,
    Provider,
    SendBudget,
    Wording,
    WrittenWords,
)
from messaging.moves import event_of, move, move_all, tell
from messaging.retry import KEYS_LOOK
from messaging.states import Move, State
from messaging.wording import MissingVariable
from privacy.crypto import CannotDecrypt

log = logging.getLogger(__name__)
STUMBLES = 6


Ready = tuple[Content, Text]


class NoAnswer(Exception):
    """The owner said nothing about a reference that it was asked for."""


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

    def keep(self, texts: Collection[Text]) -> None:
        """Keep the words that are sent."""
        # In one order everywhere: two gates may keep the same new words at the same moment.
        for digest, text in sorted({text.digest: text for text in texts}.items()):
            if digest not in self._kept:
                Wording.keep(text)
                # What is undone with the transaction must be kept again.
                transaction.on_commit(partial(self._kept.add, digest), robust=True)


def pass_gate(claim: Claim, texts: Texts | None = None) -> Letter | None:
    """Let one claimed message pass, waiting for whoever has it locked; None where it goes elsewhere."""
    letters, _held = pass_all([claim], texts or Texts(), wait=True)
    return letters[0] if letters else None


def pass_all(claims: Sequence[Claim], texts: Texts, *, wait: bool = False) -> tuple[list[Letter], list[Claim]]:
    """Let the claimed messages of one channel pass and return those that do, ready to send, in the order of `claims`;
    move the others to where they belong. Where there are more of them, the number of queries is the same.

    Also returns the claims on messages that somebody has locked just now, unless it is to `wait` for them.
    `texts` are those that have been read already. Anything that the owner raises leaves this function, with nothing
    changed: see `stumble`.
    """
    with transaction.atomic():
        messages, held = _locked(claims, wait=wait)
        if not messages:
            return [], held
        now = clock.now()
        channel = Channel.objects.of(messages[0].channel)
        ready = _decide(messages, channel, texts, now)
        bound = {message.pk for message in messages if message.provider}
        _mark([message for message in messages if message.pk in ready], channel, ready, texts, now)
    passed = time.monotonic()
    letters = [
        Letter(
            message,
            ready[message.pk][0],
            line_is_well=not channel.failures_of(message.provider),
            passed=passed,
            bound=message.pk in bound,
        )
        for message in messages
        if message.pk in ready
    ]
    return letters, held


def _locked(claims: Sequence[Claim], *, wait: bool) -> tuple[list[Message], list[Claim]]:
    """The messages that are still ours, locked, in the order of `claims`; and the claims on those that are not free."""
    # Asked for by their keys alone: the index of what is in hand is full of rows that have just left it.
    rows = Message.objects.filter(pk__in=[claim.message for claim in claims]).order_by("pk")
    skip = not wait and connection.features.has_select_for_update_skip_locked
    rows = rows.select_for_update(no_key=True, skip_locked=skip)
    try:
        found = {message.pk: message for message in rows}
    except CannotDecrypt:
        if len(claims) > 1:
            raise
        message = rows.defer("address").first()
        if message is not None and _is_ours(message, claims[0]):
            _wait_for_keys(message, clock.now())
        return [], []
    ours = [found[one.message] for one in claims if one.message in found and _is_ours(found[one.message], one)]
    return ours, [one for one in claims if skip and one.message not in found]


def _is_ours(message: Message, claim: Claim) -> bool:
    return message.claim_token == claim.token and message.state == State.CLAIMED


def _wait_for_keys(message: Message, now: datetime) -> None:
    """Look again soon: keys that are wrong now are put right, and nothing that was written under them is lost."""
    late = message.not_after <= now
    until = min(now + KEYS_LOOK, message.not_after)
    halt = Halt(Move.EXPIRE, "too_late", "unreadable") if late else Halt(Move.POSTPONE, "unreadable", until=until)
    _halt(message, halt, Channel.objects.of(message.channel), now)


def _decide(messages: list[Message], channel: Channel, texts: Texts, now: datetime) -> dict[int, Ready]:
    """What each message that passes says; the others are moved to where they belong."""
    halts = check(messages, channel, now)
    ready, late_halts = _contents([message for message in messages if message.pk not in halts], texts, now)
    halts |= late_halts
    for message in messages:
        if message.pk in halts:
            _halt(message, halts[message.pk], channel, now)
    return ready


def _mark(messages: list[Message], channel: Channel, ready: dict[int, Ready], texts: Texts, now: datetime) -> None:
    """Write down that these are being sent, by whom, and each with its try."""
    if not messages:
        return
    texts.keep([ready[message.pk][1] for message in messages])
    provider = channel.provider(now) or Provider.FIRST
    carrier = Case(When(provider="", then=Value(provider)), default=F("provider"))
    move_all(messages, Move.PASS, now=now, sending_at=now, tries=F("tries") + 1, provider=carrier)
    tries = []
    for message in messages:
        message.tries += 1
        message.provider = message.provider or provider
        tries.append(
            Attempt(
                message=message,
                number=message.tries,
                at=now,
                outcome=Attempt.Outcome.STARTED,
                wording_id=ready[message.pk][1].digest,
            )
        )
    Attempt.objects.bulk_create(tries)


def _contents(messages: list[Message], texts: Texts, now: datetime) -> tuple[dict[int, Ready], dict[int, Halt]]:
    """What the messages say, as far as they may say it; and those that are held up here after all."""
    halts: dict[int, Halt] = {}
    while messages:
        with transaction.atomic():
            outcomes, undo = _ask(messages, texts, now)
            if undo:
                # The owner has made a link for what does not go, which nobody will get: none of it was made.
                transaction.set_rollback(True)
        halts |= {pk: outcome for pk, outcome in outcomes.items() if isinstance(outcome, Halt)}
        if not undo:
            return {pk: outcome for pk, outcome in outcomes.items() if not isinstance(outcome, Halt)}, halts
        messages = [message for message in messages if message.pk not in halts]
    return {}, halts


def _ask(messages: list[Message], texts: Texts, now: datetime) -> tuple[dict[int, Ready | Halt], bool]:
    """What the owner lets each message say, or why not; and whether one that the owner let go is held up."""
    contexts = client().contexts(list({message.reference: None for message in messages}), now)
    written = WrittenWords.objects.among(messages)
    outcomes: dict[int, Ready | Halt] = {}
    undo = False
    for message in messages:
        if message.reference not in contexts:
            raise NoAnswer
        values = contexts[message.reference]
        if isinstance(values, Withheld):
            outcomes[message.pk] = Halt(Move.CANCEL, "withheld", values.reason)
        else:
            own = {WORDS: written[message.pk]} if message.pk in written else {}
            outcomes[message.pk] = outcome = _content(message, {**values, **own}, texts)
            undo |= isinstance(outcome, Halt)
    # Last, because what does not go must not use up the person's day.
    full = _full_days([one for one in messages if not isinstance(outcomes[one.pk], Halt)], now)
    return outcomes | full, undo or bool(full)


def _content(message: Message, values: dict[str, str], texts: Texts) -> Halt | Ready:
    halt = Halt(Move.REFUSE, "no_template")
    for text in texts.find(message.template, message.channel, message.language):
        try:
            return compose(message, text, values), text
        except MissingVariable as error:  # an admin's words: the shipped ones need less
            halt = Halt(Move.REFUSE, "missing_variable", str(error))
    return halt


def _full_days(messages: list[Message], now: datetime) -> dict[int, Halt]:
    """Take one of the day's messages of each person and address; hold up those who have had theirs."""
    cap = Cap(settings.MESSAGING_DAILY_CAP)
    served = SendBudget.objects.take([counts(message, now) for message in messages], most=cap.per_day)
    return {
        message.pk: Halt(Move.POSTPONE, "daily_cap", until=cap.try_again(now, message.zone))
        for message, room in zip(messages, served, strict=True)
        if not room
    }


def counts(message: Message, now: datetime) -> list[tuple[str, date]]:
    """What a message counts under on the day of `now`. A later try of the same message takes nothing."""
    if message.tries or message.at_work:
        return []
    cap = Cap(settings.MESSAGING_DAILY_CAP)
    day = cap.day(now, message.zone)
    return [(key, day) for key in cap.counts(message.person_key, message.address_index, apart=message.apart)]


def _halt(message: Message, halt: Halt, channel: Channel, now: datetime) -> None:
    if halt.until is None:
        move(message, halt.move, now=now, reason=halt.reason, detail=halt.detail)
    elif halt.until > message.not_after and not halt.extends:
        move(message, Move.EXPIRE, now=now, reason="too_late", detail=halt.reason)
    else:
        until, latest = halt.until, message.not_after
        if halt.extends:
            latest = max(latest, until + HOURS_GRACE)
        elif halt.reason != "quiet_hours" and not message.urgent:
            window = channel.window
            until = window.first_time(until, message.zone, seed=message.dedupe_key, not_after=latest)
        move(message, halt.move, now=now, reason=halt.reason, due_at=min(until, latest), not_after=latest)
        if halt.reason == "daily_cap":
            tell(event_of(message, "postponed", now=now))  # somebody waits for it, and the whole day is long


def stumble(claim: Claim, error: Exception) -> None:
    """The gate failed with an exception: put the message back for later, and give it up after several times.

    Only the kind of the error is logged: its text may hold what a person wrote.
    """
    log.error("messaging: gate failed for message %s: %s", claim.message, type(error).__name__)
    with transaction.atomic():
        messages, _held = _locked([claim], wait=True)
        if not messages:
            return
        message, now = messages[0], clock.now()
        count = message.stumbles + 1
        if isinstance(error, CannotDecrypt):
            _wait_for_keys(message, now)
        elif count >= STUMBLES:
            move(message, Move.REFUSE, now=now, reason="owner_failed", stumbles=count)
        else:
            due = now + timedelta(seconds=10 * 2**count)
            move(message, Move.POSTPONE, now=now, reason="owner_failed", due_at=due, stumbles=count)
