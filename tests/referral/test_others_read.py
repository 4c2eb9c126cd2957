"""Somebody else reads a family's mail or texts: what they find there opens nothing, and starts nothing again."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as system_settings
from django.test import Client

from messaging import actions as messaging
from messaging.inbound import Report, take_reply
from messaging.letter import Letter, choices_url
from messaging.models import Message, Suppression
from referral.actions.common import Actor
from referral.actions.contacts import change_contact, start_messages
from referral.actions.notices import NEWS, tell_family
from referral.models import Contact, Referral
from tests.referral.conftest import link_in
from tests.referral.test_reaching import reach as reach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
Post = Callable[..., list[Letter]]
MAIL = "rosa@example.org"


@pytest.fixture
def mailed(taken: Referral, post: Post, now: datetime) -> str:
    return link_in(post(now)[0])


@pytest.fixture
def family(mailed: str) -> Client:
    client = Client()
    client.get(mailed)
    return client


@pytest.fixture
def shut(family: Client) -> Client:
    """Their own browser, after they said that others read their mail."""
    family.post("/status/others-read/", {"channel": "email"})
    return family


def footer() -> Client:
    """Whoever opens "Change or stop these messages" in an old email."""
    client = Client()
    last = Message.objects.filter(channel="email", state="sent").latest("pk")
    client.get(choices_url(last).removeprefix(system_settings.BASE_URL), follow=True)
    return client


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def writes_there() -> bool:
    """Whether any contact allows mail, or anything could pass to that mailbox."""
    index = messaging.index_of("email", MAIL)
    held = Suppression.objects.filter(address_index=index, lifted_at=None, kind="others")
    return Contact.objects.filter(by_email=True).exists() or not held.exists()


def test_an_old_footer_cannot_start_messages_again(shut: Client) -> None:
    reader = footer()
    page = words(reader.get("/messages/"))
    assert "Messages are stopped." in page and "Start messages again" not in page
    reader.post("/messages/", {"choice": "resume"})
    assert not writes_there()


def test_an_old_footer_stops_nothing_else_of_theirs(shut: Client, taken: Referral) -> None:
    footer().post("/messages/", {"choice": "stop_all"})
    taken.contact.refresh_from_db()
    assert taken.contact.by_text


def test_start_from_a_phone_that_others_read_starts_nothing(family: Client, taken: Referral, now: datetime) -> None:
    family.post("/status/others-read/", {"channel": "sms"})
    report = Report("sms", "in-1", "reply", {})
    answer = take_reply(channel="sms", address="+16265550142", text="START", event=report, now=now)
    assert "you get no messages from us here" in answer
    taken.contact.refresh_from_db()
    assert not taken.contact.by_text and messaging.is_shut(address="+16265550142", channel="sms", now=now)


def test_a_new_request_sends_nothing_there(
    shut: Client, make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    another = make_referral(contact_name="Someone New", at=now, proved=True)
    assert [letter.row.address for letter in post(now + timedelta(minutes=1))] == []
    assert another.tasks.open().filter(kind="not_reached").exists()


def test_another_saved_number_brings_no_new_link_there(shut: Client, post: Post, now: datetime) -> None:
    footer().post("/messages/", {"choice": "resume"})
    form = {"phone": "(626) 555-0177", "email": MAIL, "by_text": "on", "zip_code": "91101", "language": "en"}
    shut.post("/status/reach/", form)
    assert MAIL not in [letter.row.address for letter in post(now + timedelta(days=1))]


def test_every_request_with_that_mailbox_is_shut(
    make_referral: Callable[..., Referral], family: Client, post: Post, now: datetime
) -> None:
    second = make_referral(contact_name="Rosa S.", phone="", at=now, proved=True)
    opens_second = link_in(post(now + timedelta(minutes=1))[0])
    family.post("/status/others-read/", {"channel": "email"})
    assert Client().get(opens_second).status_code == 410
    second.contact.refresh_from_db()
    assert not second.contact.by_email
    assert second.tasks.open().filter(kind="not_reached", urgent=True).exists()
    assert second.timeline.filter(kind="link_ended").exists()


def test_pages_open_in_their_own_browser_stay_open(
    make_referral: Callable[..., Referral], family: Client, post: Post, now: datetime
) -> None:
    second = make_referral(contact_name="Rosa S.", phone="", at=now, proved=True)
    family.get(link_in(post(now + timedelta(minutes=1))[0]))
    family.post("/status/others-read/", {"channel": "email", "which": str(second.pk)})
    for referral in Referral.objects.all():
        assert referral.public_code in words(family.get(f"/status/?which={referral.pk}"))


def test_their_own_page_starts_it_again(shut: Client, taken: Referral, now: datetime) -> None:
    form = {"phone": "(626) 555-0142", "email": MAIL, "by_email": "on", "zip_code": "91101", "language": "en"}
    assert shut.post("/status/reach/", form).status_code == 302
    taken.contact.refresh_from_db()
    assert taken.contact.by_email and not messaging.is_shut(address=MAIL, channel="email", now=now)


def test_the_page_of_another_request_does_not_start_it(
    make_referral: Callable[..., Referral], family: Client, post: Post, now: datetime
) -> None:
    second = make_referral(contact_name="Rosa S.", phone="", at=now, proved=True)
    other = Client()
    other.get(link_in(post(now + timedelta(minutes=1))[0]))
    family.get("/status/")
    family.post("/status/others-read/", {"channel": "email"})
    form = {"email": MAIL, "by_email": "on", "zip_code": "91101", "language": "en", "which": str(second.pk)}
    other.post("/status/reach/", form)
    assert not writes_there()


def test_staff_start_it_again(shut: Client, taken: Referral, nora: Actor, now: datetime) -> None:
    start_messages(taken.pk, "email", words="She called. It is safe now.", actor=nora, now=now)
    assert not messaging.is_shut(address=MAIL, channel="email", now=now)
    taken.contact.refresh_from_db()
    assert taken.contact.channels()[0] == "email"


def test_an_address_that_was_theirs_speaks_for_them_no_more(
    taken: Referral, mailed: str, reach: Any, nora: Actor, now: datetime
) -> None:
    reader = footer()
    change_contact(taken.pk, replace(reach, email="safe@example.org"), actor=nora, now=now)
    reader.post("/messages/", {"choice": "stop"})
    taken.contact.refresh_from_db()
    assert taken.contact.by_email
    change_contact(
        taken.pk, replace(reach, email="safe@example.org", by_email=False), actor=nora, now=now + timedelta(hours=1)
    )
    reader.post("/messages/", {"choice": "resume"})
    taken.contact.refresh_from_db()
    assert not taken.contact.by_email


def test_news_planned_before_does_not_go_there(shut: Client, taken: Referral, post: Post, now: datetime) -> None:
    tell_family(taken, NEWS, now=now)
    assert MAIL not in [letter.row.address for letter in post(now + timedelta(minutes=2))]


def test_all_that_others_read_or_hear_is_shut_at_once_and_a_safe_way_asked_for(family: Client, taken: Referral) -> None:
    page = family.get("/status/others-read/").content.decode()
    assert 'href="tel:911"' in page and 'href="tel:+18007997233"' in page
    family.post("/status/others-read/", {"channel": ["email", "sms", "calls"]})
    taken.contact.refresh_from_db()
    assert (taken.contact.channels(), taken.contact.by_phone) == ([], False)
    page = family.get("/status/").content.decode()
    assert '<a href="#reach">' in page and '<details class="more" id="reach" open>' in page
    form = page[page.index('action="/status/reach/"') :]
    assert "rosa@example.org" not in form and "555-0142" not in form.split("</form>")[0]
