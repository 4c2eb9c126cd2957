"""The servers of the sink: one that takes e-mail, one that speaks as much of Twilio's API as this project uses."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qsl, unquote
from urllib.request import Request, urlopen

from aiosmtpd.controller import Controller

from messaging.sink.store import Store

log = logging.getLogger(__name__)
# aiosmtpd logs every command, with the addresses in it.
logging.getLogger("mail.log").setLevel(logging.ERROR)
Sign = Callable[[str, dict[str, str]], str]


class _Inbox:
    """Takes every e-mail, except to addresses that start with one of these words: they show what providers do."""

    ANSWERS = {
        "full": "452 4.2.2 Mailbox full",
        "busy": "451 4.7.1 Try again later",
        "unknown": "550 5.1.1 No such user",
        "blocked": "550 5.7.1 Not accepted",
    }

    def __init__(self, store: Store):
        self._store = store

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        word = address.partition("@")[0].partition("+")[0].lower()
        if word in self.ANSWERS:
            return self.ANSWERS[word]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self._store.add_email(envelope.original_content or envelope.content)
        return "250 Message accepted for delivery"


def smtp_server(host: str, port: int, store: Store) -> Controller:
    """An SMTP server that keeps what it gets. Call `start` and `stop`."""
    return Controller(_Inbox(store), hostname=host, port=port, decode_data=False)


class SmsServer(ThreadingHTTPServer):
    """Answers ``POST /2010-04-01/Accounts/<account>/Messages.json`` as Twilio does, reports "delivered" to the given
    callback with a signature, and says whether an e-mail arrived: ``GET /mail/<Message-ID>``."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, store: Store, *, account: str, token: str, sign: Sign):
        super().__init__((host, port), _Handler)
        self.store, self.account, self.token, self.sign = store, account, token, sign

    def report(self, url: str, form: dict[str, str]) -> None:
        """Post a signed status to the callback, as the provider would a moment later."""
        body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
        request = Request(url, body, {"X-Twilio-Signature": self.sign(url, form)})  # noqa: S310 - our own address
        try:
            urlopen(request, timeout=10).close()  # noqa: S310
        except (URLError, OSError) as error:
            log.warning("sink: a status could not be reported: %s", type(error).__name__)


class _Handler(BaseHTTPRequestHandler):
    server: SmsServer
    protocol_version = "HTTP/1.1"

    # Twilio's magic numbers for tests: https://www.twilio.com/docs/iam/test-credentials
    REFUSED = {"+15005550001": (400, 21211), "+15005550009": (400, 21614), "+15005550004": (400, 21610)}

    def do_GET(self) -> None:
        if self.path.startswith("/mail/"):
            self._answer(200, {"found": self.server.store.has(unquote(self.path[6:]))})
        else:
            self._answer(404, {"message": "There is nothing here."})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0)).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        if self.path != f"/2010-04-01/Accounts/{self.server.account}/Messages.json":
            return self._answer(404, {"code": 20404, "message": "There is no such resource."})
        if not self._signed_in():
            return self._answer(401, {"code": 20003, "message": "Authenticate"})
        if not all(form.get(name) for name in ("To", "From", "Body")):
            return self._answer(400, {"code": 21604, "message": "To, From and Body are required."})
        if form["To"] in self.REFUSED:
            status, code = self.REFUSED[form["To"]]
            return self._answer(status, {"code": code, "message": "This number cannot be texted."})
        sid = f"SM{secrets.token_hex(16)}"
        self.server.store.add_sms({**form, "sid": sid})
        self._answer(201, {"sid": sid, "status": "queued", "error_code": None})
        if form.get("StatusCallback"):
            report = {"MessageSid": sid, "MessageStatus": "delivered"}
            threading.Timer(0.5, self.server.report, [form["StatusCallback"], report]).start()
        return None

    def _signed_in(self) -> bool:
        expected = base64.b64encode(f"{self.server.account}:{self.server.token}".encode()).decode()
        return hmac.compare_digest(self.headers.get("Authorization", ""), f"Basic {expected}")

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: Any) -> None:
        """Nothing: a request line may hold a number."""
