"""Replies that belong to no message that went, or to nobody we know: each is read by somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as system_settings
from django.test import Client
from django.urls import reverse

from messaging import alerts, clock
from messaging.models import InboundReply, Message, Permission, Suppression
from messaging.signatures import twilio
from privacy.models import AccessEvent
from tests.messaging import owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
STRANGER = "+16265550199"


def say(text: str, sender: str = STRANGER, sid: str = "SM1") -> str:
    path, form = reverse("messaging:sms-inbound"), {"MessageSid": sid, "From": sender, "Body": text}
    signature = twilio(system_settings.MESSAGING_SMS_TOKEN, system_settings.BASE_URL + path, form)
    answer = Client().post(path, form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def _unknown() -> None:
    owner.strangers.add(STRANGER)


@pytest.fixture
def operator(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("operator", is_superuser=True))


def read(browser: Client, reply: InboundReply) -> str:
    answer = browser.get(reverse("admin:messaging_inboundreply_read", args=[reply.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_reply_before_the_first_text_is_about_what_is_planned(noon: Any, plan: Plan) -> None:
    planned = plan(channel="sms", due_at=clock.now() + timedelta(hours=8), language="es")
    assert "nuestro equipo" in say("ayuda", planned.address)
    assert (owner.events[-1].kind, owner.events[-1].reference) == ("reply", planned.reference)
    assert InboundReply.objects.get().message == planned


def test_stop_before_the_first_text_cancels_it_and_is_told(noon: Any, plan: Plan) -> None:
    planned = plan(channel="sms", due_at=clock.now() + timedelta(hours=8))
    say("STOP", planned.address)
    planned.refresh_from_db()
    assert planned.state == "suppressed"
    assert [event.kind for event in owner.events] == ["suppressed", "stopped"]
    assert owner.events[-1].reference == planned.reference


def test_what_went_last_is_answered_rather_than_what_is_planned(noon: Any, plan: Plan) -> None:
    went = plan(channel="sms")
    Message.objects.filter(pk=went.pk).update(state="sent", sending_at=clock.now())
    plan(channel="sms", address=went.address, due_at=clock.now() + timedelta(days=2))
    say("thank you", went.address)
    assert owner.events[-1].reference == went.reference


def test_the_owner_is_given_the_address_of_who_has_no_message() -> None:
    say("who is this")
    assert (owner.events[-1].kind, owner.events[-1].address, owner.events[-1].reference) == ("reply", STRANGER, "")
    assert not InboundReply.objects.waiting().exists()
    say("STOP", sid="SM2")
    assert (owner.events[-1].kind, owner.events[-1].address) == ("stopped", STRANGER)


@pytest.mark.usefixtures("_unknown")
def test_unknown_reply_waits_in_the_admin_until_handled(operator: Client) -> None:
    say("I cannot stop drinking")
    assert [alert.key for alert in alerts.current()] == ["replies"]
    queue = operator.get(reverse("admin:messaging_message_queue")).content.decode()
    listed = reverse("admin:messaging_inboundreply_changelist")
    assert "waits to be read" in queue and listed in queue
    reply = InboundReply.objects.get()
    assert "I cannot stop drinking" not in operator.get(listed).content.decode()
    page = read(operator, reply)
    assert "I cannot stop drinking" in page and STRANGER in page
    assert AccessEvent.objects.filter(subject=f"reply:{reply.pk}", action="viewed").count() == 1
    operator.post(reverse("admin:messaging_inboundreply_read", args=[reply.pk]))
    assert alerts.current() == []
    assert "dealt with" not in read(operator, reply)


@pytest.mark.usefixtures("_unknown")
def test_only_who_may_read_messages_reads_a_reply(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    say("I hear nothing")
    reply = InboundReply.objects.get()
    url = reverse("admin:messaging_inboundreply_read", args=[reply.pk])
    for browser in (sign_in(make_user("nora", "Navigators")), sign_in(make_user("ed", "Editors"))):
        assert "I hear nothing" not in browser.get(url).content.decode()
        browser.post(url)
    assert InboundReply.objects.waiting().count() == 1
    assert "I hear nothing" in read(sign_in(make_user("sue", "Supervisors")), reply)


@pytest.mark.usefixtures("_unknown")
def test_a_bare_stop_from_nobody_we_know_needs_no_reader() -> None:
    assert "no more messages" in say("STOP")
    assert not InboundReply.objects.waiting().exists()


@pytest.mark.usefixtures("_unknown")
@pytest.mark.parametrize("text", ["PARAR", "alto por favor", "No más", "ya no quiero mensajes", "INICIAR", "Ayuda!"])
def test_who_is_unknown_and_writes_spanish_is_answered_in_spanish(text: str) -> None:
    answer = say(text)
    assert "mensajes" in answer or "nuestro equipo" in answer


@pytest.mark.usefixtures("_unknown")
@pytest.mark.parametrize("text", ["PARAR", "INICIAR", "AYUDA"])
def test_a_spanish_answer_names_spanish_commands_only(text: str) -> None:
    answer = say(text)
    assert not {"STOP", "START", "HELP"} & set(answer.replace("<", " ").split())
    assert "PARAR" in answer or "INICIAR" in answer


@pytest.mark.usefixtures("_unknown")
def test_who_is_in_danger_and_writes_spanish_is_answered_in_spanish() -> None:
    answer = say("quiero morir")
    assert "nuestro equipo" in answer
    assert "988 y oprima 2" in answer and "AYUDA al 988" in answer


@pytest.mark.usefixtures("_unknown")
@pytest.mark.parametrize("text", ["STOP", "no more", "start", "HELP", "I want to die"])
def test_who_is_unknown_and_writes_english_is_answered_in_english(text: str) -> None:
    answer = say(text)
    assert "messages" in answer or "our team" in answer


def test_a_reply_that_the_owner_fails_to_write_down_waits_in_the_admin(noon: Any, plan: Plan) -> None:
    planned = plan(channel="sms")
    owner.deaf.add(planned.reference)
    say("please call me", planned.address)
    waiting = InboundReply.objects.waiting().get()
    assert (waiting.text, waiting.sender) == ("please call me", planned.address)


def test_a_stop_holds_even_if_the_owner_fails_to_write_it_down(noon: Any, plan: Plan) -> None:
    planned = plan(channel="sms")
    owner.deaf.add(planned.reference)
    say("STOP", planned.address)
    assert Suppression.objects.get().kind == "stopped"


@pytest.mark.parametrize("sender", ["262966", "PHARMACY", ""])
def test_what_comes_from_no_phone_number_is_kept_and_never_answered(sender: str) -> None:
    Message.objects.all().delete()
    owner.strangers.add(sender)
    assert "<Message>" not in say("HELP", sender)
    assert InboundReply.objects.waiting().get().sender == sender


def test_a_stop_is_confirmed_once_until_somebody_starts_again(noon: Any, plan: Plan) -> None:
    planned = plan(channel="sms")
    answers = [say(word, planned.address, f"SM{number}") for number, word in enumerate(["STOP", "stop", "PARAR"])]
    assert ["<Message>" in answer for answer in answers] == [True, False, False]
    assert "<Message>" in say("START", planned.address, "SM8")
    assert "<Message>" in say("STOP", planned.address, "SM9")


def test_zero_bytes_in_a_text_change_nothing_of_what_it_says(noon: Any, plan: Plan) -> None:
    planned = plan(channel="sms")
    say("STO\0P", planned.address, "SM\0001")
    assert Suppression.objects.filter(lifted_at=None).exists()
    say("START\0", planned.address, "SM2")
    assert Permission.objects.get(revoked_at=None).wording == "START"
