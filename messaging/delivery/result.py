"""Writing down what the provider answered, fenced by the claim: of a whole batch what needs nothing else, and one by
one the rest."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When

from messaging import clock
from messaging.actions import stop_index, tell_choice
from messaging.delivery.gate import counts
from messaging.letter import Letter
from messaging.models import BREAKERS, Attempt, Channel, Message, SendBudget, Suppression
from messaging.moves import Overtaken, move, move_all
from messaging.retry import Accepted, Answer, Deferred, NotBegun, Policy, Refused, Unclear, policy_for
from messaging.states import Move, State, allowed

_OUTCOMES = {
    Accepted: Attempt.Outcome.ACCEPTED,
    Deferred: Attempt.Outcome.DEFERRED,
    Refused: Attempt.Outcome.REFUSED,
    Unclear: Attempt.Outcome.UNCLEAR,
    NotBegun: Attempt.Outcome.DEFERRED,
}


Answered = tuple[Letter, Answer]


def finish_all(answered: Sequence[Answered]) -> None:
    """Move each message to where its answer puts it: in one transaction all that were taken, on a line that is well,
    and all that were never begun; then the others, each in its own."""
    plain = [(letter, answer) for letter, answer in answered if _is_plain(letter, answer)]
    if len(plain) > 1:
        with transaction.atomic():
            ours = _still_ours([letter for letter, _ in plain])
            done = [(letter, answer) for letter, answer in plain if letter.row.pk in ours]
            now = clock.now()
            _accept(done, now)
            _put_back(done, now)
    else:
        done = []
    settled = {letter.row.pk for letter, _answer in done}
    for letter, answer in answered:
        if letter.row.pk not in settled:
            finish(letter, answer)


def _is_plain(letter: Letter, answer: Answer) -> bool:
    return isinstance(answer, NotBegun) or (isinstance(answer, Accepted) and letter.line_is_well)


def _still_ours(letters: Sequence[Letter]) -> set[int]:
    """Lock the messages, in the order of their keys as everybody does, and return those that nobody has moved since."""
    rows = Message.objects.select_for_update(no_key=True).filter(pk__in=[letter.row.pk for letter in letters])
    seen = {pk: (state, token) for pk, state, token in rows.order_by("pk").values_list("pk", "state", "claim_token")}
    known = {letter.row.pk: (letter.row.state, letter.row.claim_token) for letter in letters}
    return {pk for pk in known if seen.get(pk) == known[pk]}


def _accept(answered: Sequence[Answered], now: datetime) -> None:
    """Write down that the provider has these."""
    taken = [(letter, answer) for letter, answer in answered if isinstance(answer, Accepted)]
    ids = {letter.row.pk: answer.provider_id for letter, answer in taken}
    cases = [When(pk=pk, then=Value(provider_id)) for pk, provider_id in ids.items() if provider_id]
    field = {"provider_id": Case(*cases, default=Value(""))} if cases else {"provider_id": ""}
    rows = [copy(letter.row) for letter, _answer in taken]
    move_all(rows, Move.ACCEPT, now=now, settled_at=now, **field)
    Attempt.objects.bulk_create([_attempt(letter, answer, now) for letter, answer in taken])


def _put_back(answered: Sequence[Answered], now: datetime) -> None:
    """Undo what the gate did for messages that the provider has seen nothing of: neither a try nor a place in the
    person's day is used up, and they are claimed anew at once."""
    idle = [(letter, answer) for letter, answer in answered if isinstance(answer, NotBegun)]
    rows = [copy(letter.row) for letter, _answer in idle]
    bound = [letter.row.pk for letter, _answer in idle if letter.bound]
    free = Case(When(pk__in=bound, then=F("provider")), default=Value("")) if bound else ""
    move_all(rows, Move.RETURN, now=now, reason="not_begun", tries=F("tries") - 1, sending_at=None, provider=free)
    Attempt.objects.bulk_create([_attempt(letter, answer, now) for letter, answer in idle])
    for row, (letter, _answer) in zip(rows, idle, strict=True):
        row.tries -= 1
        SendBudget.objects.give_back(counts(row, letter.row.sending_at or now))


