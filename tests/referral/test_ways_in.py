"""Every button of a family's page works however the page was opened, also after its phone was changed on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from messaging import actions as messaging
from messaging import clock
from messaging.inbound import Report, take_reply
from messaging.letter import Letter
from messaging.models import Message
from messaging.wishes import paused_until
from referral.actions.common import Actor
from referral.actions.followups import check_in_now
from referral.actions.notices import NEWS, tell_family
from referral.actions.referrals import take
from referral.models import FamilyLink, Referral
from tests.referral.conftest import link_in
from tests.referral.test_own_page import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rows", "at_now"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
REACH = {"phone": "(626) 555-0142", "by_text": "on", "zip_code": "91101", "language": "en"}
ASKED = {**REACH, "relation": "self", "concern": "not_sure", "contact_name": "Rosa"}
PHONE = "+16265550142"
WAYS_IN = ("thanks", "link", "check-in", "new phone after thanks", "new phone after link")


@pytest.fixture(params=WAYS_IN)
def family(request: Any, post: Post, nora: Actor, now: datetime) -> Client:
    asking, family = Client(), Client()
    asking.post("/referral/", ASKED)
    way, referral = request.param, Referral.objects.get()
    if "thanks" not in way:  # beside the browser that asked, some of it waits: tests/referral/test_reader_first.py
        FamilyLink.objects.filter(asked=True).update(expires_at=now - timedelta(days=15))
    if "thanks" in way:
        family = asking
        family.get("/referral/thanks/")
    else:
        family.get(link_in(post(now)[0]))
    if way == "check-in":
        take(referral.pk, actor=nora, now=now)
        check_in_now(referral.pk, actor=nora, now=now)
        family = Client()
        family.get(link_in(post(now + timedelta(minutes=5))[-1]))
        family.post("/c/", {"answer": "waiting"})
    if "new phone" in way:
        family.post("/status/reach/", {**REACH, "phone": "(626) 555-0177"})
        assert Referral.objects.get().contact.phone == "+16265550177"
    return family


BUTTONS: dict[str, tuple[str, dict[str, Any], str]] = {
    "pause": ("hours", {"pause": "1", "until": "2026-03-20"}, "Messages are paused until Mar 20, 2026."),
    "hours": ("hours", {"hours": "1", "days": ["5"], "start": "9", "until": "17"}, "to 5:00 p.m., Saturday"),
    "reach": ("reach", {**REACH, "email": "new@example.org"}, "Saved."),
    "stop": ("stop", {}, "We will send you no more messages."),
    "word": ("word", {"word": "Hello"}, "A navigator will read it"),
    "sign": (
        "consent",
        {"consent-agree": "on", "consent-signed_name": "Rosa", "consent-age": "adult"},
        "Your consent is saved.",
    ),
    "others": ("others-read", {"channel": "sms"}, "we send nothing there"),
    "delete": ("delete", {}, "asked us to delete"),
    "end": ("end", {}, "Ask for help again"),
}


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_works_wherever_the_page_is_open(family: Client, button: str) -> None:
    path, typed, said = BUTTONS[button]
    answer = family.post(f"/status/{path}/", typed, follow=True)
    assert answer.status_code == 200 and said in words(answer), words(answer)[-3000:]
    assert "newest link" not in words(answer)


def test_what_was_paused_or_stopped_there_goes_on_there(family: Client, now: datetime) -> None:
    contact = Referral.objects.get().contact
    phone, by = contact.phone, contact.key
    family.post("/status/hours/", {"pause": "1", "until": "2026-03-20"})
    assert paused_until(address=phone, channel="sms", now=now, by=by)
    family.post("/status/hours/", {"pause": "1", "until": "2026-03-10"})
    assert "Messages are paused until Mar 10, 2026." in words(family.get("/status/hours/"))
    assert "The pause is over." in words(family.post("/status/hours/", {"end": "1"}, follow=True))
    assert paused_until(address=phone, channel="sms", now=now, by=by) is None
    family.post("/status/stop/")
    assert "We will write to you again" in words(family.post("/status/start/", {"by_text": "on"}, follow=True))


def test_nothing_goes_while_they_pause_and_it_goes_after(post: Post, now: datetime) -> None:
    family = Client()
    family.post("/referral/", ASKED)
    assert len(post(now)) == 1
    family.post("/status/hours/", {"pause": "1", "until": "2026-03-06"})
    with clock.set_to(now):
        tell_family(Referral.objects.get(), NEWS, now=now)
    assert post(now + timedelta(minutes=1)) == []
    later = Message.objects.filter(state="scheduled").earliest("due_at").due_at
    assert later >= datetime.fromisoformat("2026-03-06T00:00:00-08:00") and len(post(later)) == 1


def test_where_only_a_message_can_start_it_that_is_said_first(post: Post, now: datetime) -> None:
    family = Client()
    family.post("/referral/", {**ASKED, "email": "rosa@example.org", "by_email": "on"})
    tell_family(Referral.objects.get(), NEWS, now=now)
    report = Report("sms", "in-1", "reply", {})
    take_reply(channel="sms", address=PHONE, text="STOP", event=report, now=now)
    page = words(family.get("/status/"))
    assert "You stopped our text" in page[page.index("How we reach you") :]


def test_a_pause_said_in_a_message_is_not_ended_by_a_stranger(post: Post, now: datetime) -> None:
    """Whoever only typed the number cannot end what its owner said, and learns nothing of it before they came by a
    link that went there."""
    family = Client()
    family.post("/referral/", ASKED)
    messaging.stop(address=PHONE, channel="sms", until=now + timedelta(days=3), source="page", now=now)
    page = words(family.get("/status/hours/"))
    assert "Messages are paused" not in page and "End the pause now" not in page
    family.post("/status/hours/", {"end": "1"})
    assert paused_until(address=PHONE, channel="sms", now=now)
