"""How many messages one person gets in a day. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from messaging.calendar import local_day, next_day

SMALLEST_GAP = timedelta(seconds=1)


@dataclass(frozen=True)
class Cap:
    """At most `per_day` messages to one person, and to one address, in one of their days, over all channels and plans:
    of those that go by themselves.

    Two sorts are counted apart, by their kind and their address alone, so that they find a free day whatever else went.
    What a person wrote, and what takes back something that was told, waits for nothing that goes by itself. What was
    asked for just now does not either; but nobody can have more than that sent to somebody else by asking in their
    place again and again; and whoever does leaves room for the other kinds, such as the link that its reader asks for.
    """

    per_day: int

    def counts(self, person_key: str, address_index: str, *, apart: str) -> list[str]:
        """The keys under which a message counts; `apart` is its kind where it is counted apart, else ``""``."""
        # An index has 64 letters, a key has room for 80.
        return [f"asked-{apart[:9]}:{address_index}"] if apart else [person_key, f"to:{address_index}"]

    def day(self, now: datetime, zone: str) -> date:
        """The person's calendar day to which a message sent now counts."""
        return local_day(now, zone)

    def try_again(self, now: datetime, zone: str) -> datetime:
        """When a message that met a full day may be looked at again: the start of the person's next day."""
        return max(next_day(now, zone), now + SMALLEST_GAP)