def finish(letter: Letter, answer: Answer) -> None:
    """Move the message to where the answer puts it. An answer that comes after the claim was taken away is only
    noted, except that "accepted" settles what was uncertain."""
    try:
        with transaction.atomic():
            # A copy: should this transaction fail, the next try starts from the same row.
            message, now = copy(letter.row), clock.now()
            if isinstance(answer, NotBegun):
                return _put_back([(letter, answer)], now)
            if isinstance(answer, (Deferred, Refused)) and not letter.bound:
                message.provider = ""  # surely not taken: whoever carries the channel then may carry it
            _settle(message, answer, now)
            _note(letter, answer, now)
            _health(letter, answer, now)
    except Overtaken:
        _finish_late(letter, answer)


def _finish_late(letter: Letter, answer: Answer) -> None:
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).defer("address").get(pk=letter.row.pk)
        now = clock.now()
        _note(letter, answer, now, late=True)
        if isinstance(answer, Accepted) and allowed(State(message.state), Move.FIND):
            move(message, Move.FIND, now=now, reason="found", provider_id=answer.provider_id, settled_at=now)
        elif isinstance(answer, Accepted) and not message.provider_id:
            # The provider's report was faster than its answer.
            Message.objects.filter(pk=message.pk).update(provider_id=answer.provider_id)


def _note(letter: Letter, answer: Answer, now: datetime, *, late: bool = False) -> None:
    _attempt(letter, answer, now, late=late).save(force_insert=True)


def _attempt(letter: Letter, answer: Answer, now: datetime, *, late: bool = False) -> Attempt:
    return Attempt(
        message=letter.row,
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
    move(message, Move.REFUSE, now=now, reason=answer.reason, detail=answer.code, provider=message.provider)
    if not (answer.address_bad or answer.stopped):
        return
    kind = Suppression.Kind.STOPPED if answer.stopped else Suppression.Kind.BOUNCED
    stop_index(
        index=message.address_index, channel=message.channel, until=None, source="provider", now=now, kind=kind,
        whose=message.person_key if answer.stopped and message.person_key else None,
    )  # fmt: skip
    if answer.stopped:
        tell_choice("stopped", message=message, channel=message.channel, source="provider", now=now)


def _retry(message: Message, answer: Deferred, now: datetime) -> None:
    policy = policy_for(answer, Policy(first=timedelta(seconds=settings.MESSAGING_RETRY_FIRST)))
    wait = policy.wait(message.tries, seed=str(message.public_id))
    if wait is None:
        move(message, Move.REFUSE, now=now, reason="gave_up", detail=answer.code, provider=message.provider)
        return
    due = now + wait
    latest = min(due, message.not_after)
    move(
        message,
        Move.RETRY,
        now=now,
        reason=answer.reason,
        detail=answer.code,
        due_at=latest,
        provider=message.provider,
        tries=message.tries - answer.line,
    )
    if answer.line and message.sending_at:
        # The provider's trouble uses up neither a try of the message nor a place in the person's day.
        SendBudget.objects.give_back(counts(message, message.sending_at))
    if due > message.not_after:
        move(message, Move.EXPIRE, now=now, reason="too_late", detail=answer.code)


def _health(letter: Letter, answer: Answer, now: datetime) -> None:
    failed = isinstance(answer, Deferred) and answer.line
    if not failed and letter.line_is_well:
        return
    row = Channel.objects.select_for_update(no_key=True).get(pk=letter.row.channel)
    if failed:
        row.note_failure(letter.row.provider, now)
    elif isinstance(answer, Accepted):
        row.note_success(letter.row.provider)
    row.save(update_fields=BREAKERS)
