"""The quick exit: going back shows nothing of anybody until they say that they are there, and nothing is lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from assessments import demo
from assessments.models import Response

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(client: Client, now: datetime) -> Client:
    """A family that answered a question and left."""
    demo.load(now)
    client.post("/assessment/", {"voice": "loved"})
    client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    assert client.post("/leave/").status_code == 204
    return client


@pytest.mark.parametrize("path", ["/assessment/", "/assessment/1/", "/es/assessment/2/", "/programs/", "/status/"])
def test_going_back_asks_before_it_shows_anything(gone: Client, path: str) -> None:
    page = gone.get(path)
    words = page.content.decode()
    assert "come-back" in words and "<fieldset" not in words and "no-store" in page["Cache-Control"]


def test_saying_yes_leads_to_the_page_with_all_answers(gone: Client) -> None:
    page = gone.post("/assessment/2/", {"come-back": "1"}, follow=True)
    assert page.redirect_chain == [("/assessment/2/", 302)] and "<fieldset" in page.content.decode()
    assert Response.objects.get().answers == {"danger-now": []}


def test_a_form_that_was_still_open_loses_nothing(gone: Client) -> None:
    gone.post("/assessment/2/", {"question": "self-harm", "answer": "none"})
    assert Response.objects.get().answers == {"danger-now": [], "self-harm": "none"}
    assert gone.get("/assessment/1/").status_code == 200


def test_what_is_shown_to_who_comes_back_tells_nothing(gone: Client) -> None:
    for path in ("/assessment/", "/es/assessment/"):
        words = gone.get(path).content.decode().partition("<main")[2].partition("</main>")[0]
        assert not any(told in words for told in ("Leave", "left", "Salir", "salió", "again", "otra vez"))


def test_without_script_leaving_ends_the_session(client: Client, now: datetime) -> None:
    demo.load(now)
    client.post("/assessment/", {"voice": "loved"})
    key = client.session.session_key
    answer = client.get("/leave/")
    assert answer.status_code == 303 and answer["Location"] == "https://www.weather.gov/"
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "no-referrer"
    assert key and not client.session.exists(key)
    assert client.get("/assessment/1/").status_code == 302


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch;prerender"}])
def test_nobody_else_ends_a_session_by_a_link(client: Client, now: datetime, headers: dict[str, str]) -> None:
    demo.load(now)
    client.post("/assessment/", {"voice": "loved"})
    assert client.get("/leave/", headers=headers).status_code == 303
    assert client.get("/assessment/1/").status_code == 200


def test_who_has_nothing_here_gets_no_cookie_by_leaving(client: Client) -> None:
    assert not client.post("/leave/").cookies
    assert "come-back" not in client.get("/assessment/").content.decode()
