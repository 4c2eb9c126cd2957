"""How many messages one person gets in a day. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from messaging.calendar import local_day, next_day

SMALLEST_GAP = timedelta(seconds=1)


@dataclass(frozen=True)
class Cap:
    """At most `per_day` messages to one person, and to one address, in one of their days, over all channels and plans.

    What was asked for just now is counted apart, by its kind and its address alone: it finds a free day, whatever else
    went, but nobody can have more than that sent to somebody else by asking in their place again and again; and whoever
    does leaves room for the other kinds, such as the link that its reader asks for.
    """

    per_day: int

    def counts(self, person_key: str, address_index: str, *, asked: str) -> list[str]:
        """The keys under which a message counts; `asked` is the kind of what was asked for just now, else ``""``."""
        # An index has 64 letters, a key has room for 80.
        return [f"asked-{asked[:9]}:{address_index}"] if asked else [person_key, f"to:{address_index}"]

    def day(self, now: datetime, zone: str) -> date:
        """The person's calendar day to which a message sent now counts."""
        return local_day(now, zone)

    def try_again(self, now: datetime, zone: str) -> datetime:
        """When a message that met a full day may be looked at again: the start of the person's next day."""
        return max(next_day(now, zone), now + SMALLEST_GAP)
