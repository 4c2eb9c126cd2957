"""What is put right in a request before anything reads it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from config.incoming import VisitorAddress
from privacy.addresses import counted_address

PROXY = "10.0.0.1"


def address_seen(**headers: str) -> str:
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    VisitorAddress(page)(RequestFactory().get("/", REMOTE_ADDR=PROXY, **headers))  # type: ignore[arg-type]
    return seen[0]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (" 2001:db8::1 ", "2001:db8::1"),
        ("", PROXY),
        ("unknown", PROXY),
        ("203.0.113.9, <script>", PROXY),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ('"[2001:db8::1]:4711"', "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("198.51.100.1:1, 203.0.113.9:99999", "203.0.113.9"),
        (":", PROXY),
        ("[", PROXY),
    ],
)
def test_behind_a_proxy_a_visitor_has_the_address_that_the_proxy_saw(
    settings: Settings, said: str, address: str
) -> None:
    settings.BEHIND_PROXY = True
    assert address_seen(HTTP_X_FORWARDED_FOR=said) == address


def test_without_a_proxy_a_visitor_cannot_choose_an_address(settings: Settings) -> None:
    settings.BEHIND_PROXY = False
    assert address_seen(HTTP_X_FORWARDED_FOR="203.0.113.9") == PROXY


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_ipv6_household_counts_as_one(address: str, counted: str) -> None:
    assert counted_address(address) == counted
