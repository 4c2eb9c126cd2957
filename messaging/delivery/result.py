"""Writing down what the provider answered, fenced by the claim."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from messaging import clock
from messaging.actions import stop_index, tell_choice
from messaging.letter import Letter
from messaging.models import Attempt, Channel, Message, Suppression
from messaging.moves import Overtaken, move
from messaging.retry import Accepted, Answer, Deferred, Policy, Refused, Unclear, policy_for
from messaging.states import Move, State, allowed

_OUTCOMES = {
    Accepted: Attempt.Outcome.ACCEPTED,
    Deferred: Attempt.Outcome.DEFERRED,
    Refused: Attempt.Outcome.REFUSED,
    Unclear: Attempt.Outcome.UNCLEAR,
}


def finish(letter: Letter, answer: Answer) -> None:
    """Move the message to where the answer puts it. An answer that comes after the claim was taken away is only
    noted, except that "accepted" settles what was uncertain."""
    try:
        with transaction.atomic():
            # A copy: should this transaction fail, the next try starts from the same row.
            message, now = copy(letter.row), clock.now()
            _settle(message, answer, now)
            _note(message, letter, answer, now)
            _health(letter, answer, now)
    except Overtaken:
        _finish_late(letter, answer)


def _finish_late(letter: Letter, answer: Answer) -> None:
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).defer("address").get(pk=letter.row.pk)
        now = clock.now()
        _note(message, letter, answer, now, late=True)
        if isinstance(answer, Accepted) and allowed(State(message.state), Move.FIND):
            move(message, Move.FIND, now=now, reason="found", provider_id=answer.provider_id, settled_at=now)
        elif isinstance(answer, Accepted) and not message.provider_id:
            # The provider's report was faster than its answer.
            Message.objects.filter(pk=message.pk).update(provider_id=answer.provider_id)


def _note(message: Message, letter: Letter, answer: Answer, now: datetime, *, late: bool = False) -> None:
    Attempt.objects.create(
        message=message,
        number=letter.row.tries,
        at=now,
        outcome=Attempt.Outcome.LATE if late else _OUTCOMES[type(answer)],
        reason="" if isinstance(answer, Accepted) else answer.reason,
        code="" if isinstance(answer, Accepted) else answer.code[:60],
    )


def _settle(message: Message, answer: Answer, now: datetime) -> None:
    match answer:
        case Accepted(provider_id):
            move(message, Move.ACCEPT, now=now, provider_id=provider_id, settled_at=now)
        case Unclear(reason, code):
            move(message, Move.LOSE, now=now, reason=reason, detail=code)
        case Refused(reason, code):
            _refuse(message, answer, now)
        case Deferred():
            _retry(message, answer, now)


def _refuse(message: Message, answer: Refused, now: datetime) -> None:
    move(message, Move.REFUSE, now=now, reason=answer.reason, detail=answer.code)
    if not (answer.address_bad or answer.stopped):
        return
    kind = Suppression.Kind.STOPPED if answer.stopped else Suppression.Kind.BOUNCED
    stop_index(index=message.address_index, channel=message.channel, until=None, source="provider", now=now, kind=kind)
    if answer.stopped:
        tell_choice("stopped", message=message, channel=message.channel, source="provider", now=now)


def _retry(message: Message, answer: Deferred, now: datetime) -> None:
    policy = policy_for(answer, Policy(first=timedelta(seconds=settings.MESSAGING_RETRY_FIRST)))
    # A provider that cannot be reached is no fault of the message: that uses up none of its tries.
    tried = min(message.tries, policy.tries - 1) if answer.line else message.tries
    wait = policy.wait(tried, seed=str(message.public_id))
    if wait is None:
        move(message, Move.REFUSE, now=now, reason="gave_up", detail=answer.code)
        return
    due = now + wait
    move(message, Move.RETRY, now=now, reason=answer.reason, detail=answer.code, due_at=min(due, message.not_after))
    if due > message.not_after:
        move(message, Move.EXPIRE, now=now, reason="too_late", detail=answer.code)


def _health(letter: Letter, answer: Answer, now: datetime) -> None:
    failed = isinstance(answer, Deferred) and answer.line
    if not failed and letter.line_is_well:
        return
    row = Channel.objects.select_for_update(no_key=True).get(pk=letter.row.channel)
    if failed:
        row.note_failure(now)
    elif isinstance(answer, Accepted):
        row.note_success()
    row.save(update_fields=["failures", "rests_until"])
