"""What became of the requests of a period, as pictures, as tables and as a file; for supervisors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guides.models import LevelOfCare
from referral.figures import Load, loads
from ui.pictures import Share, shares
from ui.sheets import sheet
from workspace.figure_filter import FigureFilter
from workspace.figure_tables import Section, sections, told_as
from workspace.views.guard import staff_required, worker


@dataclass(frozen=True)
class Loaded:
    """What a member of staff has, as a row and as a bar beside the largest."""

    load: Load
    bar: tuple[Share, ...]


@require_safe
@staff_required
def figures(request: HttpRequest) -> HttpResponse:
    """The page, or with ``sheet`` in the address its tables as a file."""
    if not worker(request).has_perm("referral.supervise_referrals"):
        raise PermissionDenied
    now = timezone.now()
    levels = {level.order: level.text(get_language()).short_name for level in LevelOfCare.objects.in_order()}
    form = FigureFilter(request.GET.dict(), levels=levels, today=timezone.localdate(now).replace(day=1))
    if not form.is_valid():
        return render(request, "workspace/figures.html", {"form": form}, status=422)
    found = sections(form.scope(), levels, now)
    if "sheet" in request.GET:
        data = form.cleaned_data
        return sheet(f"figures-{data['since'][:7]}-{data['until'][:7]}.csv", _lines(found))
    query = request.GET.copy()
    query["sheet"] = "1"
    context = {"form": form, "sections": found, "loaded": _loaded(loads(now)), "sheet": query.urlencode()}
    return render(request, "workspace/figures.html", context)


def _loaded(rows: list[Load]) -> list[Loaded]:
    """Late ones, the rest of what is open, and the room up to whoever has most."""
    most = max((row.open for row in rows), default=0)
    names = ["late", "open", "room"]
    return [Loaded(row, shares([row.late, row.open - row.late, most - row.open], names, most)[:2]) for row in rows]


def _lines(found: list[Section]) -> Iterator[list[object]]:
    """One count on each line, so that any program can sort and pivot them."""
    yield [_("Table"), _("Row"), _("Column"), _("Count")]
    for section in found:
        for row in section.rows:
            yield [section.title, row.name, section.total, told_as(row.total)]
            for (_key, heading), cell in zip(section.columns, row.cells, strict=True):
                yield [section.title, row.name, heading, told_as(cell)]
