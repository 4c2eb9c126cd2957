"""What the questionnaire found for one referral, on a page of its own: all of it open, to read and to print."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from privacy.actions import record_access
from referral.determination import found
from referral.timeline import level_names
from workspace.views.guard import staff_required, visible, worker
from workspace.views.one_referral import OPENED, answers_of


@require_safe
@staff_required
def determination(request: HttpRequest, pk: int) -> HttpResponse:
    """Range, ratings, rules and answers, beside what staff settled and where care started. Opening is written down."""
    referral = visible(request, pk)
    if referral.response is None:
        raise Http404
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose=OPENED, now=timezone.now())
    started = referral.placements.exclude(level=None).select_related("level").order_by("-sent_at").first()
    context = {
        "referral": referral,
        "contact": referral.contact,
        "found": found(referral.response, get_language() or "en", level_names()),
        "answers": answers_of(referral),
        "admitted": started.level if started else None,
    }
    return render(request, "workspace/determination.html", context)
