"""Places on a map, from ZIP codes alone. Plain Python; nothing is asked of any other machine.

Distances are in miles, as the crow flies. A ZIP's centroid is near a home, not at it: distances are good to a mile or
two.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

EARTH_MILES = 3958.8
MILES_PER_DEGREE = EARTH_MILES * math.pi / 180


class BadZip(ValueError):
    """What was typed is no ZIP code: `reason` is ``shape`` (not five digits) or ``unknown`` (no such ZIP)."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Point(NamedTuple):
    lat: float
    lon: float


class Place(NamedTuple):
    """A ZIP code: its post-office city and state, its centroid, and its IANA time zone (``""``: not one)."""

    zip: str
    city: str
    state: str
    point: Point
    zone: str


class Box(NamedTuple):
    """All points with south <= lat <= north and west <= lon <= east; where west > east it crosses the date line."""

    south: float
    west: float
    north: float
    east: float


def zip_in(typed: str) -> str:
    """The five digits of a ZIP (``91101``, ``91101-1234``, spaces forgiven). Raises `BadZip`."""
    match = re.fullmatch(r"(\d{5})(?:[-\s]?\d{4})?", typed.strip(), re.ASCII)
    if not match:
        raise BadZip("shape")
    return match[1]


def miles_between(a: Point, b: Point) -> float:
    """The great-circle distance (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_MILES * math.asin(min(1.0, math.sqrt(h)))


def box_around(center: Point, miles: float) -> Box:
    """The smallest box that holds the circle of `miles` around `center`. An index can search a box, not a circle."""
    reach = miles / MILES_PER_DEGREE
    south, north = center.lat - reach, center.lat + reach
    if south <= -90 or north >= 90:  # the circle holds a pole, so it meets every meridian
        return Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0)
    # The circle is widest a little poleward of its centre.
    wide = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(center.lat)))))
    if wide >= 180:
        return Box(south, -180.0, north, 180.0)
    return Box(south, _wrapped(center.lon - wide), north, _wrapped(center.lon + wide))


def _wrapped(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
