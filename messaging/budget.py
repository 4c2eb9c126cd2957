"""How many messages one person gets in a day. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from messaging.calendar import local_day, next_day

SMALLEST_GAP = timedelta(seconds=1)


@dataclass(frozen=True)
class Cap:
    """At most `per_day` messages to one person in one of their days, over all channels and plans."""

    per_day: int = 3

    def day(self, now: datetime, zone: str) -> date:
        """The person's calendar day to which a message sent now counts."""
        return local_day(now, zone)

    def try_again(self, now: datetime, zone: str) -> datetime:
        """When a message that met a full day may be looked at again: the start of the person's next day."""
        return max(next_day(now, zone), now + SMALLEST_GAP)
