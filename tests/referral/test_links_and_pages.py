"""Secret links, the family's own page, the program's page, the check-in: what opens, what ends, what never acts."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from assessments import demo as questionnaires
from assessments.actions import begin
from directory.models import Program
from messaging.actions import is_stopped
from messaging.inbound import stop_from
from messaging.letter import Letter
from messaging.models import Message, Suppression
from messaging.people import address_index
from privacy.models import AccessEvent, SecretLink
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor, NotCovered
from referral.actions.consents import Signature, ask_for_consent, revoke_consent, sign_consent
from referral.actions.duty import resolve
from referral.actions.followups import check_in_now
from referral.actions.sending import send_to_program
from referral.actions.stops import stop_messages
from referral.models import (
    CheckInLink,
    ConsentWording,
    FamilyLink,
    FollowUp,
    Patient,
    Placement,
    Referral,
    Task,
    TimelineEntry,
)
from referral.timeline import for_staff
from tests.referral.conftest import confirmed, link_in
from tests.referral.desks import answers, at_the_desk, page_of
from tests.referral.test_one_family import ASK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


def mint(kind: type[SecretLink], now: datetime, **opens: Any) -> str:
    _row, token = kind.mint(now=now, expires_at=now + timedelta(days=1), **opens)
    prefixes: dict[type[SecretLink], str] = {FamilyLink: "r", CheckInLink: "c"}
    return f"/{prefixes[kind]}/{token}/"


@pytest.fixture
def family(taken: Referral, now: datetime) -> Client:
    client = Client()
    assert client.get(mint(FamilyLink, now, referral=taken)).status_code == 302
    return client


@pytest.fixture
def followup(taken: Referral, nora: Actor, now: datetime) -> FollowUp:
    return check_in_now(taken.pk, actor=nora, now=now)


@pytest.fixture
def visitor(followup: FollowUp, now: datetime) -> Client:
    client = Client()
    assert client.get(mint(CheckInLink, now, followup=followup)).url == "/c/"  # type: ignore[attr-defined]
    return client


def test_only_the_hash_of_a_token_is_stored(taken: Referral, now: datetime) -> None:
    path = mint(FamilyLink, now, referral=taken)
    token = path.split("/")[2]
    assert token not in str(list(FamilyLink.objects.values()))
    assert FamilyLink.objects.for_token(token).exists()


def test_a_link_swaps_for_a_session_and_a_clean_address(taken: Referral, now: datetime) -> None:
    client = Client()
    answer = client.get(mint(FamilyLink, now, referral=taken))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/status/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Rosa Sample" in client.get("/status/").content.decode()
    assert "Rosa Sample" not in Client().get("/status/").content.decode()


@pytest.mark.parametrize("how", ["expired", "revoked", "unknown"])
@pytest.mark.parametrize("prefix", ["r", "p", "c"])
def test_a_link_that_has_ended_is_gone_and_shows_a_way_forward(
    taken: Referral, now: datetime, how: str, prefix: str
) -> None:
    token = "not-a-token"
    if how != "unknown" and prefix == "r":
        path = mint(FamilyLink, now, referral=taken)
        token = path.split("/")[2]
        FamilyLink.objects.update(**({"expires_at": now} if how == "expired" else {"revoked_at": now}))
    answer = Client().get(f"/{prefix}/{token}/")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert ("/referral/" in page) is (prefix != "p")  # a program is not led to a family's pages
    assert "Rosa" not in page


def test_a_session_ends_with_its_link(family: Client) -> None:
    assert family.get("/status/").status_code == 200
    FamilyLink.objects.update(revoked_at=FamilyLink.objects.get().created_at)
    assert family.get("/status/").status_code == 410
    assert family.post("/status/stop/").status_code == 410


def test_one_familys_link_opens_nothing_of_another(
    family: Client, make_referral: Callable[..., Referral], now: datetime
) -> None:
    other = make_referral(email="other@example.org")
    consent = other.consents.get()
    assert family.post(f"/status/consent/{consent.pk}/revoke/").status_code == 404
    consent.refresh_from_db()
    assert consent.revoked_at is None


def test_reading_leaves_a_trace(family: Client, taken: Referral, staff: Client) -> None:
    family.get("/status/")
    staff.get("/staff/")
    staff.get(f"/staff/referral/{taken.pk}/")
    staff.post("/staff/search/", {"q": "Rosa"})
    events = [
        (event.action, event.subject, event.purpose.split(",")[0]) for event in AccessEvent.objects.order_by("id")
    ]
    assert events == [
        ("viewed", taken.key, "opened by a link"),  # the browser that asked is told of it
        ("viewed", taken.key, "family link"),
        ("viewed", taken.key, "queue"),
        ("viewed", taken.key, "workspace"),
        ("searched", taken.key, "search"),
    ]


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_check_in_does_nothing(visitor: Client, followup: FollowUp, method: str) -> None:
    lines = TimelineEntry.objects.count()
    assert getattr(visitor, method)("/c/?answer=help").status_code == 200
    followup.refresh_from_db()
    assert (followup.answer, TimelineEntry.objects.count()) == ("", lines)


def test_we_need_help_is_an_urgent_task_at_the_top(visitor: Client, taken: Referral, staff: Client) -> None:
    visitor.post("/c/", {"answer": "help", "text": "He is shaking."})
    task = Task.objects.get(kind="needs_help")
    assert (task.urgent, task.text) == (True, "He is shaking.")
    taken.refresh_from_db()
    assert taken.urgency == "urgent"
    assert taken.next_action_at == task.due_at
    page = staff.get("/staff/").content.decode()
    assert page.index("Someone asks for help now") < page.index("He is shaking.") < page.index("Parts of the queue")
    assert "988" in visitor.get("/c/").content.decode()


def test_still_waiting_is_a_task_for_the_next_day(visitor: Client, now: datetime) -> None:
    visitor.post("/c/", {"answer": "waiting"})
    task = Task.objects.get(kind="still_waiting")
    assert (task.kind, task.urgent, task.due_at) == ("still_waiting", False, now + timedelta(days=1))


def test_we_connected_moves_referral_and_accepted_placement(
    visitor: Client, taken: Referral, program: Program, now: datetime
) -> None:
    yes = Placement.objects.create(referral=taken, program=program, status="accepted", categories=[], sent_at=now)
    other = Program.objects.public().exclude(pk=program.pk)[0]
    waits = Placement.objects.create(referral=taken, program=other, status="requested", categories=[], sent_at=now)
    visitor.post("/c/", {"answer": "connected"})
    for row in (yes, waits, taken):
        row.refresh_from_db()
    assert (taken.status, yes.status, waits.status) == ("connected", "in_progress", "cancelled")


def test_stop_wins_over_everything_planned(visitor: Client, taken: Referral) -> None:
    assert Message.objects.filter(state="scheduled").exists()
    visitor.post("/c/", {"answer": "stop"})
    assert not Message.objects.filter(state="scheduled").exists()
    assert not FollowUp.objects.filter(status="planned", kind="message").exists()
    taken.contact.refresh_from_db()
    assert taken.contact.channels() == []


def test_an_answer_given_twice_is_one_line_and_a_changed_one_is_another(visitor: Client) -> None:
    for answer in ("waiting", "waiting", "connected"):
        visitor.post("/c/", {"answer": answer})
    lines = TimelineEntry.objects.filter(kind="check_in_answered").order_by("pk")
    assert [entry.params["answer"] for entry in lines] == ["waiting", "connected"]


def test_same_answer_given_twice_is_one_line_and_one_task(visitor: Client, taken: Referral) -> None:
    for _each in range(2):
        visitor.post("/c/", {"answer": "help", "text": "He left the house."})
    assert TimelineEntry.objects.filter(kind="check_in_answered").count() == 1
    assert taken.tasks.get(kind="needs_help").text == "He left the house."
    visitor.post("/c/", {"answer": "help", "text": "He is back."})
    assert taken.tasks.get(kind="needs_help").text == "He left the house.\nHe is back."


@pytest.mark.parametrize("answer", ["", "nobody", "everything", "connected'--"])
def test_an_answer_that_is_none_gets_a_sentence(visitor: Client, answer: str, followup: FollowUp) -> None:
    page = visitor.post("/c/", {"answer": answer, "text": "What I had typed"})
    assert page.status_code == 422
    assert "Select one of the buttons." in page.content.decode()
    assert "What I had typed" in page.content.decode()
    followup.refresh_from_db()
    assert followup.answer == ""


def test_a_family_changes_how_it_is_reached_and_what_is_planned_follows(family: Client, taken: Referral) -> None:
    reach = {
        "phone": "626-555-0199", "zip_code": "10001", "language": "es", "by_text": "on", "times": ["weekend"],
        "voicemail": "yes",
    }  # fmt: skip
    assert family.post("/status/reach/", reach).status_code == 302
    taken.contact.refresh_from_db()
    assert (taken.contact.zone, taken.contact.channels(), taken.contact.phone) == (
        "America/New_York",
        ["sms"],
        "+16265550199",
    )
    planned = Message.objects.filter(state="scheduled")
    assert {(each.channel, each.zone, each.language) for each in planned if each.reference.startswith("followup")} == {
        ("sms", "America/New_York", "es")
    }
    line = TimelineEntry.objects.get(kind="contact_changed")
    assert "5550199" not in str(line.params).replace("-", "")


@pytest.mark.parametrize("email", ["new@example.org", ""], ids=["changed", "removed"])
def test_old_mailed_link_ends_with_its_address_and_the_family_stays(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime, email: str
) -> None:
    referral = make_referral()
    mailed = link_in(post(now)[0])
    family, reader = Client(), Client()
    family.get(mailed)
    reader.get(mailed)
    by = {"by_email": "on"} if email else {"by_text": "on"}
    reach = {"phone": "626-555-0142", "email": email, "zip_code": "91101", "language": "en", **by}
    assert family.post("/status/reach/", reach).status_code == 302
    assert (reader.get(mailed).status_code, reader.get("/status/").status_code) == (410, 410)
    assert "Rosa Sample" in family.get("/status/").content.decode()
    letters = post(now + timedelta(hours=1))
    assert [each.row.address for each in letters] == [email or referral.contact.phone]
    assert Client().get(link_in(letters[0])).status_code == 302


def test_link_to_an_address_that_stays_is_not_ended_by_a_new_phone(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    referral = make_referral()
    family, mailed = Client(), link_in(post(now)[0])
    family.get(mailed)
    reach = {"phone": "626-555-0199", "email": referral.contact.email, "zip_code": "91101", "language": "en"}
    family.post("/status/reach/", {**reach, "by_email": "on"})
    assert Client().get(mailed).status_code == 302


def test_faults_in_the_way_to_be_reached_keep_what_was_typed(family: Client, taken: Referral) -> None:
    bad = {"phone": "12", "email": "nobody@", "zip_code": "00000", "language": "en", "by_text": "on"}
    answer = family.post("/status/reach/", bad)
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("does not look like a phone number", "does not look like an email address", "ZIP code"):
        assert sentence in page
    assert 'value="nobody@"' in page
    taken.contact.refresh_from_db()
    assert taken.contact.email == "rosa@example.org"


def test_a_family_stops_and_lets_us_write_again(family: Client, taken: Referral) -> None:
    FamilyLink.objects.update(sent_to=address_index("email", taken.contact.email))
    family.post("/status/stop/")
    taken.contact.refresh_from_db()
    assert taken.contact.channels() == []
    again = {
        "phone": "626-555-0142",
        "email": "rosa@example.org",
        "zip_code": "91101",
        "language": "en",
        "by_email": "on",
    }
    family.post("/status/reach/", again)
    taken.contact.refresh_from_db()
    assert taken.contact.channels() == ["email"]


@pytest.fixture
def victim(make_referral: Callable[..., Referral], now: datetime) -> Referral:
    """Somebody who said stop."""
    return stop_messages(make_referral().pk, actor=FAMILY, now=now)


def test_nobody_lifts_the_stop_of_another_by_typing_in_their_address(victim: Referral) -> None:
    stranger = Client()
    stranger.post("/referral/", {**ASK, "by_email": "", "email": victim.contact.email, "phone": "626-555-0199"})
    assert "Rosa Sample" in stranger.get("/status/").content.decode()
    stranger.post("/status/start/", {"by_email": "on"})
    reach = {"phone": "626-555-0199", "email": victim.contact.email, "zip_code": "91101", "language": "en"}
    for ticked in ({"by_email": "on"}, {}, {"by_email": "on"}):
        stranger.post("/status/reach/", {**reach, **ticked})
    stranger.post("/status/stop/")
    stranger.post("/status/start/", {"by_email": "on"})
    email, key = victim.contact.email, victim.contact.key
    assert is_stopped(address=email, channel="email", now=timezone.now(), by=key)
    assert not is_stopped(address=email, channel="email", now=timezone.now(), by="somebody else")


def test_a_stranger_cannot_find_out_who_said_stop(victim: Referral) -> None:
    pages = []
    for number, email in enumerate((victim.contact.email, "nobody@example.org")):
        stranger = Client()
        key = f"7f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b{number:02}"
        stranger.post("/referral/", {**ASK, "by_email": "", "email": email, "key": key})
        reach = {"phone": "626-555-0142", "email": email, "zip_code": "91101", "language": "en", "by_email": "on"}
        pages.append(stranger.post("/status/reach/", reach).status_code)
    assert pages == [302, 302]


def test_a_stop_is_lifted_by_the_link_that_went_to_the_address(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    referral = make_referral()
    family = Client()
    family.get(link_in(post(now)[0]))
    stop_from(Message.objects.earliest("pk"), everything=True, until=None, source="page", now=now)
    page = family.get("/status/").content.decode()
    assert 'id="again_email"' in page and 'id="again_text"' not in page
    assert "text START to (626) 555-0100 from your phone" in page, "no text was ever sent that could be answered"
    family.post("/status/start/", {"by_email": "on"})
    index = address_index("email", referral.contact.email)
    assert not Suppression.objects.active(index, timezone.now()).exists()
    refused = family.post("/status/start/", {"by_text": "on"})
    assert refused.status_code == 422
    referral.contact.refresh_from_db()
    assert referral.contact.channels() == ["email"]


def test_a_stop_said_on_the_page_is_taken_back_there_whatever_opened_it(
    make_referral: Callable[..., Referral], now: datetime
) -> None:
    referral = make_referral()
    family = Client()
    family.get(mint(FamilyLink, now, referral=referral))  # by a link that no message brought
    said = family.post("/status/stop/", follow=True).content.decode()
    assert "You can change this below at any time." in said and "We may still call you." in said
    assert 'id="again_email"' in said and 'id="again_text"' in said
    assert family.post("/status/start/", {"by_email": "on", "by_text": "on"}).status_code == 302
    referral.contact.refresh_from_db()
    assert referral.contact.channels() == ["email", "sms"]
    for channel, address in (("email", referral.contact.email), ("sms", referral.contact.phone)):
        index = address_index(channel, address)
        assert not Suppression.objects.active(index, timezone.now()).exists()


def test_a_stop_without_proof_of_the_mailbox_leaves_the_other_request(
    make_referral: Callable[..., Referral], now: datetime
) -> None:
    first, second = make_referral(), make_referral(contact_name="Rosa S.", phone="+16265550188")
    family = Client()
    family.get(mint(FamilyLink, now, referral=first))
    family.post("/status/stop/")
    second.contact.refresh_from_db()
    assert second.contact.channels() == ["email", "sms"], "the link went to no address"


def test_after_a_stop_the_status_page_says_how_to_start_again(visitor: Client) -> None:
    visitor.post("/c/", {"answer": "stop"})
    assert "You stopped our messages" in visitor.get("/status/").content.decode()


NO_WAY = {"": "We have no way to contact you", "/es": "No tenemos cómo comunicarnos con usted"}
PROMISES = {
    "": ("navigator will contact you", "contact you by", "We will write to you"),
    "/es": ("se comunicará con usted", "se comunicará con usted antes", "Le escribiremos"),
}


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("how", ["unticked", "stopped"])
def test_who_allowed_no_way_is_promised_no_contact(
    make_referral: Callable[..., Referral], now: datetime, language: str, how: str
) -> None:
    referral = make_referral()
    referral.contact.by_phone = False
    referral.contact.phone = "+16265550142"
    referral.contact.save()
    client = Client()
    client.get(mint(FamilyLink, now, referral=referral))
    if how == "stopped":
        client.post("/status/stop/")
    else:
        reach = {"phone": "626-555-0142", "email": "rosa@example.org", "zip_code": "91101", "language": "en"}
        client.post("/status/reach/", reach)
    for page in (
        client.get(f"{language}/status/"),
        client.post(f"{language}/status/word/", {"word": "Are you there?"}, follow=True),
    ):
        words = html.unescape(page.content.decode())
        assert NO_WAY[language] in words
        assert not any(promise in words for promise in PROMISES[language])


def test_one_tick_lets_us_call_after_every_way_was_stopped(taken: Referral, family: Client) -> None:
    contact = taken.contact
    contact.by_phone, contact.phone = False, "+16265550142"
    contact.save()
    family.post("/status/stop/")
    assert "May we call you?" in family.get("/status/").content.decode()
    assert "Check the box first" in family.post("/status/start/", {"calls": "on"}, follow=True).content.decode()
    page = family.post("/status/start/", {"calls": "on", "by_phone": "on"}, follow=True).content.decode()
    contact.refresh_from_db()
    assert contact.by_phone and contact.channels() == []
    assert "Now we may call you" in page and NO_WAY[""] not in page and "May we call you?" not in page


@pytest.mark.parametrize(
    ("language", "said", "on_call", "line"),
    [
        ("", "No one reads this at night.", "“We need help” alerts our team at any hour", "call or text"),
        ("/es", "Nadie lee esto de noche.", "“Necesitamos ayuda” avisa a nuestro equipo", "oprima 2, o envíe AYUDA"),
    ],
)
def test_beside_each_box_stands_that_no_one_reads_it_at_night(
    visitor: Client, family: Client, language: str, said: str, on_call: str, line: str
) -> None:
    for client, path, sentence, button in (
        (Client(), "/referral/?all=1", said, 'class="btn btn-primary btn-lg"'),
        (family, "/status/", said, '<aside class="panel"'),
        (visitor, "/c/", on_call, 'name="answer"'),
    ):
        main = client.get(f"{language}{path}").content.decode().split("<main")[1]
        before = main[: main.index(button)]
        assert sentence in before
        beside = before[before.index(sentence) :]
        assert line in beside and 'href="tel:988"' in beside and 'href="tel:911"' in beside


@pytest.mark.parametrize(("language", "line"), [("", "call or text"), ("/es", "oprima 2, o envíe AYUDA")])
def test_thanks_say_first_what_cannot_wait(rows: None, language: str, line: str) -> None:
    client = Client()
    client.post("/referral/", ASK)
    main = client.get(f"{language}/referral/thanks/").content.decode().split("<main")[1]
    assert 0 < main.index(line) < main.index('<ol class="steps">')


def test_what_is_next_is_the_promise_first_and_consent_an_offer(
    make_referral: Callable[..., Referral], now: datetime
) -> None:
    client = Client()
    client.get(mint(FamilyLink, now, referral=make_referral(consent=False)))
    page = client.get("/status/").content.decode()
    promise, offer = (
        "A navigator will contact you by 5:00 p.m. on Thursday, Mar 5",
        "We can contact programs for you if you sign a consent",
    )
    assert (
        page.index(promise)
        < page.index(offer)
        < page.index('name="consent-signed_name"')
        < page.index('<aside class="panel"')
    )


def test_every_program_that_was_asked_is_named(family: Client, taken: Referral, nora: Actor, now: datetime) -> None:
    programs = list(Program.objects.public()[:2])
    for program in programs:
        send_to_program(taken.pk, program, [], actor=nora, now=now)
    page = html.unescape(family.get("/status/").content.decode())
    for program in programs:
        assert f"We are waiting to hear from {program}. We asked them to answer by" in page


def test_phone_number_is_national_here_and_international_elsewhere(family: Client, taken: Referral) -> None:
    assert 'value="(626) 555-0142"' in family.get("/status/").content.decode()
    contact = taken.contact
    contact.phone = "+442079460018"
    contact.save()
    assert 'value="+442079460018"' in family.get("/status/").content.decode()


def test_a_family_signs_takes_back_and_ends(family: Client, taken: Referral) -> None:
    confirmed(family, f"/status/consent/{taken.consents.get().pk}/revoke/")
    assert "We share nothing with programs now" in family.get("/status/").content.decode()
    refused = family.post("/status/consent/", {"consent-signed_name": "Rosa Sample"})
    assert refused.status_code == 422
    assert "Check the box if you agree" in refused.content.decode()
    signed = {"consent-signed_name": "Rosa Sample", "consent-agree": "on", "consent-categories": ["contact"]}
    family.post("/status/consent/", signed)
    assert taken.consents.order_by("-pk").first().categories == ["contact", "need", "situation"]  # type: ignore[union-attr]
    assert "Close your request?" in family.get("/status/end/").content.decode()
    family.post("/status/end/")
    taken.refresh_from_db()
    assert (taken.status, taken.closing) == ("closed", "withdrawn")
    assert not Message.objects.filter(state="scheduled").exists()


def test_a_family_that_has_signed_may_sign_for_more_on_its_own_page(
    make_referral: Callable[..., Referral], now: datetime
) -> None:
    before = ConsentWording.objects.current("share", "en")
    less = Signature(name="Rosa", signed_as="self", wording=before, categories=["need", "situation"])
    referral = make_referral(signature=less)
    family = Client()
    family.get(mint(FamilyLink, now, referral=referral))
    assert "Sharing more with programs" in family.get("/status/").content.decode()
    signed = {"consent-signed_name": "Rosa", "consent-agree": "on", "consent-categories": ["contact"]}
    family.post("/status/consent/", signed)
    assert referral.consents.live(now).get().categories == ["contact", "need", "situation"]
    assert "Sharing more with programs" not in family.get("/status/").content.decode()


def test_signing_for_more_keeps_what_is_signed_for(family: Client, taken: Referral, nora: Actor, now: datetime) -> None:
    assert "Share more, or less" not in family.get("/status/").content.decode()
    questionnaires.load(now)
    taken.response = begin(key="level-of-care", language="en", voice="me", now=now)
    taken.save()
    box = r'<input type="checkbox" name="consent-categories" value="contact"[^>]* checked>'
    assert re.search(box, family.get("/status/").content.decode())
    assert '<details class="more" open><summary>Share more, or less' not in family.get("/status/").content.decode()
    ask_for_consent(taken.pk, actor=nora, now=now)
    assert '<details class="more" open><summary>Share more, or less' in family.get("/status/").content.decode()


@pytest.mark.parametrize("unseen", ["\u200b\u200b", "\ufeff", " \u2060\u00ad ", "\u3164"])
def test_a_note_in_which_nothing_can_be_seen_is_none(
    staff: Client, family: Client, taken: Referral, unseen: str
) -> None:
    assert staff.post(f"/staff/referral/{taken.pk}/note/", {"note": unseen}).status_code == 422
    assert family.post("/status/word/", {"word": unseen}).status_code == 422
    assert family.post("/status/word/", {"word": f"👍🏽{unseen}"}).status_code == 302


def test_a_call_for_help_after_the_end_comes_back_to_today(
    visitor: Client, taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    close_referral(taken.pk, closing="declined", reason="so", actor=nora, now=now)
    assert taken.public_code not in staff.get("/staff/").content.decode()
    visitor.post("/c/", {"answer": "help"})
    assert taken.public_code in staff.get("/staff/").content.decode()
    taken.refresh_from_db()
    assert taken.status == "closed"
    resolve(taken.tasks.get(kind="needs_help").pk, "They called 911.", actor=nora, now=now)
    assert taken.public_code not in staff.get("/staff/").content.decode()


def test_signed_three_times_there_is_one_consent(family: Client, taken: Referral) -> None:
    signed = {"consent-signed_name": "Rosa Sample", "consent-agree": "on", "consent-categories": ["contact"]}
    for _each in range(3):
        family.post("/status/consent/", signed)
    assert taken.consents.count() == 1  # as it was signed when asking
    assert not taken.timeline.filter(kind="consent_signed").exists()
    family.post("/status/consent/", {**signed, "consent-signed_name": "Rosa S."})
    assert taken.consents.live(timezone.now()).get().signed_name == "Rosa S."


def test_taken_back_means_that_nothing_more_is_shared(
    family: Client, taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    Patient.objects.update(age="adult")  # who may sign depends on it
    wording = taken.consents.get().wording
    on_paper = Signature(
        name="Rosa", signed_as="self", wording=wording, categories=["need"], recipients=[program], method="paper"
    )
    sign_consent(taken.pk, on_paper, actor=nora, now=now)
    page = family.get("/status/").content.decode()
    assert page.count("Withdraw my consent") == 1
    confirmed(family, f"/status/consent/{taken.consents.earliest('pk').pk}/revoke/")
    assert "Nothing more is shared." in family.get("/status/").content.decode()
    assert not taken.consents.live(now).exists()
    assert taken.consents.count() == 2
    with pytest.raises(NotCovered):
        send_to_program(taken.pk, program, [], actor=nora, now=now)


def test_of_two_consents_staff_take_back_the_one_that_the_family_named(
    family: Client, taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    Patient.objects.update(age="adult")
    first = taken.consents.get()
    on_paper = Signature(
        name="Rosa", signed_as="self", wording=first.wording, categories=["need"], recipients=[program], method="paper"
    )
    second = sign_consent(taken.pk, on_paper, actor=nora, now=now)
    revoke_consent(second.pk, actor=nora, now=now)
    assert taken.consents.live(now).get() == first
    page = family.get("/status/").content.decode()
    assert "You withdrew a part of your consent." in page and "Nothing more is shared" not in page


def test_a_narrower_signature_ends_what_it_does_not_cover(
    family: Client, taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    family.post("/status/consent/", {"consent-signed_name": "Rosa Sample", "consent-agree": "on"})
    placement.refresh_from_db()
    assert placement.status == "cancelled"
    assert for_staff(taken.timeline.get(kind="consent_signed")).endswith(f"Ended: {program.name}.")


def test_a_program_must_say_why_it_declines(taken: Referral, nora: Actor, program: Program, now: datetime) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    admissions = at_the_desk(placement, now)
    page = answers(admissions, placement, "decline", more="See above")
    assert page.status_code == 422
    assert "Please choose one." in page.content.decode()
    assert "See above" in page.content.decode()
    done = answers(admissions, placement, "decline", reason="full", more="Ask in May")
    assert done.status_code == 302
    placement.refresh_from_db()
    assert (placement.status, placement.reason_words) == ("rejected", "No openings. Ask in May")
    with travel(now + timedelta(minutes=11), tick=False):  # until then it may take it back
        assert page_of(admissions, placement).status_code == 410


@pytest.mark.parametrize(("answer", "task"), [("accept", "call"), ("waitlist", "next_step")])
def test_what_a_program_writes_with_its_answer_reaches_the_navigator(
    taken: Referral, nora: Actor, program: Program, now: datetime, answer: str, task: str
) -> None:
    taken.tasks.all().delete()
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    admissions = at_the_desk(placement, now)
    answers(admissions, placement, answer, more="A bed from Monday on.")
    assert taken.tasks.get(kind=task).text == f"{program.name}: A bed from Monday on."
    assert taken.timeline.latest("pk").text == "A bed from Monday on."


def test_a_program_that_answers_twice_sees_how_it_stands(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    admissions = at_the_desk(placement, now)
    answers(admissions, placement, "accept")
    answer = answers(admissions, placement, "waitlist", follow=True)
    assert "already been answered" in answer.content.decode()
    placement.refresh_from_db()
    assert placement.status == "accepted"


def test_a_waitlisted_request_shows_no_name(taken: Referral, nora: Actor, program: Program, now: datetime) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    admissions = at_the_desk(placement, now)
    answers(admissions, placement, "waitlist")
    page = page_of(admissions, placement).content.decode()
    assert "On the waitlist" in page
    assert "Rosa" not in page and "0142" not in page and "91101" not in page


def test_no_name_address_or_token_reaches_a_url_or_a_log(
    taken: Referral, followup: FollowUp, staff: Client, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    canaries = ["Rosa", "rosa@example.org", "6265550142", "555-0142"]
    path = mint(FamilyLink, now, referral=taken)
    urls: list[str] = []
    with caplog.at_level(logging.DEBUG):
        family = Client()
        for client, call in (
            (family, path),
            (family, "/status/"),
            (staff, "/staff/"),
            (staff, f"/staff/referral/{taken.pk}/"),
        ):
            answer = client.get(call)
            urls.append(answer.headers.get("Location", ""))
        answer = staff.post("/staff/search/", {"q": "rosa@example.org"})
        urls.append(answer.request["PATH_INFO"] + answer.request.get("QUERY_STRING", ""))
        assert "Rosa Sample" in answer.content.decode()
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for canary in [*canaries, path.split("/")[2]]:
        assert canary not in logged
        assert all(canary not in url for url in urls)


def test_a_family_prints_a_copy_of_each_consent_it_signed(
    family: Client, taken: Referral, make_referral: Callable[..., Referral]
) -> None:
    consent = taken.consents.get()
    path = f"/status/consent/{consent.pk}/"
    assert path in family.get("/status/").content.decode()
    page = html.unescape(family.get(path).content.decode())
    for said in ("Rosa Sample", consent.discloser, consent.in_words, *consent.wording.paragraphs()):
        assert str(said) in page
    confirmed(family, f"{path}revoke/")
    assert path in family.get("/status/").content.decode()
    assert "This consent has ended." in family.get(path).content.decode()
    other = make_referral(contact_name="Ana Sample", email="ana@example.org", phone="")
    assert family.get(f"/status/consent/{other.consents.get().pk}/").status_code == 404
    assert Client().get(path).status_code == 200 and "Rosa" not in Client().get(path).content.decode()


def test_a_consent_names_whoever_the_settings_say_shares(settings: Any, make_referral: Callable[..., Referral]) -> None:
    settings.DISCLOSER = "Sample County Help"
    taken = make_referral(contact_name="Ana Sample", email="ana@example.org", phone="")
    assert taken.consents.get().discloser == "Sample County Help"


def test_the_consent_says_whom_it_covers_as_it_is_signed(family: Client, taken: Referral) -> None:
    consent = taken.consents.get()
    assert consent.any_program and "any treatment program in our directory" in consent.wording.body
    assert "You can open and print a copy of this consent on your page." in consent.wording.body
