"""Lines that families may call or text, kept in one place and checked from time to time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guides.content.phones import dialed, digits
from guides.models.base import Archivable, Kept, Language, in_language, refuse_days_to_come

CHECK_EVERY = timedelta(days=365)
only_digits = RegexValidator(
    r"^\+?[0-9]{3,15}$", _("Enter digits only, with + and the country before a long number: 988 or +16265550100.")
)


class HelplineQuerySet(models.QuerySet["Helpline"]):
    def offered(self) -> Self:
        """In order with their texts, without the archived ones."""
        return self.filter(archived_at=None).prefetch_related("texts")

    def unchecked(self, today: date) -> Self:
        """Those that nobody called or looked up for a year."""
        old = Q(checked_on=None) | Q(checked_on__lte=today - CHECK_EVERY)
        return self.filter(old, archived_at=None)


class Helpline(Archivable, Kept):
    """Who answers a number. Every page that sends people there takes the number from this row."""

    key = models.SlugField(_("key"), unique=True, help_text=_("Names the line in guides and questionnaires; keep it."))
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    number = models.CharField(_("number as shown"), max_length=20, help_text=_("Such as 1-800-662-4357."))
    tel = models.CharField(_("number to dial"), max_length=16, validators=[only_digits])
    sms = models.CharField(_("number to text"), max_length=16, blank=True, validators=[only_digits])
    word = models.CharField(_("word to send in a text"), max_length=20, blank=True)
    urgent = models.BooleanField(
        _("for danger"),
        default=False,
        help_text=_("Shown wherever someone may be in danger, such as after some answers."),
    )
    checked_on = models.DateField(
        _("checked on"), null=True, blank=True, help_text=_("The day when someone last called it or looked it up.")
    )

    objects = HelplineQuerySet.as_manager()

    class Meta:
        verbose_name = _("helpline")
        verbose_name_plural = _("helplines")
        ordering = ["order", "key"]

    def clean(self) -> None:
        """What is read and what is dialed are one number (letters stand for the keys they are on), checked by today."""
        refuse_days_to_come(self, "checked_on")
        if self.number and self.tel and dialed(self.number) != digits(self.tel):
            said = _("“%(shown)s” is shown, but %(tel)s would be dialed. Make both the same number.")
            raise ValidationError({"tel": said % {"shown": self.number, "tel": self.tel}})

    def __str__(self) -> str:
        text = in_language(self.texts.all(), get_language())
        return f"{text.name}, {self.number}" if text else self.number


class HelplineText(models.Model):
    line = models.ForeignKey(Helpline, related_name="texts", on_delete=models.CASCADE, verbose_name=_("helpline"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    name = models.CharField(_("who answers"), max_length=120)
    how = models.CharField(_("how it helps"), max_length=300)

    class Meta:
        verbose_name = _("helpline in one language")
        verbose_name_plural = _("helplines in one language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["line", "language"], name="one_text_per_helpline_and_language")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
