"""What the tests of this app share: a template, a person who agreed, a sink that listens, and the database's clock."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from messaging import actions, clock
from messaging.batch_size import pace_of
from messaging.models import Message, MessageTemplate
from messaging.sink.servers import smtp_server
from messaging.sink.store import Store
from tests.messaging import couriers, owner

NOON = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)  # a Wednesday, noon in Pasadena
_numbers = count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(autouse=True)
def _app(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # A busy machine stands still for longer than a letter is fresh. What happens then has tests of its own.
    monkeypatch.setattr("messaging.letter.FRESH", 60.0)
    settings.MESSAGING_CLIENT = "tests.messaging.owner.Owner"
    settings.MESSAGING_TEMPLATES = "tests.messaging.owner.templates"
    settings.MESSAGING_COURIERS = {
        "email": "tests.messaging.couriers.Recorder",
        "sms": "tests.messaging.couriers.Recorder",
    }
    settings.MESSAGING_MAIL_LOOKUP = ""
    settings.MESSAGING_MAIL_FOLDER = tmp_path / "mail"
    settings.MESSAGING_RESOLVE_AFTER = 0
    pace_of.cache_clear()
    owner.reset()
    couriers.reset()
    yield


@pytest.fixture
def noon() -> Iterator[datetime]:
    with clock.set_to(NOON):
        yield NOON


@pytest.fixture
def template(db: None) -> MessageTemplate:
    for language, subject, text in [
        ("en", "A note from Waymark", "Hello {{ first_name }}, did you connect?\n\n{{ link }}"),
        ("es", "Una nota de Waymark", "Hola {{ first_name }}, ¿se conectó?\n\n{{ link }}"),
    ]:
        for channel in ("email", "sms"):
            MessageTemplate.objects.create(
                key="check-in",
                channel=channel,
                language=language,
                subject=subject if channel == "email" else "",
                text=text,
            )
    return MessageTemplate.objects.get(key="check-in", channel="email", language="en")


@pytest.fixture
def plan(template: MessageTemplate) -> Callable[..., Message]:
    """Plan a message that is due now to somebody who agreed: ``plan(channel="sms", agreed=False, …)``."""

    def make(*, agreed: bool = True, **changes: Any) -> Message:
        number, now = next(_numbers), clock.now()
        channel = changes.get("channel", "email")
        values: dict[str, Any] = {
            "template": "check-in",
            "channel": channel,
            "person_key": f"contact:{number}",
            "address": f"sample{number}@example.org" if channel == "email" else f"626-555-{number % 10000:04}",
            "language": "en",
            "zone": "America/Los_Angeles",
            "due_at": now,
            "not_after": now + timedelta(days=3),
            "reference": f"followup:{number}",
            "dedupe_key": f"followup:{number}:1",
        }
        values.update(changes)
        if agreed:
            actions.allow(channel=channel, address=values["address"], wording="Write to me.", source="test", now=now)
        return actions.schedule(**values)

    return make


@pytest.fixture
def mail_sink(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """A real SMTP server; what it gets lies in the store."""
    store, port = Store(tmp_path / "sink"), free_port()
    server = smtp_server("127.0.0.1", port, store)
    server.start()
    settings.EMAIL_BACKEND = "messaging.channels.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.MESSAGING_COURIERS = {
        "email": "messaging.channels.mail.MailCourier",
        "sms": "tests.messaging.couriers.Recorder",
    }
    yield store
    server.stop()
