"""What Postmark, Mailgun and Twilio report, in the form that they document: in order or not, late, twice, replayed."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings as system_settings
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from messaging.delivery.drain import drain
from messaging.models import Message, ProviderEvent, Suppression
from messaging.retry import Unclear
from messaging.signatures import twilio
from tests.messaging import couriers, owner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.messaging.hook_urls")]
Plan = Callable[..., Message]
Say = Callable[..., None]
MAILGUN_KEY = "key-of-a-test"


@pytest.fixture(autouse=True)
def _providers(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "hooks:secret", "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY}


def _post(path: str, body: object, **headers: str) -> int:
    answer = Client().post(path, json.dumps(body), content_type="application/json", headers=headers)
    return int(answer.status_code)


BASIC = {"Authorization": "Basic " + base64.b64encode(b"hooks:secret").decode()}


def postmark(message: Message, kind: str) -> None:
    common: dict[str, Any] = {
        "ServerID": 23,
        "MessageStream": "outbound",
        "MessageID": message.provider_id or "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"message": message.public_id.hex},
        "Tag": "",
    }
    bounce = {
        "RecordType": "Bounce",
        "TypeCode": 1,
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": message.address,
        "From": "hello@waymark.example",
        "BouncedAt": "2026-03-04T20:00:10Z",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "A note from Waymark",
    }
    said = {
        "delivered": {
            "RecordType": "Delivery",
            "Recipient": message.address,
            "DeliveredAt": "2026-03-04T20:00:05Z",
            "Details": "250 2.0.0 OK",
        },
        "bounced": {**bounce, "ID": 901542550, "Type": "HardBounce", "Name": "Hard bounce"},
        "bounced for now": {**bounce, "ID": 901542552, "Type": "SoftBounce", "Name": "Soft bounce"},
        "deferred": {**bounce, "ID": 901542553, "Type": "Transient", "Name": "Message delayed"},
        "complained": {**bounce, "ID": 901542551, "RecordType": "SpamComplaint", "Type": "SpamComplaint"},
        "unsubscribed": {
            "RecordType": "SubscriptionChange",
            "ChangedAt": "2026-03-04T20:00:20Z",
            "Recipient": message.address,
            "Origin": "Recipient",
            "SuppressSending": True,
            "SuppressionReason": "ManualSuppression",
        },
    }
    assert _post("/hooks/postmark/tracking/", {**common, **said[kind]}, **BASIC) == 200


def mailgun(message: Message, kind: str) -> None:
    failed = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 no such user", "attempt-no": 1},
    }
    soft = {"code": 452, "message": "4.2.2 mailbox full", "attempt-no": 1, "retry-seconds": 600}
    said: dict[str, dict[str, Any]] = {
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK", "attempt-no": 1}},
        "bounced": failed,
        "bounced for now": {**failed, "reason": "old", "delivery-status": {"code": 602, "message": "Too old"}},
        "deferred": {**failed, "severity": "temporary", "reason": "generic", "delivery-status": soft},
        "complained": {"event": "complained"},
        "unsubscribed": {"event": "unsubscribed"},
    }
    event = {
        "id": f"Ase7i2zsRYeDXztHGENqRA-{kind}",
        "timestamp": 1772654405.1,
        "log-level": "info",
        "recipient": message.address,
        "recipient-domain": "example.org",
        "tags": [],
        "user-variables": {"message": message.public_id.hex},
        "message": {"headers": {"message-id": message.message_id.strip("<>"), "to": message.address}},
        **said[kind],
    }
    token = sha256(f"{message.pk} {kind}".encode()).hexdigest()[:50]  # of one event, however often it is posted
    signature = hmac.new(MAILGUN_KEY.encode(), f"1772654405{token}".encode(), sha256).hexdigest()
    signed = {"timestamp": "1772654405", "token": token, "signature": signature}
    assert _post("/hooks/mailgun/tracking/", {"signature": signed, "event-data": event}, **BASIC) == 200


def texts(message: Message, kind: str) -> None:
    status, code = {
        "delivered": ("delivered", ""),
        "sent": ("sent", ""),
        "bounced": ("undelivered", "30005"),
        "bounced for now": ("undelivered", "30008"),
    }[kind]
    form = {
        "SmsSid": "SM8f1d3cbdb62f4b7f9fd0a2ab4e7cd5a1",
        "SmsStatus": status,
        "MessageStatus": status,
        "To": message.address,
        "MessageSid": "SM8f1d3cbdb62f4b7f9fd0a2ab4e7cd5a1",
        "AccountSid": "AC0123456789abcdef0123456789abcdef",
        "From": "+16265550100",
        "ApiVersion": "2010-04-01",
        **({"ErrorCode": code} if code else {}),
    }
    path = f"{reverse('messaging:sms-status')}?message={message.public_id.hex}"
    signature = twilio(system_settings.MESSAGING_SMS_TOKEN, system_settings.BASE_URL + path, form)
    assert Client().post(path, form, headers={"X-Twilio-Signature": signature}).status_code == 204


MAIL = [pytest.param(postmark, "email", id="Postmark"), pytest.param(mailgun, "email", id="Mailgun")]
ALL = [*MAIL, pytest.param(texts, "sms", id="Twilio")]


@pytest.fixture
def sent(noon: datetime, plan: Plan) -> Callable[[str], Message]:
    def send(channel: str) -> Message:
        message = plan(channel=channel)
        drain(channel)
        message.refresh_from_db()
        owner.events.clear()
        return message

    return send


def told() -> list[str]:
    return [event.kind for event in owner.events]


@pytest.mark.parametrize(("say", "channel"), ALL)
def test_a_delivery_is_noted_once_however_often_it_comes(sent: Any, say: Say, channel: str) -> None:
    message = sent(channel)
    for _ in range(3):  # doubled, and replayed
        say(message, "delivered")
    message.refresh_from_db()
    assert (message.state, told(), ProviderEvent.objects.count()) == ("delivered", ["delivered"], 1)
    assert message.attempts.filter(outcome="delivered").count() == 1


@pytest.mark.parametrize(("say", "channel"), ALL)
def test_a_lasting_bounce_blocks_the_address_and_is_told_once(sent: Any, say: Say, channel: str) -> None:
    message = sent(channel)
    for _ in range(2):
        say(message, "bounced")
    message.refresh_from_db()
    assert (message.state, told()) == ("bounced", ["bounced"])
    assert Suppression.objects.get().kind == "bounced"


@pytest.mark.parametrize(("say", "channel"), ALL)
def test_a_bounce_for_now_tells_the_owner_and_blocks_nobody(sent: Any, say: Say, channel: str) -> None:
    message = sent(channel)
    say(message, "bounced for now")
    message.refresh_from_db()
    assert (message.state, told()) == ("bounced", ["bounced"])
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(("say", "channel"), MAIL)
def test_a_delay_is_no_bounce(sent: Any, say: Say, channel: str) -> None:
    message = sent(channel)
    say(message, "deferred")
    message.refresh_from_db()
    assert (message.state, told(), ProviderEvent.objects.get().kind) == ("sent", [], "deferred")


@pytest.mark.parametrize("kind", ["complained", "unsubscribed"])
@pytest.mark.parametrize(("say", "channel"), MAIL)
def test_a_complaint_or_stop_at_the_provider_stops_here(sent: Any, say: Say, channel: str, kind: str) -> None:
    message = sent(channel)
    for _ in range(2):
        say(message, kind)
    assert told() == ["stopped"]
    assert Suppression.objects.get().kind == {"complained": "complained", "unsubscribed": "stopped"}[kind]


@pytest.mark.parametrize("order", [["delivered", "bounced", "delivered"], ["bounced", "delivered"]])
@pytest.mark.parametrize(("say", "channel"), ALL)
def test_a_bounce_counts_before_and_after_a_delivery(sent: Any, say: Say, channel: str, order: list[str]) -> None:
    message = sent(channel)
    for kind in order:
        say(message, kind)
    message.refresh_from_db()
    assert message.state == "bounced"
    assert told()[-1] == "bounced"


def test_a_text_that_twilio_calls_sent_after_it_arrived_has_arrived(sent: Any) -> None:
    message = sent("sms")
    for kind in ("delivered", "sent"):
        texts(message, kind)
    message.refresh_from_db()
    assert (message.state, told()) == ("delivered", ["delivered"])


@pytest.mark.parametrize(("say", "channel"), ALL)
def test_a_late_report_settles_what_lost_its_answer(noon: datetime, plan: Plan, say: Say, channel: str) -> None:
    couriers.answers.append(Unclear("no_answer"))
    message = plan(channel=channel)
    drain(channel)
    message.refresh_from_db()
    assert message.state == "uncertain"
    say(message, "delivered")
    message.refresh_from_db()
    assert (message.state, told()) == ("delivered", ["uncertain", "sent", "delivered"])


def test_reports_without_the_secret_or_signature_are_refused(sent: Any) -> None:
    message = sent("email")
    body = {"RecordType": "Delivery", "MessageID": message.provider_id, "DeliveredAt": "2026-03-04T20:00:05Z"}
    assert _post("/hooks/postmark/tracking/", body) == 400
    signed = {"timestamp": "1772654405", "token": "a", "signature": "b"}
    unsigned = {"signature": signed, "event-data": {"event": "delivered", "timestamp": 1}}
    assert _post("/hooks/mailgun/tracking/", unsigned, **BASIC) == 400
    message.refresh_from_db()
    assert (message.state, ProviderEvent.objects.count()) == ("sent", 0)
