"""Days as people write them: without the year in this one, with it in any other."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import formats, timezone


def short_day(day: date | datetime) -> str:
    """ "Mar 7", or "Mar 7, 2027" where that is not this year."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    here = day.year == timezone.localdate().year
    return formats.date_format(day, "SHORT_DATE_FORMAT" if here else "DATE_FORMAT")


def short_time(at: datetime) -> str:
    """The day as `short_day` writes it, with the time."""
    local = timezone.localtime(at)
    here = local.year == timezone.localdate().year
    return formats.date_format(local, "SHORT_DATETIME_FORMAT" if here else "DATETIME_FORMAT")
