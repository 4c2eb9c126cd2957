"""When the team is at work, as data that admins edit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from guides.publishing.cache import page_cache
from referral.hours import OFFICE, Work


class OfficeHours(models.Model):
    """The hours of one weekday, on the clock of the team. A day without hours is not worked."""

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=sorted(WEEKDAYS.items()), unique=True)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        ordering = ["weekday"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValidationError({"closes": _("The day ends before it begins. Change one of the times.")})


class Holiday(models.Model):
    """A day on which nobody is at work. What is due moves past it; calls for help do not."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


def working_time() -> Work:
    """The hours and holidays as they are now, kept until one changes."""
    found: Work = page_cache.value("working time", _working_time)
    return found


def _working_time() -> Work:
    hours: Any = OfficeHours.objects.order_by().annotate(day=_nothing(models.DateField()))
    days: Any = Holiday.objects.order_by().annotate(
        weekday=_nothing(models.IntegerField()), opens=_nothing(models.TimeField()), closes=_nothing(models.TimeField())
    )
    columns = ("weekday", "opens", "closes", "day")
    rows = list(hours.values_list(*columns).union(days.values_list(*columns), all=True))
    work = {weekday: (opens, closes) for weekday, opens, closes, day in rows if day is None}
    return Work(settings.TIME_ZONE, work or OFFICE, frozenset(day for *_hours, day in rows if day is not None))


def _nothing(field: models.Field[Any, Any]) -> models.Value:
    return models.Value(None, output_field=field)
