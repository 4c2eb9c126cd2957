"""Operators hear of trouble with messages: those on duty, else the supervisors, and the addresses of the settings; once
and once more when it is over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation

from messaging.declared import shipped
from messaging.models import AlertNotice
from messaging.wording import fill
from referral.actions.duty import on_duty_now, plan_for

log = logging.getLogger(__name__)
ALERT, ALERT_OVER = "alert", "alert-over"
TEMPLATES = {ALERT: "staff-alert", ALERT_OVER: "staff-alert-over"}
LASTS = timedelta(hours=12)


def tell_operators(notice: AlertNotice, now: datetime) -> None:
    """Plan a message to each of them; where the trouble is with their own channel, an email goes past its queue.

    The addresses of the settings always get one past it: who runs the system need have no account here.
    """
    kind, told = ALERT_OVER if notice.over_at else ALERT, on_duty_now(now)
    for address in {*settings.OPERATORS} - {called.address for called in told}:
        _past_the_queue(address, "en", notice, kind)
    for called in told:
        if called.channel == notice.channel and notice.over_at is None:
            _past_the_queue(called.user.email, called.language, notice, kind)
        else:
            plan_for(
                called, template=TEMPLATES[kind], reference=f"{kind}:{notice.pk}", occasion="", not_after=now + LASTS,
                now=now,
            )  # fmt: skip


def values(notice: AlertNotice) -> dict[str, str]:
    """What the templates of alerts need."""
    return {"alert": notice.sentence, "link": settings.BASE_URL + reverse("admin:messaging_message_queue")}


def _past_the_queue(address: str, language: str, notice: AlertNotice, kind: str) -> None:
    text = shipped(TEMPLATES[kind], "email", language)
    if text is None or not address:
        return
    try:
        with translation.override(language):
            send_mail(text.subject, fill(text.text, values(notice)), None, [address])
    except Exception as error:  # the mail server may be the trouble: the log and the page say it, too
        log.error("messaging: alert %s could not be sent by email: %s", notice.key, type(error).__name__)
