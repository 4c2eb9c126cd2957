"""Requests that no page can answer, and error pages for answers that have none of their own."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class WholeText:
    """Middleware: refuses a zero byte in an address or a cookie. Nobody types one, and PostgreSQL stores none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or any("\0" in value for value in request.COOKIES.values()):
            raise SuspiciousOperation("A zero byte in the address or in a cookie.")
        return self.get_response(request)


PAGES = {405: "405.html", 410: "410.html", 429: "429.html"}


class ErrorPages:
    """Middleware: gives an empty "not this way", "gone" or "too many" answer the page that says what to do next.

    Django itself does so for 400, 403, 404 and 500.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = PAGES.get(response.status_code)
        if page is None or response.streaming or response.content:
            return response
        told = render(request, page, status=response.status_code)
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told
