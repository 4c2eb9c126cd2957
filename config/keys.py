"""With keys that are not those of this database nothing is taken: what is written under them nobody could read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from config.paths import without_language
from privacy.crypto import CannotDecrypt
from privacy.keys import keys_fit

WRITES = ("POST", "PUT", "PATCH", "DELETE")
# Asks a family for its words, so it says at once that they cannot be taken.
ASKS = ("/referral/", "/assessment/")
# Keeps nothing of anybody: the quick exit, the choice of a language, and who runs this must be able to sign in.
TAKES_NOTHING = ("/leave/", "/i18n/", "/accounts/", "/admin/login/", "/admin/logout/")
# What people write, so that they can copy it.
WORDS = ("message", "word", "more", "text", "note", "reason")


class KeysFit:
    """Middleware: refuses every form while the keys are wrong, says so, and names the phone number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = without_language(request.path_info)
        wanted = request.method in WRITES or path.startswith(ASKS)
        if wanted and not path.startswith(TAKES_NOTHING) and not keys_fit():
            return _refused(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that cannot read what it would show says the same."""
        return _refused(request) if isinstance(exception, CannotDecrypt) and not keys_fit() else None


def _refused(request: HttpRequest) -> HttpResponse:
    typed = [request.POST[name] for name in WORDS if request.POST.get(name)]
    answer = render(request, "errors/keys.html", {"typed": typed, "sent": request.method in WRITES}, status=503)
    add_never_cache_headers(answer)
    answer.headers["Retry-After"] = "600"
    return answer
