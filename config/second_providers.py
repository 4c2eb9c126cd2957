"""Who carries email and texts while the first provider rests: read from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.env import Environment

SMTP = "messaging.channels.smtp.EmailBackend"


def second_providers(
    env: Environment, couriers: Mapping[str, str], *, hosted: bool, timeout: int
) -> dict[str, dict[str, Any]]:
    """The courier of each channel that has a second provider, and what it is made with.

    `couriers` names the class of each channel; `timeout` is in seconds.
    """
    found: dict[str, dict[str, Any]] = {}
    if backend := env.backend("WAYMARK_SECOND_EMAIL_BACKEND", ""):
        # A provider's API takes what it needs from WAYMARK_ANYMAIL.
        found["email"] = {"courier": couriers["email"], "options": {"backend": backend}}
    elif host := env.text("WAYMARK_SECOND_EMAIL_HOST"):
        options = {
            "backend": SMTP,
            "host": host,
            "port": env.whole("WAYMARK_SECOND_EMAIL_PORT", 587, least=1, most=65535),
            "username": env.text("WAYMARK_SECOND_EMAIL_USER"),
            "password": env.text("WAYMARK_SECOND_EMAIL_PASSWORD"),
            "use_tls": env.flag("WAYMARK_SECOND_EMAIL_TLS", hosted),
            "timeout": timeout,
        }
        found["email"] = {"courier": couriers["email"], "options": options}
    if account := env.text("WAYMARK_SECOND_SMS_ACCOUNT"):
        options = {
            "url": env.url("WAYMARK_SECOND_SMS_URL", ("http", "https"), "https://api.twilio.com"),
            "account": account,
            "token": env.text("WAYMARK_SECOND_SMS_TOKEN"),
            "number": env.text("WAYMARK_SECOND_SMS_FROM"),
        }
        found["sms"] = {"courier": couriers["sms"], "options": options}
    env.only_with("WAYMARK_SECOND_EMAIL_", "WAYMARK_SECOND_EMAIL_HOST", "WAYMARK_SECOND_EMAIL_BACKEND")
    env.only_with("WAYMARK_SECOND_SMS_", "WAYMARK_SECOND_SMS_ACCOUNT")
    return found
