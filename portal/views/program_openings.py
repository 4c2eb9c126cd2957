"""What a program says of its openings, at its desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.models import Capacity, Program
from portal.forms import desk
from portal.views.desk import Desk, at_desk


def openings_of(programs: tuple[Program, ...], data: Any = None) -> list[dict[str, Any]]:
    """A small form for each level of each program, with what it said last."""
    rows = []
    prefetch_related_objects(programs, "offers__level__texts")
    last = {(each.program_id, each.level_id): each for each in Capacity.objects.filter(program__in=programs).current()}
    for each in programs:
        for offer in each.offers.all():
            known = last.get((each.pk, offer.level_id))
            initial = {"spots": known.spots, "wait_days": known.wait_days} if known else {}
            form = desk.OpeningsForm(data, prefix=f"openings-{offer.pk}", initial=initial)
            rows.append({"program": each, "level": offer.level, "known": known, "form": form})
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def openings(request: HttpRequest, here: Desk) -> HttpResponse:
    """What the program says of its openings, level by level; said again as before, it is a new report, too."""
    rows = openings_of(here.programs, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "portal/program_openings.html", {"desk": here, "rows": rows})
    if faulty := [row["form"] for row in rows if not row["form"].is_valid()]:
        context = {"desk": here, "rows": rows, "faulty": faulty}
        return render(request, "portal/program_openings.html", context, status=422)
    now = timezone.now()
    Capacity.objects.bulk_create(
        Capacity(
            program=row["program"], level=row["level"], reported_at=now, reported_by=_("the program, at its desk"),
            spots=row["form"].cleaned_data["spots"], wait_days=row["form"].cleaned_data["wait_days"],
        )
        for row in rows
        if row["form"].says_something
    )  # fmt: skip
    messages.success(request, _("Thank you. Families see your openings as of now."))
    return redirect("portal:program")
