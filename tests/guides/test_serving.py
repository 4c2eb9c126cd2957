"""Published pages from memory: encodings, conditional requests, headers, and what must not be kept."""

from __future__ import annotations

import gzip
from datetime import datetime
from typing import Any

import brotli
import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guides.models import Generation
from guides.publishing import cache
from guides.publishing.cache import page_cache
from guides.publishing.middleware import encoding_for, matches
from guides.workflow import actions

pytestmark = pytest.mark.django_db
PATH = "/guides/staying-there/"


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes, so that the look at the stamp, twice a second at most, does not fall into what is counted."""
    monkeypatch.setattr(page_cache, "_clock", lambda: 0.0)


def test_the_second_reader_and_the_304_cost_no_query(
    site: None, still: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = Client().get(PATH).headers["ETag"]
    with django_assert_num_queries(0):
        again = Client().get(PATH)
        same = Client().get(PATH, headers={"if-none-match": etag})
    assert again.status_code == 200 and again.headers["ETag"] == etag
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    assert "Content-Length" not in same.headers


@pytest.mark.parametrize("path", ["/", "/es/", "/guides/", "/levels/iop/", "/compare/iop/residential/", "/glossary/"])
def test_every_page_that_is_the_same_for_all_is_kept(
    site: None, still: None, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = Client().get(path)
    with django_assert_num_queries(0):
        second = Client().get(path)
    assert (first.status_code, first.content) == (200, second.content)
    assert dict(first.headers) == dict(second.headers)


def test_the_bytes_are_the_same_in_every_encoding(site: None) -> None:
    plain = Client().get(PATH)
    packed = Client().get(PATH, headers={"accept-encoding": "gzip"})
    tight = Client().get(PATH, headers={"accept-encoding": "gzip, deflate, br, zstd"})
    assert (packed.headers["Content-Encoding"], tight.headers["Content-Encoding"]) == ("gzip", "br")
    assert gzip.decompress(packed.content) == brotli.decompress(tight.content) == plain.content
    assert len(tight.content) < len(packed.content) < len(plain.content)
    assert all(response.headers["Vary"] == "Accept-Encoding" for response in (plain, packed, tight))
    assert int(tight.headers["Content-Length"]) == len(tight.content)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br;q=0.1", "br"),
        ("*", "br"),
        ("*;q=0", ""),
        ("GZIP", "gzip"),
        ("br;q=lots", ""),
    ],
)
def test_an_encoding_is_used_only_if_the_browser_takes_it(accepted: str, chosen: str) -> None:
    assert encoding_for(accepted) == chosen


@pytest.mark.parametrize(
    ("header", "same"),
    [("", False), ('W/"a"', True), ('"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ('"ab"', False)],
)
def test_an_etag_is_compared_weakly(header: str, same: bool) -> None:
    assert matches(header, 'W/"a"') is same


def test_head_has_the_headers_of_get_and_no_body(site: None) -> None:
    get, head = Client().get(PATH), Client().head(PATH)
    assert head.content == b"" and dict(head.headers) == dict(get.headers)


def test_cached_page_has_all_security_headers_and_no_cookie(site: None, settings: Any) -> None:
    Client().get(PATH)
    kept, other = Client().get(PATH), Client().get("/search/")
    for name in ("Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cross-Origin-Opener-Policy"):
        assert kept.headers[name] == other.headers[name]
    policy = kept.headers["Content-Security-Policy"]
    wanted = other.headers["Content-Security-Policy"]
    assert sorted(part.strip() for part in policy.split(";")) == sorted(part.strip() for part in wanted.split(";"))
    assert "nonce" not in policy and "unsafe" not in policy
    assert not kept.cookies
    body = kept.content.decode()
    assert "csrfmiddlewaretoken" not in body and "nonce=" not in body and "<style" not in body and " style=" not in body


def test_a_query_string_is_never_kept(site: None) -> None:
    Client().get("/guides/?utm=1")
    assert page_cache.page("/guides/") is None


def test_a_missing_page_is_never_kept(site: None) -> None:
    assert Client().get("/guides/nowhere/").status_code == 404
    assert page_cache.page("/guides/nowhere/") is None


def test_people_can_read_on_while_the_database_is_away(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Client().get(PATH)

    def away() -> tuple[int, None]:
        raise DatabaseError("away")

    monkeypatch.setattr(Generation, "now", away)
    page_cache._next_look = float("-inf")
    assert Client().get(PATH).status_code == 200
    assert cache._stamp() is None


def test_a_plain_request_is_sent_on_to_https_even_if_the_page_is_kept(site: None, settings: Any) -> None:
    Client().get(PATH)
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(PATH).status_code == 301
    assert Client().get(PATH, secure=True).status_code == 200


def test_publishing_moves_the_stamp_once(site: None, edition: Any, now: datetime) -> None:
    before = Generation.current()
    actions.publish([edition("paying", "en"), edition("paying", "es")], by=None, now=now)
    assert Generation.current() == before + 1
