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
from time_machine import travel

from assessments.demo import load
from assessments.keeping import share_result
from assessments.models import Response, SharedResult
from messaging import actions as messaging
from messaging import clock
from messaging.inbound import Report, take_reply
from messaging.letter import Letter, choices_url
from messaging.models import Message, Suppression
from portal.views.own import knows_wishes, wishes_told
from referral.actions.common import FAMILY, Actor, Unsafe
from referral.actions.contacts import change_contact
from referral.actions.leaving import end_links
from referral.actions.notices import NEWS, tell_family
from referral.actions.stops import start_messages
from referral.models import Contact, FamilyLink, Referral
from tests.referral.conftest import hidden, link_in
from tests.referral.test_own_page import come
from tests.referral.test_reaching import reach as reach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
MAIL, PHONE = "rosa@example.org", "+16265550142"


@pytest.fixture
def mailed(taken: Referral, post: Post, now: datetime) -> str:
    return link_in(post(now)[0])


@pytest.fixture
def family(mailed: str) -> Client:
    client = Client()
    client.get(mailed)
    return client


@pytest.fixture
def texted(taken: Referral, now: datetime) -> Client:
    """Their own browser, come by the link in a text."""
    there = messaging.index_of("sms", PHONE)
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=taken, sent_to=there)
    client = Client()
    client.get(f"/r/{token}/")
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
    assert "This link has ended" in page
    assert not [each for each in ("stopped", "Start messages again", "r…@", "Pause") if each in page]
    reader.post("/messages/", {"choice": "resume"})
    assert not writes_there()


def test_an_old_footer_stops_nothing_else_of_theirs(shut: Client, taken: Referral) -> None:
    footer().post("/messages/", {"choice": "stop_all"})
    taken.contact.refresh_from_db()
    assert taken.contact.by_text


@pytest.mark.parametrize("came_by", ["family", "texted"])
def test_start_from_a_phone_that_others_read_starts_nothing(
    request: pytest.FixtureRequest, taken: Referral, now: datetime, came_by: str
) -> None:
    request.getfixturevalue(came_by).post("/status/others-read/", {"channel": "sms"})
    report = Report("sms", "in-1", "reply", {})
    answer = take_reply(channel="sms", address=PHONE, text="START", event=report, now=now)
    assert came_by == "family" or "you get no messages from us here" in answer
    taken.contact.refresh_from_db()
    assert not taken.contact.by_text and is_shut("sms", now)


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


@pytest.fixture
def answers(family: Client, now: datetime) -> Client:
    """A family that sees its page has answered one question in the same browser, too."""
    load(now)
    family.post("/assessment/", {"voice": "me"})
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    return family


def test_links_to_answers_that_went_there_end_and_what_they_could_share(
    answers: Client, post: Post, now: datetime
) -> None:
    answers.post("/assessment/keep/", {"do": "email", "email": "Rosa@Example.org"})
    emailed = link_in(post(now)[-1])
    _shared, token = share_result(Response.objects.get(), with_answers=True, now=now)
    assert Client().get(emailed).status_code == 302
    assert "ends, too: links that went there, their six words," in words(answers.get("/status/others-read/"))
    answers.post("/status/others-read/", {"channel": "email"})
    assert Client().get(emailed).status_code == 410
    assert Client().get(f"/s/{token}/").status_code == 410 and not SharedResult.objects.live(now).exists()
    assert answers.get("/assessment/2/").status_code == 200  # their own browser goes on


def test_links_to_answers_that_went_elsewhere_stay(answers: Client, post: Post, now: datetime) -> None:
    answers.post("/assessment/keep/", {"do": "email", "email": "safe@example.org"})
    emailed = link_in(post(now)[-1])
    answers.post("/status/others-read/", {"channel": ["email", "sms", "calls"]})
    assert Client().get(emailed).status_code == 302


def test_answers_that_are_open_elsewhere_go_in_the_same_press(answers: Client, post: Post, now: datetime) -> None:
    answers.post("/assessment/keep/", {"do": "email", "email": MAIL})
    reader = Client()
    reader.get(link_in(post(now)[-1]))
    assert reader.get("/assessment/2/").status_code == 200
    assert "stay open where someone has opened them" in words(answers.get("/status/others-read/"))
    answers.post("/status/others-read/", {"channel": ["email", "sms"], "answers": "on"})
    assert not Response.objects.exists() and reader.get("/assessment/2/").status_code != 200
    assert words(answers.get("/status/")).count("Your answers to the questions about care are deleted.") == 1
    assert "others_answers" not in words(answers.get("/status/others-read/"))


