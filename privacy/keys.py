"""Whether the keys of this process are those of the database: with others nothing is taken, sent or moved."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.db import DatabaseError

from privacy.models import KeyCheck

log = logging.getLogger(__name__)
LOOK_AGAIN, TELL_AGAIN = 5.0, 60.0  # seconds
_fitted: dict[tuple[str, ...], float] = {}
_told: dict[tuple[str, ...], float] = {}


def keys_fit() -> bool:
    """Asked of the database every few seconds while they fit, and each time while they do not: the log says so once a
    minute. True where the database cannot be asked; whoever works with it says that."""
    keys, now = (*settings.ENCRYPTION_KEYS, settings.BLIND_INDEX_KEY), time.monotonic()
    if _fitted.get(keys, 0.0) > now:
        return True
    try:
        fit = KeyCheck.objects.keys_fit()
    except DatabaseError:
        return True
    if fit:
        _fitted.clear()
        _fitted[keys] = now + LOOK_AGAIN
    elif _told.get(keys, 0.0) <= now:
        _told[keys] = now + TELL_AGAIN
        log.error("The keys are not those that this database was written with: nothing is taken or sent until they are")
    return fit
