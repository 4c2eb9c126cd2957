"""Words and details that every page may need."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from guides.content.fields import LinesField, RichField
from guides.models.base import Archivable, Kept, Language


class GlossaryTerm(Archivable, Kept):
    key = models.SlugField(_("key"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("word of the glossary")
        verbose_name_plural = _("words of the glossary")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return next((text.term for text in self.texts.all() if text.language == "en"), self.key)


class GlossaryText(models.Model):
    term_row = models.ForeignKey(GlossaryTerm, related_name="texts", on_delete=models.CASCADE, verbose_name=_("word"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    term = models.CharField(_("word"), max_length=120)
    definition = RichField(_("what it means"))
    also_called = LinesField(_("also called"))

    class Meta:
        verbose_name = _("word in one language")
        verbose_name_plural = _("words in one language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["term_row", "language"], name="one_text_per_term_and_language")]

    def __str__(self) -> str:
        return f"{self.term} ({self.language})"


class SynonymQuerySet(models.QuerySet["Synonym"]):
    def in_language(self, language: str) -> Self:
        return self.filter(language=language)


class Synonym(Kept):
    """Words that mean the same to somebody who searches: rehab, residential treatment."""

    key = models.SlugField(_("key"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    words = LinesField(_("words"), blank=False, help_text=_("One on each line. A search for one finds them all."))

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")
        ordering = ["key", "language"]
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="one_synonym_row_per_language")]

    def __str__(self) -> str:
        return ", ".join(self.words)


SITE_WORDS = ("service_area", "public_coverage", "referral_law", "licence_check")
"""The texts about this place, which differ from state to state."""


class SiteDetails(Kept):
    """The one row about this site."""

    help_phone = PhoneNumberField(_("help line"), region="US", blank=True)
    email = models.EmailField(_("email"), blank=True)
    places = LinesField(_("places served"), help_text=_("Cities, one on each line."))
    sample = models.BooleanField(_("is a sample"), default=False, help_text=_("Shown on every page until it is off."))

    class Meta:
        verbose_name = _("site details")
        verbose_name_plural = _("site details")

    def __str__(self) -> str:
        return str(_("Site details"))

    @classmethod
    def current(cls) -> SiteDetails:
        """Return the row, unsaved and empty where there is none yet."""
        return cls.objects.prefetch_related("texts").first() or cls(pk=1)

    def said(self, language: str) -> dict[str, str]:
        """What is said about this place in `language`; what is empty there is said in English."""
        texts = {text.language: text for text in self.texts.all()} if self.pk else {}
        in_order = [texts[code] for code in (language, "en") if code in texts]
        return {name: next(filter(None, (getattr(text, name) for text in in_order)), "") for name in SITE_WORDS}


class SiteText(models.Model):
    details = models.ForeignKey(SiteDetails, related_name="texts", on_delete=models.CASCADE, verbose_name=_("site"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    service_area = models.CharField(
        _("service area"), max_length=200, help_text=_("As in “Springfield and nearby cities”.")
    )
    public_coverage = models.CharField(
        _("name of Medicaid here"),
        max_length=80,
        blank=True,
        db_default="",
        help_text=_("What your state calls Medicaid. Empty: it is called Medicaid."),
    )
    referral_law = models.TextField(
        _("law on paying for referrals"),
        blank=True,
        db_default="",
        help_text=_("One or two sentences for the page about this site. Empty: nothing is said."),
    )
    licence_check = models.TextField(
        _("how to check a state license"),
        blank=True,
        db_default="",
        help_text=_("Who licenses programs here, and where families can look it up. Shown beside each state license."),
    )

    class Meta:
        verbose_name = _("site details in one language")
        verbose_name_plural = _("site details in each language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["details", "language"], name="one_site_text_per_language")]

    def __str__(self) -> str:
        return f"{self.service_area} ({self.language})"
