"""What a family's own page says, and does in one order, where two buttons or two facts meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest
from django.test import Client
from time_machine import travel

from messaging.actions import index_of
from messaging.calendar import Hours
from messaging.letter import Letter
from messaging.wishes import choose_hours
from portal.views.own import in_our_time, promised
from referral.actions.common import Actor
from referral.actions.referrals import log_call
from referral.models import Contact, Referral
from tests.referral.conftest import link_in
from tests.referral.test_asking import asked
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
SUNDAY = {"hours": "on", "days": ["6"], "start": "9", "until": "10"}


@pytest.fixture
def family() -> Client:
    client = Client()
    asked(client)
    return client


def test_a_page_tells_nothing_of_the_hours_of_a_known_address(now: datetime) -> None:
    """Whoever types the address of another learns neither its hours nor that they were chosen."""
    told: list[datetime] = []
    for chosen in (None, Hours(days=frozenset({6}), start=time(9), until=time(10))):
        if chosen:
            choose_hours(index=index_of("email", "rosa@example.org"), hours=chosen, source="own page", now=now)
        client = Client()
        asked(client, contact_name=f"Rosa {len(told)}", by_phone="")
        by = promised(Referral.objects.latest("pk"), now)
        thanks, page = words(client.get("/referral/thanks/")), words(client.get("/status/"))
        assert in_our_time(by) in thanks and "Messages come from" not in page
        assert "Now: on any day." in words(client.get("/status/hours/"))
        told.append(by)
    assert told[0] == told[1]


def test_who_reads_there_is_told_of_the_hours(family: Client, post: Post, now: datetime) -> None:
    opens = link_in(post(now)[0])
    hours = Hours(days=frozenset({6}), start=time(9), until=time(10))
    choose_hours(index=index_of("email", Contact.objects.get().email), hours=hours, source="link", now=now)
    assert "Messages come from" not in words(family.get("/status/"))
    Client().get(opens)
    assert "Messages come from" in words(family.get("/status/"))


def test_a_signature_does_not_undo_a_withdrawal_it_did_not_see(family: Client) -> None:
    referral = Referral.objects.get()
    typed = {"consent-agree": "on", "consent-signed_name": "Rosa Sample", "consent-categories": "contact"}
    family.post(f"/status/consent/{referral.consents.get().pk}/revoke/", {"shown": "x"})
    said = words(family.post("/status/consent/", {**typed, "withdrawn": "0"}, follow=True))
    assert "You withdrew your consent meanwhile. Nothing is shared." in said
    assert not referral.consents.filter(revoked_at=None).exists()
    family.post("/status/consent/", {**typed, "withdrawn": "1"})
    assert referral.consents.filter(revoked_at=None).exists()


def test_a_wish_to_delete_does_not_undo_a_keep_it_did_not_see(family: Client) -> None:
    family.post("/status/delete/", {"asked": "0"})
    family.post("/status/keep-data/")
    said = words(family.post("/status/delete/", {"asked": "0"}, follow=True))
    assert "You took this back meanwhile: we keep your data." in said
    assert not Referral.objects.get().tasks.open().filter(kind="erase").exists()
    family.post("/status/delete/", {"asked": "2"})
    assert Referral.objects.get().tasks.open().filter(kind="erase").exists()


def test_a_wrong_phone_is_said_with_the_form_for_another(family: Client, nora: Actor, now: datetime) -> None:
    referral = Referral.objects.get()
    assert "Do you have another phone number?" not in words(family.get("/status/"))
    log_call(referral.pk, "wrong_number", "A stranger.", actor=nora, now=now)
    page = words(family.get("/status/"))
    assert "Do you have another phone number?" in page and "stranger" not in page
    assert '<details class="more" id="reach" open>' in page


def test_a_safe_email_is_one_step(family: Client) -> None:
    family.post("/status/others-read/", {"channel": ["email", "sms", "calls"]})
    page = words(family.get("/status/"))
    assert "If you enter an email here, we write to you there." in page
    assert page.index('name="email"') < page.index('name="phone"')
    typed = {"email": "safe@example.org", "zip_code": "91101", "language": "en"}
    said = words(family.post("/status/reach/", typed, follow=True))
    assert "From now on we reach you by email." in said
    assert Contact.objects.get().by_email and not Contact.objects.get().by_text


def test_the_copy_names_the_person_and_the_papers(family: Client) -> None:
    consent = Referral.objects.get().consents.get()
    consent.patient.name = "Mateo Sample"
    consent.patient.save()
    type(consent).objects.update(signed_as="guardian", authority="Custody papers of 2022")
    copy = words(family.get(f"/status/consent/{consent.pk}/"))
    assert "Mateo Sample" in copy and "Custody papers of 2022" in copy
    whole = words(family.get("/status/download/"))
    assert "Mateo Sample" in whole and "Custody papers of 2022" in whole


def test_before_a_pause_of_what_is_urgent_the_page_warns(family: Client) -> None:
    assert "You asked for help now." not in words(family.get("/status/hours/"))
    Referral.objects.update(urgency="urgent")
    assert "You asked for help now. A pause holds our messages" in words(family.get("/status/hours/"))


def test_the_red_card_stays_first_after_any_further_message(family: Client) -> None:
    family.post("/status/word/", {"word": "he says he has a gun"})
    page = words(family.post("/status/word/", {"word": "should i take his car keys"}, follow=True))
    thanks = page.index("Thank you. Our team has your message.")
    assert page.index("Call 911 now, and do not wait for us.") < thanks < page.index("<h1>")
    assert "in our hours" not in page and "call 911</a>" not in page[page.index("<main") :]
    saved = words(family.post("/status/hours/", SUNDAY, follow=True))
    card = saved.index("Someone needs help now")
    assert card < saved.index("Saved. We write to you on these days and hours.") < saved.index("<h1>")
    assert saved.index('href="tel:911"', card) < saved.index("Call 911 now, and do not wait for us.")


def test_a_call_for_help_contradicts_itself_nowhere(family: Client) -> None:
    """Neither at night, nor after the family asked us to delete its data."""
    family.post("/status/word/", {"word": "he says he has a gun"})
    with travel("2026-03-04T20:30:00-08:00", tick=False):
        page = words(family.get("/status/"))
        assert "No one reads this at night" not in page
        assert "that may be only when our office opens" in page and "we may not answer before our office opens" in page
    family.post("/status/delete/")
    page = words(family.get("/status/"))
    assert page.index("What happens next") < page.index("We alerted our team.")


def test_an_emergency_says_what_to_do_until_help_is_there(family: Client) -> None:
    family.post("/status/word/", {"word": "she took all her pills i think"})
    card = words(family.get("/status/")).partition("<h1")[0]
    assert "stay with them if you are safe" in card and "keep the bottle" in card
    Referral.objects.update(relation="self")
    card = words(family.get("/status/")).partition("<h1")[0]
    assert "unlock the door" in card and "do not make yourself throw up" in card


def test_a_call_for_help_tells_of_the_hours_they_chose(family: Client, now: datetime) -> None:
    soon, later = "Someone contacts you as soon as they can.", "As you chose, we write to you only after"
    family.post("/status/word/", {"word": "he says he has a gun"})
    assert family.post("/status/hours/", SUNDAY).status_code == 302
    assert soon in words(family.get("/status/")), "a call waits for nothing"
    Contact.objects.update(by_phone=False)
    for path in ("/status/", "/referral/thanks/"):
        page = words(family.get(path))
        assert soon not in page and later in page and "9:00 a.m." in page, path
    assert "So do days and hours." in words(family.get("/status/hours/"))


def test_a_closed_request_does_not_contradict_its_red_card(family: Client, nora: Actor, now: datetime) -> None:
    family.post("/status/word/", {"word": "he says he has a gun"})
    family.post("/status/end/", {"reason": "met", "shown": "x"})
    if Referral.objects.get().is_open:
        pytest.fail("it is closed")
    page = words(family.get("/status/"))
    assert "We have also alerted our team." in page
    assert "This request is closed. Our team still knows that you asked for help now." in page


def test_writing_to_us_stands_before_what_has_happened(family: Client) -> None:
    page = family.get("/status/").content.decode()
    order = ['id="next"', 'id="word"', 'id="sharing"', 'id="happened"']
    assert [page.index(one) for one in order] == sorted(page.index(one) for one in order)
