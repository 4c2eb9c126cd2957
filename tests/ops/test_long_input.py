"""What visitors send may be long: the time it takes grows with the length, not with its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from config import logs
from config.incoming import PlainCookies
from directory import geo
from guides.content import words as search_words
from messaging import addresses, inbound, reply_words
from referral.models import people

pytestmark = pytest.mark.slow

SHORT, LONG = 1_000, 60_000
# Sixty times the letters may be sixty times the work and a bit more; what grows with the square is 3,600 times as much.
MOST = 400
IN_A_HEADER = ["a", "\\", '"', "?", ";", "=", ",", "/"]
PARTS = [
    *IN_A_HEADER,
    "1",
    "a?",
    "/r/",
    "@",
    "a@a.",
    ".",
    "+1",
    "-",
    "<",
    ">",
    "_",
    "é",
    "{",
    "|",
    "http://",
    "De:",
    "From:",
]
PARTS += [" ", "\n", "\n \n", "\t", "\r\n", "a ", "> ", "no ", "stop ", "quiero ", "On "]


def as_long(part: str, length: int) -> str:
    return (part * (length // len(part) + 1))[:length] + "!"


def times_longer(work: Callable[[str], object], part: str) -> float:
    """How many times the work sixty times the letters are: processor time, which other programs do not change."""

    def best(length: int, tries: int) -> float:
        text, found = as_long(part, length), float("inf")
        for _ in range(tries):
            begun = time.thread_time()
            work(text)
            found = min(found, time.thread_time() - begun)
        return found

    return best(LONG, 2) / max(best(SHORT, 5), 5e-5)


def no_address(text: str) -> None:
    for channel in ("email", "sms"):
        with pytest.raises(addresses.BadAddress):
            addresses.normal(channel, text)


def no_zip(text: str) -> None:
    with pytest.raises(geo.BadZip):
        geo.zip_in(text)


def cookie(text: str) -> None:
    request = HttpRequest()
    request.META["HTTP_COOKIE"] = f'a="{text}"'
    PlainCookies(lambda request: HttpResponse(str(len(request.COOKIES))))(request)


HEADERS = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Cookie",
    "Host",
    "HX-Current-URL",
    "HX-Request",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Range",
    "Referer",
    "User-Agent",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
]


@pytest.mark.parametrize(
    "work",
    [
        logs.without_people,
        reply_words.meaning,
        reply_words.language,
        inbound.unquoted,
        no_address,
        cookie,
        search_words.tokens,
        no_zip,
        people.name_key,
        people.phone_key,
    ],
    ids=lambda work: work.__name__,
)
def test_time_grows_with_the_length_of_what_is_read(work: Callable[[str], object]) -> None:
    assert next((part for part in PARTS if times_longer(work, part) > MOST), None) is None


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["path", "query", *HEADERS])
def test_time_grows_with_the_length_of_a_request(client: Client, place: str) -> None:
    client.raise_request_exception = False
    page = "/crisis/"

    def work(text: str) -> None:
        if place == "path":
            client.get(f"{page}{quote(text)}")
        elif place == "query":
            client.get(page, query_params={"next": text, text: ""})
        else:
            client.get(page, headers={place: text.replace("\n", " ").replace("\r", " ")})

    work("first")
    assert next((part for part in IN_A_HEADER if times_longer(work, part) > MOST), None) is None
