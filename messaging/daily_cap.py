"""How many messages one person gets in a day. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from messaging.calendar import local_day, next_day

SMALLEST_GAP = timedelta(seconds=1)


@dataclass(frozen=True)
class Cap:
    """At most `per_day` messages to one person, and to one address, in one of their days, over all channels and plans.

    What was asked for just now is counted apart, by its address alone: it finds a free day, whatever else went, but
    nobody can have more than that sent to somebody else by asking in their place again and again.
    """

    per_day: int = 3

    def counts(self, person_key: str, address_index: str, *, urgent: bool) -> list[str]:
        """The keys under which a message counts."""
        return [f"asked:{address_index}"] if urgent else [person_key, f"to:{address_index}"]

    def day(self, now: datetime, zone: str) -> date:
        """The person's calendar day to which a message sent now counts."""
        return local_day(now, zone)

    def try_again(self, now: datetime, zone: str) -> datetime:
        """When a message that met a full day may be looked at again: the start of the person's next day."""
        return max(next_day(now, zone), now + SMALLEST_GAP)
