"""What only few referrals have, so that a page asks only for what is there."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, QuerySet

from referral.models.referrals import Referral


def where_any(referral: Referral, **lists: QuerySet[Any, Any]) -> dict[str, Any]:
    """The same lists, the empty ones as lists that ask the database nothing: one query tells which these are."""
    flags = {f"any_{name}": Exists(rows.order_by()) for name, rows in lists.items()}
    found = Referral.objects.filter(pk=referral.pk).order_by().values(**flags).first() or {}
    return {name: rows if found.get(f"any_{name}") else rows.none() for name, rows in lists.items()}
