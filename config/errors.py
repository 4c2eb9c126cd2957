"""Error pages for answers that have none of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from config.outages import DATABASE, outage
from guides.publishing import standby
from privacy.limits import WAIT

PAGES = {405: "405.html", 410: "410.html", 429: "429.html"}
WAIT_ELSE = 60  # seconds until another try, where nothing counted them


def server_error(_request: HttpRequest) -> HttpResponse:
    """The page of an error of ours, with the site's own phone where it is known. Reads no database: that may be it.

    Called while Django handles the error: where it is an outage of the database, the page says what can still be read.
    """
    away = outage(sys.exc_info()[1]) == DATABASE
    page = loader.get_template("500.html").render({"site": standby.phone(), "outage": away})
    return HttpResponse(page, status=500)


class ErrorPages:
    """Middleware: gives an empty "not this way", "gone" or "too many" answer the page that says what to do next, and
    every "too many" the seconds to wait, for programs that read no page.

    Django itself does so for 400, 403, 404 and 500.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(request.META.get(WAIT, WAIT_ELSE)))
        page = PAGES.get(response.status_code)
        if page is None or response.streaming or response.content:
            return response
        page_response = render(request, page, status=response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                page_response.headers[name] = response.headers[name]
        return page_response
