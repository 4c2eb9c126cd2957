"""What the queue looks like, for Prometheus. No label holds anything about a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from messaging import clock
from messaging.models import AlertNotice, Attempt, Channel, ChannelKey, Message, Provider, Suppression, Watch
from messaging.models.channel import is_set_up
from messaging.models.message import OPEN_STATES

Family = tuple[str, str, str, list[tuple[dict[str, str], float]]]
PERIOD = timedelta(hours=24)


def families() -> list[Family]:
    """Families as `config.metrics` wants them: (name, kind, help, [(labels, value)])."""
    now = clock.now()
    due, oldest, paused, second, down, set_up = [], [], [], [], [], []
    for channel in ChannelKey.values:
        label = {"channel": channel}
        count, age = Message.objects.backlog(channel, now)
        row = Channel.objects.of(channel)
        due.append((label, float(count)))
        oldest.append((label, age.total_seconds()))
        paused.append((label, float(row.paused or row.rests(now))))
        down.append((label, float(row.is_down(now))))
        set_up.append((label, float(is_set_up(channel))))
        second.append((label, float(row.provider(now) == Provider.SECOND)))
    return [
        ("waymark_messages_due", "gauge", "Messages whose time has come.", due),
        ("waymark_messages_lag_seconds", "gauge", "How long the oldest due message has been waiting.", oldest),
        ("waymark_messages_held", "gauge", "1 while the channel is paused or rests after failures.", paused),
        ("waymark_messages_second", "gauge", "1 while the second provider sends in place of the first.", second),
        ("waymark_channel_down", "gauge", "1 while the provider was not reached by the last tries in a row.", down),
        ("waymark_channel_set_up", "gauge", "0 where no provider is set for the channel.", set_up),
        ("waymark_messages_open", "gauge", "Messages in hand, being sent, uncertain or with a person.", _open()),
        ("waymark_attempts_24h", "gauge", "What came of the tries of the last 24 hours.", _attempts()),
        ("waymark_alerts", "gauge", "1 for each alert that operators were told of and that is not over.", _alerts()),
        ("waymark_watch_age_seconds", "gauge", "How long ago something looked for what is due.", _watched(now)),
        ("waymark_suppressions", "gauge", "Addresses that are not to be written to.", _suppressions()),
    ]


def _watched(now: datetime) -> list[tuple[dict[str, str], float]]:
    return [({}, (now - at).total_seconds()) for at in Watch.objects.values_list("at", flat=True)]


def _alerts() -> list[tuple[dict[str, str], float]]:
    keys = AlertNotice.objects.filter(over_at=None).order_by("key").values_list("key", flat=True)
    return [({"alert": key}, 1.0) for key in keys]


def _open() -> list[tuple[dict[str, str], float]]:
    found = dict(
        Message.objects.filter(state__in=OPEN_STATES).values_list("state").annotate(count=Count("pk")).order_by()
    )
    return [({"state": state}, float(found.get(state, 0))) for state in OPEN_STATES]


def _attempts() -> list[tuple[dict[str, str], float]]:
    rows = Attempt.objects.since(clock.now() - PERIOD).values_list("outcome").annotate(count=Count("pk"))
    found = dict(rows.order_by())
    return [({"result": outcome}, float(found.get(outcome, 0))) for outcome in Attempt.Outcome.values]


def _suppressions() -> list[tuple[dict[str, str], float]]:
    rows = Suppression.objects.filter(lifted_at=None).values_list("kind").annotate(count=Count("pk"))
    found = dict(rows.order_by())
    return [({"kind": kind}, float(found.get(kind, 0))) for kind in Suppression.Kind.values]
