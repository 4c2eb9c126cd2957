"""Published pages before Django's handler: the same answers as by the middleware, and everything else passed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from guides.publishing.cache import page_cache
from guides.publishing.front import PublishedFront

pytestmark = pytest.mark.django_db
PATH = "/guides/staying-there/"
Answer = tuple[str, list[tuple[str, str]], bytes]


class Passed(list[str]):
    """The application behind: remembers what it was asked for."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b"behind"]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_clock", lambda: 0.0)


def ask(application: Any, method: str = "GET", path: str = PATH, query: str = "", **headers: str) -> Answer:
    environ = RequestFactory().generic(method, path, **headers).environ | {"QUERY_STRING": query}  # type: ignore[arg-type]
    said: list[Any] = []
    body = b"".join(application(environ, lambda status, headers, *_rest: said.extend([status, headers])))
    return said[0], said[1], body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("accepted", ["", "gzip", "br, gzip", "br;q=0"])
@pytest.mark.parametrize("etag", ["", "other", "same"])
def test_the_answer_is_that_of_the_middleware(site: None, still: None, method: str, accepted: str, etag: str) -> None:
    known = Client().get(PATH).headers["ETag"]
    headers = {"HTTP_ACCEPT_ENCODING": accepted, "HTTP_IF_NONE_MATCH": {"": "", "same": known}.get(etag, '"x"')}
    passed = Passed()
    front = ask(PublishedFront(passed, page_cache), method, **headers)
    behind = Client().generic(method, PATH, **headers)  # type: ignore[arg-type]
    assert not passed
    assert front[0] == f"{behind.status_code} {behind.reason_phrase}"
    assert (sorted(front[1]), front[2]) == (sorted(behind.headers.items()), behind.content)


def test_a_kept_page_costs_no_query(site: None, still: None) -> None:
    Client().get(PATH)
    with CaptureQueriesContext(connection) as queries:
        assert ask(PublishedFront(Passed(), page_cache))[0] == "200 OK"
    assert not queries.captured_queries


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("POST", PATH, ""),
        ("GET", PATH, "utm=1"),
        ("GET", "/guides/nowhere/", ""),
        ("GET", "/referral/", ""),
        ("GET", "/gu\xc3\xadas/", ""),
    ],
)
def test_everything_else_is_passed_on(site: None, still: None, method: str, path: str, query: str) -> None:
    Client().get(PATH)
    passed = Passed()
    assert ask(PublishedFront(passed, page_cache), method, path, query)[2] == b"behind"
    assert passed


def test_when_it_is_time_to_look_the_request_goes_the_whole_way(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(page_cache, "_clock", lambda: now)
    Client().get(PATH)
    passed = Passed()
    front = PublishedFront(passed, page_cache)
    ask(front)
    assert not passed
    now = 0.6
    ask(front)
    assert passed == [PATH]


def test_a_plain_request_is_passed_on_to_be_sent_to_https(site: None, still: None, settings: Any) -> None:
    Client().get(PATH)
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    passed = Passed()
    front = PublishedFront(passed, page_cache)
    ask(front)
    ask(front, HTTP_X_FORWARDED_PROTO="http")
    assert passed == [PATH, PATH]
    assert ask(front, HTTP_X_FORWARDED_PROTO="https")[0] == "200 OK"
    assert len(passed) == 2
