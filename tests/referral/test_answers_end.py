"""Somebody else reads a family's mail: what opens their answers ends, sentence by sentence of the page that asks."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from assessments.demo import load
from assessments.keeping import save_answers, share_result
from assessments.models import Response, ReturnCode
from messaging.letter import Letter
from referral.models import Referral
from tests.referral.conftest import link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
MAIL = "rosa@example.org"
ASKED = {"relation": "self", "concern": "not_sure", "contact_name": "Rosa", "zip_code": "91101", "language": "en"}


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def answered(client: Client) -> Response:
    client.post("/assessment/", {"voice": "me"})
    client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    return Response.objects.latest("created_at", "pk")


def mailed_to(client: Client, address: str, post: Post, now: datetime) -> str:
    client.post("/assessment/keep/", {"do": "email", "email": address})
    return link_in(post(now)[-1])


def opens(client: Client) -> bool:
    return client.get("/assessment/2/").status_code == 200


def reading(link: str) -> Client:
    client = Client()
    client.get(link)
    assert opens(client)
    return client


def mark(client: Client, *ways: str) -> Any:
    return client.post("/status/others-read/", {"channel": ways or ["email"]}, follow=True)


@pytest.fixture
def family(taken: Referral, post: Post, now: datetime) -> Client:
    """Their browser, come by the link that went to their mail."""
    load(now)
    client = Client()
    client.get(link_in(post(now)[0]))
    return client


@pytest.fixture
def asking(rows: None, now: datetime) -> Client:
    """The browser that asked: nothing shows that it reads the address that was typed."""
    load(now)
    client = Client()
    client.post("/referral/", {**ASKED, "email": MAIL, "by_email": "on"})
    return client


def test_other_browsers_that_have_them_open_end(family: Client, post: Post, now: datetime) -> None:
    own = family
    response = answered(own)
    reader = reading(mailed_to(own, MAIL, post, now))
    assert "other browsers with them open. They stay open in this browser only" in words(
        own.get("/status/others-read/")
    )
    mark(own)
    assert not opens(reader) and opens(own)
    assert [
        reader.post("/assessment/keep/", {"do": do, "of": str(response.pk)}).status_code for do in ("code", "share")
    ]
    reader.post("/assessment/1/", {"question": "danger-now", "answer": ["now"], "of": str(response.pk)})
    assert not ReturnCode.objects.exists()
    assert Response.objects.get().answers == response.answers


def test_one_of_several_that_are_open_there_ends_too(family: Client, post: Post, now: datetime) -> None:
    first = answered(family)
    reader = reading(mailed_to(family, MAIL, post, now))
    answered(reader)
    mark(family)
    assert str(first.pk) not in reader.get("/assessment/").content.decode()
    assert opens(reader)  # what it began itself
    reader.post("/assessment/2/", {"of": str(first.pk)})
    assert reader.session["assessment_response"] != str(first.pk)


def test_the_six_words_end_and_new_ones_are_offered(family: Client, now: datetime) -> None:
    code = save_answers(answered(family), language="en", now=now)
    said = words(mark(family))
    assert "Your answers are open in this browser only." in said and "get new ones under “Keep or share”" in said
    assert Client().post("/assessment/return/", {"do": "open", "code": code}).status_code == 400
    page = words(family.post("/assessment/keep/", {"do": "code"}, follow=True))
    assert "Write down these six words" in page


def test_links_that_show_the_result_end_and_browsers_where_it_only_asked(
    asking: Client, post: Post, now: datetime
) -> None:
    own = asking
    _shared, token = share_result(answered(own), with_answers=True, now=now)
    reader = reading(mailed_to(own, MAIL, post, now))
    mark(own)
    assert Client().get(f"/s/{token}/").status_code == 410
    assert not opens(reader) and opens(own)


def test_answers_mailed_there_from_another_browser_end(family: Client, post: Post, now: datetime) -> None:
    """Found by the address, which this browser has shown that it reads."""
    elsewhere = Client()
    code = save_answers(answered(elsewhere), language="en", now=now)
    link = mailed_to(elsewhere, MAIL, post, now)
    reader = reading(link)
    assert "Delete any others" not in words(family.get("/status/others-read/"))
    mark(family)
    assert Client().get(link).status_code == 410 and not opens(reader) and not opens(elsewhere)
    assert Client().post("/assessment/return/", {"do": "open", "code": code}).status_code == 400


def test_who_only_typed_an_address_ends_no_one_elses(asking: Client, post: Post, now: datetime) -> None:
    elsewhere = Client()
    answered(elsewhere)
    link = mailed_to(elsewhere, MAIL, post, now)
    said = words(asking.get("/status/others-read/"))
    assert "This counts for the answers that are open here or go with this request." in said
    mark(asking)
    assert opens(elsewhere) and Client().get(link).status_code == 302


def test_what_went_with_the_request_ends_though_open_nowhere_here(asking: Client, post: Post, now: datetime) -> None:
    elsewhere = Client()
    response = answered(elsewhere)
    link = mailed_to(elsewhere, MAIL, post, now)
    Referral.objects.update(response=response)
    mark(asking)
    assert not opens(elsewhere) and Client().get(link).status_code == 410


def test_texts_and_calls_leave_the_answers_as_they_are(family: Client, post: Post, now: datetime) -> None:
    save_answers(answered(family), language="en", now=now)
    reader = reading(mailed_to(family, MAIL, post, now))
    said = "If it is only your texts or calls, your answers stay open where someone has opened them"
    assert said in words(family.get("/status/others-read/"))
    mark(family, "sms", "calls")
    assert opens(reader) and ReturnCode.objects.exists()


def test_who_comes_first_by_a_link_does_not_end_the_browser_that_asked(
    asking: Client, post: Post, now: datetime
) -> None:
    reader = Client()
    reader.get(link_in(post(now)[-1]))
    said = "Your page stays open in this browser, and for 12 hours in the one that sent your request."
    assert said in words(reader.get("/status/others-read/"))
    mark(reader, "email")
    referral = Referral.objects.get()
    assert asking.get("/status/").status_code == reader.get("/status/").status_code == 200
    assert referral.tasks.open().filter(kind="not_reached", urgent=True).exists()
    assert "open in this browser only" in words(asking.get("/status/others-read/"))
    mark(asking, "email")
    assert (asking.get("/status/").status_code, reader.get("/status/").status_code) == (200, 410)


def test_another_address_does_not_end_the_browser_that_asked(asking: Client, post: Post, now: datetime) -> None:
    reader = Client()
    reader.get(link_in(post(now)[-1]))
    there = {"email": "his@example.org", "by_email": "on", "zip_code": "91101", "language": "en"}
    assert "We ask you" in words(reader.post("/status/reach/", there))
    assert Referral.objects.get().contact.email != "his@example.org"
    assert asking.get("/status/").status_code == 200


def test_what_was_asked_for_is_told_before_what_else_ended(family: Client) -> None:
    answered(family)
    said = words(mark(family))
    assert "links that showed their result to someone, open nothing any more" in said
    assert said.index("The old links open nothing any more") < said.index("open in this browser only. Six words")
