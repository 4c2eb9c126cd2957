"""What every page and button behind a family's link does the same way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.geo import BadZip
from directory.models import ServiceArea
from directory.models.zips import place_of
from portal.views.links import remembered, without_link
from referral.handoffs import hand_offs
from referral.models import FamilyLink, Referral

P = ParamSpec("P")


def own_page(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the referral that the page shows, of a family whose link this session opened."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = remembered(request, FamilyLink)
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


def elsewhere(referral: Referral) -> dict[str, Any]:
    """Where a family can turn that lives outside our area, or for whom no program was found; nothing for the others."""
    outside = referral.service_area_id is None and ServiceArea.objects.exists()
    if not outside and referral.closing != Referral.Closing.NO_PROGRAM:
        return {}
    try:
        state = place_of(referral.contact.zip_code).state
    except BadZip:
        state = ""
    return {"hand_offs": hand_offs(state, get_language() or "en"), "outside": outside and referral.is_open}
