"""The quick exit, seen from here: after it, Back shows nothing of anybody until they say that they are there.

A page can take itself out of a browser's history, but not the pages before it. So the browser tells us that somebody
left (``look.js``), and the next visit to a page of their own is asked first. Their answers stay where they are.
Where no script runs, "Leave" is a link to us, which ends the session before it leads on.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.paths import without_language

LEFT = "left"
ELSEWHERE = "https://www.weather.gov/"
OWN = ("/assessment/", "/programs/", "/referral/", "/status/", "/messages/", "/c/", "/p/", "/s/")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Somebody left: a script says so with a beacon, a link without script comes here on its way out.

    A beacon carries no token; the worst that another site could do with it is one question. The link ends the
    session only where it was followed from a page of ours: not for another site, nor for who only looks ahead.
    """
    if request.method == "POST":
        if not request.session.is_empty():
            request.session[LEFT] = True
        return HttpResponse(status=204)
    if is_followed(request):
        request.session.flush()
    answer = HttpResponseRedirect(ELSEWHERE)
    answer.status_code = 303
    answer.headers["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(answer)
    return answer


def is_followed(request: HttpRequest) -> bool:
    """Whether a person followed a link of ours. Browsers that say nothing about it are older than these headers."""
    looks_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    return request.method == "GET" and from_here and not looks_ahead


class AskFirst:
    """Middleware: after the quick exit, asks before it shows a page of somebody's own.

    What is sent is taken, so that nothing typed is lost: whoever sends a form is there, and so is asked no more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_own(request.path_info) or LEFT not in request.session:
            return self.get_response(request)
        if request.method == "POST":
            del request.session[LEFT]
            if "come-back" not in request.POST:
                return self.get_response(request)
            answer: HttpResponse = HttpResponseRedirect(request.get_full_path())
        else:
            answer = render(request, "left.html")
        add_never_cache_headers(answer)
        return answer


def is_own(path: str) -> bool:
    """Whether a page at `path`, in any language, may show something of the one who looks."""
    return without_language(path).startswith(OWN)
