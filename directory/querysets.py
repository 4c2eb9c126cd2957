"""The questions that are asked of the directory, as chainable methods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, FloatField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from directory.geo import EARTH_MILES, Point, box_around
from directory.matching import Match, Wish, rank

# A family may travel far for care, but a list without an end helps nobody.
REACH_MILES = 100


class Fit(NamedTuple):
    """A program and its place in the order, with the reasons."""

    program: Any
    match: Match


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


class CapacityQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """The newest report of each program and level."""
        newer = self.model._base_manager.filter(program=OuterRef("program"), level=OuterRef("level")).filter(
            Q(reported_at__gt=OuterRef("reported_at")) | Q(reported_at=OuterRef("reported_at"), pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(newer))


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

    def candidates(self, wish: Wish, *, reach: float | None = REACH_MILES) -> Self:
        """Programs that could fit: those of the wished levels, or of no known level, within `reach` miles of the
        family (None: anywhere) or at no known place. Nothing else narrows: preferences only order."""
        found = self
        if wish.levels:
            known = self.model.levels.through.objects.values("program")
            found = found.filter(Q(pk__in=self.offering(*wish.levels).values("pk")) | ~Q(pk__in=known))
        if wish.near and reach is not None:
            near, placed = self.within(*wish.near, reach).values("pk"), self.model.locations.through.objects
            found = found.filter(Q(pk__in=near) | ~Q(pk__in=placed.values("program")))
        return found

    def with_details(self) -> Self:
        """With all that a page or a ranking reads, in a fixed number of queries."""
        capacity = self.model.capacities.rel.related_model.objects.current().select_related("level")
        return self.select_related("organization").prefetch_related(
            "texts",
            "locations",
            "areas__names",
            "accreditations",
            Prefetch("offers", self.model.levels.through.objects.select_related("level")),
            "offers__level__texts",
            Prefetch("capacities", capacity, to_attr="current_capacities"),
        )

    def ranked(self, wish: Wish, *, now: datetime, reach: float | None = REACH_MILES) -> list[Fit]:
        """The candidates for a wish, best first, each explained (see `directory.matching`)."""
        programs: Iterable[Any] = self.candidates(wish, reach=reach).with_details()
        by_key = {program.slug: program for program in programs}
        candidates = (program.as_candidate() for program in programs)
        matches = rank(wish, candidates, now=now, fresh=settings.CAPACITY_FRESH_FOR)
        return [Fit(by_key[match.candidate.key], match) for match in matches]
