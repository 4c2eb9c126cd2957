"""How often one visitor may send a form."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest

from privacy.fields import blind_index

AN_HOUR = 3600


def too_often(request: HttpRequest, what: str, *, most: int, now: datetime) -> bool:
    """Count this try, and say whether the visitor's machine made more than `most` in the current hour.

    No address is kept: only its keyed hash, for an hour.
    """
    visitor = blind_index(str(request.META.get("REMOTE_ADDR", "")), purpose=f"limit:{what}:{now:%Y%m%d%H}")
    key = f"limit:{visitor}"
    cache.add(key, 0, AN_HOUR)
    try:
        return int(cache.incr(key)) > most
    except ValueError:  # it ran out between the two calls
        return False
