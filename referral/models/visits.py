"""The first visit at a program: the times that it proposes, the one that the family chooses, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def of(self, referral: int) -> Self:
        """Those of one family, with their programs."""
        return self.filter(placement__referral=referral).select_related("placement__program")

    def proposed(self) -> Self:
        return self.filter(status=Appointment.Status.PROPOSED)

    def open_at(self, now: datetime) -> Self:
        """What a family can still choose."""
        return self.proposed().filter(at__gt=now)

    def booked(self) -> Self:
        return self.filter(status=Appointment.Status.BOOKED)


class Appointment(models.Model):
    """One time. `zone` is that of the program, on whose wall clock the time was written."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        BOOKED = "booked", _("Chosen")
        FULFILLED = "fulfilled", _("They came")
        NO_SHOW = "noshow", _("They did not come")
        CANCELLED = "cancelled", _("Canceled")

    placement = models.ForeignKey(
        "referral.Placement",
        verbose_name=_("request to a program"),
        on_delete=models.CASCADE,
        related_name="appointments",
    )
    at = models.DateTimeField(_("at"))
    zone = models.CharField(_("time zone"), max_length=40)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    made_at = models.DateTimeField(_("made"))
    booked_at = models.DateTimeField(_("chosen at"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["placement", "status"], name="appointment_of_request")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status}"

    def is_ahead(self, now: datetime, *, missed: bool) -> bool:
        """Whether nothing can have become of it yet: its day is to come, or, for who `missed` it, its hour."""
        return now < self.at if missed else now.astimezone(ZoneInfo(self.zone)).date() < self.local.date()

    @property
    def local(self) -> datetime:
        """The time on the program's wall clock."""
        return self.at.astimezone(ZoneInfo(self.zone))


def expected(times: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """Of the times at one program, in their order: those that the family chose, else the first that it may choose."""
    times = list(times)
    booked = [each for each in times if each.status == Appointment.Status.BOOKED]
    still_open = [each for each in times if each.status == Appointment.Status.PROPOSED and each.at > now]
    return booked or still_open[:1]
