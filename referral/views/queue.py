"""Who needs what today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from privacy.actions import record_access
from referral.attention import due, signs
from referral.filters import SHOWS, QueueFilter, shown
from referral.models import Referral
from referral.views.guard import staff_required, worker

PAGE = 50
MOST_FOUND = 50


@require_safe
@staff_required
def queue(request: HttpRequest) -> HttpResponse:
    """One tab of the queue, narrowed by the filters."""
    user, now = worker(request), timezone.now()
    visible = Referral.objects.visible_to(user)
    show = request.GET.get("show", "today")
    show = show if show in dict(SHOWS) else "today"
    narrowed = QueueFilter(request.GET, queryset=visible, user=user)
    rows = shown(narrowed.qs, show, now)
    rows = rows.order_by("-closed_at") if show == "ended" else rows.most_pressing_first()
    page = Paginator(rows.for_queue(), PAGE).get_page(request.GET.get("page"))
    record_access(actor=user, subject="queue", action="viewed", purpose=f"{show}, {len(page)} lines", now=now)
    context = {
        "filter": narrowed,
        "show": show,
        "tabs": _tabs(request, visible, show, now),
        "page": page,
        "lines": [(referral, signs(referral, now), due(referral.due_at, now)) for referral in page],
        "now": now,
    }
    return render(request, "staff/queue.html", context)


def _tabs(request: HttpRequest, visible: Any, show: str, now: datetime) -> list[dict[str, Any]]:
    query = request.GET.copy()
    query.pop("page", None)
    tabs = []
    for key, label in SHOWS:
        query["show"] = key
        count = None if key == "ended" else shown(visible, key, now).count()
        late = visible.late(now).count() if key == "today" else 0
        tabs.append({"label": label, "count": count, "late": late, "here": key == show, "query": query.urlencode()})
    return tabs


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def search(request: HttpRequest) -> HttpResponse:
    """Look a person up, and write down that somebody looked.

    The form posts, so that no name stands in a URL; a question that stands in one all the same is not answered.
    """
    user, now = worker(request), timezone.now()
    text = request.POST.get("q", "").replace("\0", "").strip()
    if not text:
        return redirect("staff:queue")
    rows = Referral.objects.visible_to(user).matching(text).for_queue().order_by("-opened_at")[:MOST_FOUND]
    found = [(referral, signs(referral, now), due(referral.due_at, now)) for referral in rows]
    for referral, _signs, _due in found:
        record_access(actor=user, subject=referral.key, action="searched", purpose="search", now=now)
    return render(request, "staff/search.html", {"lines": found, "text": text, "now": now})
