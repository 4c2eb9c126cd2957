"""The whole way of one message, through a real SMTP server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from messaging.delivery.drain import drain
from messaging.models import Attempt, Message
from messaging.sink.store import Store
from tests.messaging import owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_due_message_arrives_as_a_real_email(noon: datetime, plan: Callable[..., Message], mail_sink: Store) -> None:
    message = plan(language="es")
    assert drain("email").sent == 1
    message.refresh_from_db()
    assert message.state == "sent"
    (item,) = mail_sink.newest()
    assert item.email is not None
    assert item.email["Message-ID"] == message.message_id
    assert item.email["Subject"] == "Una nota de Waymark"
    body = item.email.get_body(("plain",))
    assert body is not None
    assert "Hola Sample, ¿se conectó?" in body.get_content()
    assert [event.kind for event in owner.events] == ["sent"]
    assert list(message.attempts.values_list("outcome", flat=True)) == [
        Attempt.Outcome.STARTED,
        Attempt.Outcome.ACCEPTED,
    ]
    assert drain("email").sent == 0
    assert len(mail_sink.newest()) == 1
