"""Whose link is old asks for a new one at any hour; nobody learns from it whether an address is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from messaging.actions import index_of
from messaging.calendar import Hours
from messaging.letter import Letter
from messaging.wishes import choose_hours
from referral.models import Referral
from tests.referral.conftest import link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
SAID = "If we have an open request for that, and may write to you now, a link comes within minutes. If you asked in"


def ask(address: str) -> str:
    return Client().post("/status/new-link/", {"address": address}, follow=True).content.decode()


def test_a_new_link_goes_to_the_address_we_have_once_an_hour(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    make_referral()
    post(now)
    assert "Send me a new link" in Client().get("/r/unknown/").content.decode()
    assert SAID in ask("ROSA@example.org") and SAID in ask("rosa@example.org")
    letters = post(now)
    assert len(letters) == 1
    family = Client()
    family.get(link_in(letters[0]))
    assert "Rosa Sample" in family.get("/status/").content.decode()


def test_a_new_link_by_text_goes_at_once_outside_the_chosen_hours(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    contact = make_referral(ways=("text",), phone="+16265550171").contact
    post(now)
    evening = Hours(frozenset({5, 6}), time(18), time(21))
    choose_hours(index=index_of("sms", contact.phone), hours=evening, source="own page", now=now, by=contact.key)
    assert "A text that you ask for at night comes in the morning." in ask("(626) 555-0171")
    assert len(post(now + timedelta(seconds=2))) == 1  # one text a second


def test_a_stranger_hears_the_same_and_nothing_is_sent(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    make_referral()
    post(now)
    assert SAID in ask("nobody@example.org") and SAID in ask("no address")
    assert post(now) == []


def test_too_many_tries_from_one_browser_wait(rows: Any) -> None:
    client = Client()
    pages = [client.post("/status/new-link/", {"address": "a@example.org"}, follow=True) for _each in range(9)]
    assert "seconds, then try again." in pages[-1].content.decode()
