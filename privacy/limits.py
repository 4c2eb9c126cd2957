"""How often something may be tried. Beyond that it goes on slowly: nobody is refused for an hour."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest

from privacy.addresses import counted_address
from privacy.fields import blind_index

BROWSER = "limit.browser"
WAIT = "limit.wait"  # in the request's META: how many seconds this browser was told to wait
AN_HOUR = 3600


@dataclass(frozen=True)
class Pace:
    """So many tries at will within so many seconds, then one at a time.

    Between those lie `first` seconds, twice as many after every `step` more tries, and `longest` at most.
    """

    free: int
    within: int
    first: int
    longest: int
    step: int = 1

    def pause(self, count: int) -> int:
        """The seconds that the try with this number keeps the next one waiting."""
        doubled = min((count - self.free - 1) // self.step, 20)
        return min(self.longest, self.first << doubled)


# A browser is mostly one person's. A hospital or a carrier has one address for many families.
BY_BROWSER = Pace(free=6, within=AN_HOUR, first=20, longest=120, step=3)
BY_ADDRESS = Pace(free=30, within=AN_HOUR, first=10, longest=60, step=30)


def seconds_to_wait(request: HttpRequest, what: str, *, now: datetime, times: int = 1) -> int:
    """Count this try, and say how many seconds to wait where too many came before it; else 0.
    The seconds are kept with the request, for the Retry-After of an answer with status 429.

    `times` is how many times more often than a form with a note this may be sent. No address is kept: only its keyed
    hash, for an hour.
    """
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(12))
    address = counted_address(str(request.META.get("REMOTE_ADDR", "")))
    tries = [(f"{what}:browser", browser, BY_BROWSER), (f"{what}:address", address, BY_ADDRESS)]
    counted: list[Tries] = []
    try:
        for name, who, pace in tries:
            mine = Tries(name, who, replace(pace, free=pace.free * times))
            if wait := mine.count(now):
                for before in counted:
                    before.give_back()
                request.META[WAIT] = wait
                return wait
            counted.append(mine)
    except DatabaseError:
        # Neither Redis nor the database counts: no reason to turn a family away.
        return 0
    return 0


def first_within_an_hour(what: str, who: str) -> bool:
    """Whether this is done for `who` for the first time within an hour; no name is kept but as a keyed hash."""
    try:
        return bool(caches["default"].add(f"limit:{blind_index(who, purpose=f'limit:{what}')}", 1, AN_HOUR))
    except DatabaseError:
        return True


class Tries:
    """How often somebody has tried something, counted for all processes."""

    def __init__(self, what: str, who: str, pace: Pace):
        self.key, self.pace = f"limit:{blind_index(who or 'nobody', purpose=f'limit:{what}')}", pace

    def count(self, now: datetime) -> int:
        """Count one more and return 0, or leave it uncounted and return how many seconds to wait for the next."""
        cache = caches["default"]
        count = self._add(1)
        if count <= self.pace.free:
            return 0
        pause, turn = self.pace.pause(count), f"{self.key}:turn"
        if cache.add(turn, now.timestamp() + pause, pause):
            return 0
        self.give_back()
        return min(self.pace.longest, max(1, ceil((cache.get(turn) or 0) - now.timestamp())))

    def give_back(self) -> None:
        """Take one try back: it succeeded, or never took place."""
        self._add(-1)

    def _add(self, delta: int) -> int:
        cache = caches["default"]
        cache.add(self.key, 0, self.pace.within)
        try:
            return int(cache.incr(self.key, delta))
        except ValueError:  # it ran out between the two calls
            return 1
