"""The page cache of this process, tied to the shared stamp in the database."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.db import Error, models
from django.db.models.signals import post_delete, post_save

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


def moved_by(*kinds: type[models.Model]) -> None:
    """Move the stamp with every row of these that is saved or deleted: what is read from them may be kept as a value of
    the page cache. They are few, and admins change them rarely, one by one."""
    for kind in kinds:
        for changed in (post_save, post_delete):
            changed.connect(_move, sender=kind)


def _move(**_signal: Any) -> None:
    Generation.advance()
    page_cache.forget()  # this process shows it at once
