"""The rungs of care, and what is compared between them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guides.content.fields import LinesField, RichField, WeekField
from guides.models.base import Archivable, Kept, Language, in_language


class LevelQuerySet(models.QuerySet["LevelOfCare"]):
    def in_order(self) -> Self:
        """From the lightest to the most intensive, with their texts."""
        return self.order_by("order", "slug").prefetch_related("texts")

    def offered(self) -> Self:
        """In order, without the archived ones: what can be chosen anew."""
        return self.filter(archived_at=None).in_order()


class LevelOfCare(Archivable, Kept):
    """A rung of care. The ASAM codes are data, so a new edition needs no new code."""

    slug = models.SlugField(_("key"), unique=True, help_text=_("Names the level in addresses and links; keep it."))
    order = models.PositiveSmallIntegerField(_("order"), help_text=_("1 is the lightest level."))
    asam_codes = LinesField(_("ASAM codes"), help_text=_("One on each line, such as 2.1."))
    asam_edition = models.PositiveSmallIntegerField(_("ASAM edition"), default=4)
    week = WeekField(
        _("a week there"),
        null=True,
        help_text=_(
            "Draws the picture of a week. One line for some days and hours, such as mon tue thu 18-21 or mon-fri 9-15. "
            "Add the line live-in where the person lives there."
        ),
    )

    objects = LevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("level of care")
        verbose_name_plural = _("levels of care")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.text(get_language()).name or self.slug

    def text(self, language: str | None) -> LevelText:
        """Return the words in `language`, in English where there are none, and only the key where there are neither."""
        return in_language(self.texts.all(), language) or LevelText(level=self, name=self.slug, short_name=self.slug)


class LevelText(models.Model):
    level = models.ForeignKey(LevelOfCare, related_name="texts", on_delete=models.CASCADE, verbose_name=_("level"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60, help_text=_("For tables and buttons."))
    also_called = LinesField(_("also called"), help_text=_("One on each line. Search finds these too."))
    summary = models.TextField(_("summary"), help_text=_("One or two sentences."))

    class Meta:
        verbose_name = _("level in one language")
        verbose_name_plural = _("levels in one language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["level", "language"], name="one_text_per_level_and_language")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Aspect(Archivable, Kept):
    """A row of every comparison."""

    key = models.SlugField(_("key"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("aspect")
        verbose_name_plural = _("aspects")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        text = in_language(self.texts.all(), get_language())
        return text.label if text else self.key


class AspectText(models.Model):
    aspect = models.ForeignKey(Aspect, related_name="texts", on_delete=models.CASCADE, verbose_name=_("aspect"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    label = models.CharField(_("label"), max_length=120)

    class Meta:
        verbose_name = _("aspect in one language")
        verbose_name_plural = _("aspects in one language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["aspect", "language"], name="one_text_per_aspect_and_language")]

    def __str__(self) -> str:
        return f"{self.label} ({self.language})"


class LevelFact(Kept):
    """The cell of the comparison for one level and one aspect."""

    level = models.ForeignKey(LevelOfCare, related_name="facts", on_delete=models.CASCADE, verbose_name=_("level"))
    aspect = models.ForeignKey(Aspect, related_name="facts", on_delete=models.CASCADE, verbose_name=_("aspect"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    html = RichField(_("text"), help_text=_("Two or three short sentences, as deep as for the other levels."))
    short = models.CharField(
        _("in a few words"),
        max_length=42,
        blank=True,
        db_default="",
        help_text=_("For the table that shows levels side by side: 9 to 19 hours. At most 42 letters."),
    )

    class Meta:
        verbose_name = _("fact of a level")
        verbose_name_plural = _("facts of levels")
        ordering = ["level__order", "aspect__order", "language"]
        constraints = [
            models.UniqueConstraint(fields=["level", "aspect", "language"], name="one_fact_per_cell_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.level}, {self.aspect} ({self.language})"
