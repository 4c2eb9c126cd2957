"""Whoever types somebody else's address into the form for help: what they can make us send there, and what not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from messaging.letter import Letter
from messaging.models import Message
from messaging.wording import fill
from referral.models import Referral
from referral.names import greeted, has_address
from tests.referral.conftest import link_in
from tests.referral.test_one_family import ASK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows")]
Post = Callable[..., list[Letter]]
KEY = "0b4ff0a8-7d0e-4b11-b5b5-6c9a3a4e9f52"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Rosa Sample", "Rosa"),
        ("  María-José  Núñez", "María-José"),
        ("O\u2019Neil", "O\u2019Neil"),
        ("Ẹniọlá A.", "Ẹniọlá"),
        ("रोज़ा", "रोज़ा"),
        ("Call1-900-555-0199 now", ""),
        ("owe$500", ""),
        ("x" * 21, ""),
        ("-", ""),
        ("Dr. Rosa", ""),
        ("", ""),
    ],
)
def test_a_greeting_has_room_for_one_first_name_only(name: str, called: str) -> None:
    assert greeted(name) == called


@pytest.mark.parametrize(
    "name", ["evil\u2024com", "evil\u3002com", "evil.\u200bcom", "ev\ua4f8example", "a\u2215b", "a\uff20b"]
)
def test_letters_that_look_like_an_address_are_one(name: str) -> None:
    assert has_address(name)


@pytest.mark.parametrize("name", ["Rosa M. Sample", "J.R. Ortiz", "Gal\u00b7la", "Rosa, mom", "D\u2019Angelo"])
def test_a_name_is_no_address(name: str) -> None:
    assert not has_address(name)


def test_a_greeting_without_a_name_is_a_greeting() -> None:
    assert fill("Hello {{ name }},\n\nHere: {{ link }}", {"name": "", "link": "x"}) == "Hello,\n\nHere: x"
    assert fill("Hola, {{ name }}:", {"name": ""}) == "Hola:"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_words_of_a_stranger_reach_an_address(
    language: str, make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    name = "1URGENT you owe 500 USD, call 1 900 555 0199 or be arrested"
    make_referral(contact_name=name, patient_name=name, language=language, ways=("email",))
    (letter,) = post(now, "email")
    assert not any(word in letter.content.text + letter.content.html for word in ("URGENT", "500", "arrested", "owe"))
    assert letter.content.text.startswith({"en": "Hello,\n", "es": "Hola:\n"}[language])


def test_the_key_of_a_form_reaches_nothing_in_another_browser() -> None:
    """Whoever only saw the form, as on a shared screen, opens a request of their own with it."""

    def sends(by: Client, **changed: Any) -> int:
        token = by.get("/referral/?all=1").context["csrf_token"]
        return by.post("/referral/", {**ASK, "key": KEY, "csrfmiddlewaretoken": token, **changed}).status_code

    vera, thief = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    assert sends(vera) == sends(vera, message="Once more") == 302
    assert sends(thief, email="thief@example.org") == 302
    own, other = Referral.objects.order_by("pk")
    assert own.contact.email != "thief@example.org" and str(own.idempotency_key) != KEY
    assert vera.get("/status/").context["referral"] == own
    assert thief.get("/status/").context["referral"] == other


def test_strangers_leave_room_for_the_familys_own_mails(
    make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    for _each in range(4):
        make_referral(contact_name="Stranger", ways=("email",))
    rita = make_referral(contact_name="Rita", ways=("email",))
    assert len(post(now, "email")) == 1  # the first; the others wait
    with travel(now + timedelta(minutes=5), tick=False):
        Client().post("/status/new-link/", {"address": "rosa@example.org"})
    (letter,) = post(now + timedelta(minutes=5), "email")
    family = Client()
    family.get(link_in(letter))
    assert family.get("/status/").context["referral"] == rita
    later = [post(now + timedelta(hours=hour), "email") for hour in range(1, 60)]
    assert all(len(each) < 2 for each in later[:4]) and sum(map(len, later[:12])) <= 3
    assert any("Hello Rita," in letter.content.text for each in later for letter in each)


def test_who_reads_the_address_is_written_to_at_once(
    make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    make_referral(ways=("email",))
    family = Client()
    family.get(link_in(post(now, "email")[0]))
    asks = {**ASK, "email": "rosa@example.org", "contact_name": "Leo", "by_email": "on", "message": "For Leo"}
    assert family.post("/referral/", asks).status_code == 302
    assert ["Hello Leo," in letter.content.text for letter in post(now, "email")] == [True]


def test_a_new_link_leads_to_what_staff_took_before_what_came_since(
    taken: Referral, make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    make_referral(contact_name="Stranger", at=now + timedelta(minutes=1))
    post(now, "email")
    Client().post("/status/new-link/", {"address": "rosa@example.org"})
    assert Message.objects.filter(reference=f"link:{taken.pk}").count() == 1
