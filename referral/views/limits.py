"""How often one visitor may send a form of this room."""

from __future__ import annotations

from privacy.limits import MOST_BY_ADDRESS, MOST_BY_BROWSER, minutes_to_wait

__all__ = ["MOST_BY_ADDRESS", "MOST_BY_BROWSER", "minutes_to_wait"]
