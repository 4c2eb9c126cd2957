"""What an operator must hear about: messages that wait too long, and messages that nobody can account for."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging import clock
from messaging.client import client
from messaging.models import AlertNotice, Channel, ChannelKey, InboundReply, Message, MessageTemplate, Provider, Watch
from messaging.models.channel import is_set_up
from messaging.states import State

log = logging.getLogger(__name__)
OVER_AFTER = timedelta(minutes=5)  # what comes and goes is one alert
DEAD_FOR = timedelta(hours=24)
MENDABLE = ("refused", "refused_by_policy", "no_template", "missing_variable", "owner_failed", "not_signed_in")


@dataclass(frozen=True)
class Alert:
    """`key` is for machines, `sentence` for people, `page` names the page where something is done about it; `channel`
    is whose trouble it is."""

    key: str
    sentence: str
    page: str = "admin:messaging_message_queue"
    channel: str = ""


def current() -> list[Alert]:
    """Everything that is beyond its limit now."""
    now, found = clock.now(), []
    limit = timedelta(seconds=settings.MESSAGING_LAG_LIMIT)
    for channel in ChannelKey:
        count, oldest = Message.objects.backlog(channel.value, now)
        row = Channel.objects.of(channel.value)
        if not is_set_up(channel.value):
            found += _not_set_up(channel)
            continue
        if row.is_down(now):
            sentence = _("Nothing goes out on the channel “%(channel)s”: its provider is not reached.")
            found.append(Alert(f"down_{channel.value}", sentence % {"channel": channel.label}, channel=channel.value))
        if row.paused and count:
            sentence = ngettext(
                "The channel “%(channel)s” is paused, and %(count)d message is due.",
                "The channel “%(channel)s” is paused, and %(count)d messages are due.",
                count,
            )
            words = sentence % {"channel": channel.label, "count": count}
            found.append(Alert(f"paused_{channel.value}", words, channel=channel.value))
        elif oldest > limit:
            minutes = int(oldest.total_seconds() // 60)
            sentence = ngettext(
                "Messages on the channel “%(channel)s” have been waiting for %(minutes)d minute.",
                "Messages on the channel “%(channel)s” have been waiting for %(minutes)d minutes.",
                minutes,
            )
            words = sentence % {"channel": channel.label, "minutes": minutes}
            found.append(Alert(f"lag_{channel.value}", words, channel=channel.value))
        if row.provider(now) == Provider.SECOND:
            sentence = _("The first provider of the channel “%(channel)s” fails. The second one sends meanwhile.")
            words = sentence % {"channel": channel.label}
            found.append(Alert(f"second_{channel.value}", words, channel=channel.value))
    open_questions = Message.objects.in_state(State.UNCERTAIN, State.REVIEW).count()
    if open_questions > settings.MESSAGING_UNCERTAIN_LIMIT:
        sentence = ngettext(
            "No one knows whether %(count)d message was sent.",
            "No one knows whether %(count)d messages were sent.",
            open_questions,
        )
        found.append(Alert("uncertain", sentence % {"count": open_questions}))
    others = [alert for path in settings.ALERTS for alert in import_string(path)()]
    return found + _missed(now) + _dead(now) + _keys(now) + _replies() + _templates() + others


def _missed(now: datetime) -> list[Alert]:
    """Nobody looks for what is due. Who would tell of it is silent, too: it shows where somebody opens a page."""
    missed = Watch.missed(now)
    if missed is None:
        return []
    minutes = int(missed.total_seconds() // 60)
    sentence = _(
        "For %(minutes)d minutes nothing has looked for what is due. Reminders and calls to those on"
        " duty wait. Start the beat and a worker."
    )
    return [Alert("beat", sentence % {"minutes": minutes})]


def _not_set_up(channel: ChannelKey) -> list[Alert]:
    """What was planned, perhaps before the account was taken away, and has no way to go."""
    count = Message.objects.filter(channel=channel.value).in_state(State.SCHEDULED, State.CLAIMED).count()
    sentence = ngettext(
        "No provider is set for the channel “%(channel)s”, and %(count)d message waits for it.",
        "No provider is set for the channel “%(channel)s”, and %(count)d messages wait for it.",
        count,
    )
    words = sentence % {"channel": channel.label, "count": count}
    return [Alert(f"not_set_up_{channel.value}", words, channel=channel.value)] if count else []


def _dead(now: datetime) -> list[Alert]:
    """What failed today and an operator can mend: a text, a provider's rule. A bad address is no alert."""
    failed = Message.objects.in_state(State.DEAD).filter(changed_at__gt=now - DEAD_FOR, reason__in=MENDABLE)
    count = failed.count()
    sentence = ngettext(
        "%(count)d message failed today for a reason that an operator can correct.",
        "%(count)d messages failed today for a reason that an operator can correct.",
        count,
    )
    return [Alert("dead", sentence % {"count": count})] if count else []


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
    """Tell of every alert once, in the log by its key alone, until it is over; then that it is."""
    now = clock.now()
    Watch.objects.update_or_create(pk=1, defaults={"at": now})
    alerts = current()
    firsts: dict[str, Alert] = {}
    for alert in alerts:
        firsts.setdefault(alert.key, alert)
    known = AlertNotice.objects.filter(over_at=None)
    known.filter(key__in=firsts).update(seen_at=now)
    there = list(known.filter(key__in=firsts))
    for key in firsts.keys() - {notice.key for notice in there}:
        _tell(firsts[key], now)
    for notice in there:
        _tell_open(notice)
    for notice in known.filter(seen_at__lte=now - OVER_AFTER):
        _tell_over(notice, now)
    return alerts


def _tell(alert: Alert, now: datetime) -> None:
    """Tell of it, unless another worker just has; where that fails, the next watch tells."""
    try:
        with transaction.atomic():
            values = {"sentence": alert.sentence, "channel": alert.channel, "since": now, "seen_at": now}
            notice, is_new = AlertNotice.objects.get_or_create(key=alert.key[:60], over_at=None, defaults=values)
            if is_new:
                log.warning("messaging: alert %s", alert.key)
                client().alert(notice, now)
    except Exception as error:
        log.error("messaging: alert %s could not be told: %s", alert.key, type(error).__name__)


def _tell_open(notice: AlertNotice) -> None:
    try:
        with transaction.atomic():
            client().alert_open(AlertNotice.objects.select_for_update().get(pk=notice.pk))
    except Exception as error:
        log.error("messaging: alert %s could not be told again: %s", notice.key, type(error).__name__)


def _tell_over(notice: AlertNotice, now: datetime) -> None:
    try:
        with transaction.atomic():
            if AlertNotice.objects.filter(pk=notice.pk, over_at=None).update(over_at=now):
                notice.over_at = now
                client().alert(notice, now)
                log.warning("messaging: alert %s is over", notice.key)
    except Exception as error:
        log.error("messaging: end of alert %s could not be told: %s", notice.key, type(error).__name__)
