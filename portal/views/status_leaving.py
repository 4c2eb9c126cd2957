"""A family rests, ends its request, takes its data with it, or wants it deleted."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import forget
from assessments.family.pages import whose
from assessments.family.session import disown, others, owned
from messaging.calendar import utc_of
from portal.views.beside import LINK_PAUSE, acting, ask_us_first, asks_before_resuming, sure, told_before, waiting_link
from portal.views.links import held
from portal.views.own import in_our_time, own_button, own_page, shown_lines
from privacy.actions import record_access
from referral.actions.closing import withdraw_referral
from referral.actions.common import Since
from referral.actions.leaving import ask_for_erasure, take_back_erasure
from referral.actions.moving import take_back_end
from referral.actions.referrals import hold_referral, resume_referral
from referral.hours import promised_by
from referral.lifecycle import ReferralStatus, Refused
from referral.models import Appointment, FamilyLink, Referral, TimelineEntry
from referral.models.hours import working_time
from referral.own_copy import own_copy
from referral.reasons import END_WISHED, ERASURE_WISHED, RESTS, coded
from ui.calendars import Event, calendar


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def end(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The family ends its request, after one question; it may take that back for some minutes."""
    now = timezone.now()
    if request.method != "POST":
        context = {
            "referral": referral,
            "which": str(referral.pk),
            "signed": referral.consents.live(now).exists(),
            "unanswered": referral.timeline.waits_for_an_answer(),
            **told_before(request, referral, now),
        }
        return render(request, "portal/end.html", context)
    if referral.is_open and (link := waiting_link(request, referral, now)):
        ask_us_first(request, referral, END_WISHED, link)
        return redirect("portal:status")
    try:
        withdraw_referral(
            referral.pk, actor=acting(request, referral), now=now, link=held(request, FamilyLink, referral.pk)
        )
    except Refused:
        messages.info(request, _("This request is closed already."))
    return redirect("portal:status")


@own_button
def go_on_after_all(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The family takes back that it ended its request, while no program has heard of it."""
    try:
        take_back_end(
            referral.pk,
            actor=acting(request, referral),
            now=timezone.now(),
            link=held(request, FamilyLink, referral.pk),
        )
    except Refused:
        messages.info(request, _("This cannot be taken back any more. You can ask for help again."))
    else:
        messages.success(request, _("Your request goes on as before."))
    return redirect("portal:status")


WEEKS = (1, 2, 4)


@own_button
@sure
def pause(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Rest for some weeks: nobody asks, and the request goes on by itself after that, or as soon as the family says."""
    chosen = request.POST.get("weeks", "")
    if chosen not in {str(each) for each in WEEKS}:
        messages.warning(request, _("Choose how long to pause your request."))
        return redirect("portal:status")
    now, weeks = timezone.now(), int(chosen)
    if timedelta(weeks=weeks) > LINK_PAUSE and waiting_link(request, referral, now) is not None:
        messages.warning(request, _("By a link from a message, a pause lasts two weeks at most."))
        return redirect("portal:status")
    try:
        hold_referral(
            referral.pk,
            until=_morning(referral, now, weeks),
            reason=coded(RESTS),
            actor=acting(request, referral),
            now=now,
        )
    except Refused:
        messages.info(request, _("Your request cannot be paused now. You can stop our messages instead."))
    else:
        messages.success(request, _("Your request rests now. You can go on at any time."))
    return redirect("portal:status")


def _morning(referral: Referral, now: datetime, weeks: int) -> datetime:
    """Nine in the morning where the family lives, so many weeks from today."""
    zone = referral.contact.zone
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(weeks=weeks)
    return utc_of(datetime.combine(day, time(9)), zone)


@own_button
@sure
def resume(request: HttpRequest, referral: Referral) -> HttpResponse:
    if referral.status == ReferralStatus.ON_HOLD and asks_before_resuming(request, referral, "hold"):
        return redirect("portal:status")
    try:
        resume_referral(referral.pk, actor=acting(request, referral), now=timezone.now())
    except Refused:
        messages.info(request, _("Your request is not paused."))
    else:
        messages.success(request, _("We are working on your request again."))
    return redirect("portal:status")


@require_safe
@own_page
def download(request: HttpRequest, referral: Referral) -> HttpResponse:
    """All that is kept of the family: a page to read or print, and the same as a file that any browser opens."""
    record_access(actor=None, subject=referral.key, action="exported", purpose="family link", now=timezone.now())
    parts = [(heading, [row for row in rows if row[1]]) for heading, rows in own_copy(referral)]
    if "file" in request.GET:
        answer = render(request, "portal/own_copy_file.html", {"parts": parts, "at": timezone.now()})
        name = _("my-page.html")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    return render(request, "portal/own_copy.html", {"parts": parts, "which": str(referral.pk)})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def erase(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The family wants its data deleted, after it has read what that means."""
    now = timezone.now()
    here = owned(request, now)
    beside = [each for each in others(request, now) if each.pk != referral.response_id]
    if request.method != "POST":
        context = {
            "referral": referral,
            "others_here": [(str(each.pk), whose(each)) for each in beside],
            "contact": referral.contact,
            "which": str(referral.pk),
            "asked": referral.timeline.filter(kind=TimelineEntry.Kind.ERASURE_ASKED).count(),
            "by": in_our_time(promised_by(now, working_time())),
            "answers": bool(here or referral.response_id),
            "signed": referral.consents.live(now).exists(),
            **told_before(request, referral, now),
        }
        return render(request, "portal/erase.html", context)
    if link := waiting_link(request, referral, now):
        ask_us_first(request, referral, ERASURE_WISHED, link)
        return redirect("portal:status")
    try:
        ask_for_erasure(
            referral.pk, actor=acting(request, referral), now=now, answers=here, asked=shown_lines(request, "asked")
        )
    except Since:
        messages.warning(
            request, _("You took this back meanwhile: we keep your data. To delete it after all, ask once more.")
        )
        return redirect("portal:status")
    gone = request.POST.getlist("others")
    for each in beside:
        if str(each.pk) in gone:
            forget(each, now=now)
        else:
            messages.info(request, _("These answers stay: the answers %(whose)s.") % {"whose": whose(each)})
    if here is not None:
        disown(request)
    messages.success(
        request,
        _("You asked us to delete your data. A person on our team reads that, and tells you before it is deleted."),
    )
    return redirect("portal:status")


@own_button
def keep_data(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The family takes back that it wants its data deleted, while nobody has done it."""
    if take_back_erasure(referral.pk, actor=acting(request, referral), now=timezone.now()):
        messages.success(request, _("We keep your data. Your request goes on."))
        if referral.timeline.filter(kind=TimelineEntry.Kind.ERASURE_ASKED).about(answers=True):
            messages.info(request, _("Your answers to the questions about care were deleted. They do not come back."))
    else:
        messages.info(request, _("Nothing of yours waits to be deleted."))
    return redirect("portal:status")


@require_safe
@own_page
def calendar_file(request: HttpRequest, referral: Referral, pk: int) -> HttpResponse:
    """The chosen time for a calendar. Its title says nothing: calendars are shared, and shown on locked phones."""
    chosen = Appointment.objects.booked().filter(placement__referral=referral)
    found = get_object_or_404(chosen, pk=pk)
    event = Event(f"{found.pk}@waymark", found.at, timedelta(hours=1), _("Appointment"), found.made_at)
    answer = HttpResponse(calendar([event]), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
