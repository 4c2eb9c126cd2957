"""Without a provider of texts no page offers one, none is promised, and nobody is left waiting for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from messaging import actions as messaging
from messaging.models import Channel, Message
from referral.actions.duty import on_duty
from referral.actions.waiting import watch_ways
from referral.models import Contact, DutyShift, Referral, Task
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


@pytest.mark.parametrize("overheard", [False, True])
def test_staff_are_told_of_who_can_no_longer_be_reached(
    settings: Any, now: Any, staff: Client, overheard: bool
) -> None:
    settings.MESSAGING_CHANNELS = ["email", "sms"]
    alone, other = {"by_phone": None, "voicemail": None}, {"phone": "(626) 555-0177", "key": str(uuid4())}
    for changed in (alone, other):
        assert asked(email="", by_email=None, by_text="on", **changed).status_code == 302
    assert watch_ways(now) == 0
    settings.MESSAGING_CHANNELS = ["email"]
    referral = Referral.objects.get(contact__by_phone=False)
    if overheard:
        contact = referral.contact
        messaging.shut(address=contact.phone, channel=messaging.CALLS, source="own page", now=now, by=contact.key)
    assert [watch_ways(now), watch_ways(now)] == [1, 0]
    task = Task.objects.open().get(kind=Task.Kind.NO_WAY)
    assert task.urgent and task.referral == referral and task.due_at == now
    page = staff.get(f"/staff/referral/{referral.pk}/").content.decode()
    assert ("Call, or ask for an email" in page) is not overheard
    assert "No calls allowed" not in page
    task.done_at = now
    task.save()
    assert watch_ways(now) == 0, "whoever has seen to it is not asked again"


def test_who_is_on_duty_by_text_is_emailed(make_user: Any, now: Any) -> None:
    dora = make_user("dora", "Navigators")
    shift = DutyShift(user=dora, channel="sms", phone="626-555-0142", starts_at=now, ends_at=now + timedelta(hours=8))
    with pytest.raises(ValidationError, match="Text messages are not set up here"):
        shift.clean()
    shift.save()
    (called,) = on_duty(now)
    assert (called.channel, called.address) == ("email", dora.email)
    assert Channel.objects.filter(paused=True).count() == 0
