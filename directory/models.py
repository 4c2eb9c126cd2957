"""Who offers care, where, for whom, and how soon."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from directory import vocabulary as words
from directory.fields import WordsField
from directory.geo import BadZip, place_of
from directory.querysets import LocationQuerySet, ProgramQuerySet, ServiceAreaQuerySet
from guides.models import LevelOfCare


class Sourced(models.Model):
    """A row that may come from a file. The UUID is its identity in HSDS, the same in every export."""

    uuid = models.UUIDField(_("identity in exports"), default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("came from"), max_length=10, choices=words.Source, default=words.Source.HAND)
    source_id = models.CharField(_("identity at its source"), max_length=100, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source_id=""), name="%(class)s_once_per_source"
            )
        ]


class Organization(Sourced):
    """Who runs programs."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Location(Sourced):
    """A place where care is given. Without coordinates of its own it stands at the centre of its ZIP code."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.CASCADE, related_name="locations"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100)
    state = models.CharField(_("state"), max_length=2, default="CA")
    zip = models.CharField(
        _("ZIP code"), max_length=5, validators=[RegexValidator(r"^\d{5}$", _("A ZIP code has five digits."))]
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    street_is_public = models.BooleanField(
        _("show the street"), default=True, help_text=_("Off for a home whose address protects the people in it.")
    )
    access = WordsField(_("getting in and around"), vocabulary=words.Access)

    objects = LocationQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["city", "street", "id"]
        indexes = [models.Index(fields=["lat", "lon"], name="directory_location_place")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.street, f"{self.city} {self.zip}") if part)

    def clean(self) -> None:
        if (self.lat is None) != (self.lon is None):
            raise ValidationError({"lon": _("Give both latitude and longitude, or neither.")})
        if self.lat is None:
            self.place_at_zip()

    def place_at_zip(self) -> None:
        """Stand at the centre of the ZIP code. Raises `ValidationError` for a ZIP that does not exist."""
        try:
            self.lat, self.lon = place_of(self.zip).point
        except BadZip as error:
            raise ValidationError({"zip": _("There is no such ZIP code. Please check the five digits.")}) from error


class ServiceArea(models.Model):
    """Where a program takes people from: "Pasadena and nearby cities", as ZIP codes."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    zips = WordsField(_("ZIP codes"), help_text=_("Five digits each, with spaces between them."))

    objects = ServiceAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        for code in self.zips:
            try:
                place_of(code)
            except BadZip as error:
                raise ValidationError({"zips": _("“%(zip)s” is not a ZIP code.") % {"zip": code}}) from error


class ServiceAreaName(models.Model):
    area = models.ForeignKey(ServiceArea, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [models.UniqueConstraint(fields=["area", "language"], name="directory_area_name_once")]

    def __str__(self) -> str:
        return self.name


class Program(Sourced):
    """One offer of care that a family can be referred to."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.PROTECT, related_name="programs"
    )
    status = models.CharField(_("status"), max_length=10, choices=words.Status, default=words.Status.DRAFT)
    sample = models.BooleanField(_("sample"), default=False, help_text=_("Marked on its page as invented."))
    levels = models.ManyToManyField(LevelOfCare, through="ProgramLevel", verbose_name=_("levels of care"))
    locations = models.ManyToManyField(Location, verbose_name=_("locations"), blank=True, related_name="programs")
    areas = models.ManyToManyField(ServiceArea, verbose_name=_("service areas"), blank=True, related_name="programs")

    concern = models.CharField(_("treats"), max_length=20, choices=words.Concern, blank=True)
    age_min = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(
        _("oldest age"), null=True, blank=True, validators=[MaxValueValidator(130)]
    )
    only_for = models.CharField(_("only for"), max_length=10, choices=words.OnlyFor, blank=True)
    populations = WordsField(_("special groups"), vocabulary=words.Population)
    payment = WordsField(_("payment accepted"), vocabulary=words.Payment)
    languages = WordsField(_("languages spoken"), vocabulary=words.Language)
    schedule = WordsField(_("schedule"), vocabulary=words.Schedule)
    medications = WordsField(_("medications offered"), vocabulary=words.Medication)
    family_sessions = models.BooleanField(_("family sessions"), null=True, blank=True)

    phone = PhoneNumberField(_("phone"), blank=True, region="US")
    website = models.URLField(_("website"), blank=True)
    referral_email = models.EmailField(_("e-mail for referrals"), blank=True, help_text=_("Never shown on a page."))
    checked_on = models.DateField(_("details last checked"), null=True, blank=True)

    objects = ProgramQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name", "id"]
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_min__lte=models.F("age_max")),
                name="directory_program_ages_in_order",
                violation_error_message=_("The youngest age is above the oldest age."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:program", args=[self.slug])

    def text(self, language: str) -> ProgramText | None:
        """The text in `language`, else in any; None where nothing is written. Uses what is prefetched."""
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), None)


class ProgramText(models.Model):
    """What a program says of itself, in one language."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    summary = models.CharField(_("summary"), max_length=300, help_text=_("One or two sentences for the list."))
    description = models.TextField(_("description"), blank=True)
    what_to_expect = models.TextField(_("what to expect"), blank=True)
    how_to_start = models.TextField(_("how to start"), blank=True)
    costs = models.TextField(_("what it costs"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [models.UniqueConstraint(fields=["program", "language"], name="directory_text_once")]

    def __str__(self) -> str:
        return self.summary


class ProgramLevel(models.Model):
    """A level that a program offers, under the name its licence uses."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="offers")
    level = models.ForeignKey(LevelOfCare, verbose_name=_("level"), on_delete=models.PROTECT, related_name="offers")
    asam_edition = models.PositiveSmallIntegerField(
        _("ASAM edition"), choices=[(3, _("3rd edition")), (4, _("4th edition"))], null=True, blank=True
    )
    asam_code = models.CharField(_("ASAM code"), max_length=10, blank=True, help_text=_("As its licence says: 3.5"))

    class Meta:
        verbose_name = _("level offered")
        verbose_name_plural = _("levels offered")
        ordering = ["level__order"]
        constraints = [models.UniqueConstraint(fields=["program", "level"], name="directory_level_once")]

    def __str__(self) -> str:
        return f"{self.program} – {self.level}"


class Accreditation(models.Model):
    """A licence or a seal, and how anyone can check it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="accreditations")
    seal = models.CharField(_("seal"), max_length=20, choices=words.Seal)
    name = models.CharField(_("name, if not in the list"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    check_url = models.URLField(_("where to check it"), blank=True)

    class Meta:
        verbose_name = _("license or seal")
        verbose_name_plural = _("licenses and seals")
        ordering = ["seal", "id"]

    def __str__(self) -> str:
        return self.name or self.get_seal_display()


class Capacity(models.Model):
    """What a program said about its places at one moment. A new report is a new row; no row is changed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="capacities")
    level = models.ForeignKey(LevelOfCare, verbose_name=_("level"), on_delete=models.PROTECT, related_name="+")
    spots = models.PositiveSmallIntegerField(_("open places"), null=True, blank=True)
    wait_days = models.PositiveSmallIntegerField(_("days to wait"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"))
    reported_by = models.CharField(_("who said so"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("capacity report")
        verbose_name_plural = _("capacity reports")
        ordering = ["-reported_at", "-id"]
        indexes = [models.Index(fields=["program", "level", "-reported_at"], name="directory_capacity_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(spots__isnull=False) | Q(wait_days__isnull=False),
                name="directory_capacity_says_something",
                violation_error_message=_("Give the open places, the days to wait, or both."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.program} – {self.level}"
