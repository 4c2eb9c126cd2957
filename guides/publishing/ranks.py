"""Rows in the order of ranks that were read before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, When

# So many matches are looked at first, the best in any language; all of them only where too few are of the one wanted.
LIKELY = 100


def in_order(queryset: Any, keys: Iterable[int], ranks: Mapping[int, float], start: int, stop: int | None) -> Any:
    """Return the rows of these `keys` from `start` to `stop`: the lowest rank first, and of equal ones the newest."""
    best = sorted(keys, key=lambda key: (ranks[key], -key))[start:stop]
    if not best:
        return queryset.none()
    return queryset.filter(pk__in=best).order_by(Case(*(When(pk=key, then=place) for place, key in enumerate(best))))