def test_a_link_that_may_not_come_is_promised_to_no_one(answers: Client, post: Post, now: datetime) -> None:
    """Whoever asks, and for whatever address, is told the same, and it is true."""
    answers.post("/status/others-read/", {"channel": ["email", "sms"]})
    post(now)
    said = [
        words(Client().post("/status/new-link/", {"address": address}, follow=True))
        for address in (MAIL, "nobody@example.org")
    ]
    assert all("and may write to you now, a link comes within minutes" in page for page in said)
    kept = []
    for minutes, address in ((1, MAIL), (2, "new@example.org")):
        with travel(now + timedelta(minutes=minutes), tick=False):
            kept.append(words(answers.post("/assessment/keep/", {"do": "email", "email": address}, follow=True)))
    assert all("If we may write to that address, the email comes within minutes." in page for page in kept)
    assert [letter.row.address for letter in post(now + timedelta(minutes=5))] == ["new@example.org"]


FORM = {"phone": "(626) 555-0142", "email": MAIL, "by_email": "on", "zip_code": "91101", "language": "en"}


def is_shut(way: str, now: datetime) -> bool:
    """For the family that said so; for everybody where it came by a link that went there."""
    by = Contact.objects.earliest("pk").key
    return messaging.is_shut(address=MAIL if way == "email" else PHONE, channel=way, now=now, by=by)


def test_their_own_page_starts_it_again_once_they_say_it_is_safe(shut: Client, taken: Referral, now: datetime) -> None:
    asked = shut.post("/status/reach/", FORM)
    assert (asked.status_code, "May we use this again?" in words(asked), writes_there()) == (200, True, False)
    typed = hidden(asked.content.decode())
    assert {name: value[0] for name, value in typed.items() if name != "which"} == FORM
    assert shut.post("/status/reach/", {**typed, "safe": "on"}).status_code == 302
    taken.contact.refresh_from_db()
    assert taken.contact.by_email and not is_shut("email", now)


@pytest.mark.parametrize("marked", [["sms"], ["calls"], ["sms", "calls"], ["email", "sms", "calls"]])
def test_nothing_marked_is_offered_again_nor_used_by_one_press(
    family: Client, taken: Referral, post: Post, now: datetime, marked: list[str]
) -> None:
    Contact.objects.update(by_email=False)
    family.post("/status/others-read/", {"channel": marked})
    page = words(family.get("/status/"))
    assert "May we call you?" not in page and "You stopped our messages" not in page
    assert "As you asked, we do not use these now:" in page
    for path, typed in (
        ("/status/start/", {"by_text": "on"}),
        ("/status/start/", {"by_email": "on", "by_text": "on"}),
        ("/status/start/", {"by_phone": "on", "calls": "on"}),
        ("/status/reach/", {**FORM, "by_email": "", "by_text": "on", "by_phone": "on"}),
    ):
        family.post(path, typed)
    contact = Contact.objects.get()
    for way, allowed in (("sms", contact.by_text), ("calls", contact.by_phone)):
        assert (is_shut(way, now), allowed) == ((True, False) if way in marked else (False, allowed))
    Client().post("/status/new-link/", {"address": "6265550142"})
    assert "sms" not in marked or [letter for letter in post(now) if letter.row.channel == "sms"] == []


def test_safe_is_said_of_each_way_alone(family: Client, taken: Referral, post: Post, now: datetime) -> None:
    family.post("/status/others-read/", {"channel": ["sms", "calls"]})
    page = words(family.get("/status/safe-again/"))
    assert "My text messages" in page and "My calls or voicemail" in page and "checked" not in page
    assert "Check what only you" in words(family.post("/status/safe-again/", {"safe": "on"}))
    assert is_shut("sms", now) and is_shut("calls", now)
    family.post("/status/safe-again/", {"way": ["sms"], "safe": "on"})
    taken.contact.refresh_from_db()
    assert (taken.contact.by_text, taken.contact.by_phone) == (True, False)
    assert not is_shut("sms", now) and is_shut("calls", now)


