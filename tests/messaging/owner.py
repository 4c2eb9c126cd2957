"""A small owner of references for the tests of this app: it keeps what it was told, and may withhold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.cache import cache

from messaging.client import Context, MessageEvent, Withheld
from messaging.declared import Declared, Text
from messaging.models import AlertNotice, Message
from privacy.actions import record_access
from privacy.crypto import CannotDecrypt

events: list[MessageEvent] = []
alerts: list[tuple[str, bool]] = []  # the key, and whether it is over
asked: list[list[str]] = []  # what was asked for together
withhold: dict[str, str] = {}
broken: set[str] = set()
deaf: set[str] = set()
strangers: set[str] = set()
mints: set[str] = set()
locked: set[str] = set()
context: dict[str, str] = {"first_name": "Sample", "link": "https://waymark.example/c/abcdefgh/"}


def templates() -> dict[str, Declared]:
    """What this owner sends, with plain words of its own."""
    words = {
        ("email", "en"): Text("Shipped subject", "Shipped words for {{ first_name }}: {{ link }}"),
        ("email", "es"): Text("Asunto de fábrica", "Texto de fábrica: {{ link }}"),
        ("sms", "en"): Text("", "Shipped text: {{ link }}"),
        ("sms", "es"): Text("", "Texto corto de fábrica: {{ link }}"),
    }
    note = {
        ("email", "en"): Text("A message for you", "Hello {{ first_name }},\n\n{{ words }}\n\n{{ link }}"),
        ("email", "es"): Text("Un mensaje para usted", "Hola, {{ first_name }}:\n\n{{ words }}\n\n{{ link }}"),
        ("sms", "en"): Text("", "Waymark: {{ words }}"),
        ("sms", "es"): Text("", "Waymark: {{ words }}"),
    }
    return {
        "check-in": Declared("check-in", frozenset({"first_name", "link"}), frozenset({"link"}), words),
        "note": Declared("note", frozenset({"first_name", "link", "words"}), frozenset({"words"}), note),
    }


def reset() -> None:
    events.clear()
    alerts.clear()
    asked.clear()
    withhold.clear()
    broken.clear()
    deaf.clear()
    strangers.clear()
    mints.clear()
    locked.clear()
    context.clear()
    context.update({"first_name": "Sample", "link": "https://waymark.example/c/abcdefgh/"})
    cache.clear()


class Owner:
    def contexts(self, references: Sequence[str], now: datetime) -> dict[str, Context]:
        asked.append(list(references))
        return {reference: self._context(reference, now) for reference in references}

    def _context(self, reference: str, now: datetime) -> Context:
        if reference in broken:
            raise RuntimeError("Sample Person cannot be read")
        if reference in locked:
            raise CannotDecrypt("a stored value cannot be decrypted with the keys that are set")
        if reference in mints:  # as owners make a link, which is a row
            record_access(actor=None, subject=reference, action="viewed", purpose="link", now=now)
        return Withheld(withhold[reference]) if reference in withhold else dict(context)

    def sample(self, template: str, language: str) -> dict[str, str]:
        return {"first_name": "Sample" if language == "en" else "Muestra", "link": "https://waymark.example/c/sample/"}

    def alert(self, notice: AlertNotice, now: datetime) -> None:
        alerts.append((notice.key, notice.over_at is not None))

    def alert_open(self, notice: AlertNotice) -> None:
        return

    def longest_pause(self, _person_key: str, _now: datetime) -> timedelta | None:
        return None

    def asks_first(self, _message: Message, _now: datetime) -> bool:
        return False

    def record_sent(self, events_: Sequence[MessageEvent]) -> None:
        if any(event.reference in deaf for event in events_):
            raise RuntimeError("Sample Person cannot be written down")
        events.extend(events_)

    def record(self, event: MessageEvent) -> bool:
        if event.reference in deaf:
            raise RuntimeError("Sample Person cannot be written down")
        events.append(event)
        return event.address not in strangers
