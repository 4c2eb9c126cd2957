"""What a link that we sent may do alone, where another browser sent the request: whoever reads the family's messages
may have come by it. Decided in docs/decisions/links-and-the-browser-that-asked.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.views.links import all_held, held
from referral.actions.by_link import LINK_PAUSE as LINK_PAUSE
from referral.actions.by_link import ask_first
from referral.actions.common import FAMILY, Actor
from referral.contact_lines import words_of
from referral.models import FamilyLink, Referral, TimelineEntry
from referral.models.links import SentLink
from referral.models.people import CHANNEL_FIELDS
from referral.reasons import REACH_WISHED

Kind = TimelineEntry.Kind
P = ParamSpec("P")
LAST_WAY = gettext_lazy(
    "This is the last way to reach you. A link from a message alone does not close it. You can pause our messages, or"
    " say below that others read them. To stop our text messages, reply STOP to one."
)

HELD = gettext_lazy(
    "We keep this as it is for now. Do it in the browser that sent your request, or write to us below, or call us."
)


def asked_elsewhere(request: HttpRequest, referral: Referral, now: datetime, *, since: datetime | None = None) -> bool:
    """Whether the browser that sent the request, another than this one, still has the page, or could open it `since`
    then."""
    asked = FamilyLink.objects.filter(referral__contact=referral.contact_id, asked=True, revoked_at=None)
    lately = asked.filter(expires_at__gt=since or now)
    return lately.exclude(pk__in=[link.pk for link in all_held(request, FamilyLink) if link.asked]).exists()


def link_beside_asker(
    request: HttpRequest, referral: Referral, now: datetime, came: SentLink | None = None
) -> SentLink | None:
    """The link by which this browser came, where the browser that sent the request is another one and was here lately;
    else None. `came` is that of a check-in, where this browser has no page of the family."""
    link: SentLink | None = held(request, FamilyLink, referral.pk) or came
    asked = isinstance(link, FamilyLink) and link.asked
    if link is None or asked or not asked_elsewhere(request, referral, now, since=now - FamilyLink.SEEN_LATELY):
        return None
    return link


def waiting_link(
    request: HttpRequest, referral: Referral, now: datetime, came: SentLink | None = None
) -> SentLink | None:
    """The link by which this browser came, where it may do less than the browser that asked; else None. A link to an
    address that was entered since, in the browser that asked or by one of us, is the family's own."""
    link, contact = link_beside_asker(request, referral, now, came), referral.contact
    if link is None:
        return None
    fresh = referral.timeline.entered_since_others()
    sent = [
        link.was_sent_to(channel, str(getattr(contact, where)))
        for channel, (_allowed, where) in CHANNEL_FIELDS.items()
        if where in fresh
    ]
    return None if any(sent) else link


def acting(request: HttpRequest, referral: Referral, came: SentLink | None = None) -> Actor:
    """Who presses: the family, marked where it came by a link beside the browser that asked (see `waiting_link`)."""
    beside = waiting_link(request, referral, timezone.now(), came) is not None
    return replace(FAMILY, by_link=True) if beside else FAMILY


def is_unsure(request: HttpRequest, referral: Referral, now: datetime) -> bool:
    """Whether nothing at all is changed by what this browser presses: something was said of others who read or hear,
    and it came by a link (see `waiting_link`). Only to withdraw a consent never waits: whoever pressed, nothing more is
    shared."""
    return bool(referral.contact.marked_ways(now)) and waiting_link(request, referral, now) is not None


def sure(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Referral, P], HttpResponse]:
    """A button that hurts nobody and can be taken back: it does nothing where `is_unsure`, and says so."""

    @wraps(view)
    def pressed(request: HttpRequest, referral: Referral, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and is_unsure(request, referral, timezone.now()):
            messages.warning(request, HELD)
            return redirect("portal:status")
        return view(request, referral, *args, **kwargs)

    return pressed


def ask_us_first(
    request: HttpRequest, referral: Referral, wish: str, link: SentLink, came: SentLink | None = None, **typed: Any
) -> None:
    """Change nothing: one of us asks the family if it was them."""
    now = timezone.now()
    ask_first(referral.pk, wish, actor=acting(request, referral, came), now=now, link=link, **typed)
    if referral.contact.is_reachable:
        said = _("Someone on our team asks you first, in a way that you had allowed. It is faster to call us.")
    else:
        said = _("Call us, so that we know that it is you.")
    # Of several things that were sent at once the page says which of them wait.
    kept = "" if typed.get("what") else _("We keep this as it is for now.")
    messages.warning(request, f"{kept} {said}".strip())


def asks_before_resuming(request: HttpRequest, referral: Referral, what: Literal["pause", "hold"]) -> bool:
    """Whether one of us asks the family before the pause of its messages, or the rest of its request, ends earlier:
    that loosens. What was paused by a link, a link may end."""
    link = waiting_link(request, referral, timezone.now())
    kind, said = (Kind.HELD, {}) if what == "hold" else (Kind.MESSAGE, {"happened": "paused"})
    paused = referral.timeline.filter(kind=kind).order_by("at", "pk").about(**said)
    if link is None or (paused and paused[-1].params.get("link")):
        return False
    with override(settings.LANGUAGE_CODE):  # for staff
        typed = words_of([what])
    ask_us_first(request, referral, REACH_WISHED, link, typed=typed, what=[what])
    return True


def told_before(
    request: HttpRequest, referral: Referral, now: datetime, came: SentLink | None = None
) -> dict[str, Any]:
    """What a page says above its forms of what waits for one of us."""
    waits = waiting_link(request, referral, now, came) is not None
    return {
        "asks_first": waits,
        "unsure": waits and bool(referral.contact.marked_ways(now)),
        "say_code": referral.public_code,
    }
