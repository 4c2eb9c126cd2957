"""What somebody has to do, as a calendar that their own one fetches: times and codes, no name and no reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from privacy.models import User
from referral.actions.calendar_links import end_calendar_link, make_calendar_link
from referral.actions.common import Actor
from referral.models import CalendarLink, FollowUp, FollowUpStep, Task
from ui.calendars import Event, calendar
from workspace.views.guard import staff_required, worker

AHEAD, LASTS, MOST = timedelta(days=60), timedelta(minutes=30), 500


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """Make the link, which is shown on the page that answers and never again, or end it."""
    user, now = worker(request), timezone.now()
    if request.method == "POST" and "end" in request.POST:
        end_calendar_link(actor=Actor.of(user), now=now)
        messages.success(request, _("The link is ended. Your calendar gets nothing new."))
        return redirect("workspace:calendar")
    address = ""
    if request.method == "POST":
        token = make_calendar_link(get_language() or settings.LANGUAGE_CODE, actor=Actor.of(user), now=now)
        address = settings.BASE_URL + reverse("task-feed", args=[token])
    live = CalendarLink.objects.live(now).filter(user=user).first()
    return render(request, "workspace/calendar.html", {"address": address, "live": live})


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a link. It ends with the account, and with the right to work on referrals."""
    now = timezone.now()
    link = CalendarLink.objects.live(now).for_token(token).select_related("user").first()
    if link is None or not link.user.is_active or not link.user.has_perm("referral.work_referrals"):
        raise Http404
    with translation.override(link.language):
        text = calendar(_events(link.user, now), name="Waymark")
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="waymark.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _events(user: User, now: datetime) -> Iterator[Event]:
    tasks = Task.objects.open().filter(referral__assigned_to=user, due_at__lte=now + AHEAD)
    calls = FollowUp.objects.pending().filter(
        referral__assigned_to=user, kind=FollowUpStep.Kind.CALL, due_at__lte=now + AHEAD
    )
    for kind, words, rows in (("task", _("Task %(code)s"), tasks), ("call", _("Call %(code)s"), calls)):
        for row in rows.select_related("referral").order_by("due_at")[:MOST]:
            code, page = row.referral.public_code, reverse("workspace:referral", args=[row.referral_id])
            made = getattr(row, "created_at", row.referral.opened_at)
            yield Event(
                f"{kind}-{row.pk}@waymark", row.due_at, LASTS, words % {"code": code}, made, settings.BASE_URL + page
            )
