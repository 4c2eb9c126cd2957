"""The filters that somebody keeps: their counts as they are now, one more, one less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guides.models import LevelOfCare
from privacy.models import User
from referral.actions.common import Actor
from referral.actions.saved import TooMany, delete_filter, save_filter
from referral.models import Referral, SavedFilter
from referral.models.sight import Sight
from workspace.filters import EVERYBODY, TABS, QueueFilter, kept_query, levels_by_key, under_tab
from workspace.views.guard import staff_required, worker

LONGEST = 40


@dataclass(frozen=True)
class Counted:
    """A filter, and how many referrals it leads to now."""

    saved: SavedFilter
    count: int


@require_safe
@staff_required
def saved(request: HttpRequest) -> HttpResponse:
    """All of them; the queue shows the list of this page at its head."""
    user = worker(request)
    sight, levels = Sight.of(user), levels_by_key()
    counted = [Counted(each, _count(each, user, sight, levels)) for each in SavedFilter.objects.of(user)]
    return render(request, "workspace/saved.html", {"counted": counted})


def _count(each: SavedFilter, user: User, sight: Sight, levels: Mapping[int, LevelOfCare]) -> int:
    asked = QueryDict(each.query)
    tab = asked.get("show", "today")
    everybody = asked.get("who") == EVERYBODY
    rows = Referral.objects.findable_within(sight) if everybody else Referral.objects.within(sight)
    narrowed = QueueFilter(asked, queryset=rows, user=user, sight=sight, levels=levels)
    return under_tab(narrowed.qs, tab if tab in dict(TABS) else "today", timezone.now()).count()


@require_POST
@staff_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter that the queue showed."""
    name = request.POST.get("name", "").replace("\0", "").strip()[:LONGEST]
    query = kept_query(QueryDict(request.POST.get("query", "")[:500]))
    if not name:
        messages.warning(request, _("Give the filter a name. Nothing was saved."))
    else:
        try:
            save_filter(name, query, actor=Actor.of(worker(request)), now=timezone.now())
        except TooMany:
            messages.warning(request, _("You keep 12 filters already. Delete one first."))
        else:
            messages.success(request, _("Saved."))
    return redirect(f"{reverse('workspace:queue')}?{query}")


@require_POST
@staff_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    delete_filter(pk, actor=Actor.of(worker(request)))
    messages.success(request, _("Deleted."))
    return redirect("workspace:saved")
