"""What a page says of an address counts for its own request, unless its browser came by a link that went there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from directory.models import Program
from messaging import actions as messaging
from messaging.inbound import Report, take_reply
from messaging.letter import Letter
from messaging.models import Message, Suppression
from messaging.wishes import paused_until
from referral.actions import mailboxes
from referral.actions.common import Actor
from referral.actions.followups import check_in_now
from referral.actions.notices import NEWS, tell_family, writes_to
from referral.actions.referrals import take
from referral.actions.stops import start_messages, stop_messages
from referral.models import FamilyLink, Referral, Task
from referral.reasons import OTHERS_SAID, coded
from tests.referral.conftest import link_in
from tests.referral.test_own_page import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
MAIL, PHONE = "quiet@example.org", "(626) 555-0199"
ASK = {
    "relation": "self", "concern": "not_sure", "contact_name": "Rosa", "zip_code": "91101", "language": "en",
    "voicemail": "no", "email": MAIL, "by_email": "on", "phone": PHONE, "by_text": "on",
}  # fmt: skip


def asks(**typed: Any) -> tuple[Client, Referral]:
    client = Client()
    assert client.post("/referral/", {**ASK, **typed}).status_code == 302
    return client, Referral.objects.latest("pk")


def by_link_to(referral: Referral, channel: str, address: str, now: datetime) -> Client:
    there = messaging.index_of(channel, address)
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=referral, sent_to=there)
    client = Client()
    client.get(f"/r/{token}/")
    return client


@pytest.fixture
def victim() -> tuple[Client, Referral]:
    return asks()


@pytest.fixture
def stranger(victim: tuple[Client, Referral]) -> tuple[Client, Referral]:
    return asks(contact_name="Stranger", by_phone="on")  # a link alone never closes the last way


def hears(referral: Referral, post: Post, now: datetime) -> list[str]:
    """Where news for this family go that are planned now."""
    referral.refresh_from_db()
    tell_family(referral, NEWS, now=now, occasion=f"{now}")
    for minutes in (30, 31):  # a text at a time
        post(now + timedelta(minutes=minutes))
    mine = Message.objects.filter(reference=f"{NEWS}:{referral.pk}", state="sent")
    return list(mine.values_list("channel", flat=True))


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("stop", {}),
        ("reach", {"zip_code": "91101", "language": "en", "email": MAIL, "phone": PHONE}),
        ("hours", {"pause": "1", "until": "2026-05-01"}),
        ("others-read", {"channel": ["email", "sms", "calls"]}),
    ],
)
def test_a_stranger_silences_nobody_but_itself(
    path: str, typed: dict[str, Any], victim: Any, stranger: Any, post: Post, now: datetime
) -> None:
    stranger[0].post(f"/status/{path}/", typed)
    referral = victim[1]
    referral.refresh_from_db()
    assert referral.contact.by_email and referral.contact.by_text
    assert hears(referral, post, now) == ["email"]
    assert hears(stranger[1], post, now) == []
    page = words(victim[0].get("/status/"))
    assert "You asked us to stop" not in page and "paused" not in page
    assert "paused" not in words(victim[0].get("/status/hours/"))


def test_hours_of_one_request_are_not_those_of_another(victim: Any, stranger: Any, now: datetime) -> None:
    stranger[0].post("/status/hours/", {"hours": "1", "days": ["5"], "start": "9", "until": "17"})
    assert "Saturday" in words(stranger[0].get("/status/"))
    assert "Saturday" not in words(victim[0].get("/status/"))
    tell_family(victim[1], NEWS, now=now, occasion="a")
    tell_family(stranger[1], NEWS, now=now, occasion="a")
    theirs, strangers = (Message.objects.get(reference=f"{NEWS}:{each.pk}") for each in (victim[1], stranger[1]))
    assert theirs.due_at < now + timedelta(hours=1) < strangers.due_at


def test_who_came_by_its_link_stops_the_address(victim: Any, stranger: Any, post: Post, now: datetime) -> None:
    by_link_to(stranger[1], "email", MAIL, now).post("/status/stop/")
    victim[1].refresh_from_db()
    assert not victim[1].contact.by_email and victim[1].contact.by_text
    assert hears(victim[1], post, now) == ["sms"]
    page = words(victim[0].get("/status/"))
    assert "You asked us to stop" not in page and "Someone who reads what we send to the same address" in page


def test_a_stop_said_at_the_address_is_not_overrun(victim: Any, stranger: Any, post: Post, now: datetime) -> None:
    tell_family(victim[1], NEWS, now=now, occasion="first")
    post(now)
    take_reply(channel="sms", address=PHONE, text="STOP", event=Report("sms", "in-1", "reply", {}), now=now)
    box = {"zip_code": "91101", "language": "en", "phone": PHONE, "by_text": "on"}
    stranger[0].post("/status/stop/")
    stranger[0].post("/status/reach/", box)
    assert Suppression.objects.holding(messaging.index_of("sms", PHONE), "sms", now).exists()


def test_the_own_browser_takes_its_stop_back(victim: Any, post: Post, now: datetime) -> None:
    family, referral = victim
    family.post("/status/stop/")
    assert hears(referral, post, now) == []
    assert "We will write to you again" in words(family.post("/status/start/", {"by_email": "on"}, follow=True))
    assert hears(referral, post, now) == ["email"]


def test_staff_lift_what_a_page_said(victim: Any, post: Post, nora: Actor, now: datetime) -> None:
    family, referral = victim
    family.post("/status/stop/")
    start_messages(referral.pk, "email", words="They want messages again", actor=nora, now=now)
    assert hears(referral, post, now) == ["email"]


def test_a_pause_of_one_page_ends_on_that_page(victim: Any, now: datetime) -> None:
    family, referral = victim
    family.post("/status/hours/", {"pause": "1", "until": "2026-03-20"})
    by = referral.contact.key
    assert paused_until(address=MAIL, channel="email", now=now, by=by)
    assert paused_until(address=MAIL, channel="email", now=now) is None
    family.post("/status/hours/", {"end": "1"})
    assert paused_until(address=MAIL, channel="email", now=now, by=by) is None


def test_others_read_without_proof_makes_staff_ask(victim: Any, stranger: Any, post: Post, now: datetime) -> None:
    for _press in range(2):
        stranger[0].post("/status/others-read/", {"channel": "email"})
    (task,) = [each for each in victim[1].tasks.open() if coded(OTHERS_SAID) in each.text]
    # Whoever knows an address can say so: nobody calls in a hurry.
    assert not task.urgent and task.due_at > now
    assert task.text.count(coded(OTHERS_SAID)) == 1 and task.kind != Task.Kind.NOT_REACHED
    assert hears(victim[1], post, now) == ["email"]


@pytest.mark.parametrize("proof", [False, True])
def test_no_press_touches_an_address_of_our_team(
    proof: bool, nora: Actor, make_referral: Callable[..., Referral], now: datetime
) -> None:
    assert nora.user
    mailbox = nora.user.email
    client, referral = asks(email=mailbox.upper())
    client = by_link_to(referral, "email", mailbox, now) if proof else client
    for path, typed in (
        ("hours", {"pause": "1", "until": "2026-05-01"}),
        ("stop", {}),
        ("others-read", {"channel": "email"}),
    ):
        client.post(f"/status/{path}/", typed)
        held = Suppression.objects.holding(messaging.index_of("email", mailbox), "email", now)
        assert not held.exists() and not messaging.is_shut(address=mailbox, channel="email", now=now)
    stop_messages(make_referral(email=mailbox, ways=("email",)).pk, actor=nora, now=now)
    assert not Suppression.objects.holding(messaging.index_of("email", mailbox), "email", now).exists()


def test_stop_in_a_check_in_counts_where_its_link_went(
    victim: Any, stranger: Any, nora: Actor, post: Post, now: datetime
) -> None:
    take(stranger[1].pk, actor=nora, now=now)
    check_in_now(stranger[1].pk, actor=nora, now=now)
    client, letters = Client(), post(now + timedelta(minutes=5), "email")
    client.get(link_in(letters[-1]))
    client.post("/c/", {"answer": "stop"})
    victim[1].refresh_from_db()
    assert not victim[1].contact.by_email and victim[1].contact.by_text


def test_no_press_closes_the_desk_of_a_program(program: Program, now: datetime) -> None:
    client, referral = asks(email=program.referral_email)
    by_link_to(referral, "email", program.referral_email, now).post("/status/stop/")
    client.post("/status/stop/")
    client.post("/status/others-read/", {"channel": "email"})
    assert writes_to(program, now) and not messaging.is_shut(address=program.referral_email, channel="email", now=now)


def test_a_program_that_stopped_is_told_and_lifted_in_the_admin(
    program: Program, supervisor: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    assert not mailboxes.alerts()
    messaging.stop(address=program.referral_email, channel="email", until=None, source="page", now=now)
    assert [each.key for each in mailboxes.alerts()] == ["mailbox_stopped"]
    staff, row = sign_in(supervisor), Suppression.objects.get()
    page = f"/admin/messaging/suppression/{row.pk}"
    assert f"{page}/change/" in staff.get(f"/admin/directory/program/{program.pk}/change/").content.decode()
    assert f"{page}/lift/" in staff.get(f"{page}/change/").content.decode()
    found = staff.get(f"/admin/messaging/suppression/?q={program.referral_email}")
    assert f"{page}/change/" in found.content.decode()
    staff.get(f"{page}/lift/")
    assert not writes_to(program, now)
    staff.post(f"{page}/lift/")
    assert writes_to(program, now) and not mailboxes.alerts()


def test_the_admin_names_the_request_that_said_it(
    stranger: Any, supervisor: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    stranger[0].post("/status/stop/")
    row, staff = Suppression.objects.earliest("pk"), sign_in(supervisor)
    page = staff.get(f"/admin/messaging/suppression/{row.pk}/change/").content.decode()
    assert f"#{stranger[1].public_code}" in page and MAIL not in page
