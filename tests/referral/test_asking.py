"""The form by which a family asks for help: what it takes, what it refuses in a sentence, what it never does twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from time_machine import travel

from assessments import demo as questionnaires
from assessments.actions import answer, begin
from messaging.models import Channel, Message
from privacy.models import User
from referral.finding import find
from referral.models import Consent, Contact, Referral, TimelineEntry
from referral.models.sight import Sight
from tests.referral.test_one_family import ASK
from workspace.attention import signs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]


def asked(client: Client | None = None, *, path: str = "/referral/", **changed: Any) -> Any:
    values = {**ASK, **changed}
    return (client or Client()).post(path, {name: value for name, value in values.items() if value is not None})


def test_nothing_is_ticked_for_a_family() -> None:
    page = Client().get("/referral/?all=1").content.decode()
    for box in ("by_email", "by_text", "by_phone", "share"):
        start = page.index(f'name="{box}"')
        assert "checked" not in page[start : page.index(">", start)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"relation": None}, "Please say who this is for."),
        ({"concern": "everything"}, "Please choose one of these."),
        ({"contact_name": "  "}, "Please tell us what to call you."),
        ({"contact_name": "http://example.org"}, "Please write a name, without a web address."),
        ({"patient_name": "www.example.org"}, "Please write a name, without a web address."),
        ({"phone": "", "email": ""}, "Enter a phone number or an email address"),
        ({"phone": "555"}, "This does not look like a phone number."),
        ({"email": "rosa at home"}, "This does not look like an email address."),
        ({"email": "rosa@example.org\nbcc: x@example.org"}, "This does not look like an email address."),
        ({"zip_code": ""}, "Enter your ZIP code so we can look near you."),
        ({"zip_code": "9110"}, "A ZIP code has five digits"),
        ({"zip_code": "00000"}, "We do not know this ZIP code."),
        ({"by_email": None, "by_phone": None}, "Check at least one way that we may reach you."),
        ({"by_text": "on", "phone": "", "by_phone": None}, "To get texts, enter your phone number."),
        ({"email": "", "by_email": "on"}, "To get emails, enter your email address."),
        ({"signed_name": ""}, "To let us share, sign with your name."),
        ({"message": "x" * 2001}, "This is too long: 2001 characters. Please shorten it to 2000."),
        ({"contact_name": "pay.evil-site.com/win"}, "Please write a name, without a web address."),
        ({"patient_name": "evil.example"}, "Please write a name, without a web address."),
        ({"signed_name": "a/b"}, "Please write a name, without a web address."),
        ({"contact_name": "evil\u2024com"}, "Please write a name, without a web address."),
        ({"contact_name": "evil\u3002\u200bcom"}, "Please write a name, without a web address."),
        ({"contact_name": "ev\ua4f8example"}, "Please write a name, without a web address."),
        ({"contact_name": "Rosa\nBcc: x"}, "Please write the name on one line"),
        ({"contact_name": "\u202eRosa"}, "Please write the name on one line"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(changed: dict[str, Any], sentence: str) -> None:
    answer = asked(**{"message": "Please call after six.", **changed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Something needs your attention" in page
    if "message" not in changed:
        assert "Please call after six." in page
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    "name", ["J.R. Smith", "St. John", "María José", "O'Neil-Smith", "Rosa M.", "李小龙", "Ana 👩‍👧"]
)
def test_a_name_is_taken_as_people_write_it(name: str) -> None:
    assert asked(contact_name=name).status_code == 302
    assert Contact.objects.get().name == name


def test_a_long_text_is_sent_whole_and_given_back_whole() -> None:
    page = Client().get("/referral/?all=1").content.decode()
    start = page.index("<textarea")
    assert "maxlength" not in page[start : page.index(">", start)]
    assert "Up to 2,000 characters." in page
    assert "word " * 1200 in asked(message="word " * 1200 + "end").content.decode()


def test_that_no_way_is_ticked_is_said_once_on_all_three() -> None:
    page = asked(by_email=None, by_phone=None).content.decode()
    fieldset = page[page.index('id="id_ways"') - 60 : page.index('name="by_email"')]
    assert "field-bad" in fieldset and 'href="#id_ways"' in page
    assert page.count("Check at least one way") == 2  # at the top, and there


@pytest.mark.parametrize(
    ("changed", "said", "unsaid"),
    [
        ({}, "We also send you an email.", "Please keep this code."),
        ({"times": None}, "We also send you an email.", "We call at the times you chose."),
        ({"email": "", "by_email": None}, "Please keep this code.", "We also send"),
        ({"times": ["weekend"]}, "that you chose for calls are outside our hours (Monday to", "We call at the times"),
        ({"times": ["weekend"]}, "We may write to you instead.", "or allow an email or text"),
        ({"times": ["weekend"], "by_email": None}, "or allow an email or text", "We may write to you"),
        ({"times": ["weekend", "morning"]}, "We call at the times you chose.", "are outside our hours"),
    ],
)
def test_the_thanks_say_only_what_will_be(changed: dict[str, Any], said: str, unsaid: str) -> None:
    client = Client()
    asked(client, **changed)
    page = client.get("/referral/thanks/").content.decode()
    assert said in page and unsaid not in page
    callout = page[page.index("If you cannot wait") :]
    assert 'href="tel:988"' in callout[:500] and 'href="tel:911"' in callout[:500]


@pytest.mark.parametrize(
    ("hour", "changed", "said"),
    [
        (8, {"by_email": None, "by_text": "on"}, "We send you a text message after"),
        (20, {"by_email": None, "by_text": "on"}, "We also send you a text message."),
        (8, {}, "We also send you an email."),
    ],
)
def test_the_thanks_say_when_the_first_message_comes(hour: int, changed: dict[str, Any], said: str) -> None:
    """At 08:00 UTC it is night in Pasadena: a text waits, as it is planned; an email that was asked for does not."""
    client = Client()
    with travel(datetime(2026, 3, 4, hour, 30, tzinfo=UTC), tick=False):
        asked(client, **changed)
        page = " ".join(client.get("/referral/thanks/").content.decode().split())
    assert said in page
    assert ("in case you need us sooner" in page) is ("after" in said)


@pytest.mark.parametrize(
    ("paused", "changed", "thanks", "page"),
    [
        ("email", {}, "Our emails are on hold right now, so yours comes later.", "Our emails are on hold right now."),
        (
            "sms",
            {"by_email": None, "by_phone": None, "by_text": "on"},
            "Our text messages are on hold right now, so yours comes later.",
            "We cannot send messages right now, so we may contact you later than usual.",
        ),
    ],
)
def test_a_paused_channel_promises_no_message(paused: str, changed: dict[str, Any], thanks: str, page: str) -> None:
    Channel.objects.update_or_create(key=paused, defaults={"paused": True})
    client = Client()
    asked(client, **changed)
    said = " ".join(client.get("/referral/thanks/").content.decode().split())
    own = " ".join(client.get("/status/").content.decode().split())
    assert thanks in said and "We also send you" not in said
    assert page in own
    promises = ("and only in the ways you chose" in said, "A navigator will contact you by" in own)
    assert promises == (paused == "email", paused == "email")  # who may be called is called


def test_a_fault_is_a_link_to_its_field_and_the_field_names_it() -> None:
    page = asked(zip_code="1").content.decode()
    assert 'href="#id_zip_code"' in page
    assert 'aria-describedby="id_zip_code_helptext id_zip_code_error"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("key", ["", "not-a-key", None])
def test_a_form_without_its_key_still_counts(key: str | None) -> None:
    answer = asked(key=key)
    assert answer.status_code in (302, 422)
    assert Referral.objects.count() == (answer.status_code == 302)


def test_sent_twice_it_opens_one_request_and_thanks_twice() -> None:
    client = Client()
    assert [asked(client).status_code for _each in range(2)] == [302, 302]
    assert Referral.objects.count() == 1
    assert TimelineEntry.objects.filter(kind="opened").count() == 1
    assert Message.objects.filter(reference__startswith="referral:").count() == 1


def test_going_back_and_sending_the_same_again_opens_no_second_request() -> None:
    client = Client()
    asked(client)
    page = client.get("/referral/").content.decode()
    assert "You have already sent us a request" in page and Referral.objects.get().public_code in page
    assert 'name="contact_name"' not in page
    assert 'name="relation"' in client.get("/referral/?another=1").content.decode()
    assert asked(client, key="0f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b3c").status_code == 302
    assert Referral.objects.count() == 1
    assert asked(client, key="0f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b3d", contact_name="Ana").status_code == 302
    assert Referral.objects.count() == 2


def test_what_is_corrected_and_sent_again_counts() -> None:
    client = Client()
    asked(client)
    asked(client, phone="626-555-0199", patient_name="Leonardo", share=None, signed_name="", age="under_18")
    page = client.get("/referral/thanks/").content.decode()
    assert "We changed your request as you sent it now." in page
    referral = Referral.objects.get()
    assert referral.contact.phone == "+16265550199"
    assert not referral.consents.live(timezone.now()).exists()
    told = referral.tasks.get(kind="reply").text
    assert told.splitlines() == [
        "What is their first name? Leonardo",
        "How old is the person who may need care? under 18",
    ]


def test_an_old_form_undoes_nothing_that_was_said_since() -> None:
    client = Client()
    asked(client)
    client.post("/status/stop/")
    page = client.post("/referral/", {**ASK, "phone": "626-555-0199"}, follow=True).content.decode()
    assert "You can change it on your page." in page
    contact = Contact.objects.get()
    assert (contact.phone, contact.channels()) == ("+16265550142", [])


def test_form_sent_again_by_somebody_else_changes_nothing(now: datetime) -> None:
    asked()
    with travel(now + timedelta(minutes=5), tick=False):
        stranger = Client()
        page = stranger.post("/referral/", {**ASK, "phone": "626-555-0199"}, follow=True).content.decode()
        assert "we kept it as it was" in page and "Go to my page" not in page
        assert "Rosa" not in stranger.get("/status/").content.decode()
    assert Contact.objects.get().phone == "+16265550142"


def test_the_second_click_of_two_opens_the_own_page_too() -> None:
    session = Client()
    session.get("/assessment/")
    first, second = Client(), Client()
    for click in (first, second):
        click.cookies.update(session.cookies)
        assert asked(click).status_code == 302
    for click in (first, second):
        assert "Rosa Sample" in click.get("/status/").content.decode()
    assert Referral.objects.get().timeline.filter(kind="opened").count() == 1


@pytest.mark.parametrize("voice", ["me", "loved"])
def test_what_the_questions_told_is_filled_in_and_may_be_changed(voice: str) -> None:
    questionnaires.load(timezone.now())
    family = Client()
    response = begin(key="level-of-care", language="en", voice=voice, now=timezone.now())
    own(family, response)
    told: dict[str, Any] = {"person": ["under-18"], "language": "spanish"}
    for _each in range(40):
        step = response.outcome().next_question
        if step is None:
            break
        response, _outcome = answer(response, question=step, answer=told.get(step, "not_sure"), now=timezone.now())
    page = family.get("/referral/?all=1").content.decode()
    assert '<option value="under_18" selected>' in page
    assert 'name="language" value="es" id="id_language_1" checked' in page.replace(" required", "")


def own(client: Client, response: Any) -> None:
    """Let the browser have answered the questions."""
    session = client.session
    session["assessment_response"] = str(response.pk)
    session.save()


def typed_back(page: str) -> list[str]:
    """What the form shows again of what was typed."""
    return [word for word in ("Rosa", "626-555-0142", "91101") if word in page]


def test_a_filled_honeypot_shows_the_form_again_with_all_typed() -> None:
    answer = asked(website="http://example.org", message="Please call after six.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "We did not send this yet" in page
    assert "Please call after six." in page and typed_back(page) == ["Rosa", "626-555-0142", "91101"]
    assert "http://example.org" not in page
    assert re.search(r'name="again" value="on"', page)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("website", ["", "http://example.org"])
def test_sent_again_after_the_honeypot_it_is_taken_and_flagged(website: str) -> None:
    assert asked(website=website, again="on").status_code == 302
    referral = Referral.objects.for_queue().get()
    assert referral.unusual
    assert "May not be from a person: check" in [each.text for each in signs(referral, timezone.now())]


def test_a_usual_request_is_not_flagged() -> None:
    asked()
    assert not Referral.objects.get().unusual


@pytest.mark.parametrize("path", ["/referral/thanks/", "/es/referral/thanks/"])
def test_thanks_exist_only_after_a_real_request(path: str) -> None:
    visitor = Client()
    assert visitor.get(path).headers["Location"] == path.replace("thanks/", "")
    asked(visitor, website="http://example.org")
    assert visitor.get(path).status_code == 302
    asked(visitor)
    assert visitor.get(path).status_code == 200


def notes(client: Client | None, number: int, **changed: Any) -> list[Any]:
    keys = [f"7f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b{each:02x}" for each in range(number)]
    said = str(changed.pop("message", ""))
    return [asked(client, key=key, message=f"{said} {number}", **changed) for number, key in enumerate(keys)]


def test_a_browser_with_many_notes_waits_for_seconds_and_loses_nothing(now: datetime) -> None:
    browser = Client()
    *sent, refused = notes(browser, 8, message="Please call after six.")
    page = refused.content.decode()
    assert [each.status_code for each in sent] == [302] * 7
    assert refused.status_code == 429
    assert "Please call after six." in page and 'value="Rosa Sample"' in page
    assert "Wait 20 seconds, then send it again." in page
    assert "tel:988" in page
    assert Referral.objects.count() == 7
    with travel(now + timedelta(seconds=21), tick=False):
        key = "7f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b07"
        assert asked(browser, key=key, message="Please call after six. 7").status_code == 302
    assert Referral.objects.count() == 8


def test_families_at_one_address_do_not_wait_for_each_other() -> None:
    codes = [each.status_code for each in notes(None, 32)]
    assert codes == [302] * 31 + [429]


def test_every_fault_is_said_in_one_round() -> None:
    page = asked(phone="", email="", by_email=None, by_phone=None, signed_name="", zip_code="1").content.decode()
    for sentence in (
        "Enter a phone number or an email address",
        "Check at least one way that we may reach you.",
        "To let us share, sign with your name. Or uncheck the box.",
        "A ZIP code has five digits",
    ):
        assert sentence in page


def test_the_signature_stands_right_under_its_tick() -> None:
    page = Client().get("/referral/?all=1").content.decode()
    between = page[page.index('name="share"') : page.index('name="signed_name"')]
    assert "<details" not in between and between.count("<input") == 1


def test_a_promise_names_its_day() -> None:
    assert "by 5:00 p.m. on Thursday, Mar 5 (Pacific Time)" in Client().get("/referral/?all=1").content.decode()
    spanish = Client().get("/es/referral/?all=1").content.decode()
    assert "antes de las 5:00 p.m. del jueves 5 de marzo (hora del Pacífico)." in spanish


def test_what_is_not_ticked_is_not_allowed() -> None:
    asked(share=None, signed_name="", by_phone=None)
    contact = Contact.objects.get()
    assert (contact.by_email, contact.by_text, contact.by_phone) == (True, False, False)
    assert not Consent.objects.exists()


def test_a_consent_keeps_what_was_agreed_to_in_its_language() -> None:
    asked(path="/es/referral/", language="es")
    consent = Consent.objects.get()
    assert (consent.wording.language, consent.wording.version, consent.signed_name) == ("es", 3, "Rosa Sample")
    assert (consent.categories, consent.any_program) == (["contact", "need", "situation"], True)
    assert consent.expires_at is not None
    assert Message.objects.get().language == "es"


def test_the_zone_follows_from_the_zip_code() -> None:
    asked(zip_code="10001")
    assert Contact.objects.get().zone == "America/New_York"


def test_names_and_addresses_are_encrypted_where_they_lie(now: datetime) -> None:

    # Each has a space or is long: three letters may well stand in what encryption makes of them.
    asked(message="A canary in a message", patient_name="Leo Sample")
    with connection.cursor() as cursor:
        for table in ("referral_contact", "referral_patient", "referral_referral", "referral_consent"):
            cursor.execute(f"SELECT * FROM {table}")
            raw = str(cursor.fetchall())
            for canary in ("Rosa Sample", "Leo Sample", "rosa@example.org", "6265550142", "A canary"):
                assert canary not in raw


@pytest.mark.parametrize("text", ["rosa sample", "Rosa", "SAMPLE", "leo", "626 555 0142", "Rosa@Example.org"])
def test_a_person_is_found_by_name_phone_or_address(navigator: User, text: str) -> None:
    asked()
    assert len(find(text, Sight.of(navigator))) == 1


@pytest.mark.parametrize("text", ["Walter", "rosa walters", "6265550143", "@", "%", "' OR 1=1"])
def test_what_is_not_theirs_finds_nobody(navigator: User, text: str) -> None:
    asked()
    assert find(text, Sight.of(navigator)) == []


def test_the_code_on_the_thanks_page_says_nothing_about_the_family(make_referral: Callable[..., Referral]) -> None:
    codes = {make_referral().public_code for _each in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


def test_answers_are_shared_only_where_the_family_ticks_it(staff: Client) -> None:
    questionnaires.load(timezone.now())
    family = Client()
    response = begin(key="level-of-care", language="en", voice="loved", now=timezone.now())
    own(family, response)
    assert (
        "Show the navigator my answers" not in family.get("/referral/?all=1").content.decode()
    )  # nothing is finished yet
    for _each in range(40):
        step = response.outcome().next_question
        if step is None:
            break
        response, _outcome = answer(response, question=step, answer="not_sure", now=timezone.now())
    page = family.get("/referral/?all=1").content.decode()
    assert "Show the navigator my answers" in page
    assert 'value="loved_one" id="id_relation_1" checked' in page.replace(" required", "")
    asked(family, key="")
    asked(family, share_answers="on", key="")
    kept, shared = Referral.objects.order_by("pk")
    assert (kept.response, kept.level_low) == (None, None)
    assert shared.response == response
    assert shared.level_low is not None and shared.level_high is not None
    shown = staff.get(f"/staff/referral/{shared.pk}/").content.decode()
    assert "Their answers" in shown and "Not sure" in shown
    assert "Their answers" not in staff.get(f"/staff/referral/{kept.pk}/").content.decode()
