"""Unsubscribing by RFC 8058, automatic mail by RFC 3834, and webhooks: the rules line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import settings as system_settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.urls import reverse

from messaging import clock
from messaging.channels.mail import build
from messaging.delivery.claim import claim
from messaging.delivery.drain import drain
from messaging.delivery.gate import pass_gate
from messaging.inbound import unquoted
from messaging.letter import choices_token, choices_url
from messaging.models import InboundReply, Message, MessageTemplate, Permission, ProviderEvent, Suppression
from messaging.signatures import check_standard, standard, twilio
from tests.messaging import owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def email_of(message: Message) -> EmailMultiAlternatives:
    (one,) = claim("email", 1)
    letter = pass_gate(one)
    assert letter is not None
    return build(letter)


def link(message: Message) -> str:
    return choices_url(message).removeprefix(system_settings.BASE_URL)


# --- RFC 8058 -------------------------------------------------------------------------------------------------------
def test_an_email_carries_both_headers_of_one_click(noon: datetime, plan: Plan) -> None:
    message = plan()
    headers = email_of(message).message()
    assert headers["List-Unsubscribe"] == f"<{choices_url(message)}>"  # 3.1: one HTTP(S) URI, in angle brackets
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"  # 3.1: exactly this


def test_one_click_needs_no_cookie_no_token_and_gives_no_redirect(noon: datetime, plan: Plan, browser: Client) -> None:
    message = plan()
    answer = browser.post(link(message), {"List-Unsubscribe": "One-Click"})  # 3.2: multipart/form-data
    assert answer.status_code == 200
    assert not answer.cookies
    assert Suppression.objects.get().source == "one-click"
    assert not Permission.objects.filter(revoked_at=None).exists()


def test_one_click_works_as_a_plain_form_too(noon: datetime, plan: Plan, browser: Client) -> None:
    body, kind = "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"  # 3.2: or this
    assert browser.generic("POST", link(plan()), body, kind).status_code == 200
    assert Suppression.objects.count() == 1


def test_one_click_takes_back_what_is_planned_and_can_be_repeated(noon: datetime, plan: Plan, browser: Client) -> None:
    message = plan()
    for _ in range(3):
        assert browser.post(link(message), {"List-Unsubscribe": "One-Click"}).status_code == 200
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert Suppression.objects.count() == 1
    assert "stopped" in [event.kind for event in owner.events]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_never_unsubscribes(noon: datetime, plan: Plan, browser: Client, method: str) -> None:
    message = plan()
    answer = getattr(browser, method)(link(message))  # 3.2: a scanner that follows links must change nothing
    assert answer.status_code == 302
    assert "token" not in answer["Location"]
    assert choices_token(message) not in answer["Location"]
    assert Suppression.objects.count() == 0


def test_a_post_that_is_not_one_click_changes_nothing(noon: datetime, plan: Plan, browser: Client) -> None:
    assert browser.post(link(plan()), {"anything": "else"}).status_code == 400
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: "0" * 32 + t[32:], lambda t: "x"])
def test_a_link_that_was_not_signed_here_is_not_found(
    noon: datetime, plan: Plan, browser: Client, change: Callable[[str], str]
) -> None:
    url = reverse("messaging:unsubscribe", args=[change(choices_token(plan()))])
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert Suppression.objects.count() == 0


# --- RFC 3834 and what the receiver sees ----------------------------------------------------------------------------
def test_email_is_marked_automatic_with_its_own_message_id(noon: datetime, plan: Plan) -> None:
    message = plan()
    headers = email_of(message).message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == message.message_id


def test_the_subject_is_neutral_and_the_body_comes_twice(noon: datetime, plan: Plan) -> None:
    email = email_of(plan())
    assert email.subject == "A note from Waymark"
    assert "Sample" not in email.subject
    html = str(email.alternatives[0][0])
    assert "Hello Sample" in str(email.body)
    assert "Hello Sample" in html
    assert "/m/" in str(email.body)


def test_link_is_a_button_in_html_and_an_address_in_text(noon: datetime, plan: Plan) -> None:
    email = email_of(plan(language="es"))
    html = str(email.alternatives[0][0])
    assert ">Abrir la página</a>" in html
    assert html.count(f'href="{owner.context["link"]}"') == 2
    assert f"\n{owner.context['link']}\n" in str(email.body) and "Abrir la página" not in str(email.body)


@pytest.mark.parametrize("text", ["{{ link }} and {{ link }}", "See {{ link }} now", "{{ link }}\n\n{{ link }}"])
def test_links_in_a_sentence_and_several_links_stay_links(
    noon: datetime, plan: Plan, template: MessageTemplate, text: str
) -> None:
    template.text = text
    template.save()
    html = str(email_of(plan()).alternatives[0][0])
    assert "Open the page" not in html
    assert html.count(f'href="{owner.context["link"]}"') == text.count("link }}")


def test_a_value_cannot_smuggle_html_or_headers(noon: datetime, plan: Plan) -> None:
    owner.context["first_name"] = "<script>x</script>\nBcc: y@example.org"
    email = email_of(plan())
    assert "<script>" not in str(email.alternatives[0][0])
    assert email.message()["Bcc"] is None


# --- A mail relay's reports (Standard Webhooks) ---------------------------------------------------------------------
def report(
    browser: Client,
    body: object,
    headers: dict[str, str] | None = None,
    *,
    secret: str = "",
    at: datetime | None = None,
) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = int((at or clock.now()).timestamp())
    values = {
        "webhook-id": "evt-1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": standard(secret or system_settings.MESSAGING_MAIL_HOOK_SECRET, "evt-1", stamp, raw),
        **(headers or {}),
    }
    url = reverse("messaging:mail-report")
    return int(browser.post(url, raw, content_type="application/json", headers=values).status_code)


@pytest.fixture
def sent(noon: datetime, plan: Plan) -> Message:
    message = plan()
    drain("email")
    message.refresh_from_db()
    return message


def test_a_signed_report_delivers_and_its_replay_changes_nothing(sent: Message, browser: Client) -> None:
    body = {"type": "delivered", "message_id": sent.message_id}
    assert report(browser, body) == 200
    assert report(browser, body) == 200
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert ProviderEvent.objects.count() == 1
    assert sent.attempts.filter(outcome="delivered").count() == 1
    assert [event.kind for event in owner.events] == ["sent", "delivered"]


def test_a_hard_bounce_blocks_the_address_and_tells_the_owner(sent: Message, browser: Client) -> None:
    assert report(browser, {"type": "bounced", "message_id": sent.message_id, "code": "5.1.1"}) == 200
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("bounced", "bounced")
    assert Suppression.objects.get().kind == "bounced"
    assert owner.events[-1].kind == "bounced"


def test_a_complaint_stops_the_channel(sent: Message, browser: Client) -> None:
    assert report(browser, {"type": "complained", "message_id": sent.message_id}) == 200
    assert Suppression.objects.get().kind == "complained"
    assert owner.events[-1].kind == "stopped"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"webhook-signature": "v1,AAAA"}, 401),
        ({"webhook-signature": ""}, 401),
        ({"webhook-id": "other"}, 401),
        ({"webhook-timestamp": "1"}, 401),
        ({"webhook-timestamp": "soon"}, 401),
        ({"webhook-timestamp": "9" * 40}, 401),
    ],
)
def test_a_report_with_a_wrong_signature_is_refused(
    sent: Message, browser: Client, headers: dict[str, str], status: int
) -> None:
    assert report(browser, {"type": "delivered", "message_id": sent.message_id}, headers) == status
    assert ProviderEvent.objects.count() == 0


def test_a_report_under_another_key_or_from_yesterday_is_refused(sent: Message, browser: Client) -> None:
    body = {"type": "delivered", "message_id": sent.message_id}
    assert report(browser, body, secret="whsec_bm90IG91cnMsIGJ1dCBsb25nIGVub3VnaA==") == 401
    assert report(browser, body, at=datetime(2026, 3, 3, tzinfo=UTC)) == 401


def test_the_published_example_of_standard_webhooks_is_ours_too() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    assert check_standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", headers, body, at) == headers["webhook-id"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        "x",
        None,
        {"type": "delivered"},
        b"[" * 100_000,
        b'{"type": "delivered", "message_id": "\\ud800"}',
        b'{"type": "delivered", "message_id": "x\\u0000"}',
        b"\xff",
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_signed_report_that_says_nothing_is_a_clear_error(sent: Message, browser: Client, body: object) -> None:
    assert report(browser, body) == 400


# --- Twilio ---------------------------------------------------------------------------------------------------------
def post_signed(browser: Client, path: str, form: dict[str, str], *, sign: bool = True) -> tuple[int, str]:
    signature = (
        twilio(system_settings.MESSAGING_SMS_TOKEN, system_settings.BASE_URL + path, form) if sign else "nothing"
    )
    answer = browser.post(path, form, headers={"X-Twilio-Signature": signature})
    return answer.status_code, answer.content.decode()


def test_twilios_own_example_of_a_signature_is_computed() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    assert twilio("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


@pytest.mark.parametrize(
    ("status", "state"), [("delivered", "delivered"), ("undelivered", "bounced"), ("sent", "sent")]
)
def test_a_status_from_twilio_moves_the_text(
    noon: datetime, plan: Plan, browser: Client, status: str, state: str
) -> None:
    message = plan(channel="sms")
    drain("sms")
    path = f"{reverse('messaging:sms-status')}?message={message.public_id.hex}"
    assert post_signed(browser, path, {"MessageSid": "SM1", "MessageStatus": status})[0] == 204
    message.refresh_from_db()
    assert message.state == state


def test_unsigned_requests_change_nothing(noon: datetime, plan: Plan, browser: Client) -> None:
    message = plan(channel="sms")
    drain("sms")
    inbound = reverse("messaging:sms-inbound")
    assert post_signed(browser, reverse("messaging:sms-status"), {"MessageSid": "SM1"}, sign=False)[0] == 403
    form = {"MessageSid": "SM2", "From": message.address, "Body": "STOP"}
    assert post_signed(browser, inbound, form, sign=False)[0] == 403
    assert Suppression.objects.count() == InboundReply.objects.count() == 0
    assert browser.get(inbound).status_code == 405


@pytest.mark.parametrize("field", ["MessageSid", "MessageStatus", "ErrorCode", "From"])
def test_a_signed_status_with_zero_bytes_is_taken_without_them(
    noon: datetime, plan: Plan, browser: Client, field: str
) -> None:
    message = plan(channel="sms")
    drain("sms")
    form = {"MessageSid": "provider-1", "MessageStatus": "delivered", "ErrorCode": "1", "From": message.address}
    assert post_signed(browser, reverse("messaging:sms-status"), {**form, field: f"{form[field]}\0"})[0] == 204
    message.refresh_from_db()
    assert message.state == "delivered"


@pytest.mark.parametrize("sid", ["", "\0"])
def test_a_status_that_names_no_message_touches_nobodys(noon: datetime, plan: Plan, browser: Client, sid: str) -> None:
    stranger = plan(channel="sms", due_at=noon + timedelta(days=1))
    form = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert post_signed(browser, reverse("messaging:sms-status"), form)[0] == 204
    assert ProviderEvent.objects.get().message is None
    assert not stranger.attempts.exists() and not Suppression.objects.exists()


# --- Providers that django-anymail knows ----------------------------------------------------------------------------
def anymail(kind: str, **values: Any) -> None:
    tracking.send(sender=None, event=AnymailTrackingEvent(event_type=kind, **values), esp_name="Sample")


@pytest.mark.parametrize("metadata", [{}, {"message": ""}, {"message": "x"}])
def test_an_event_without_a_name_touches_nobodys_message(noon: datetime, plan: Plan, metadata: dict[str, str]) -> None:
    stranger = plan()
    anymail("bounced", metadata=metadata, event_id="evt-1", reject_reason="bounced")
    assert ProviderEvent.objects.get().message is None
    stranger.refresh_from_db()
    assert (stranger.state, Suppression.objects.count()) == ("scheduled", 0)


def test_an_event_is_known_by_the_providers_own_name_for_the_message(sent: Message) -> None:
    anymail("delivered", message_id=sent.provider_id, event_id="evt-1")
    sent.refresh_from_db()
    assert sent.state == "delivered"


def test_a_stop_at_the_provider_is_a_stop_here(sent: Message, plan: Plan) -> None:
    waits = plan(address=sent.address, due_at=clock.now() + timedelta(days=1))
    for _ in range(2):
        anymail("unsubscribed", metadata={"message": sent.public_id.hex}, event_id="evt-1")
    held = Suppression.objects.get()
    assert (held.kind, held.channel, held.source) == ("stopped", "email", "provider")
    waits.refresh_from_db()
    assert (waits.state, waits.reason) == ("suppressed", "stopped")
    told = [(event.kind, event.channel, event.reference) for event in owner.events if event.kind == "stopped"]
    assert told == [("stopped", "email", sent.reference)]


def say(browser: Client, message: Message, text: str, sid: str = "SM3") -> str:
    status, body = post_signed(
        browser, reverse("messaging:sms-inbound"), {"MessageSid": sid, "From": message.address, "Body": text}
    )
    assert status == 200
    return body


@pytest.fixture
def texted(noon: datetime, plan: Plan) -> Message:
    message = plan(channel="sms", language="es")
    drain("sms")
    message.refresh_from_db()
    assert message.state == "sent"
    return message


@pytest.mark.parametrize("word", ["STOP", "parar", "ya no quiero mensajes", "please stop texting me"])
def test_a_text_that_says_stop_stops_texts_and_is_confirmed_once(
    texted: Message, browser: Client, plan: Plan, word: str
) -> None:
    assert "<Message>" in say(browser, texted, word)
    assert "<Message>" not in say(browser, texted, word)  # the same event again
    assert Suppression.objects.get().kind == "stopped"
    told = [event.kind for event in owner.events if event.kind in ("stopped", "reply")]
    # What is more than a word of command may say something else, too: a person reads it.
    assert told == ["stopped", *(["reply"] if word == "ya no quiero mensajes" else [])]
    later = plan(channel="sms", address=texted.address)
    with clock.set_to(clock.now() + timedelta(seconds=5)):
        drain("sms")
    later.refresh_from_db()
    assert later.reason == "stopped"


def test_start_starts_again(texted: Message, browser: Client) -> None:
    say(browser, texted, "STOP", "SM3")
    assert "<Message>" in say(browser, texted, "START", "SM4")
    assert not Suppression.objects.filter(lifted_at=None).exists()
    assert Permission.objects.filter(revoked_at=None).count() == 1
    assert owner.events[-1].kind == "resumed"


def test_stop_counts_beside_an_unreadable_message(texted: Message, browser: Client, plan: Plan) -> None:
    broken = plan(channel="sms", address=texted.address, due_at=texted.due_at + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET address = 'not encrypted' WHERE id = %s", [broken.pk])
    say(browser, texted, "STOP")
    assert Suppression.objects.get().kind == "stopped"
    assert Message.objects.defer("address").get(pk=broken.pk).state == "suppressed"


def test_a_cry_for_help_is_no_stop_and_is_answered_with_988(texted: Message, browser: Client) -> None:
    assert "988" in say(browser, texted, "I want to end it all")
    assert not Suppression.objects.exists()
    assert (owner.events[-1].kind, owner.events[-1].reason) == ("reply", "help")


def test_help_names_988_and_tells_staff(texted: Message, browser: Client) -> None:
    assert "988" in say(browser, texted, "AYUDA")
    assert [event.kind for event in owner.events] == ["sent", "reply"]


def test_any_other_reply_goes_to_staff_in_silence(texted: Message, browser: Client) -> None:
    assert "<Message>" not in say(browser, texted, "I can't stop drinking, please call")
    assert owner.events[-1].kind == "reply"
    assert owner.events[-1].reason == "maybe_stop"
    assert owner.events[-1].text == "I can't stop drinking, please call"
    assert owner.events[-1].reference == texted.reference


def test_a_reply_is_not_readable_in_the_database(texted: Message, browser: Client) -> None:
    say(browser, texted, "my secret words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM messaging_inboundreply")
        assert "secret" not in str(cursor.fetchall())
    assert InboundReply.objects.get().text == "my secret words"


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        ("Thank you!\n\nOn Wed, Mar 4, 2026 at 9:00 AM Waymark <hello@waymark.example> wrote:\n> stop", "Thank you!"),
        ("Gracias\n\nEl mié, 4 mar 2026, Waymark <hello@waymark.example> escribió:\n> x", "Gracias"),
        ("unsubscribe\n-- \nSample Person", "unsubscribe"),
        ("> quoted only", ""),
    ],
)
def test_of_an_email_only_the_writers_own_words_count(mail: str, own: str) -> None:
    assert unquoted(mail) == own
