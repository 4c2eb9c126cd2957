"""A small owner of references for the tests of this room: it keeps what it was told, and may withhold."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from messaging.client import MessageEvent, Withheld
from privacy.actions import record_access
from privacy.crypto import CannotDecrypt

events: list[MessageEvent] = []
withhold: dict[str, str] = {}
broken: set[str] = set()
deaf: set[str] = set()
strangers: set[str] = set()
mints: set[str] = set()
locked: set[str] = set()
context: dict[str, str] = {"first_name": "Sample", "link": "https://waymark.example/c/abcdefgh/"}


def reset() -> None:
    events.clear()
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
    def context(self, reference: str, now: datetime) -> dict[str, str] | Withheld:
        if reference in broken:
            raise RuntimeError("Sample Person cannot be read")
        if reference in locked:
            raise CannotDecrypt("a stored value cannot be decrypted with the keys that are set")
        if reference in mints:  # as owners make a link, which is a row
            record_access(actor=None, subject=reference, action="viewed", purpose="link", now=now)
        return Withheld(withhold[reference]) if reference in withhold else dict(context)

    def record(self, event: MessageEvent) -> bool:
        if event.reference in deaf:
            raise RuntimeError("Sample Person cannot be written down")
        events.append(event)
        return event.address not in strangers
