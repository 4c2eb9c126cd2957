"""Signatures of webhooks. Plain Python.

`standard` follows Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
`twilio` follows https://www.twilio.com/docs/usage/security#validating-requests: HMAC-SHA1 over address and sorted form.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256

TOLERANCE = timedelta(minutes=5)


class BadSignature(Exception):
    """The request was not signed with our secret, or too long ago; the message says which."""


def standard(secret: str, event_id: str, at: int, body: bytes) -> str:
    """The signature header of a body that is sent at `at` (seconds since 1970). `secret` is ``whsec_`` and base64.

    Raises `ValueError` for another kind of secret.
    """
    content = f"{event_id}.{at}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    return "v1," + base64.b64encode(hmac.new(key, content, sha256).digest()).decode()


def check_standard(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the event's id if one of the signatures is ours and the time is near. Raises `BadSignature`."""
    event_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not event_id or not given or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise BadSignature("The headers webhook-id, webhook-timestamp and webhook-signature are needed.")
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
        raise BadSignature("The request is too old.")
    expected = standard(secret, event_id, int(stamp), body)
    # Several are allowed, so that a sender can change its key.
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise BadSignature("The signature is not right.")
    return event_id


def twilio(token: str, url: str, form: Mapping[str, str]) -> str:
    """Twilio's signature of a form that is posted to `url`."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), sha1).digest()).decode()


def check_twilio(tokens: Sequence[str], url: str, form: Mapping[str, str], given: str) -> None:
    """Raises `BadSignature` unless `given` is Twilio's signature under one of our tokens; "" is none."""
    if not any(hmac.compare_digest(twilio(token, url, form).encode(), given.encode()) for token in tokens if token):
        raise BadSignature("The signature is not right.")