def test_a_new_number_and_the_old_one_again_is_asked_about(family: Client, now: datetime) -> None:
    family.post("/status/others-read/", {"channel": "sms"})
    family.post("/status/reach/", {**FORM, "phone": "(626) 555-0177", "by_text": "on"})
    assert "May we use this again?" in words(family.post("/status/reach/", {**FORM, "by_text": "on"}))
    assert is_shut("sms", now) and Contact.objects.get().phone == "+16265550177"


def test_a_stop_is_not_taken_back_with_it_nor_it_with_a_stop(family: Client, taken: Referral, now: datetime) -> None:
    """Stopped first and marked then: to start messages again says nothing of who reads them."""
    family.post("/status/stop/")
    family.post("/status/others-read/", {"channel": "sms"})
    page = words(family.get("/status/"))
    assert 'name="by_email" id="again_email"' in page and 'id="again_text"' not in page
    family.post("/status/start/", {"by_email": "on"})
    taken.contact.refresh_from_db()
    assert (taken.contact.by_email, taken.contact.by_text, is_shut("sms", now)) == (True, False, True)


def test_calls_that_others_hear_end_for_every_request_with_that_phone(
    make_referral: Callable[..., Referral], texted: Client, staff: Client, now: datetime
) -> None:
    second = make_referral(contact_name="Rosa S.", email="", at=now)
    texted.post("/status/others-read/", {"channel": "calls"})
    second.contact.refresh_from_db()
    assert not second.contact.by_phone and second.contact.by_text
    third = make_referral(contact_name="Rosa T.", email="", at=now)
    assert "Do not call: someone else hears" in words(staff.get(f"/staff/referral/{third.pk}/"))
    assert "someone else" not in words(come(second, now).get("/status/"))


def test_who_asks_again_beside_their_page_is_told(family: Client, now: datetime) -> None:
    family.post("/status/others-read/", {"channel": "sms"})
    typed = {**FORM, "relation": "self", "concern": "not_sure", "contact_name": "Rosa"}
    asked = {**typed, "by_text": "on", "email": "new@example.org"}
    assert "you asked us not to use this. Uncheck it." in words(family.post("/referral/?another=1", asked))
    assert "someone else" not in words(Client().post("/referral/", asked, follow=True))


def test_staff_who_correct_a_contact_use_nothing_that_others_read(
    shut: Client, taken: Referral, reach: Any, nora: Actor, now: datetime
) -> None:
    with pytest.raises(Unsafe):
        change_contact(taken.pk, reach, actor=nora, now=now, source="staff", safe=["email"])
    change_contact(taken.pk, replace(reach, by_email=False), actor=nora, now=now, source="staff")
    assert not writes_there()


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
    with pytest.raises(Unsafe):
        start_messages(taken.pk, "email", words="She wants emails.", actor=nora, now=now)
    start_messages(taken.pk, "email", words="She called. It is safe now.", actor=nora, now=now, safe=True)
    assert not messaging.is_shut(address=MAIL, channel="email", now=now)
    taken.contact.refresh_from_db()
    assert taken.contact.channels()[0] == "email"


def test_staff_are_asked_whether_it_is_safe(family: Client, taken: Referral, staff: Client, now: datetime) -> None:
    family.post("/status/others-read/", {"channel": "calls"})
    taken.refresh_from_db()
    page = words(staff.get(f"/staff/referral/{taken.pk}/"))
    form = words(staff.get(f"/staff/referral/{taken.pk}/form/listen/"))
    assert "Only they read or hear it now" in form and "someone else hears calls to its phone" in page
    pressed = {"version": taken.version, "channel": "calls", "words": "Call me again."}
    assert "Ask whether it is safe now." in words(staff.post(f"/staff/referral/{taken.pk}/listen/", pressed))
    staff.post(f"/staff/referral/{taken.pk}/listen/", {**pressed, "safe": "on"})
    taken.contact.refresh_from_db()
    assert taken.contact.by_phone and not is_shut("calls", now)


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


