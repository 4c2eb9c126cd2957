"""What every page and button behind a family's link does the same way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.views.links import remembered, without_link
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
