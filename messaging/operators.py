"""What operators do. Each function is one transaction, one permission check and one line of history."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from messaging.actions import allow_index
from messaging.client import Withheld, client
from messaging.declared import WORDS
from messaging.inbound import stop_from
from messaging.letter import Content, compose
from messaging.models import (
    BREAKERS,
    Attempt,
    Channel,
    InboundReply,
    Message,
    Permission,
    Provider,
    Suppression,
    Wording,
    WrittenWords,
)
from messaging.moves import move
from messaging.states import Move, State, allowed
from messaging.wording import MissingVariable, fill, masked, names
from privacy.actions import record_access
from privacy.models import User
from privacy.transactions import one_transaction

log = logging.getLogger(__name__)
TOLD_US = "They told us that they want messages again."


def _must(actor: User, permission: str) -> None:
    if not actor.has_perm(f"messaging.{permission}"):
        raise PermissionDenied


def set_paused(channel: str, *, paused: bool, actor: User) -> None:
    """Pause or resume a channel; what is due waits. Raises `PermissionDenied`."""
    _must(actor, "operate_queue")
    with transaction.atomic():
        row = Channel.objects.select_for_update(no_key=True).get(pk=Channel.objects.of(channel).pk)
        row.paused = paused
        if not paused:
            for provider in Provider:
                row.note_success(provider)
        row.save(update_fields=["paused", *BREAKERS])
        # Where the admin shows what was changed by hand, too: in the channel's history.
        words = gettext("paused") if paused else gettext("running")
        LogEntry.objects.log_actions(actor.pk, [row], CHANGE, change_message=words, single_object=True)


def send_again(message_id: int, *, actor: User, now: datetime) -> bool:
    """Plan a message again that failed or whose fate a person has settled; it passes the gate like any other.

    Returns False when that is not possible: it is in another state by now, or its latest time has passed.
    Raises `PermissionDenied`.
    """
    _must(actor, "operate_queue")
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
        if not allowed(State(message.state), Move.RESEND) or message.not_after <= now:
            return False
        _note(message, actor, now)
        move(message, Move.RESEND, now=now, reason="said_by_person", due_at=now, stumbles=0)
        return True


def settle(message_id: int, *, was_sent: bool, actor: User, now: datetime) -> bool:
    """A person found out whether an uncertain message was sent. False when it is no longer uncertain."""
    _must(actor, "operate_queue")
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
        if State(message.state) not in (State.UNCERTAIN, State.REVIEW):
            return False
        _note(message, actor, now)
        if was_sent:
            move(message, Move.FIND, now=now, reason="said_by_person", settled_at=now)
        else:
            move(message, Move.REFUSE, now=now, reason="said_by_person")
        return True


def _note(message: Message, actor: User, now: datetime) -> None:
    Attempt.objects.create(
        message=message,
        number=message.tries,
        at=now,
        outcome=Attempt.Outcome.PERSON,
        reason="said_by_person",
        code=f"user:{actor.pk}",
    )


@one_transaction
def stop_for(message_id: int, *, actor: User, now: datetime) -> None:
    """The person told a member of staff to stop: no automatic message any more, on any channel.

    Raises `PermissionDenied`.
    """
    _must(actor, "operate_queue")
    message = Message.objects.defer("address").get(pk=message_id)
    stop_from(message, everything=True, until=None, source="staff", now=now)
    record_access(actor=actor, subject=f"message:{message.pk}", action="viewed", purpose="stopped messages", now=now)


@dataclass(frozen=True)
class Shown:
    """A message as it was sent, with its links cut off; `complete` is False when its variables can no longer be had."""

    content: Content
    complete: bool


def show(message_id: int, *, actor: User, now: datetime) -> Shown | None:
    """Render a message as it was sent, and write down that somebody read it. None when it was never sent.

    The owner is asked for the variables once more, in a transaction that is undone: no new link comes to life.
    Raises `PermissionDenied`.
    """
    _must(actor, "read_message")
    message = Message.objects.get(pk=message_id)
    record_access(actor=actor, subject=f"message:{message.pk}", action="viewed", purpose="message as sent", now=now)
    last = message.attempts.exclude(wording=None).select_related("wording").order_by("-id").first()
    if last is None or last.wording is None:
        return None
    values, complete = _values(message, now)
    return Shown(_masked(_render(message, last.wording, values)), complete)


def _values(message: Message, now: datetime) -> tuple[dict[str, str], bool]:
    written = WrittenWords.objects.among([message])
    own = {WORDS: written[message.pk]} if written else {}
    try:
        with transaction.atomic():
            values = client().contexts([message.reference], now)[message.reference]
            transaction.set_rollback(True)
    except Exception as error:
        log.warning("messaging: no variables for message %s: %s", message.pk, type(error).__name__)
        return own, False
    return (own, False) if isinstance(values, Withheld) else ({**values, **own}, True)


def read_reply(reply_id: int, *, actor: User, now: datetime) -> InboundReply:
    """What somebody wrote back; that it was read is written down. Raises `PermissionDenied`."""
    _must(actor, "read_message")
    reply = InboundReply.objects.select_related("message").defer("message__address").get(pk=reply_id)
    record_access(actor=actor, subject=f"reply:{reply.pk}", action="viewed", purpose="reply", now=now)
    return reply


def deal_with_reply(reply_id: int, *, actor: User, now: datetime) -> None:
    """Somebody did what the reply needed: it waits no longer. Raises `PermissionDenied`."""
    _must(actor, "read_message")
    with transaction.atomic():
        if InboundReply.objects.waiting().filter(pk=reply_id).update(waits=False):
            record_access(
                actor=actor, subject=f"reply:{reply_id}", action="viewed", purpose="dealt with a reply", now=now
            )


def lift_stop(pk: int, *, actor: User, now: datetime) -> None:
    """Whoever is reached at an address told us that they want messages again: its stop or pause ends. Raises
    `PermissionDenied`."""
    _must(actor, "operate_queue")
    with transaction.atomic():
        rows = Suppression.objects.select_for_update(no_key=True).lasting(now).filter(kind__in=Suppression.SAID)
        if (row := rows.filter(pk=pk).first()) is None:
            return
        row.lifted_at = now
        row.save(update_fields=["lifted_at"])
        agreed = Permission.objects.filter(address_index=row.address_index)
        channels = [row.channel] if row.channel else sorted(set(agreed.values_list("channel", flat=True)))
        for channel in channels if agreed.exists() else ():
            allow_index(index=row.address_index, channel=channel, wording=TOLD_US, source="staff", now=now)
        LogEntry.objects.log_actions(actor.pk, [row], CHANGE, change_message="lifted", single_object=True)


def _render(message: Message, wording: Wording, values: dict[str, str]) -> Content:
    try:
        return compose(message, wording, values)
    except MissingVariable:
        blanks = {name: f"[{name}]" for name in names(wording.text, wording.html)} | values
        return Content(wording.subject, fill(wording.text, blanks), "")


def _masked(content: Content) -> Content:
    return Content(content.subject, masked(content.text), "")
