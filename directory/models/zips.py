"""Where ZIP codes are: a table that is filled once, when the database is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from django.db import models, transaction

from directory.geo import BadZip, Place, Point, zip_in


class ZipCode(models.Model):
    """A ZIP code: its post-office city and state, its centroid, and its IANA time zone (``""``: not one)."""

    code = models.CharField(primary_key=True, max_length=5)
    city = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    lat = models.FloatField()
    lon = models.FloatField()
    zone = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "ZIP code"

    def __str__(self) -> str:
        return self.code


def place_of(typed: str) -> Place:
    """The place of a ZIP (``91101``, ``91101-1234``, spaces forgiven). Raises `BadZip`."""
    return _place(zip_in(typed))


@lru_cache(maxsize=4096)
def _place(code: str) -> Place:
    row = ZipCode.objects.filter(code=code).first()
    if row is None:
        raise BadZip("unknown")  # not kept
    return Place(row.code, row.city, row.state, Point(row.lat, row.lon), row.zone)


def unknown_zips(codes: Collection[str]) -> list[str]:
    """Those of `codes` that are no ZIP codes, in their order."""
    known = set(ZipCode.objects.filter(code__in=codes).values_list("code", flat=True))
    return [code for code in codes if code not in known]


@transaction.atomic
def load_zips(places: Iterable[Place]) -> int:
    """Make the table hold exactly these; return how many."""
    _place.cache_clear()
    ZipCode.objects.all().delete()
    rows = (
        ZipCode(code=p.zip, city=p.city, state=p.state, lat=p.point.lat, lon=p.point.lon, zone=p.zone) for p in places
    )
    return len(ZipCode.objects.bulk_create(rows, batch_size=2000))
