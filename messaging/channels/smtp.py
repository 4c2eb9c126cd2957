"""Django's SMTP backend, which also knows whether the letter itself had begun to leave when a line broke.

Before that a broken line is harmless and the letter is sent again; after it nobody can say. Where the server says
that it can, what comes before the letter is sent in one go (RFC 2920): one wait for an answer in place of three.
"""

from __future__ import annotations

import smtplib
from typing import Any, cast

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

    def sendmail(self, from_addr: str, to_addrs: Any, msg: Any, *options: Any) -> Any:
        self.ehlo_or_helo_if_needed()  # type: ignore[attr-defined]
        to = [to_addrs] if isinstance(to_addrs, str) else list(to_addrs)
        if len(to) != 1 or not self.has_extn("pipelining"):  # type: ignore[attr-defined]
            return super().sendmail(from_addr, to_addrs, msg, *options)  # type: ignore[misc]
        self._in_one_go(from_addr, to[0], msg)
        return {}

    def _in_one_go(self: Any, sender: str, receiver: str, msg: bytes) -> None:
        size = f" size={len(msg)}" if self.has_extn("size") else ""
        commands = [f"MAIL FROM:{smtplib.quoteaddr(sender)}{size}", f"RCPT TO:{smtplib.quoteaddr(receiver)}", "DATA"]
        if any(mark in command for command in commands for mark in "\r\n"):
            raise ValueError("an address holds the end of a line")
        self.handed_over = False
        self.send("".join(f"{command}\r\n" for command in commands))
        replies: list[tuple[int, bytes]] = []
        for _command in commands:
            replies.append(self.getreply())
            if replies[-1][0] == 421:  # it says nothing more
                self.close()
                break
        refused = next((place for place, reply in enumerate(replies) if reply[0] not in _YES[place]), None)
        if refused is None:
            self._end(self._letter(msg))
            return
        if len(replies) == len(commands) and replies[-1][0] == 354:
            self.send("\r\n.\r\n")  # a server that waits for the letter all the same gets an empty one
            self.getreply()
        self._refuse(refused, *replies[refused], sender, receiver)

    def _letter(self: Any, msg: bytes) -> tuple[int, bytes]:
        # As smtplib does it: no line may begin with a lone dot, and the last one ends.
        quoted = msg.replace(b"\n.", b"\n..")
        quoted = b"." + quoted if quoted.startswith(b".") else quoted
        end = b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"
        self.handed_over = True
        self.send(quoted + end)
        return cast(tuple[int, bytes], self.getreply())

    def _end(self: Any, reply: tuple[int, bytes]) -> None:
        if reply[0] != 250:
            self._refuse(2, *reply, "", "")

    def _refuse(self: Any, command: int, code: int, text: bytes, sender: str, receiver: str) -> None:
        if code == 421:
            self.close()
        else:
            self._rset()
        if command == 0:
            raise smtplib.SMTPSenderRefused(code, text, sender)
        if command == 1:
            raise smtplib.SMTPRecipientsRefused({receiver: (code, text)})
        raise smtplib.SMTPDataError(code, text)


# The good answers to MAIL, RCPT and DATA.
_YES = ((250,), (250, 251), (354,))


class WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class WatchedSMTPOverTLS(_Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Use as ``EMAIL_BACKEND``."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return WatchedSMTPOverTLS if self.use_ssl else WatchedSMTP
