"""The page cache of this process, tied to the shared stamp in the database."""

from __future__ import annotations

import logging

from django.db import Error

from guides.models import Generation
from guides.publishing.page_cache import PageCache

log = logging.getLogger(__name__)


def _stamp() -> int | None:
    try:
        return Generation.current()
    except Error:
        log.warning("The generation stamp could not be read; pages are served as they were.")
        return None


page_cache = PageCache(_stamp)
