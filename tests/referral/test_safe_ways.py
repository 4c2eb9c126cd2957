"""After others read an address: a new one is used at one press, a stop stays with its address, who may say "safe"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from messaging import actions as messaging
from messaging.inbound import Report, take_reply
from messaging.letter import Letter
from messaging.models import Message, Suppression
from messaging.wishes import paused_until
from referral.actions.common import FAMILY
from referral.actions.leaving import end_links
from referral.actions.notices import NEWS, tell_family
from referral.actions.stops import given_up
from referral.models import Contact, FamilyLink, Referral
from tests.referral.conftest import link_in
from tests.referral.test_others_read import MAIL, PHONE, words
from tests.referral.test_own_page import come

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
SAFE = {"email": "safe@example.org", "zip_code": "91101", "language": "en"}


@pytest.fixture
def mail_only(make_referral: Callable[..., Referral], now: datetime) -> Referral:
    return make_referral(phone="", ways=("email",))


@pytest.fixture
def family(mail_only: Referral, post: Post, now: datetime) -> Client:
    """Who came by the link in an email and said that others read there."""
    client = Client()
    client.get(link_in(post(now)[0]))
    client.post("/status/others-read/", {"channel": "email"})
    return client


def by_link_to(referral: Referral, channel: str, address: str, now: datetime) -> Client:
    there = messaging.index_of(channel, address)
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=referral, sent_to=there)
    client = Client()
    client.get(f"/r/{token}/")
    return client


def mark(referral: Referral, channel: str, now: datetime, *, proved: bool) -> None:
    """Say that others read there; `proved` by a link that went there."""
    there = messaging.index_of(channel, referral.contact.email if channel == "email" else referral.contact.phone)
    sent = {"sent_to": there} if proved else {}
    link, _token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=referral, **sent)
    end_links(referral.pk, channel, actor=FAMILY, now=now, link=link)


def text_in(what: str, now: datetime) -> str:
    report = Report("sms", f"in-{what}-{now.timestamp()}", "reply", {})
    return take_reply(channel="sms", address=PHONE, text=what, event=report, now=now)


def test_one_save_turns_a_new_safe_email_on(family: Client, post: Post, now: datetime) -> None:
    said = words(family.post("/status/reach/", {**SAFE, "by_email": "on"}, follow=True))
    assert "Saved. From now on we reach you by email." in said
    assert "You stopped our emails" not in said and "May we use this again?" not in said
    assert [letter.row.address for letter in post(now)] == ["safe@example.org"]


def test_a_new_phone_without_its_box_is_asked_about(family: Client) -> None:
    answer = family.post("/status/reach/", {**SAFE, "email": "", "phone": "6265550177"})
    assert answer.status_code == 422 and "Check if we may text or call you there." in words(answer)
    assert Contact.objects.get().email == MAIL


def test_a_new_email_needs_its_box_while_another_way_is_open(family: Client) -> None:
    contact = Contact.objects.get()
    contact.phone, contact.by_phone = "+16265550177", True
    contact.save()
    answer = family.post("/status/reach/", SAFE)
    assert answer.status_code == 422 and "Check this if we may email you there." in words(answer)
    assert Contact.objects.get().email == MAIL


def test_the_box_stands_beside_its_field(family: Client) -> None:
    page = family.get("/status/").content.decode()
    form = page[page.index('action="/status/reach/"') :]
    assert form.index("id_email") < form.index("id_by_email") < form.index("<button")


def test_a_stop_does_not_go_along_to_another_address(family: Client, mail_only: Referral, now: datetime) -> None:
    family.post("/status/reach/", {**SAFE, "phone": "6265550177", "by_text": "on"})
    mail_only = Referral.objects.get()
    assert mail_only.contact.email == "safe@example.org" and given_up(mail_only, now) == {}
    both = {**SAFE, "phone": "6265550177", "by_text": "on", "by_email": "on"}
    assert family.post("/status/reach/", both).status_code == 302
    assert Contact.objects.get().by_email


def test_a_stop_waits_at_the_address_where_it_was_said(
    make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    referral = make_referral(email="", ways=("text",))
    client = come(referral, now)
    post(now)
    text_in("STOP", now)
    other = {"phone": "6265550177", "by_text": "on", "zip_code": "91101", "language": "en"}
    assert client.post("/status/reach/", other).status_code == 302
    assert client.post("/status/reach/", {**other, "by_text": "", "by_phone": "on"}).status_code == 302
    answer = client.post("/status/reach/", {**other, "phone": "6265550142"})
    assert answer.status_code == 422 and "reply START" in words(answer)


def test_what_is_marked_stays_where_its_field_is_left_empty(family: Client) -> None:
    typed = {"email": "", "phone": "6265550177", "by_text": "on", "zip_code": "91101", "language": "en"}
    page = words(family.post("/status/reach/", typed, follow=True))
    assert Contact.objects.get().email == MAIL and "Use one of these again" in page
    assert "From now on we reach you by text." in page
    assert "We do not use your email, as you asked." in page


def test_what_is_not_checked_is_not_said_to_be_used(mail_only: Referral, now: datetime) -> None:
    typed = {"email": MAIL, "by_email": "on", "phone": "6265550177", "zip_code": "91101", "language": "en"}
    page = words(come(mail_only, now).post("/status/reach/", typed, follow=True))
    assert "we reach you by email." in page
    assert "We do not use your phone: you have not checked that we may." in page


MARKED = ["email", "sms", "calls"]


@pytest.mark.parametrize("way", ["email", "calls"])
def test_a_link_to_one_way_calls_no_other_way_safe(
    make_referral: Callable[..., Referral], now: datetime, way: str
) -> None:
    referral = make_referral()
    come(referral, now).post("/status/others-read/", {"channel": [way]})
    thief = by_link_to(referral, "sms" if way == "email" else "email", PHONE if way == "email" else MAIL, now)
    page = words(thief.get("/status/"))
    assert "To use one of these again, call us." in page and "/status/safe-again/" not in page
    form = {"email": MAIL, "phone": "6265550142", "by_text": "on", "zip_code": "91101", "language": "en"}
    box = {"email": "by_email", "calls": "by_phone"}[way]
    for path, typed in (
        ("/status/safe-again/", {"way": MARKED, "safe": "on"}),
        ("/status/start/", {box: "on", "safe": "on", "calls": "on" if way == "calls" else ""}),
        ("/status/reach/", {**form, box: "on", "safe": "on"}),
        ("/status/others-read/", {"channel": way}),
        ("/status/safe-again/", {"way": MARKED, "safe": "on"}),
    ):
        thief.post(path, typed)
        contact = Contact.objects.get()
        assert not getattr(contact, box) and contact.marked_ways(now) == [way]


def test_a_link_to_the_very_phone_calls_its_calls_safe(make_referral: Callable[..., Referral], now: datetime) -> None:
    referral = make_referral()
    come(referral, now).post("/status/others-read/", {"channel": "calls"})
    by_link_to(referral, "sms", PHONE, now).post("/status/safe-again/", {"way": "calls", "safe": "on"})
    assert Contact.objects.get().by_phone


def test_of_two_marks_a_browser_lifts_its_own(make_referral: Callable[..., Referral], now: datetime) -> None:
    referral = make_referral()
    come(referral, now).post("/status/others-read/", {"channel": "email"})
    second = come(referral, now)
    second.post("/status/others-read/", {"channel": "sms"})
    page = words(second.get("/status/safe-again/"))
    assert "My text messages" in page and "My email" not in page and "turned off in another browser" in page
    second.post("/status/safe-again/", {"way": ["email", "sms"], "safe": "on"})
    assert Contact.objects.get().marked_ways(now) == ["email"]


@pytest.mark.parametrize("other", ["cleo.g+a@example.org", "Ｃｌｅｏ.g@example.org", "CLEO.G+b+c@example.org"])
@pytest.mark.parametrize("proved", [True, False])
def test_another_spelling_of_a_mailbox_is_marked_with_it(
    make_referral: Callable[..., Referral], now: datetime, other: str, proved: bool
) -> None:
    referral = make_referral(email="cleo.g@example.org")
    mark(referral, "email", now, proved=proved)
    by = referral.contact.key
    assert messaging.is_shut(address=other, channel="email", now=now, by=by)
    assert messaging.is_shut(address=other, channel="email", now=now) is proved
    assert not messaging.is_shut(address="cleo@example.org", channel="email", now=now, by=by)
    page = come(referral, now).post("/status/reach/", {**SAFE, "email": other, "by_email": "on"})
    assert page.status_code == 422 and "To use it again, call us." in words(page)


@pytest.mark.parametrize(("first", "then"), [("c.g@example.org", "c.g+a@example.org"), ("c+a@x.org", "c+b@x.org")])
def test_nothing_passes_to_another_spelling(
    make_referral: Callable[..., Referral], post: Post, now: datetime, first: str, then: str
) -> None:
    mark(make_referral(email=first), "email", now, proved=True)
    make_referral(contact_name="Someone New", email=then, phone="", at=now)
    assert [letter.row.address for letter in post(now) if letter.row.channel == "email"] == []
    assert Message.objects.filter(state="suppressed", reason="others").exists()


def test_staff_lift_a_mark_in_every_spelling(now: datetime) -> None:
    messaging.shut(address="c+a@example.org", channel="email", source="own page", now=now, by="contact:1")
    messaging.resume(address="c@example.org", channel="email", wording="Yes.", source="staff", now=now, shut_too=True)
    assert not messaging.is_shut(address="c+b@example.org", channel="email", now=now)


def test_the_answer_to_start_is_true_where_a_mark_holds(
    make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    marked = make_referral(email="")
    post(now)
    other = make_referral(email="", contact_name="Someone Else", at=now + timedelta(minutes=1), proved=True)
    post(now + timedelta(minutes=2))
    mark(marked, "sms", now, proved=False)
    assert text_in("START", now) == "Waymark: messages from us may come here again. Reply STOP to stop."
    assert other.contact.marked_ways(now) == []
    marked.contact.refresh_from_db()
    assert not marked.contact.by_text


def test_a_mark_without_proof_keeps_the_own_requests_messages(
    make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    """Whoever only typed the address shuts it for their own request all the same: nothing that is planned goes."""
    referral = make_referral(phone="")
    assert Message.objects.filter(state="scheduled", channel="email").exists()
    mark(referral, "email", now, proved=False)
    tell_family(Referral.objects.get(), NEWS, now=now)
    assert post(now + timedelta(days=1)) == []
    assert not Suppression.objects.filter(address_index=messaging.index_of("email", MAIL)).exists()


def test_a_pause_and_hours_go_along_to_a_new_address(
    make_referral: Callable[..., Referral], post: Post, now: datetime
) -> None:
    referral = make_referral(phone="", ways=("email",))
    post(now)
    client = come(referral, now)
    client.post("/status/hours/", {"pause": "1", "until": "2026-03-20"})
    client.post("/status/hours/", {"hours": "1", "days": ["0", "1"], "start": "10", "until": "12"})
    page = words(client.post("/status/reach/", {**SAFE, "by_email": "on"}, follow=True))
    assert "Messages are paused until Mar 20, 2026." in page and "Messages come from 10:00 a.m." in page
    assert "when the pause of your messages is over" in page
    assert post(now + timedelta(days=1)) == []
    by = referral.contact.key
    ends = paused_until(address="safe@example.org", channel="email", now=now, by=by)
    assert ends is not None and len(post(ends + timedelta(hours=30))) == 1


def test_a_pause_by_who_reads_along_does_not_go_along(family: Client, now: datetime) -> None:
    until = now + timedelta(days=3)
    messaging.stop(address=MAIL, channel="email", until=until, source="page", now=now)
    family.post("/status/reach/", {**SAFE, "by_email": "on"})
    assert paused_until(address="safe@example.org", channel="email", now=now) is None
