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
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from privacy.models import User
from referral.actions.calendar_links import end_calendar_link, make_calendar_link
from referral.actions.common import Actor, rests
from referral.lifecycle import ReferralStatus
from referral.models import CalendarLink, FollowUp, FollowUpStep, Referral, Task
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
    """What is open and planned. What a past day has left stands on today; what rests with a hold is not there."""
    tasks = Task.objects.open().filter(referral__assigned_to=user, due_at__lte=now + AHEAD)
    calls = FollowUp.objects.pending().filter(
        referral__assigned_to=user, kind=FollowUpStep.Kind.CALL, due_at__lte=now + AHEAD
    )
    for row in tasks.select_related("referral").order_by("due_at")[:MOST]:
        if not rests(row, row.referral, now):
            yield _event(f"task-{row.pk}", row.due_at, row.referral, row.created_at, (_TASK, _LATE_TASK), now)
    awake = calls.exclude(referral__status=ReferralStatus.ON_HOLD, referral__hold_until__gt=now)
    for call in awake.select_related("referral").order_by("due_at")[:MOST]:
        made = call.referral.opened_at
        yield _event(f"call-{call.pk}", call.due_at, call.referral, made, (_CALL, _LATE_CALL), now)


_TASK, _LATE_TASK = gettext_noop("Task %(code)s"), gettext_noop("Late: task %(code)s")
_CALL, _LATE_CALL = gettext_noop("Call %(code)s"), gettext_noop("Late: call %(code)s")


def _event(
    uid: str, due_at: datetime, referral: Referral, made: datetime, words: tuple[str, str], now: datetime
) -> Event:
    """At its time, by the first of the two `words`; of a past day it stands above the hours of today, by the second."""
    today = timezone.localdate(now)
    late = timezone.localdate(due_at) < today
    summary = _(words[late]) % {"code": referral.public_code}
    page = settings.BASE_URL + reverse("workspace:referral", args=[referral.pk])
    return Event(f"{uid}@waymark", due_at, LASTS, summary, made, page, today if late else None)
