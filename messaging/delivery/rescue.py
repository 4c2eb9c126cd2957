"""What a crash or a provider that did not answer leaves uncertain, found by its age and brought to an end."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from messaging import clock
from messaging.channels.base import Finding, courier_for
from messaging.models import Attempt, ChannelKey, Message, Provider, has_second
from messaging.moves import move
from messaging.states import Move, State

log = logging.getLogger(__name__)
BATCH = 500
ASKED_AT_ONCE = 8


def reap() -> dict[str, int]:
    """Put back what a dead worker had claimed; call uncertain what it was sending; expire what is too late.

    Returns how many of each: {"released", "lost", "expired"}.
    """
    now = clock.now()
    claimed_before = now - timedelta(seconds=settings.MESSAGING_CLAIM_LEASE)
    with transaction.atomic():
        stuck = Message.objects.stuck(State.CLAIMED, claimed_before).select_for_update(no_key=True).order_by("pk")
        held = list(stuck.values_list("pk", flat=True))
        released = Message.objects.filter(pk__in=held).update(
            state=State.SCHEDULED, claim_token=None, reason="lease_over", changed_at=now
        )
    sending_before = now - timedelta(seconds=settings.MESSAGING_SEND_LEASE)
    gone = Message.objects.stuck(State.SENDING, sending_before).values_list("pk", flat=True)[:BATCH]
    lost = sum(_lose(pk) for pk in list(gone))
    return {"released": released, "lost": lost, "expired": _expire()}


def _locked(pk: int, state: State) -> Message | None:
    """The message, locked, if it is still in that state. Its address is nothing that this part needs to read."""
    rows = Message.objects.select_for_update(no_key=True).defer("address")
    return rows.filter(pk=pk, state=state).first()


def _lose(pk: int) -> bool:
    with transaction.atomic():
        message = _locked(pk, State.SENDING)
        if message is None:
            return False
        now = clock.now()
        Attempt.objects.create(
            message=message, number=message.tries, at=now, outcome=Attempt.Outcome.UNCLEAR, reason="worker_lost"
        )
        move(message, Move.LOSE, now=now, reason="worker_lost")
        return True


def _expire() -> int:
    """A paused channel claims nothing, so what passes its latest time there is found here."""
    now, count = clock.now(), 0
    for channel in ChannelKey.values:
        late = Message.objects.due(channel, now).filter(not_after__lte=now).values_list("pk", flat=True)[:BATCH]
        for pk in list(late):
            with transaction.atomic():
                message = _locked(pk, State.SCHEDULED)
                if message is not None:
                    move(message, Move.EXPIRE, now=now, reason="too_late")
                    count += 1
    return count


def reconcile() -> dict[str, int]:
    """Bring every uncertain message to an end. Returns how many of each: {"found", "resent", "review"}.

    The provider is asked first. If it cannot tell, an e-mail is sent once more under the same Message-ID, so that mail
    programs can show it once; a text message has no such name and goes to a person.
    """
    before = clock.now() - timedelta(seconds=settings.MESSAGING_RESOLVE_AFTER)
    tally = {"found": 0, "resent": 0, "review": 0}
    messages = list(Message.objects.stuck(State.UNCERTAIN, before).defer("address")[:BATCH])
    # The provider is asked outside any transaction, about several at once: its answer may take seconds.
    with ThreadPoolExecutor(max_workers=ASKED_AT_ONCE) as pool:
        for message, finding in zip(messages, pool.map(_ask, messages), strict=True):
            kind = _resolve(message.pk, finding)
            if kind:
                tally[kind] += 1
    return tally


def _ask(message: Message) -> Finding:
    """Ask whoever may have it. Runs in a thread of its own, and touches no database there."""
    if message.provider == Provider.SECOND and not has_second(message.channel):
        return Finding.UNKNOWN
    return courier_for(message.channel, message.provider or Provider.FIRST).look_up(message)


def _resolve(pk: int, finding: Finding) -> str:
    with transaction.atomic():
        message = _locked(pk, State.UNCERTAIN)
        if message is None:
            return ""
        now = clock.now()
        if finding is not Finding.UNKNOWN:
            outcome = Attempt.Outcome.FOUND if finding is Finding.FOUND else Attempt.Outcome.NOT_FOUND
            Attempt.objects.create(message=message, number=message.tries, at=now, outcome=outcome)
        if finding is Finding.FOUND:
            move(message, Move.FIND, now=now, reason="found", settled_at=now)
            return "found"
        may_repeat = message.channel == ChannelKey.EMAIL and not message.resent
        if finding is Finding.NOT_FOUND or may_repeat:
            move(message, Move.RESEND, now=now, reason="sent_again", due_at=now, resent=True)
            return "resent"
        move(message, Move.ESCALATE, now=now, reason="unclear_again")
        return "review"
