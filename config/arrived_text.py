"""What somebody typed stays in their browser (``static/js/kept.js``) until the server says here that it has arrived.

Each kept text has a cookie that names the address its form is sent to. The answer that takes the form takes the
cookie away; an error, a form shown again and the way to sign-in leave it.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse

from config.paths import without_language

PREFIX = "kept-"
SIGN_IN = "/accounts/"


class ArrivedText:
    """Middleware: after a form was taken, its cookie goes, and with it the text that the browser kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and has_arrived(response):
            here = without_language(request.path_info)
            for name, path in request.COOKIES.items():
                if name.startswith(PREFIX) and unquote(path) == here:
                    response.delete_cookie(name, samesite="Lax")
        return response


def has_arrived(response: HttpResponse) -> bool:
    """Whether the answer to a form means that it was taken: only then does it lead on to another page."""
    if response.status_code not in (302, 303):
        return False
    return not without_language(urlsplit(response.headers["Location"]).path).startswith(SIGN_IN)
