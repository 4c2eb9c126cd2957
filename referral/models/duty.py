"""Who is on duty for a call for help, and who covers for whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.channel import is_set_up
from privacy.fields import EncryptedTextField
from privacy.models import User
from referral.models.people import phone_key

LONGEST_SHIFT = timedelta(days=31)
LONGEST_ABSENCE = timedelta(days=2 * 365)


class DutyShiftQuerySet(models.QuerySet[Any]):
    def on_duty(self, now: datetime) -> Self:
        return self.filter(starts_at__lte=now, ends_at__gt=now, user__is_active=True)


class DutyShift(models.Model):
    """One person on duty, from when to when, and how they are called."""

    class By(models.TextChoices):
        EMAIL = "email", _("email")
        SMS = "sms", _("text message")

    user = models.ForeignKey(User, verbose_name=_("who"), on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(_("called by"), max_length=10, choices=By, default=By.EMAIL)
    phone = EncryptedTextField(
        _("phone"), blank=True, help_text=_("For text messages. An email goes to the address of the account.")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty list")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="duty_now")]

    def __str__(self) -> str:
        return f"{self.user} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def reached_by(self) -> str:
        """The channel that calls this person: email where the one that was chosen carries nothing here."""
        return self.channel if is_set_up(self.channel) else self.By.EMAIL

    @property
    def address(self) -> str:
        return self.user.email if self.reached_by == self.By.EMAIL else self.phone

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            faults["ends_at"] = _("The shift ends before it begins. Change one of the times.")
        elif self.starts_at and self.ends_at and self.ends_at - self.starts_at > LONGEST_SHIFT:
            faults["ends_at"] = _("A shift is at most 31 days long. Enter an earlier end, and add another shift.")
        if self.channel == self.By.SMS and not is_set_up(self.channel):
            faults["channel"] = _("Text messages are not set up here. Choose email.")
        elif self.channel == self.By.SMS:
            self.phone = phone_key(self.phone) or self.phone
            if not phone_key(self.phone):
                faults["phone"] = _("Enter a phone number that takes text messages, such as 626-555-0142.")
        if self.user_id and not self.user.has_perm("referral.work_referrals"):
            faults["user"] = _("This person cannot work on referrals. Choose someone else.")
        if faults:
            raise ValidationError(faults)


class AbsenceQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Self:
        return self.filter(first_day__lte=day, last_day__gte=day)

    def covered_by(self, user: User) -> models.QuerySet[Any, Any]:
        """The keys of those whose families `user` covers today."""
        return self.on(timezone.localdate()).filter(cover=user).values("user")

    def users_on(self, day: date) -> set[int]:
        """The keys of those who are away."""
        return set(self.on(day).values_list("user", flat=True))


class Absence(models.Model):
    """Somebody is away, and a colleague sees to their families."""

    user = models.ForeignKey(User, verbose_name=_("who is away"), on_delete=models.CASCADE, related_name="absences")
    cover = models.ForeignKey(User, verbose_name=_("who covers"), on_delete=models.CASCADE, related_name="covers")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    recorded_by = models.ForeignKey(
        User, verbose_name=_("written down by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    # A look before this was not covered, and none of somebody known to be away. None of those of long ago.
    recorded_at = models.DateTimeField(_("written down at"), null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day", "pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.first_day} – {self.last_day}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.recorded_at is None:
            self.recorded_at = timezone.now()
        super().save(*args, **kwargs)

    def was_known(self, at: datetime) -> bool:
        """Whether it was written down by this instant."""
        return self.recorded_at is None or self.recorded_at <= at

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if self.first_day and self.last_day and self.last_day < self.first_day:
            faults["last_day"] = _("The last day is before the first. Change one of the days.")
        elif self.first_day and self.last_day and self.last_day - self.first_day > LONGEST_ABSENCE:
            faults["last_day"] = _("An absence is at most two years long. Enter an earlier day.")
        if self.cover_id and self.cover_id == self.user_id:
            faults["cover"] = _("No one can cover for themselves. Choose a colleague.")
        elif self.cover_id and not (self.cover.is_active and self.cover.has_perm("referral.work_referrals")):
            faults["cover"] = _("This person cannot work on referrals. Choose someone else.")
        elif self.cover_id and self.first_day and self.last_day and self._cover_is_away():
            faults["cover"] = _("This colleague is away on some of these days. Choose someone else.")
        if faults:
            raise ValidationError(faults)

    def _cover_is_away(self) -> bool:
        theirs = Absence.objects.filter(user=self.cover_id).exclude(pk=self.pk)
        return bool(theirs.filter(first_day__lte=self.last_day, last_day__gte=self.first_day).exists())
