"""What an operator must hear about: messages that wait too long, and messages that nobody can account for."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging import clock
from messaging.models import Channel, ChannelKey, InboundReply, Message, MessageTemplate
from messaging.states import State

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Alert:
    """`key` is for machines, `sentence` for people, and `page` names the page where something is done about it."""

    key: str
    sentence: str
    page: str = "admin:messaging_message_queue"


def current() -> list[Alert]:
    """Everything that is beyond its limit now."""
    now, found = clock.now(), []
    limit = timedelta(seconds=settings.MESSAGING_LAG_LIMIT)
    for channel in ChannelKey:
        count, oldest = Message.objects.backlog(channel.value, now)
        row = Channel.objects.of(channel.value)
        if row.paused and count:
            sentence = _("The channel %(channel)s is paused while %(count)d messages are due.")
            found.append(Alert(f"paused_{channel.value}", sentence % {"channel": channel.label, "count": count}))
        elif oldest > limit:
            sentence = _("Messages on the channel %(channel)s have been waiting for %(minutes)d minutes.")
            minutes = int(oldest.total_seconds() // 60)
            found.append(Alert(f"lag_{channel.value}", sentence % {"channel": channel.label, "minutes": minutes}))
    open_questions = Message.objects.in_state(State.UNCERTAIN, State.REVIEW).count()
    if open_questions > settings.MESSAGING_UNCERTAIN_LIMIT:
        sentence = _("No one knows whether %(count)d messages were sent.")
        found.append(Alert("uncertain", sentence % {"count": open_questions}))
    others = [alert for path in settings.ALERTS for alert in import_string(path)()]
    return found + _keys(now) + _replies() + _templates() + others


def _keys(now: datetime) -> list[Alert]:
    count = Message.objects.unreadable(now).count()
    sentence = ngettext(
        "%(count)d message cannot be decrypted, and waits: the encryption keys are not those it was written with.",
        "%(count)d messages cannot be decrypted, and wait: the encryption keys are not those they were written with.",
        count,
    )
    return [Alert("unreadable", sentence % {"count": count})] if count else []


def _replies() -> list[Alert]:
    count = InboundReply.objects.waiting().count()
    sentence = ngettext(
        "%(count)d reply that belongs to no open referral waits to be read.",
        "%(count)d replies that belong to no open referral wait to be read.",
        count,
    )
    return [Alert("replies", sentence % {"count": count}, "admin:messaging_inboundreply_changelist")] if count else []


def _templates() -> list[Alert]:
    sentence = _("The wording of %(template)s cannot be sent as it is. The shipped wording is sent in its place.")
    page = "admin:messaging_messagetemplate_changelist"
    return [Alert("template", sentence % {"template": row}, page) for row in MessageTemplate.objects.faulty()]


def watch() -> list[Alert]:
    """Log every alert, by its key alone."""
    alerts = current()
    for alert in alerts:
        log.warning("messaging: alert %s", alert.key)
    return alerts
