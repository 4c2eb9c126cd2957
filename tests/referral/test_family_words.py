"""What a family unchecked stays unchecked, a pause says that calls go on, and one promise is made once."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from referral.actions.common import Actor
from referral.actions.consents import weigh_consents
from referral.models import Contact, Referral
from tests.referral.test_asking import asked
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows")]
BOX = 'value="contact"'


@pytest.fixture
def family() -> Client:
    client = Client()
    asked(client, by_text="on")
    return client


def is_checked(page: str) -> bool:
    return "checked" in page[page.index(BOX) : page.index(">", page.index(BOX))]


def test_an_unchecked_box_stays_so_after_a_withdrawal(family: Client) -> None:
    referral = Referral.objects.get()
    assert is_checked(words(family.get("/status/")))
    family.post("/status/consent/", {"consent-agree": "on", "consent-signed_name": "Rosa Sample"})
    narrow = referral.consents.latest("pk")
    assert "contact" not in narrow.categories and not is_checked(words(family.get("/status/")))
    copy = words(family.get(f"/status/consent/{narrow.pk}/"))
    assert "you left this out. It is not shared, also where the words below name it." in copy
    family.post(f"/status/consent/{narrow.pk}/revoke/", {"shown": "x"})
    assert not is_checked(words(family.get("/status/")))


def test_a_pause_says_that_calls_go_on(family: Client) -> None:
    pause = {"pause": "1", "until": "2026-03-20"}
    Contact.objects.update(by_phone=True)
    assert "A pause is for messages. We may still call you." in words(family.get("/status/hours/"))
    assert "We may still call you." in words(family.post("/status/hours/", pause, follow=True))
    Contact.objects.update(by_phone=False)
    assert "We may still call you." not in words(family.post("/status/hours/", pause, follow=True))


def test_the_first_message_makes_no_promise_of_its_own() -> None:
    shipped = json.loads(Path("referral/defaults/messages.json").read_text())
    (first,) = [each for each in shipped if each["key"] == "referral-received"]
    text = json.dumps(first, ensure_ascii=False)
    assert "working day" not in text and "día hábil" not in text and "by when" not in text


def test_an_age_group_corrected_without_a_year_is_asked(family: Client, nora: Actor, now: datetime) -> None:
    referral = Referral.objects.get()
    assert referral.consents.live(now).exists()
    referral.patient.age, referral.patient.birth_year = "under_18", ""
    referral.patient.save()
    weigh_consents(referral, actor=nora, now=now)
    assert not referral.consents.live(now).exists()
    assert referral.tasks.open().filter(kind="ask_consent").exists()
