"""Who runs programs, and where."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory import vocabulary as words
from directory.fields import WordsField
from directory.geo import EARTH_MILES, BadZip, Place, Point, box_around
from directory.models.zips import place_of, unknown_zips


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


def _miles_to(center: Point) -> models.Expression:
    """The haversine distance from a row's ``lat`` and ``lon``, in SQL."""
    lat, lon = Radians(Value(center.lat, FloatField())), Radians(Value(center.lon, FloatField()))
    h = Power(Sin((Radians(F("lat")) - lat) / 2), 2) + Cos(lat) * Cos(Radians(F("lat"))) * Power(
        Sin((Radians(F("lon")) - lon) / 2), 2
    )
    one = Value(1.0, FloatField())
    miles: models.Expression = ASin(Least(Sqrt(h), one)) * Value(2 * EARTH_MILES, FloatField())
    return miles


class LocationQuerySet(models.QuerySet["Location"]):
    def within(self, lat: float, lon: float, miles: float) -> Self:
        """Locations at most `miles` away, each with its distance as ``miles``."""
        box = box_around(Point(lat, lon), miles)
        inside = Q(lat__range=(box.south, box.north))
        if box.west <= box.east:
            inside &= Q(lon__range=(box.west, box.east))
        else:
            inside &= Q(lon__gte=box.west) | Q(lon__lte=box.east)
        return self.filter(inside).annotate(miles=_miles_to(Point(lat, lon))).filter(miles__lte=miles)


class Location(Sourced):
    """A place where care is given. Without coordinates of its own it stands at the centre of its ZIP code."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.CASCADE, related_name="locations"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100)
    state = models.CharField(
        _("state"), max_length=2, blank=True, help_text=_("Two letters. Left empty, it is the state of the ZIP code.")
    )
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
    miles: float  # set by `within`

    class Meta(Sourced.Meta):
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["city", "street", "id"]
        indexes = [models.Index(fields=["lat", "lon"], name="directory_location_place")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.street, f"{self.city} {self.zip}") if part)

    @property
    def point(self) -> Point | None:
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)

    def clean(self) -> None:
        """Without coordinates stand at the centre of the ZIP code; without a state, in that of the ZIP code."""
        if (self.lat is None) != (self.lon is None):
            raise ValidationError({"lon": _("Enter both latitude and longitude, or neither.")})
        if self.lat is None or self._stands_at_the_zip_before():
            self.lat, self.lon = self._place().point
        self.state = self.state or self._place().state

    def _stands_at_the_zip_before(self) -> bool:
        before = type(self).objects.filter(pk=self.pk).exclude(zip=self.zip).values_list("zip", flat=True).first()
        try:
            return before is not None and place_of(before).point == self.point
        except BadZip:
            return False

    def _place(self) -> Place:
        try:
            return place_of(self.zip)
        except BadZip as error:
            raise ValidationError({"zip": _("There is no such ZIP code. Please check the five digits.")}) from error


class ServiceAreaQuerySet(models.QuerySet["ServiceArea"]):
    def covering(self, zip_code: str) -> Self:
        """Areas that hold this five-digit ZIP."""
        return self.filter(zips__has=zip_code)


class ServiceArea(models.Model):
    """Where a program takes people from: a city and those near it, as ZIP codes."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    zips = WordsField(_("ZIP codes"), help_text=_("Five digits each, with spaces between them."))

    objects = ServiceAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        ordering = ["slug"]

    def __str__(self) -> str:
        names = {name.language: name.name for name in self.names.all()} if self.pk else {}
        return names.get(get_language() or "") or names.get("en") or self.slug

    def clean(self) -> None:
        for code in unknown_zips(self.zips):
            raise ValidationError({"zips": _("“%(zip)s” is not a ZIP code.") % {"zip": code}})


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
