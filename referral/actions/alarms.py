"""Operators hear of trouble with messages: those on duty, else the supervisors, and the addresses of the settings; once
and once more when it is over."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
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

    The addresses of the settings get one past it: who runs the system need have no account here. Of the end only those
    hear that heard of the trouble.
    """
    kind, told = ALERT_OVER if notice.over_at else ALERT, on_duty_now(now)
    addresses = {called.address for called in told}
    if notice.over_at:
        for address in sorted({*settings.OPERATORS} & {*_told(notice)} - addresses):
            _send_later(address, "en", notice, kind)
    else:
        tell_addresses(notice, by_duty=addresses)
    for called in told:
        if called.channel == notice.channel and notice.over_at is None:
            _send_later(called.user.email, called.language, notice, kind)
        else:
            plan_for(
                called, template=TEMPLATES[kind], reference=f"{kind}:{notice.pk}", occasion="", not_after=now + LASTS,
                now=now,
            )  # fmt: skip


def tell_addresses(notice: AlertNotice, by_duty: Collection[str] = ()) -> None:
    """Email the addresses of the settings that have not heard of it, except who hears it `by_duty`; the caller has
    locked the notice.

    Each is written down first and sent to after the transaction, or a mail server that hangs would hold up everybody
    else who writes. What could not be sent is tried again with the next watch.
    """
    heard = _told(notice)
    new = [address for address in settings.OPERATORS if address not in heard]
    if new:
        _hear(notice, [*heard, *new])
        transaction.on_commit(partial(_send_all, notice, [address for address in new if address not in by_duty]))


def _send_all(notice: AlertNotice, addresses: Collection[str]) -> None:
    failed = {address for address in addresses if not _past_the_queue(address, "en", notice, ALERT)}
    if failed:
        with transaction.atomic():
            notice = AlertNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
            _hear(notice, [address for address in _told(notice) if address not in failed])


def _send_later(address: str, language: str, notice: AlertNotice, kind: str) -> None:
    transaction.on_commit(partial(_past_the_queue, address, language, notice, kind))


def _hear(notice: AlertNotice, addresses: Collection[str]) -> None:
    notice.told = "\n".join(addresses)
    notice.save(update_fields=["told"])


def _told(notice: AlertNotice) -> list[str]:
    return (notice.told or "").split()


def values(notice: AlertNotice) -> dict[str, str]:
    """What the templates of alerts need."""
    return {"alert": notice.sentence, "link": settings.BASE_URL + reverse("admin:messaging_message_queue")}


def _past_the_queue(address: str, language: str, notice: AlertNotice, kind: str) -> bool:
    """Whether it was handed to the mail server."""
    text = shipped(TEMPLATES[kind], "email", language)
    if text is None or not address:
        return False
    try:
        with translation.override(language):
            send_mail(text.subject, fill(text.text, values(notice)), None, [address])
    except Exception as error:  # the mail server may be the trouble: the log and the page say it, too
        log.error("messaging: alert %s could not be sent by email: %s", notice.key, type(error).__name__)
        return False
    return True
