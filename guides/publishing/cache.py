"""The page cache of this process, tied to the shared stamp in the database."""

from __future__ import annotations

import logging
import math

from django.db import Error

from guides.models import Generation
from guides.publishing.page_cache import PageCache, Stamp

log = logging.getLogger(__name__)


def _stamp() -> Stamp | None:
    try:
        number, turns_at = Generation.now()
        return Stamp(number, turns_at.timestamp() if turns_at else math.inf)
    except Error as error:
        log.warning("The generation stamp could not be read; pages are served as they were.", exc_info=error)
        return None


page_cache = PageCache(_stamp)
