"""The first middleware: published pages from memory, before sessions, cookies and the database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from csp.constants import NONCE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase

from guides.publishing.cache import page_cache
from guides.publishing.page_cache import Page
from guides.publishing.responses import PublishedResponse

log = logging.getLogger(__name__)


class PublishedPages:
    """Answers GET and HEAD for kept pages; keeps those that views answer with a `PublishedResponse`.

    Where the rest of the system fails at a public page, the one that stands by is the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_be_kept(request):
            return self._answered(request)
        stamp = page_cache.stamp()
        page = page_cache.page(request.path_info)
        if page is None:
            response = self._answered(request)
            if not isinstance(response, PublishedResponse):
                return response
            page = response.page
            page_cache.keep(request.path_info, page, stamp)
        return answer(request, page)

    def _answered(self, request: HttpRequest) -> HttpResponseBase:
        page = page_cache.standing_by(request.path_info) if request.method in ("GET", "HEAD") else None
        try:
            response = self.get_response(request)
        except Exception:
            if page is None:
                raise
            log.exception("A public page failed; the one that stands by is shown.")
            return answer(request, page)
        if page is not None and response.status_code >= 500:
            return answer(request, page)
        return response


def _may_be_kept(request: HttpRequest) -> bool:
    # Where everything must come over HTTPS, the plain request goes on to be redirected.
    secure = not settings.SECURE_SSL_REDIRECT or request.is_secure()
    asked = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING")
    return asked and secure and is_ours(request.META)


def is_ours(asked: Mapping[str, Any]) -> bool:
    """Whether the request names a host of ours; one that does not goes the whole way, and is refused there."""
    named = asked.get("HTTP_X_FORWARDED_HOST") if settings.USE_X_FORWARDED_HOST else None
    said = named or asked.get("HTTP_HOST", asked.get("SERVER_NAME", ""))
    return _is_host(said, tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=256)
def _is_host(named: str, allowed: tuple[str, ...]) -> bool:
    host, _port = split_domain_port(named)
    return bool(host) and validate_host(host, allowed)


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Return the page in the best encoding that the browser takes, or 304 if it has this very page."""
    status, headers, body = parts(page, request.META)
    response = HttpResponse(body, status=status, headers=dict(headers))
    if status == 304:
        del response.headers["Content-Type"]
    return response


def parts(page: Page, asked: Mapping[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return status, headers and body that answer a request for `page`; `asked` is its WSGI environment."""
    headers = [
        *security_headers(),
        ("ETag", page.etag),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", "no-cache"),
        ("Content-Language", page.language),
    ]
    if matches(asked.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        return 304, headers, b""
    encoding = encoding_for(asked.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.brotli if encoding == "br" else page.gzip if encoding else page.body
    if encoding:
        headers.append(("Content-Encoding", encoding))
    headers += [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    return 200, headers, b"" if asked["REQUEST_METHOD"] == "HEAD" else body


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match header names `etag`, compared weakly, or anything."""
    if not if_none_match:
        return False
    wanted = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") in (wanted, "*") for tag in if_none_match.split(","))


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """Return ``br``, ``gzip`` or "" for an Accept-Encoding header; ``q=0`` means no."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.strip().partition(";")
        _, _, weight = rest.partition("q=")
        try:
            weights[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return next((name for name in ("br", "gzip") if weights.get(name, weights.get("*", 0.0)) > 0), "")


@cache
def security_headers() -> tuple[tuple[str, str], ...]:
    """Return the headers that the later middleware would set, without a nonce: kept pages hold no inline script."""
    directives: dict[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = [
        " ".join([name, *(str(source) for source in sources if source is not NONCE)])
        for name, sources in directives.items()
    ]
    headers = [
        ("Content-Security-Policy", "; ".join(policy)),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return tuple(headers)
