"""E-mail through Django's API: SMTP, or any of django-anymail's providers by setting ``EMAIL_BACKEND``."""

from __future__ import annotations

import json
import smtplib
import time
import uuid
from email.policy import Compat32
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout

from messaging.channels.base import Finding
from messaging.letter import Letter
from messaging.models import Message
from messaging.retry import Accepted, Answer, Deferred, NotBegun, Refused, Unclear, http_unclear, smtp_answer

LINE = 78  # characters, the end of the line not counted (RFC 5322)


class _Plain(Compat32):
    """Writes a header that fits on its line as it stands. Looking for where to fold each of them was half of the making
    of a letter."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if isinstance(value, str) and len(name) + len(value) + 2 <= LINE and value.isascii() and value.isprintable():
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


class _Email(EmailMultiAlternatives):
    boundary = ""

    def message(self, **how: Any) -> Any:
        made = super().message(**how)
        # Else a search for one that occurs in no part is compiled anew for each letter, a fifth of its making.
        made.set_boundary(self.boundary)
        made.policy = _Plain()
        return made


def build(letter: Letter, connection: Any = None) -> EmailMultiAlternatives:
    """The e-mail of a letter."""
    email = _Email(
        subject=letter.content.subject,
        body=letter.content.text,
        to=[letter.row.address],
        connection=connection,
        headers={
            "Message-ID": letter.row.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation notes, please
            "X-Auto-Response-Suppress": "All",
            "List-Unsubscribe": f"<{letter.content.choices_url}>",
            # RFC 8058; never for who is at work: whoever has the mail forwarded would stop it for all.
            **({} if letter.row.at_work else {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}),
        },
    )
    email.boundary = f"=_{uuid.uuid4().hex}"  # no word of ours, nor of anybody who could know it
    email.attach_alternative(letter.content.html, "text/html")
    # Anymail hands this to the provider, which hands it back with each event; SMTP ignores it.
    email.metadata = {"message": letter.row.public_id.hex}  # type: ignore[attr-defined]
    return email


class MailCourier:
    """Sends over one connection until it breaks, then over a new one.

    `options` are those of `django.core.mail.get_connection`; without any, the connection of the settings.
    """

    def __init__(self, **options: Any) -> None:
        self._connection: Any = get_connection(**options)
        self._open = False

    def send(self, letter: Letter) -> Answer:
        if not self._open:
            answer = self._connect()
            if answer is not None:
                return answer
            if not letter.is_fresh(time.monotonic()):
                return NotBegun()
        email = build(letter, self._connection)
        try:
            self._connection.send_messages([email])
        except Exception as error:
            answer = self._answer(error)
            self.close()
            return answer
        status = getattr(email, "anymail_status", None)
        return Accepted(str(getattr(status, "message_id", None) or "")[:120])

    def _connect(self) -> Answer | None:
        try:
            self._connection.open()
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            return Deferred("not_signed_in", str(error.smtp_code), line=True)
        except smtplib.SMTPResponseException as error:
            self.close()
            return Deferred("provider_down", str(error.smtp_code), line=True)
        except (OSError, smtplib.SMTPException):
            self.close()
            return Deferred("provider_down", line=True)
        self._open = True
        return None

    def _answer(self, error: Exception) -> Answer:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, text = next(iter(error.recipients.values()))
            return smtp_answer(code, _text(text))
        if isinstance(error, smtplib.SMTPResponseException):
            return smtp_answer(error.smtp_code, _text(error.smtp_error))
        if isinstance(error, AnymailError):
            return _anymail_answer(error)
        if isinstance(error, (UnicodeError, ValueError)):
            return Refused("bad_address")
        # A backend of which we know nothing may have sent the letter: only "no" is a safe "no".
        handed_over = getattr(getattr(self._connection, "connection", None), "handed_over", True)
        timed_out = isinstance(error, TimeoutError) or "timed out" in str(error)
        if handed_over:
            return Unclear("no_answer" if timed_out else "line_dropped")
        return Deferred("time_out" if timed_out else "provider_closing", line=True)

    def look_up(self, message: Message) -> Finding:
        """Ask the address in the setting ``MESSAGING_MAIL_LOOKUP`` (the sink has one); without it, unknown."""
        if not settings.MESSAGING_MAIL_LOOKUP:
            return Finding.UNKNOWN
        url = settings.MESSAGING_MAIL_LOOKUP + quote(message.message_id, safe="")
        try:
            with urlopen(url, timeout=settings.EMAIL_TIMEOUT) as response:  # noqa: S310 - our own setting
                found = json.load(response)["found"]
        except (URLError, OSError, ValueError, KeyError):
            return Finding.UNKNOWN
        return Finding.FOUND if found else Finding.NOT_FOUND

    def close(self) -> None:
        self._open = False
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            pass


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _anymail_answer(error: AnymailError) -> Answer:
    if isinstance(error, AnymailRecipientsRefused):
        return Refused("no_such_address", address_bad=True)
    if not isinstance(error, AnymailAPIError):
        return Refused("refused", type(error).__name__)
    status = getattr(error, "status_code", None)
    if status is None:
        never_there = isinstance(error.__cause__, (ConnectTimeout, NoConnection))
        return Deferred("provider_down", line=True) if never_there else Unclear("no_answer")
    if http_unclear(status):
        return Unclear("no_answer", str(status))
    if status in (401, 403):
        return Deferred("not_signed_in", str(status), line=True)
    if status in (408, 429) or status >= 500:
        return Deferred("try_later", str(status), line=True)
    return Refused("refused", str(status))
