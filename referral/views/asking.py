"""The public page where a family asks for help."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Response
from assessments.session import owned
from guides.models import LevelOfCare
from referral.actions.common import FAMILY
from referral.actions.opening import open_referral
from referral.forms.asking import AskForm
from referral.hours import promised_by
from referral.models import FamilyLink, Referral
from referral.views.limits import minutes_to_wait
from referral.views.links import remember, remembered

OWN_PAGE_AFTER_ASKING = timedelta(hours=12)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for help. Sent twice, the form opens one request."""
    language = get_language() or "en"
    now = timezone.now()
    response = _finished(request, now)
    if request.method != "POST":
        form = AskForm(initial={"key": uuid.uuid4(), "language": language, **_known(response)})
        form.wordings(language)
        return _page(request, form, response)
    form = AskForm(request.POST)
    form.wordings(language)
    if form.is_machine:
        return redirect("referral:thanks")
    if not form.is_valid():
        return _page(request, form, response, status=422)
    if wait := minutes_to_wait(request, "ask", now=now):
        return _page(request, form, response, status=429, wait=wait)
    shared = _shared(response) if form.cleaned_data["share_answers"] else {}
    referral = open_referral(form.ask(**shared), actor=FAMILY, now=now)
    if referral.opened_at == now:
        # Only who has just asked: the same form sent again, from a shared computer's history, opens nobody's page.
        link, _token = FamilyLink.mint(now=now, expires_at=now + OWN_PAGE_AFTER_ASKING, referral=referral)
        remember(request, link)
    return redirect("referral:thanks")


def _finished(request: HttpRequest, now: datetime) -> Response | None:
    """The session's own answers, if the family came to their end."""
    response = owned(request, now)
    return response if response and response.determination else None


def _known(response: Response | None) -> dict[str, str]:
    """What need not be asked twice."""
    if response is None:
        return {}
    own = response.voice == Response.Voice.ME
    return {"relation": Referral.Relation.SELF if own else Referral.Relation.LOVED_ONE}


def _shared(response: Response | None) -> dict[str, Any]:
    """What the answers say of the need, for the navigator."""
    if response is None:
        return {}
    found = response.determination
    levels = {level.slug: level for level in LevelOfCare.objects.in_order()}
    low, high = found["range"] or (found["level"], found["level"])
    urgent = Referral.Urgency.URGENT if found["safety"] else Referral.Urgency.ROUTINE
    return {
        "response": response,
        "level_low": levels.get(low),
        "level_high": levels.get(high),
        "urgency": urgent,
    }


def _page(
    request: HttpRequest, form: AskForm, response: Response | None, *, status: int = 200, wait: int = 0
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "words": form.words, "has_answers": response is not None, "wait": wait}
    context["by"] = promised_by(timezone.now(), settings.TIME_ZONE)
    return render(request, "referral/ask.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next, and the way to the family's own page."""
    link = remembered(request, FamilyLink)
    referral = link.referral if link else None
    asked_at = referral.opened_at if referral else timezone.now()
    zone = referral.contact.zone if referral else settings.TIME_ZONE
    context = {"referral": referral, "by": promised_by(asked_at, settings.TIME_ZONE), "zone": zone}
    return render(request, "referral/thanks.html", context)
