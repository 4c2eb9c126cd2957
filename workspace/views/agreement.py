"""How well the levels that the answers give agree with what staff settle and with where people are admitted."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referral.agreement import Case, Month, Moved, by_month
from referral.models import Referral
from workspace.views.guard import staff_required, worker

MONTHS = 12
BAR = 200
LEVELS = ("computed_low", "computed_high", "level_low", "level_high")


@require_safe
@staff_required
def agreement(request: HttpRequest) -> HttpResponse:
    """Month by month, as a picture and as a table; for supervisors."""
    if not worker(request).has_perm("referral.supervise_referrals"):
        raise PermissionDenied
    months = by_month(cases())[:MONTHS]
    lines = [(month, _bar(month.settled), _bar(month.admitted)) for month in months]
    return render(request, "workspace/agreement.html", {"lines": lines, "total": _total(months)})


def cases() -> list[Case]:
    """All referrals whose family shared its answers, with nothing of them but levels and month."""
    rows = Referral.objects.with_levels().values_list("opened_at", *(f"{name}__order" for name in LEVELS), "admitted")
    return [_case(*row) for row in rows]


def _case(
    at: datetime, low: int, high: int | None, now_low: int | None, now_high: int | None, admitted: int | None
) -> Case:
    month = timezone.localtime(at).date().replace(day=1)
    ends = [end for end in (now_low, now_high) if end is not None]
    return Case(month, (low, low if high is None else high), (min(ends), max(ends)) if ends else None, admitted)


def _bar(counts: dict[Moved, int]) -> list[tuple[str, int, int]]:
    """The parts of a bar: (what, where it begins, how long it is)."""
    total, start, parts = sum(counts.values()), 0, []
    for what in (Moved.SAME, Moved.HIGHER, Moved.LOWER):
        length = BAR * counts[what] // total if total else 0
        parts.append((what.value, start, length))
        start += length
    return [part for part in parts if part[2]]


def _total(months: list[Month]) -> dict[str, int]:
    known = sum(sum(month.admitted.values()) for month in months)
    return {
        "computed": sum(month.computed for month in months),
        "kept": sum(month.settled[Moved.SAME] for month in months),
        "known": known,
        "within": sum(month.admitted[Moved.SAME] for month in months),
    }
