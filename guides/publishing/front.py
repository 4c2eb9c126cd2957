"""Published pages before Django's handler: what is kept needs no request object, no signal and no middleware."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from guides.publishing.middleware import is_ours, parts
from guides.publishing.page_cache import Page, PageCache

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REASONS = {200: "200 OK", 304: "304 Not Modified"}


class PublishedFront:
    """A WSGI application that answers GET and HEAD for kept pages, by the rules and with the headers of the middleware
    `PublishedPages`, and passes everything else on.

    It touches no database: twice a second, when the cache has to look whether something was published, a request goes
    the whole way, where connections are looked after.
    """

    def __init__(self, application: WSGIApplication, pages: PageCache):
        self._application, self._pages = application, pages
        # Where everything must come over HTTPS, the plain request goes on to be redirected.
        self._https_only = settings.SECURE_SSL_REDIRECT
        self._https_header: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page = self._page(environ)
        if page is None:
            return self._application(environ, start_response)
        status, headers, body = parts(page, environ)
        start_response(REASONS[status], headers)
        return [body]

    def _page(self, environ: WSGIEnvironment) -> Page | None:
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or environ.get("QUERY_STRING")
            or environ.get("SCRIPT_NAME")
            or not is_ours(environ)
        ):
            return None
        if self._https_only and not self._is_secure(environ):
            return None
        path: str = environ.get("PATH_INFO", "")
        # Other letters than ASCII arrive as the bytes of UTF-8, which Django decodes.
        return self._pages.ready(path) if path.isascii() else None

    def _is_secure(self, environ: WSGIEnvironment) -> bool:
        if self._https_header is not None and (said := environ.get(self._https_header[0])) is not None:
            return bool(said.split(",", 1)[0].strip() == self._https_header[1])
        return bool(environ["wsgi.url_scheme"] == "https")
