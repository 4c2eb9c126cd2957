"""Text messages over Twilio's HTTP API, which the local sink speaks too. Standard library only."""

from __future__ import annotations

import base64
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from messaging.channels.base import Finding
from messaging.letter import Letter
from messaging.models import Message
from messaging.retry import Accepted, Answer, Deferred, NotBegun, Unclear, http_unclear, twilio_answer

TIMEOUT = 15
KEPT = 5.0  # seconds for which a line that was opened too late is still good


@dataclass(frozen=True)
class Account:
    """An account at Twilio, or at whoever speaks its API: where, whose, and the number that texts come from."""

    url: str
    account: str
    token: str = field(repr=False)
    number: str = field(repr=False)


def _of_settings() -> Account:
    return Account(
        settings.MESSAGING_SMS_URL,
        settings.MESSAGING_SMS_ACCOUNT,
        settings.MESSAGING_SMS_TOKEN,
        settings.MESSAGING_SMS_FROM,
    )


class TwilioCourier:
    """Posts each letter over a line of its own: on one that was kept, a server that had closed it in the meantime would
    look like an answer that was lost. Only one that took too long to open waits, for seconds, for the letter that has
    passed the gate anew. `options` are the fields of an `Account`; without any, the one of the settings."""

    def __init__(self, **options: str) -> None:
        self._account = Account(**options) if options else _of_settings()
        self._opened: tuple[http.client.HTTPConnection, float] | None = None

    def send(self, letter: Letter) -> Answer:
        if not self._account.account:
            return Deferred("not_signed_in", line=True)
        status_url = reverse("messaging:sms-status", query={"message": letter.row.public_id.hex})
        form = {
            "To": letter.row.address,
            "From": self._account.number,
            "Body": letter.content.text,
            # Our own id comes back with the status, so a text whose answer was lost can still be settled.
            "StatusCallback": settings.BASE_URL + status_url,
        }
        try:
            line = self._line()
        except OSError:
            return Deferred("provider_down", line=True)
        if not letter.is_fresh(time.monotonic()):
            self._opened = line, time.monotonic()
            return NotBegun()
        try:
            status, body = self._post(line, form)
        except TimeoutError:
            return Unclear("no_answer")
        except (OSError, http.client.HTTPException):
            return Unclear("line_dropped")
        finally:
            line.close()
        if status < 300:
            return Accepted(str(body.get("sid", ""))[:120])
        if http_unclear(status):
            return Unclear("no_answer", str(status))
        code = body.get("code", 0)
        return twilio_answer(status, code if isinstance(code, int) else 0)

    def _line(self) -> http.client.HTTPConnection:
        opened, self._opened = self._opened, None
        if opened is not None and time.monotonic() - opened[1] < KEPT:
            return opened[0]
        if opened is not None:
            opened[0].close()
        return self._connect()

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self._account.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        line = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        line.connect()
        return line

    def _post(self, line: http.client.HTTPConnection, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        account = self._account.account
        secret = base64.b64encode(f"{account}:{self._account.token}".encode()).decode()
        line.request(
            "POST",
            f"/2010-04-01/Accounts/{account}/Messages.json",
            urlencode(form),
            {"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        response = line.getresponse()
        try:
            body = json.loads(response.read())
        except ValueError:
            body = {}
        return response.status, body if isinstance(body, dict) else {}

    def look_up(self, _message: Message) -> Finding:
        """Twilio cannot be asked by our own id, and a text's wording holds a link that is never stored."""
        return Finding.UNKNOWN

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[0].close()
