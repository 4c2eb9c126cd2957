"""Couriers against real servers: one that misbehaves by SMTP, and the sink by Twilio's HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from messaging import signatures
from messaging.channels.base import Finding
from messaging.channels.mail import MailCourier
from messaging.delivery.drain import drain
from messaging.models import Message
from messaging.sink.servers import SmsServer
from messaging.sink.store import Store
from tests.messaging.conftest import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Plan = Callable[..., Message]


class Script:
    """An SMTP server that says what a test wants, one step at a time."""

    def __init__(self, **said: str):
        self.said, self.listener = said, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.letters = 0
        self.together: list[str] = []  # what lay there at once, of the last letter
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk: object) -> None:
        def say(step: str, usual: str) -> bool:
            answer = self.said.get(step, usual)
            if answer == "hang":
                threading.Event().wait(3)
            if answer in ("drop", "hang"):
                return False
            talk.write(answer.encode() + b"\r\n")  # type: ignore[attr-defined]
            talk.flush()  # type: ignore[attr-defined]
            return not answer.startswith("421")

        if not say("connect", "220 test"):
            return
        for raw in talk:  # type: ignore[attr-defined]
            verb = raw[:4].upper().decode("ascii", "replace").strip()
            if verb == "MAIL" and "PIPELINING" in self.said.get("ehlo", ""):
                more = talk.peek()  # type: ignore[attr-defined]
                self.together = [line[:4].decode("ascii", "replace") for line in [raw, *more.splitlines()]]
            if verb == "DATA":
                if not say("data", "354 go on"):
                    return
                for part in talk:  # type: ignore[attr-defined]
                    if part == b".\r\n":
                        break
                self.letters += 1
                if not say("end", "250 kept"):
                    return
            elif verb == "QUIT":
                say("quit", "221 bye")
                return
            elif not say({"EHLO": "ehlo", "MAIL": "mail", "RCPT": "rcpt"}.get(verb, "other"), "250 ok"):
                return


@pytest.fixture
def send_through(settings: Settings, noon: datetime, plan: Plan) -> Iterator[Callable[..., tuple[Message, Script]]]:
    scripts = []

    def run(**said: str) -> tuple[Message, Script]:
        script = Script(**said)
        scripts.append(script)
        settings.EMAIL_BACKEND = "messaging.channels.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", script.port, False
        settings.EMAIL_TIMEOUT = 1
        settings.MESSAGING_COURIERS = {"email": "messaging.channels.mail.MailCourier"}
        message = plan()
        drain("email")
        message.refresh_from_db()
        return message, script

    yield run
    for script in scripts:
        script.listener.close()


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        ({}, "sent", ""),
        ({"connect": "421 4.3.2 busy"}, "scheduled", "provider_down"),
        ({"connect": "drop"}, "scheduled", "provider_down"),
        ({"mail": "421 4.3.2 closing"}, "scheduled", "provider_closing"),
        ({"mail": "drop"}, "scheduled", "provider_closing"),
        ({"rcpt": "451 4.7.1 greylisted"}, "scheduled", "try_later"),
        ({"rcpt": "452 4.2.2 mailbox full"}, "scheduled", "mailbox_full"),
        ({"rcpt": "552 5.2.2 over quota"}, "scheduled", "mailbox_full"),
        ({"rcpt": "550 5.1.1 no such user"}, "dead", "no_such_address"),
        ({"rcpt": "550 5.7.1 blocked"}, "dead", "refused_by_policy"),
        ({"rcpt": "drop"}, "scheduled", "provider_closing"),
        ({"rcpt": "hang"}, "scheduled", "time_out"),
        ({"data": "drop"}, "scheduled", "provider_closing"),
        ({"data": "451 4.3.0 later"}, "scheduled", "try_later"),
        ({"end": "554 5.6.0 bad content"}, "dead", "refused_by_policy"),
        ({"end": "421 4.3.2 closing"}, "scheduled", "provider_closing"),
        ({"end": "drop"}, "uncertain", "line_dropped"),
        ({"end": "hang"}, "uncertain", "no_answer"),
    ],
)
@pytest.mark.parametrize("ehlo", ["250 ok", "250-test\r\n250 PIPELINING"], ids=["one by one", "in one go"])
def test_whatever_a_mail_server_does_has_a_state_and_a_reason(
    send_through: Callable[..., tuple[Message, Script]], said: dict[str, str], state: str, reason: str, ehlo: str
) -> None:
    message, _ = send_through(**said, ehlo=ehlo)
    assert (message.state, message.reason) == (state, reason)
    assert message.reason_words
    assert message.next_step


def test_a_server_that_pipelines_gets_whole_letters_in_one_go(
    send_through: Callable[..., tuple[Message, Script]], plan: Plan
) -> None:
    _, server = send_through(ehlo="250-test\r\n250 PIPELINING")
    for _ in range(3):
        plan()
    drain("email")
    assert server.letters == 4
    assert server.together == ["MAIL", "RCPT", "DATA"]


def test_a_server_that_is_not_there_is_tried_again(settings: Settings, noon: datetime, plan: Plan) -> None:
    settings.EMAIL_BACKEND = "messaging.channels.smtp.EmailBackend"
    settings.EMAIL_PORT, settings.EMAIL_USE_TLS = free_port(), False
    settings.MESSAGING_COURIERS = {"email": "messaging.channels.mail.MailCourier"}
    message = plan()
    drain("email")
    message.refresh_from_db()
    assert (message.state, message.reason) == ("scheduled", "provider_down")


@pytest.fixture
def texts(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    store, port = Store(tmp_path / "texts"), free_port()
    server = SmsServer(
        "127.0.0.1", port, store, account="AC1", token="secret", sign=lambda u, f: signatures.twilio("secret", u, f)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MESSAGING_COURIERS = {
        "sms": "messaging.channels.twilio.TwilioCourier",
        "email": "messaging.channels.mail.MailCourier",
    }
    settings.MESSAGING_SMS_URL = f"http://127.0.0.1:{port}"
    settings.MESSAGING_SMS_ACCOUNT, settings.MESSAGING_SMS_TOKEN = "AC1", "secret"
    settings.MESSAGING_SMS_FROM = "+16265550100"
    yield store
    server.shutdown()
    server.server_close()


def test_a_text_goes_over_twilios_http_and_says_how_to_stop(noon: datetime, plan: Plan, texts: Store) -> None:
    message = plan(channel="sms", address="(626) 555-0142")
    drain("sms")
    message.refresh_from_db()
    (item,) = texts.newest()
    assert (message.state, message.provider_id) == ("sent", item.sms["sid"])
    assert item.sms["To"] == "+16265550142"
    assert item.sms["Body"].endswith("Reply STOP to stop.")


@pytest.mark.parametrize(
    ("number", "state", "reason"),
    [
        ("+15005550001", "dead", "no_such_address"),
        ("+15005550004", "dead", "receiver_stopped"),
        ("not a number", "dead", "bad_address"),
    ],
)
def test_a_number_that_cannot_be_texted_is_dead_with_a_reason(
    noon: datetime, plan: Plan, texts: Store, number: str, state: str, reason: str
) -> None:
    agreed = number.startswith("+")
    message = plan(channel="sms", address=number, agreed=agreed)
    drain("sms")
    message.refresh_from_db()
    assert (message.state, message.reason) == (state, reason)


def test_a_wrong_token_rests_the_channel_and_loses_nothing(
    noon: datetime, plan: Plan, texts: Store, settings: Settings
) -> None:
    settings.MESSAGING_SMS_TOKEN = "wrong"
    message = plan(channel="sms")
    drain("sms")
    message.refresh_from_db()
    assert (message.state, message.reason) == ("scheduled", "not_signed_in")


def test_the_sink_can_be_asked_whether_it_has_a_message(
    noon: datetime, plan: Plan, texts: Store, settings: Settings
) -> None:
    settings.MESSAGING_MAIL_LOOKUP = f"{settings.MESSAGING_SMS_URL}/mail/"
    message = plan()
    assert MailCourier().look_up(message) is Finding.NOT_FOUND
    texts.add_email(f"Message-ID: {message.message_id}\r\n\r\nx".encode())
    assert MailCourier().look_up(message) is Finding.FOUND
    settings.MESSAGING_MAIL_LOOKUP = f"http://127.0.0.1:{free_port()}/"
    assert MailCourier().look_up(message) is Finding.UNKNOWN
