"""Middleware that puts a request right before anything reads it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from django.views.defaults import bad_request

from privacy.addresses import read_address


class PlainCookies:
    """Takes backslashes out of the cookies. None of ours has one; Python reads a cookie full of them for seconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_COOKIE" in request.META:
            request.META["HTTP_COOKIE"] = request.META["HTTP_COOKIE"].replace("\\", "")
        return self.get_response(request)


class WholeText:
    """Takes zero bytes out of the address, the query and the cookies. Nobody types one; PostgreSQL fails on one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Something in its place: what stood around it must not become one.
        request.path_info = request.path_info.replace("\0", "\N{REPLACEMENT CHARACTER}")
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "+")
        request.COOKIES.update({name: value.replace("\0", "") for name, value in request.COOKIES.items()})
        return self.get_response(request)


class OnlyUtf8:
    """Refuses what says that it is written in anything but UTF-8: Django fails on some of it where it is read first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _kind, said = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
        charset = str(said.get("charset", "utf-8"))
        if charset.lower().replace("_", "-") == "utf-8":
            return self.get_response(request)
        request.content_type = ""  # so that the page of the error, which looks for a token, does not read it either
        return bad_request(request, BadRequest())


class VisitorAddress:
    """Makes the visitor's address what the proxy in front says it is, where there is one.

    Without it all families would share the proxy's address, and its limits. The last address that the header names
    is the one that our own proxy saw; those before it are the visitor's word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.BEHIND_PROXY:
            seen = read_address(request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
            # A health check from inside names nobody.
            request.META["REMOTE_ADDR"] = seen or request.META.get("REMOTE_ADDR", "")
        return self.get_response(request)


class ProbedByAddress:
    """Lets machines ask how we are under any name: a balancer asks each host by its bare address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response, self.host = get_response, urlsplit(settings.BASE_URL).netloc

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in ("/healthz", "/readyz"):
            request.META["HTTP_HOST"] = self.host
        return self.get_response(request)
