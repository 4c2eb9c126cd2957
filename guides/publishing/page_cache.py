"""Finished pages in the memory of this process. Plain Python.

A shared stamp (a number in the database) moves whenever the public could see something new. The cache looks at it at
most every `every` seconds and throws everything away when it moved, so that another process's change shows
within that time. With the stamp comes the moment when something begins or ends by itself: from then on it is looked at
at once, whatever runs late elsewhere.
"""

from __future__ import annotations

import gzip as zip_
import hashlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import brotli


class Stamp(NamedTuple):
    """The shared number, and when (in seconds of the epoch) something begins or ends by itself."""

    number: int
    turns_at: float = math.inf


@dataclass(frozen=True)
class Page:
    """The bytes of a page in every encoding that is offered, what names this state of it, and when it ends."""

    body: bytes
    gzip: bytes
    brotli: bytes
    etag: str
    language: str
    until: float = math.inf  # seconds of the epoch

    @classmethod
    def of(cls, html: str, language: str, *, effort: int = 5) -> Page:
        """Pack `html`. `effort` is brotli's quality: 11 for a page that is packed once, 5 while somebody waits."""
        body = html.encode()
        return cls(
            body, zip_.compress(body, 9, mtime=0), brotli.compress(body, quality=effort), etag_of(body), language
        )


def etag_of(body: bytes) -> str:
    """Return a weak ETag: the encodings of one page are the same page."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


class PageCache:
    """Pages by path, and small values by key, that are all as new as the stamp.

    `read_stamp` returns the shared stamp, or None where it cannot be read: then what is here stays in use, so that
    people can go on reading while the database is away.
    """

    def __init__(
        self,
        read_stamp: Callable[[], Stamp | None],
        *,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
        every: float = 0.5,
        capacity: int = 2000,
    ):
        self._read_stamp, self._clock, self._every, self._capacity = read_stamp, clock, every, capacity
        self._wall = wall
        self._stamp = -1
        self._turns_at = math.inf
        self._next_look = float("-inf")
        self._pages: dict[str, Page] = {}
        self._values: dict[Any, Any] = {}
        self._standing_by: dict[str, Page] = {}
        # Called when something has to begin or end: it should, and the stamp moves.
        self.when_due: Callable[[], None] = lambda: None
        # Called, outside every lock, after the stamp moved.
        self.when_moved: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._looking = threading.Lock()

    def stamp(self) -> int:
        """Return the stamp that everything here belongs to, after a look at the shared one if it is time."""
        if self._is_time() and self._looking.acquire(blocking=self._stamp < 0):
            try:
                if self._is_time():
                    self._look()
            finally:
                self._looking.release()
        return self._stamp

    def ready(self, path: str) -> Page | None:
        """Return the page without a look at the stamp; None also where it is time for one."""
        return None if self._is_time() else self._live(self._pages.get(path))

    def _is_time(self) -> bool:
        return self._clock() >= self._next_look or self._wall() >= self._turns_at

    def _live(self, page: Page | None) -> Page | None:
        return page if page is not None and self._wall() < page.until else None

    def _look(self) -> None:
        seen = self._read_stamp()
        if seen is not None and self._wall() >= seen.turns_at and self._stamp >= 0:
            self.when_due()
            seen = self._read_stamp()
        moved = seen is not None and seen.number != self._stamp
        with self._lock:
            if seen is not None and moved:
                self._stamp, self._pages, self._values = seen.number, {}, {}
            # What could not begin or end at its time is tried again a little later.
            late = seen is not None and self._wall() >= seen.turns_at
            self._turns_at = self._wall() + 10 * self._every if late else seen.turns_at if seen else math.inf
            # To ask a database that is away may take seconds: it is asked less often.
            self._next_look = self._clock() + self._every * (1 if seen is not None else 10)
        if moved:
            self.when_moved()

    def page(self, path: str) -> Page | None:
        self.stamp()
        return self._live(self._pages.get(path))

    def keep(self, path: str, page: Page, stamp: int) -> None:
        """Keep a page that was made after `stamp` was read; one that is already out of date is not kept.

        Where it is full the page that came first goes: nobody can fill the cache with addresses of their own.
        """
        with self._lock:
            if stamp == self._stamp:
                self._pages[path] = page
                if len(self._pages) > self._capacity:
                    del self._pages[next(iter(self._pages))]

    def stand_by(self, pages: dict[str, Page], stamp: int | None = None) -> None:
        """Hold these pages for when they cannot be made, and serve them now if they are as new as `stamp`."""
        with self._lock:
            self._standing_by = dict(pages)
            if stamp is not None and stamp == self._stamp:
                self._pages = {**pages, **self._pages}

    def standing_by(self, path: str) -> Page | None:
        """Return the page as it was when it could last be made."""
        return self._live(self._standing_by.get(path))

    def value(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return the value under `key`, made now if it is not here."""
        stamp = self.stamp()
        if key in (values := self._values):
            return values[key]
        made = make()
        with self._lock:
            if stamp == self._stamp:
                self._values[key] = made
        return made

    def forget(self) -> None:
        """Throw everything away and look again at the next call."""
        with self._lock:
            self._stamp, self._pages, self._values = -1, {}, {}
            self._next_look, self._turns_at = float("-inf"), math.inf
