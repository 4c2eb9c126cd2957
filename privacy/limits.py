"""How often one visitor may send a form."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from redis import RedisError

from privacy.fields import blind_index

AN_HOUR = 3600
# A hospital or a carrier has one address for many families; a browser is one person's.
MOST_BY_ADDRESS, MOST_BY_BROWSER = 30, 6
BROWSER = "limit.browser"


def minutes_to_wait(
    request: HttpRequest,
    what: str,
    *,
    now: datetime,
    by_browser: int = MOST_BY_BROWSER,
    by_address: int = MOST_BY_ADDRESS,
) -> int:
    """Count this try, and say how long to wait where it is one too many in the current hour; else 0.

    No address is kept: only its keyed hash, for an hour.
    """
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(12))
    address = str(request.META.get("REMOTE_ADDR", ""))
    counted = [
        _count(f"{what}:browser", browser, now) > by_browser,
        _count(f"{what}:address", address, now) > by_address,
    ]
    return 60 - now.minute if any(counted) else 0


def _count(what: str, who: str, now: datetime) -> int:
    key = f"limit:{blind_index(who, purpose=f'limit:{what}:{now:%Y%m%d%H}')}"
    try:
        return _one_more(caches["counts"], key)
    except RedisError:
        # A family must not be turned away because Redis is: until it is back, each process counts for itself.
        return _one_more(caches["default"], key)


def _one_more(cache: BaseCache, key: str) -> int:
    cache.add(key, 0, AN_HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return 1
