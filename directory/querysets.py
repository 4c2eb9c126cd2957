"""The questions that are asked of the directory, as chainable methods."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, FloatField, OuterRef, Q, Subquery, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from directory.geo import EARTH_MILES, Point, box_around


def _miles_to(center: Point) -> models.Expression:
    """The haversine distance from a row's ``lat`` and ``lon``, in SQL."""
    lat, lon = Radians(Value(center.lat, FloatField())), Radians(Value(center.lon, FloatField()))
    h = Power(Sin((Radians(F("lat")) - lat) / 2), 2) + Cos(lat) * Cos(Radians(F("lat"))) * Power(
        Sin((Radians(F("lon")) - lon) / 2), 2
    )
    one = Value(1.0, FloatField())
    miles: models.Expression = ASin(Least(Sqrt(h), one)) * Value(2 * EARTH_MILES, FloatField())
    return miles


class LocationQuerySet(models.QuerySet[Any]):
    def within(self, lat: float, lon: float, miles: float) -> Self:
        """Locations at most `miles` away, each with its distance as ``miles``."""
        box = box_around(Point(lat, lon), miles)
        inside = Q(lat__range=(box.south, box.north))
        if box.west <= box.east:
            inside &= Q(lon__range=(box.west, box.east))
        else:
            inside &= Q(lon__gte=box.west) | Q(lon__lte=box.east)
        return self.filter(inside).annotate(miles=_miles_to(Point(lat, lon))).filter(miles__lte=miles)


class ServiceAreaQuerySet(models.QuerySet[Any]):
    def covering(self, zip_code: str) -> Self:
        """Areas that hold this five-digit ZIP."""
        return self.filter(zips__has=zip_code)


class ProgramQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(status="public")

    def offering(self, *slugs: str) -> Self:
        """Programs with at least one of these levels of care."""
        return self.filter(pk__in=self.model.levels.through.objects.filter(level__slug__in=slugs).values("program"))

    def within(self, lat: float, lon: float, miles: float) -> Self:
        """Programs with a location at most `miles` away, each with the distance to its nearest one as ``miles``."""
        locations = self.model.locations.rel.model.objects.within(lat, lon, miles).filter(programs=OuterRef("pk"))
        nearest = locations.order_by("miles").values("miles")[:1]
        return self.annotate(miles=Subquery(nearest, output_field=FloatField())).filter(miles__isnull=False)
