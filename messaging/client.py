"""Whoever owns the references: asked at the gate, and told of every change in the same transaction.

The setting ``MESSAGING_CLIENT`` names a class with the methods of `Client`. It is the only thing that this app
knows about those who use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.models import AlertNotice, Message


@dataclass(frozen=True)
class Withheld:
    """The message must not go. `reason` is a short key such as ``closed`` or ``no_consent``, never about a person."""

    reason: str


@dataclass(frozen=True)
class MessageEvent:
    """Something happened to a message.

    `kind` is sent, delivered, bounced, failed, uncertain, review, expired, suppressed, cancelled, postponed (to another
    day), reply, stopped, paused, resumed or hours (the days and hours for messages were chosen).
    `reason` is a key of `messaging.reasons`; `text` is what the person wrote (reply only; it is personal).
    `message` is the row's id, None for a reply or a stop that belongs to no message. Of what came back, `address` says
    where from (personal, too), and `sure` whether the message that it is said to answer surely went to that address.
    `taken_back` is a message that waited when its receiver said stop: a "stopped" follows that tells of all of them.
    """

    kind: str
    reference: str
    person_key: str
    channel: str
    at: datetime
    reason: str = ""
    text: str = ""
    message: int | None = None
    address: str = ""
    sure: bool = True
    taken_back: bool = False


Context = dict[str, str] | Withheld


class Client(Protocol):
    """The owner of references. All methods run inside this app's transaction: be short, and lock no row of your own
    that another transaction of yours holds while it calls `messaging.actions`: read, or
    ``select_for_update(no_key=True)``.
    """

    def contexts(self, references: Sequence[str], now: datetime) -> Mapping[str, Context]:
        """For each reference the template's variables, or why nothing may be sent now.

        The gate asks for a whole batch at once: answer with a number of queries that does not grow with it. What this
        wrote for a message that does not go after all is undone, and the others are asked for again.
        An exception costs all of them another look, until it is clear whose it was; only that message waits.
        """
        ...

    def sample(self, template: str, language: str) -> Mapping[str, str]:
        """The template's variables for a family that does not exist, each as long as a real one; no row is written."""
        ...

    def alert(self, notice: AlertNotice, now: datetime) -> None:
        """Tell whoever is on duty of this alert, or, where it has an end, that it is over. Runs in a transaction of its
        own; an exception is logged, and it is told again a minute later."""
        ...

    def alert_open(self, notice: AlertNotice) -> None:
        """This alert still holds: tell of it whoever must hear and has not. Asked with each watch."""
        ...

    def page_of(self, person_key: str) -> tuple[str, str] | None:
        """What staff call the person with this key, without a name, and their page; None where there is none."""
        ...

    def longest_pause(self, person_key: str, now: datetime) -> timedelta | None:
        """How long the link of a message may pause what goes to this person; None for as long as anybody may."""
        ...

    def asks_first(self, message: Message, now: datetime) -> bool:
        """Whether a link in a message alone does not start messages like this one again. Then somebody is asked to make
        sure that it is its receiver who wants them."""
        ...

    def record_sent(self, events: Sequence[MessageEvent]) -> None:
        """Write down that these were sent, as `record` would one by one. After an exception, `record` is asked."""
        ...

    def record(self, event: MessageEvent) -> bool:
        """Write down what happened. An exception rolls back what this wrote, and is logged.

        Return whether somebody works on what it is about: a reply that nobody would see here is shown in the admin.
        """
        ...


@lru_cache(maxsize=8)
def _load(path: str) -> Client:
    return cast(Client, import_string(path)())


def client() -> Client:
    """The client that the settings name. Raises `ImportError` when there is none."""
    return _load(settings.MESSAGING_CLIENT)
