"""Without a provider of texts no page offers one, none is promised, and nobody is left waiting for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from messaging.models import Channel, Message
from referral.actions.duty import on_duty
from referral.models import Contact, DutyShift
from tests.referral.test_asking import asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows")]


@pytest.fixture(autouse=True)
def _no_texts(settings: Any) -> None:
    settings.MESSAGING_CHANNELS = ["email"]


def test_the_form_offers_calls_and_emails_alone() -> None:
    page = Client().get("/referral/?all=1").content.decode()
    assert "by text" not in page and "May we text" not in page
    assert '<input type="hidden" name="by_text" disabled' in page


def test_what_is_thanked_for_promises_no_text() -> None:
    client = Client()
    assert asked(client, email="", by_email=None, by_text="on", by_phone="on").status_code == 302
    contact = Contact.objects.get()
    assert not contact.by_text and contact.channels() == []
    page = client.get("/referral/thanks/").content.decode()
    assert "text message" not in page and "Please keep this code." in page
    assert not Message.objects.filter(channel="sms").exists()


def test_who_may_only_be_texted_has_to_be_reached_otherwise() -> None:
    page = asked(email="", by_email=None, by_text="on", by_phone=None).content.decode()
    assert "Check at least one way that we may reach you." in page


def test_what_a_family_allowed_before_stays_and_plans_nothing(settings: Any) -> None:
    settings.MESSAGING_CHANNELS = ["email", "sms"]
    client = Client()
    asked(client, email="", by_email=None, by_text="on", by_phone="on")
    settings.MESSAGING_CHANNELS = ["email"]
    contact = Contact.objects.get()
    assert contact.by_text and contact.channels() == []
    page = client.get("/status/").content.decode()
    assert "May we text" not in page


def test_who_is_on_duty_by_text_is_emailed(make_user: Any, now: Any) -> None:
    dora = make_user("dora", "Navigators")
    shift = DutyShift(user=dora, channel="sms", phone="626-555-0142", starts_at=now, ends_at=now + timedelta(hours=8))
    with pytest.raises(ValidationError, match="Text messages are not set up here"):
        shift.clean()
    shift.save()
    (called,) = on_duty(now)
    assert (called.channel, called.address) == ("email", dora.email)
    assert Channel.objects.filter(paused=True).count() == 0
