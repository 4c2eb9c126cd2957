"""What every page and button behind a family's link does the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.family import warnings
from directory.geo import BadZip
from directory.models import ServiceArea
from directory.models.zips import place_of
from guides.publishing.helplines import helplines
from messaging.danger_words import Danger, danger
from messaging.models import Channel
from messaging.people import address_index
from messaging.wishes import writes_from
from portal.views.links import read_again, remembered, without_link
from referral.handoffs import hand_offs
from referral.hours import Work, both_at, promised_by, promised_to
from referral.models import Contact, FamilyLink, Referral
from referral.models.hours import working_time
from referral.reasons import ANSWERS, SAID_NOW, coded

P = ParamSpec("P")
CALLED_FOR_HELP: dict[Danger, Promise] = {
    Danger.EMERGENCY: gettext_lazy(
        "Call 911 now, and do not wait for us. We have also alerted our team. To talk to someone now, call or text 988."
    ),
    Danger.SUICIDE: gettext_lazy(
        "To talk to someone now, call or text 988. If a life is in danger, call 911. "
        "Do not wait for us. We have also alerted our team."
    ),
}
TODAY = timedelta(hours=24)  # so long what the answers say to do today stands on top
CALLS = "calls"  # a message with this tag has the button to 911 under it: what it thanks for is not read at once
# What a zone is called by who lives there; of another its city is named.
ZONES: dict[str, str | Promise] = {
    "America/Los_Angeles": gettext_lazy("Pacific Time"),
    "America/Denver": gettext_lazy("Mountain Time"),
    "America/Phoenix": gettext_lazy("Arizona time"),
    "America/Chicago": gettext_lazy("Central Time"),
    "America/New_York": gettext_lazy("Eastern Time"),
    "America/Anchorage": gettext_lazy("Alaska Time"),
    "Pacific/Honolulu": gettext_lazy("Hawaii Time"),
}

HELD_UP = {
    "email": gettext_lazy("Our emails are on hold right now. They come later."),
    "sms": gettext_lazy("Our text messages are on hold right now. They come later."),
}


def own_page(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the referral that the page shows, of a family whose link this session opened."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = remembered(request, FamilyLink)
        if link is None and request.method == "POST" and read_again(request):
            link = remembered(request, FamilyLink)  # the first of two clicks has ended the link of the second
        if link is None:
            return without_link(request, FamilyLink)
        referral = Referral.objects.select_related("contact", "patient").get(pk=link.referral_id)
        return view(request, referral, *args, **kwargs)

    return never_cache(opened)


def own_button(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A button of the family's page. Its address opened without pressing it, as after a refusal, leads to the page."""

    @wraps(view)
    def pressed(request: HttpRequest, referral: Referral, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return redirect("portal:status")
        return view(request, referral, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(own_page(pressed))


def shown_lines(request: HttpRequest, name: str) -> int | None:
    """How many lines of history the page knew that was pressed; None where it does not say."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else None


class CallNow(NamedTuple):
    """Whom a family is to call, in words and by which number first."""

    words: str | Promise
    emergency_first: bool
    for_other: bool


def called_for_help(referral: Referral) -> CallNow | None:
    """Whom a family is to call now, as long as its call for help is open; None where there is none."""
    said = referral.tasks.crises().values_list("text", flat=True)
    if not said:
        return None
    sure = {coded(ANSWERS["911"]), coded(SAID_NOW)}
    emergency = any(sure & {*text.split("\n")} or danger(text) is Danger.EMERGENCY for text in said)
    words = CALLED_FOR_HELP[Danger.EMERGENCY if emergency else Danger.SUICIDE]
    return CallNow(words, emergency, referral.relation == Referral.Relation.LOVED_ONE)


def doctor_today(referral: Referral, now: datetime) -> str:
    """What the answers that the family shows us say to do today, on the day that they came; else empty."""
    response, old = referral.response, now - referral.opened_at > TODAY
    return "" if old or response is None or not referral.is_open else warnings.doctor_today(response)


def help_comes(referral: Referral, now: datetime) -> str:
    """When somebody contacts a family that asks for help now. A call waits for nothing; what we write waits for the
    days and hours, or for the end of the pause, that the family chose."""
    contact = referral.contact
    opens = min((_writes_from(referral, way, now) for way in contact.channels()), default=now)
    if contact.is_called_back or opens <= now:
        if working_time().at_work(now):
            return _("We alerted our team. Someone contacts you as soon as they can.")
        return _(
            "We alerted our team. Someone contacts you as soon as they can. Outside our hours that may be only when our"
            " office opens."
        )
    return _(
        "We alerted our team. As you chose, we write to you only after %(at)s. For help sooner, call 911 or 988, or"
        " call us."
    ) % {"at": in_our_time(opens)}


def _writes_from(referral: Referral, channel: str, now: datetime) -> datetime:
    """From when on the family wants what we write to it this way, as far as this page may tell."""
    contact, address = referral.contact, referral.contact.address(channel)
    alone = not knows_wishes(referral, channel, address)
    return writes_from(address=address, channel=channel, zone=contact.zone, now=now, by=contact.key, alone=alone)


def elsewhere(referral: Referral) -> dict[str, Any]:
    """Where a family can turn that lives outside our area, or for whom no program was found; nothing for the others."""
    outside = referral.is_open and referral.service_area_id is None and ServiceArea.objects.exists()
    if not outside and referral.closing != Referral.Closing.NO_PROGRAM:
        return {}
    try:
        state = place_of(referral.contact.zip_code).state
    except BadZip:
        state = ""
    language = get_language() or "en"
    return {"hand_offs": hand_offs(state, language, helplines(language)), "outside": outside}


def outside_our_area(zip_code: str) -> bool:
    """Whether areas are set up and none of them covers this ZIP code, which is as it was typed."""
    return bool(zip_code) and ServiceArea.objects.exists() and not ServiceArea.objects.covering(zip_code).exists()


def knows_wishes(referral: Referral, channel: str, address: str) -> bool:
    """Whether what was chosen at this address about when messages come, by whoever reads there, may be told on this
    page: somebody came by a link that went there, or chose it in a message of this request that went there, which the
    page's own history says already. Else whoever types the address of another would learn of it. What was chosen on
    this page is told always."""
    if not address:
        return False
    index = address_index(channel, address)
    links = FamilyLink.objects.filter(referral__contact=referral.contact_id, sent_to=index).exclude(opened_at=None)
    return links.exists() or referral.timeline.tells_of_a_choice(index)


def wishes_told(referral: Referral, now: datetime) -> list[tuple[str, str]]:
    """What this page tells of when messages come: the way in words, and a sentence."""
    contact = referral.contact
    alone = [way for way in contact.channels() if not knows_wishes(referral, way, contact.address(way))]
    return contact.wishes(now, alone=alone)


def promised(referral: Referral, now: datetime) -> datetime:
    """By when we contact a family that asked, as it allows it now: in our hours, after a pause of its messages, and at
    the times that it chose for calls. Never before what was promised when it asked."""
    contact, by, work = referral.contact, referral.promised, working_time()
    found, paused = [], Channel.objects.paused_keys()
    for channel in contact.channels():
        if channel in paused:
            continue
        opens = _writes_from(referral, channel, now)
        found.append(by if opens <= max(by, now) else promised_by(opens, work))
    if contact.is_callable:
        found.append(max(by, promised_to(referral.opened_at, work, contact.times, contact.zone)))
    return min(found, default=by)


def never_meets(contact: Contact, now: datetime) -> bool:
    """Whether the times that a family chose for calls are all outside our hours."""
    return bool(contact.times) and both_at(now, contact.times, contact.zone, working_time()) is None


def held_up(referral: Referral) -> list[str]:
    """What operators hold up of the messages to a family: a sentence for each channel that it allowed."""
    paused = Channel.objects.paused_keys()
    return [str(HELD_UP[channel]) for channel in referral.contact.channels() if channel in paused]


def is_all_held_up(referral: Referral) -> bool:
    """Whether no way is left to contact the family while operators hold its messages up: no promise can be kept."""
    contact = referral.contact
    held = held_up(referral)
    return bool(held) and not contact.is_callable and len(held) == len(contact.channels())


def in_our_time(at: datetime) -> str:
    """An hour that we promise, on one clock everywhere: ours, by its name. Whoever reads it may live elsewhere."""
    return in_words_at(at, settings.TIME_ZONE)


def in_words_at(at: datetime, zone: str) -> str:
    """An hour on the clock of a zone, with its weekday and the name of the clock."""
    told = formats.date_format(at.astimezone(ZoneInfo(zone)), "PROMISE_FORMAT", use_l10n=True)
    return f"{told} ({_clock(zone)})"


def _clock(zone: str) -> str:
    return str(ZONES.get(zone) or zone.rpartition("/")[2].replace("_", " "))


def our_hours(work: Work) -> str:
    """The hours of our week in words, on our clock: days in a row that have the same hours stand together."""
    spans: list[tuple[int, int, tuple[time, time]]] = []
    for day, hours in sorted(work.hours.items()):
        goes_on = bool(spans) and spans[-1][1:] == (day - 1, hours)
        spans.append((spans.pop()[0] if goes_on else day, day, hours))
    parts = []
    for first, last, (opens, closes) in spans:
        ends = {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
        days = str(WEEKDAYS[first]) if first == last else _("%(first)s to %(last)s") % ends
        told = {"days": days, "since": formats.time_format(opens), "until": formats.time_format(closes)}
        parts.append(_("%(days)s, %(since)s to %(until)s") % told)
    return f"{'; '.join(parts)} ({_clock(settings.TIME_ZONE)})"
