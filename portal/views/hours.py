"""Where a family pauses our messages, or chooses their days and hours: on its own page, however it came there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.actions import may_undo
from messaging.forms import LONGEST_PAUSE, ChoicesForm, HoursForm
from messaging.models import Channel
from messaging.wishes import hours_of, in_words, paused_until
from portal.views.beside import LINK_PAUSE, acting, asks_before_resuming, sure, told_before, waiting_link
from portal.views.links import held
from portal.views.own import knows_wishes, own_page
from referral.actions.resting import choose_message_hours, end_pause, pause_messages
from referral.models import Contact, FamilyLink, Referral


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@sure
def hours(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Pause messages until a day, end the pause, choose days and hours: for every way that the family allows."""
    contact, now, posted = referral.contact, timezone.now(), request.POST
    ways = [(channel, contact.address(channel)) for channel in contact.channels()]
    if not ways:
        messages.info(request, _("You get no messages from us now."))
        return redirect("portal:status")
    link, by = held(request, FamilyLink, referral.pk), contact.key
    # Of what was said at an address this page tells who reads there; of what this family said here, whoever has it.
    alone = {each: not knows_wishes(referral, *each) for each in ways}
    channel, address = ways[0]
    chosen = hours_of(address=address, channel=channel, by=by, alone=alone[ways[0]])
    pause = _pause_form(request, referral, now)
    when = HoursForm(posted if "hours" in posted else None, channel=Channel.objects.of(channel), chosen=chosen)
    ends_at = [paused_until(address=at, channel=way, now=now, by=by, alone=alone[way, at]) for way, at in ways]
    until = max(filter(None, ends_at), default=None)
    if pause.is_bound and pause.is_valid() and pause.until_at:
        if until and pause.until_at < until and asks_before_resuming(request, referral, "pause"):
            return redirect("portal:status")
        pause_messages(referral.pk, pause.until_at, actor=acting(request, referral), now=now, link=link)
        return _paused(request, contact, pause.until_at)
    if when.is_bound and when.is_valid():
        choose_message_hours(referral.pk, when.hours, actor=acting(request, referral), now=now, link=link)
        messages.success(request, _("Saved. We write to you on these days and hours."))
        return redirect("portal:status")
    if "end" in posted:
        return _end(request, referral)
    own = any(may_undo(address=at, channel=way, by=by, now=now) for way, at in ways)
    context = {
        "which": str(referral.pk),
        "pause_form": pause,
        "hours_form": when,
        "until": until,
        "own": own,
        "zone": contact.zone,
        "callable": contact.is_callable,
        "chosen": chosen and in_words(chosen),
        "urgent": referral.urgency == Referral.Urgency.URGENT or referral.tasks.crises().exists(),
        **told_before(request, referral, now),
    }
    status = 422 if pause.errors or when.errors else 200
    return render(request, "portal/hours.html", context, status=status)


def _pause_form(request: HttpRequest, referral: Referral, now: datetime) -> ChoicesForm:
    """Until which day; who came by a link may choose fewer."""
    until = request.POST.get("until", "")
    return ChoicesForm(
        {"choice": ChoicesForm.PAUSE, "until": until} if "pause" in request.POST else None,
        zone=referral.contact.zone,
        now=now,
        longest=LINK_PAUSE if waiting_link(request, referral, now) is not None else LONGEST_PAUSE,
    )


def _paused(request: HttpRequest, contact: Contact, until: datetime) -> HttpResponse:
    day = formats.date_format(timezone.localtime(until, ZoneInfo(contact.zone)))
    messages.success(request, _("Your messages are paused. They start again by themselves on %(day)s.") % {"day": day})
    if contact.is_callable:
        messages.info(request, _("We may still call you. You can change that below, under “How we reach you”."))
    return redirect("portal:status")


def _end(request: HttpRequest, referral: Referral) -> HttpResponse:
    if not asks_before_resuming(request, referral, "pause"):
        end_pause(referral.pk, actor=acting(request, referral), now=timezone.now())
        messages.success(request, _("The pause is over. We may write to you again."))
    return redirect("portal:status")
