"""What was typed into a form that could not be taken is shown in the answer, to be sent again. None of it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.html import strip_tags

from config.paths import without_language

# What nobody else at this screen may read, and what a new answer brings anew.
NEVER = re.compile(r"password|secret|code|token", re.IGNORECASE)
# Not typed by anybody: which rows a form has, and how the page stood.
ABOUT_THE_PAGE = re.compile(r"_FORMS$|^(version|seen|next|op)$|^_|-id$")
FORMATTED = re.compile(r"</(p|h[1-6]|li|table|blockquote|strong|em|a)>")
ENDS = re.compile(r"<br\s*/?>|</(p|h[1-6]|li|tr|blockquote)>|(?<=</td>)(?=<td>)")
# A phone number or an address: what else stands in one word was chosen and not typed.
REACHED_AT = re.compile(r"\+?(?:[-(). ]*[0-9]){10,}|[^@\s]+@[^@\s]+")
AGAIN = "sent-again"
SIGN_IN = ("/accounts/", "/i18n/")


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: all that it held, and the words among it, which are shown."""

    fields: list[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        told = (as_read(value) for name, value in self.fields if not ABOUT_THE_PAGE.search(name))
        return [words for words in told if " " in words or REACHED_AT.fullmatch(words)]


def as_read(value: str) -> str:
    """What a person reads of a value: of formatted text its words, a line for each paragraph, row or point."""
    if not FORMATTED.search(value):
        return value.strip()
    return "\n".join(filter(None, (line.strip() for line in unescape(strip_tags(ENDS.sub("\n", value))).split("\n"))))


def typed_in(request: HttpRequest) -> Typed | None:
    """What somebody typed on a page of ours and sent; None for what came from elsewhere, or with nothing to lose.

    Another site's form must not get a page of ours that would send it for good at one press.
    """
    if (
        request.method != "POST"
        or not _is_from_here(request)
        or without_language(request.path_info).startswith(SIGN_IN)
    ):
        return None
    found = Typed(
        [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if not NEVER.search(name) and name != AGAIN
        ]
    )
    return found if found.words else None


def _is_from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


class SentAgain:
    """Middleware: takes “Send it again” at the first press.

    Whoever signed in meanwhile has another token than the page. That the form stands on a page of ours is told by the
    browser itself (Sec-Fetch-Site), which no other site can make it say; where it says nothing, the token is asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        own = request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin"
        if own and AGAIN in request.POST:
            request.csrf_processing_done = True  # type: ignore[attr-defined]


def signed_out(request: HttpRequest, typed: Typed, sign_in: str) -> HttpResponse:
    """The answer to a form that came after its session had ended."""
    return _shown(request, "errors/signed_out.html", typed, sign_in=sign_in)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose token is no longer good. The reason is Django's, for logs.

    Who signs in gets a new token: a page that was open before has the old one.
    """
    user = getattr(request, "user", None)
    return _shown(request, "403_csrf.html", typed_in(request), is_known=bool(user and user.is_authenticated))


def _shown(request: HttpRequest, template: str, typed: Typed | None, **more: str | bool) -> HttpResponse:
    answer = render(request, template, {"typed": typed, **more}, status=403)
    add_never_cache_headers(answer)
    return answer
