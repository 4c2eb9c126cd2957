"""The days and hours in which somebody wants to be written to at an address."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.calendar import Hours
from messaging.models.people import BY_LINK, indexes_for

# The blind index of an address, and the key of a person who is written to there, or "".
Receiver = tuple[str, str]


class ChosenHoursManager(models.Manager["ChosenHours"]):
    """Hours by the blind index of the address."""

    def among(self, receivers: Collection[Receiver], *, links_too: bool = True) -> dict[Receiver, Hours]:
        """Those of these receivers for whom some were chosen: at the address, or by this person for itself alone; what
        was chosen last counts. Not `links_too`: without those that somebody chose by the link of a message."""
        where = {each: indexes_for(*each) for each in receivers if each[0]}
        keys = {index for indexes in where.values() for index in indexes}
        rows_there = self.filter(pk__in=keys) if links_too else self.filter(pk__in=keys).exclude(source=BY_LINK)
        found = {row.pk: row for row in rows_there} if keys else {}
        rows = {each: [found[index] for index in indexes if index in found] for each, indexes in where.items()}
        return {each: max(own, key=lambda row: row.chosen_at).hours for each, own in rows.items() if own}

    def of(self, address_index: str, by: str = "", *, links_too: bool = True) -> Hours | None:
        """The hours of one address, with `by` for this person; None where any time is fine."""
        return self.among([(address_index, by)], links_too=links_too).get((address_index, by))


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