def test_an_address_that_was_theirs_stops_itself_at_most(
    taken: Referral, mailed: str, reach: Any, nora: Actor, now: datetime
) -> None:
    reader = footer()
    assert "counts for all of yours" in words(reader.get("/messages/"))
    change_contact(taken.pk, replace(reach, email="safe@example.org"), actor=nora, now=now)
    page = words(reader.get("/messages/"))
    assert "What you choose here counts for this address only." in page and "stop_all" not in page
    reader.post("/messages/", {"choice": "stop_all"})
    taken.contact.refresh_from_db()
    assert (taken.contact.by_email, taken.contact.by_text) == (True, True)
    held = set(Suppression.objects.filter(lifted_at=None).values_list("address_index", flat=True))
    assert held == {messaging.index_of("email", MAIL)}


def test_links_of_before_a_mark_stay_dead_after_safe_again(shut: Client, taken: Referral, now: datetime) -> None:
    Message.objects.filter(state="sent").update(sending_at=now)  # the gate has a clock of its own
    with travel(now + timedelta(minutes=5), tick=False):
        shut.post("/status/safe-again/", {"way": ["email"], "safe": "on"})
        taken.contact.refresh_from_db()
        assert taken.contact.by_email
        reader = footer()
        assert "This link has ended" in words(reader.get("/messages/"))
        reader.post("/messages/", {"choice": "stop_all"})
        taken.contact.refresh_from_db()
        assert (taken.contact.by_email, taken.contact.by_text) == (True, True)


def test_an_address_that_was_marked_once_stops_itself_at_most(
    shut: Client, taken: Referral, post: Post, now: datetime
) -> None:
    later = now + timedelta(minutes=5)
    with travel(later, tick=False):
        shut.post("/status/safe-again/", {"way": ["email"], "safe": "on"})
        tell_family(taken, NEWS, now=later)
        post(later)
        footer().post("/messages/", {"choice": "stop_all"})
        taken.contact.refresh_from_db()
        assert (taken.contact.by_email, taken.contact.by_text) == (False, True)


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


def mark_a_typed_address(make_referral: Callable[..., Referral], way: str, now: datetime) -> Referral:
    """A stranger asks with the address of somebody else and marks it in the browser that asked, by no link."""
    typed = make_referral(contact_name="Someone Else", at=now)
    end_links(typed.pk, way, actor=FAMILY, now=now, link=None)
    return typed


@pytest.mark.parametrize("way", ["email", "sms", "calls"])
def test_who_only_types_an_address_shuts_it_for_nobody_else(
    mailed: str, taken: Referral, make_referral: Callable[..., Referral], now: datetime, way: str
) -> None:
    typed = mark_a_typed_address(make_referral, way, now)
    assert Client().get(mailed, follow=True).status_code == 200
    taken.contact.refresh_from_db()
    assert (taken.contact.by_email, taken.contact.by_text, taken.contact.is_overheard) == (True, True, False)
    assert not messaging.is_shut(address=MAIL if way == "email" else "+16265550142", channel=way, now=now)
    assert taken.contact.marked_ways(now) == [] and typed.contact.marked_ways(now) == [way]
    assert not taken.timeline.filter(kind="link_ended").exists()


def test_a_mark_by_the_browser_that_asked_holds_for_this_request_alone(mailed: str, taken: Referral) -> None:
    asking = Client()
    form = {"relation": "self", "concern": "not_sure", "contact_name": "Someone Else", "zip_code": "91101"}
    asking.post("/referral/", {**form, "language": "en", "email": MAIL, "by_email": "on"})
    asking.post("/status/others-read/", {"channel": "email"})
    typed = Referral.objects.exclude(pk=taken.pk).get()
    assert not typed.contact.by_email
    taken.contact.refresh_from_db()
    assert taken.contact.by_email and Client().get(mailed, follow=True).status_code == 200


def test_a_pause_in_a_message_of_theirs_is_known_on_their_page(
    taken: Referral, post: Post, make_referral: Callable[..., Referral], now: datetime
) -> None:
    post(now)
    day = (clock.now() + timedelta(days=3)).date()
    assert footer().post("/messages/", {"choice": "pause", "until": day.isoformat()}).status_code == 302
    fresh = Referral.objects.select_related("contact").get(pk=taken.pk)
    assert knows_wishes(fresh, "email", MAIL) and not knows_wishes(fresh, "email", "else@example.org")
    assert not knows_wishes(fresh, "sms", PHONE)
    assert wishes_told(fresh, now)
    stranger = make_referral(contact_name="Ana Muestra", phone="")
    assert not knows_wishes(stranger, "email", MAIL) and not wishes_told(stranger, now)
