"""How many messages may pass the gate together, so that each is handed over while what the gate saw is fresh. Plain
Python.
"""

from __future__ import annotations

from functools import lru_cache

FRESH = 1.0  # seconds; beyond them nothing is handed over that has not passed the gate again
AIM = 0.5  # seconds in which a batch should be handed over, so that a slower moment does not overrun `FRESH`
MOST = {"email": 50, "sms": 10}
FIRST = 5
RECENT = 0.3  # what the newest batch weighs against the ones before


class Pace:
    """The size of the next batch, by how long the last ones took to hand over."""

    def __init__(self, channel: str):
        self._most = MOST[channel]
        self.size = min(FIRST, self._most)
        self._each: float | None = None  # seconds

    def note(self, begun: int, seconds: float) -> None:
        """The hand-over of `begun` messages took so long."""
        if not begun:
            self.size = 1
            return
        each = seconds / begun
        self._each = each if self._each is None else (1 - RECENT) * self._each + RECENT * each
        fits = int(AIM / max(self._each, each, 1e-6))
        # At most twice as many as went well: one fast answer proves little.
        self.size = max(1, min(self._most, fits, 2 * self.size))


@lru_cache(maxsize=8)
def pace_of(channel: str) -> Pace:
    """The pace of this channel in this process: what the last drain learned of the provider holds for the next one."""
    return Pace(channel)
