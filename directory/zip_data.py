"""What the `zipcodes` package knows of each ZIP code. Reading it takes a second and 60 MB, so only set-up does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from zoneinfo import available_timezones

import zipcodes

from directory.geo import Place, Point


def places() -> Iterator[Place]:
    """Every ZIP code of the United States, once."""
    rows, zones = zipcodes.list_all(), available_timezones()
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        named[row["state"]][row["timezone"]] += 1
    for row in rows:
        zone = row["timezone"]
        if zone and zone not in zones:
            # One row names a town as its zone: what is no zone becomes the usual one of its state.
            zone = named[row["state"]].most_common(1)[0][0]
        yield Place(row["zip_code"], row["city"], row["state"], Point(float(row["lat"]), float(row["long"])), zone)
