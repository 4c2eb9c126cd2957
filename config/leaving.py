"""The quick exit, seen from here: after it, Back shows nothing of anybody until they say that they are there.

A page can take itself out of a browser's history, but not the pages before it. So the browser tells us that somebody
left (``look.js``), and the next visit to a page of their own is asked first. Their answers stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from config.paths import without_language

LEFT = "left"
OWN = ("/assessment/", "/programs/", "/referral/", "/status/", "/messages/", "/c/", "/p/")


@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Somebody left. A beacon carries no token; the worst that another site could do with this is one question."""
    if not request.session.is_empty():
        request.session[LEFT] = True
    return HttpResponse(status=204)


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
