"""The days and hours in which somebody wants to be written to at an address."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.calendar import Hours


class ChosenHoursManager(models.Manager["ChosenHours"]):
    """Hours by the blind index of the address."""

    def among(self, address_indexes: Collection[str]) -> dict[str, Hours]:
        """Those of these addresses whose receivers chose some."""
        rows = self.filter(address_index__in=address_indexes) if address_indexes else self.none()
        return {row.address_index: row.hours for row in rows}

    def of(self, address_index: str) -> Hours | None:
        """The hours of one address; None where any time is fine."""
        return self.among([address_index]).get(address_index) if address_index else None


class ChosenHours(models.Model):
    """What the receiver chose on the page behind the link of a message. No row: any day, at any hour but the quiet
    ones."""

    address_index = models.CharField(max_length=64, primary_key=True, editable=False)
    days = models.CharField(_("days"), max_length=7, help_text=_("0 is Monday."))
    start = models.TimeField(pgettext_lazy("hour", "From"))
    until = models.TimeField(pgettext_lazy("hour", "Until"))
    source = models.CharField(_("where"), max_length=80)
    chosen_at = models.DateTimeField(_("since"))

    objects = ChosenHoursManager()

    class Meta:
        verbose_name = _("hours that were chosen")
        verbose_name_plural = _("hours that were chosen")

    def __str__(self) -> str:
        return f"{self.days} {self.start:%H:%M}–{self.until:%H:%M}"

    @property
    def hours(self) -> Hours:
        return Hours(frozenset(int(day) for day in self.days), self.start, self.until)
