"""What machines call is sent what no machine should send, rightly signed and not: the answer is never a breakdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, inbound, tracking
from django.conf import settings as house
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from messaging.letter import choices_url
from messaging.models import InboundReply, Message, ProviderEvent, Suppression
from messaging.signatures import standard, twilio

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Plan = Callable[..., Message]
LONG = "x" * 1_000_000
DEEP = "[" * 50_000 + "]" * 50_000
ODD: list[Any] = ["\0", "a\0b", "\ud800", LONG, "", -1, 9 * 10**40, 1.5, True, None, [], ["a", ["b"]], {"a": {"b": []}}]
BODIES = [
    b"",
    b"\0",
    b"\xff\xfe\xed\xa0\x80",
    b"null",
    b"NaN",
    b"[]",
    b'"words"',
    b"9" * 5_000,
    b"1e999",
    DEEP.encode(),
    b'{"a":' * 50_000,
    b'{"type": "delivered", "message_id": "1", "code": ' + DEEP.encode() + b"}",
    LONG.encode(),
]
FORM, JSON, PARTS = "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b"
KINDS = [
    FORM,
    JSON,
    PARTS,
    "multipart/form-data",
    "text/plain; charset=nonsense",
    f"{FORM}; charset=utf-16",
    "\xff",
    "",
]


@pytest.fixture
def machine() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def signed_report(machine: Client, body: bytes, now: datetime, **headers: str) -> int:
    stamp = int(now.timestamp())
    signature = standard(house.MESSAGING_MAIL_HOOK_SECRET, "evt", stamp, body)
    names = {"webhook-id": "evt", "webhook-timestamp": f"{stamp}", "webhook-signature": signature, **headers}
    path = reverse("messaging:mail-report")
    return int(machine.post(path, body, content_type=JSON, headers=names).status_code)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_signed_report_that_is_no_report_is_refused(noon: datetime, machine: Client, body: bytes) -> None:
    assert signed_report(machine, body, noon) in (400, 413)
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("name", ["type", "message_id", "code"])
def test_a_report_with_a_value_of_another_kind_breaks_nothing(
    noon: datetime, machine: Client, plan: Plan, name: str
) -> None:
    good = {"type": "delivered", "message_id": plan().message_id, "code": "250"}
    taken = [signed_report(machine, json.dumps({**good, name: odd}).encode(), noon) for odd in ODD]
    assert set(taken) <= {200, 400, 413}
    assert taken[:4] == [400, 400, 400, 413]
    assert signed_report(machine, json.dumps({**good, "more": ODD[:3]}).encode(), noon) == 200


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_report_with_an_odd_header_is_not_believed(noon: datetime, machine: Client, name: str) -> None:
    for odd in ("", "\0", "\xff", "9" * 12, "9" * 5_000, "-1", "v1,", "x" * 60_000):
        assert signed_report(machine, b'{"type": "a", "message_id": "b"}', noon, **{name: odd}) in (400, 401)
    assert not ProviderEvent.objects.exists()


def signed_form(machine: Client, path: str, pairs: list[tuple[str, str]]) -> int:
    """What Twilio would send: signed over the form as it is read, the last of several values of a name."""
    body = urlencode(pairs, errors="surrogatepass")
    read = {name: str(value) for name, value in QueryDict(body).items()}
    signature = twilio(house.MESSAGING_SMS_TOKEN, house.BASE_URL + path, read)
    answer = machine.post(path, body, content_type=FORM, headers={"X-Twilio-Signature": signature})
    return answer.status_code


@pytest.mark.parametrize("name", ["MessageSid", "MessageStatus", "ErrorCode", "From", "Body"])
@pytest.mark.parametrize("page", ["sms-status", "sms-inbound"])
@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", LONG, "", DEEP, "9" * 400])
def test_a_signed_form_with_an_odd_value_is_taken(
    noon: datetime, machine: Client, page: str, name: str, text: str
) -> None:
    good = {"MessageSid": "SM1", "MessageStatus": "delivered", "ErrorCode": "", "From": "+16265550142", "Body": "Hi"}
    path, pairs = reverse(f"messaging:{page}"), list({**good, name: text}.items())
    assert signed_form(machine, path, pairs) in (200, 204)
    assert signed_form(machine, path, [*pairs, (name, "2"), (f"{name}[]", "3"), (text[:99], text[:99])]) in (200, 204)


@pytest.mark.parametrize("query", ["message=%00", "message=%ED%A0%80", f"message={'9' * 4000}", "message[]=1&message="])
def test_an_odd_name_of_a_message_in_the_address_is_nobodys(noon: datetime, machine: Client, query: str) -> None:
    path = f"{reverse('messaging:sms-status')}?{query}"
    assert signed_form(machine, path, [("MessageSid", "SM1"), ("MessageStatus", "delivered")]) in (204, 403)
    assert not ProviderEvent.objects.exclude(message=None).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_unsigned_bodies_of_any_kind_are_refused(noon: datetime, machine: Client, plan: Plan, kind: str) -> None:
    one_click = choices_url(plan()).removeprefix(house.BASE_URL)
    hooks = [reverse(f"messaging:{page}") for page in ("mail-report", "sms-status", "sms-inbound")]
    for body in BODIES:
        for path in [*hooks, one_click]:
            answer = machine.generic("POST", path, body, kind, headers={"X-Twilio-Signature": "\xff"})
            assert 400 <= answer.status_code < 500, path
        assert machine.generic("POST", reverse("leave"), body, kind).status_code < 500
    assert not Suppression.objects.exists()
    assert not InboundReply.objects.exists()


@pytest.mark.parametrize("value", ["\0", "\ud800", LONG, "One-Click\0", DEEP, "[One-Click]", "one-click"])
def test_one_click_takes_only_its_own_word(noon: datetime, machine: Client, plan: Plan, value: str) -> None:
    path = choices_url(plan()).removeprefix(house.BASE_URL)
    body = urlencode({"List-Unsubscribe": value, value[:99]: value}, errors="surrogatepass")
    assert machine.post(path, body, content_type=FORM).status_code == 400
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", ["message_id", "event_id", "reject_reason", "metadata"])
def test_an_event_of_a_mail_provider_may_hold_anything(noon: datetime, plan: Plan, name: str) -> None:
    for odd in ODD:
        value = {"message": odd} if name == "metadata" else odd
        event = AnymailTrackingEvent(**{"event_type": "delivered", "event_id": "evt", "message_id": "1", name: value})
        tracking.send(sender=None, event=event, esp_name="Sample")
    assert ProviderEvent.objects.exists()


def test_a_mail_to_us_may_hold_anything(noon: datetime) -> None:
    for number, odd in enumerate(["\0", "a\0b", "\ud800", LONG, "", DEEP]):
        message = AnymailInboundMessage.construct(from_email="a@example.org", subject="A", text="Words")
        message.set_payload(odd.encode("utf-8", "surrogatepass"))
        inbound.send(
            sender=None,
            event=AnymailInboundEvent(event_type="inbound", event_id=f"{number}{odd[:9]}", message=message),
            esp_name="Sample",
        )
    assert InboundReply.objects.count() == 6
