"""Django's SMTP backend, which also knows whether the letter itself had begun to leave when a line broke.

Before that a broken line is harmless and the letter is sent again; after it nobody can say.
"""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class _Watched:
    """Mixed into smtplib's classes."""

    in_data = False
    handed_over = False

    def mail(self, sender: str, options: Any = ()) -> Any:
        self.handed_over = False
        return super().mail(sender, options)  # type: ignore[misc]

    def data(self, msg: Any) -> Any:
        self.in_data = True
        try:
            return super().data(msg)  # type: ignore[misc]
        finally:
            self.in_data = False

    def send(self, s: Any) -> None:
        # Within DATA the first thing sent is the command itself, as text; the letter follows as bytes.
        if self.in_data and isinstance(s, bytes):
            self.handed_over = True
        super().send(s)  # type: ignore[misc]


class WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class WatchedSMTPOverTLS(_Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Use as ``EMAIL_BACKEND``."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return WatchedSMTPOverTLS if self.use_ssl else WatchedSMTP
