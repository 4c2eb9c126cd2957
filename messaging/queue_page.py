"""How each channel stands, in numbers and words, for those who run the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from messaging import clock
from messaging.models import Attempt, Channel, ChannelKey, Message, Provider
from messaging.models.channel import is_set_up
from messaging.states import State


@dataclass(frozen=True)
class QueueLine:
    """One state of a channel's messages: how many, what that means, and where they are listed."""

    name: str
    count: int
    meaning: str
    url: str = ""
    stands_out: bool = False


def channel_state(key: ChannelKey) -> dict[str, Any]:
    """A channel with what is due, in hand, uncertain and failed on it, for the page of the queue."""
    now, row = clock.now(), Channel.objects.of(key.value)
    return {
        "key": key.value,
        "label": key.label,
        "row": row,
        "set_up": is_set_up(key.value),
        "down": row.is_down(now),
        "rests_until": row.next_try if row.rests(now) else None,
        "on_second": row.provider(now) == Provider.SECOND,
        "lines": list(_lines(key, now)),
        "waits": what_waits(key.value),
    }


MOST_COUNTED = 10_000


def what_waits(channel: str) -> list[str]:
    """What an operator's pause of this channel holds up, in sentences."""
    now = clock.now()
    sentences = []
    for hours, words in (
        (0, gettext("Due now: %(count)s.")),
        (1, gettext("Due within an hour: %(count)s.")),
        (24, gettext("Due within a day: %(count)s.")),
    ):
        # No more are counted than somebody cares for: millions may wait.
        count = Message.objects.coming(channel, now, now + timedelta(hours=hours))[: MOST_COUNTED + 1].count()
        shown = f"{count:,}" if count <= MOST_COUNTED else gettext("over 10,000")
        sentences.append(words % {"count": shown})
    coming = Message.objects.coming(channel, now, now + timedelta(days=1))[:MOST_COUNTED]
    latest = [at for at in coming.values_list("not_after", flat=True) if at > now]
    if latest:
        at = formats.date_format(timezone.localtime(min(latest)), "SHORT_DATETIME_FORMAT")
        sentences.append(
            gettext("The first of them is too late from %(at)s on, and is then given to staff.") % {"at": at}
        )
    return sentences


def _lines(key: ChannelKey, now: datetime) -> Iterator[QueueLine]:
    rows = Message.objects.filter(channel=key.value)
    due, oldest = Message.objects.backlog(key.value, now)
    yield QueueLine(gettext("Due"), due, _waited(due, oldest), _listed(key, State.SCHEDULED))
    again = rows.in_state(State.SCHEDULED).filter(tries__gt=0, due_at__gt=now).count()
    failed = gettext("The provider did not take them. Each one says why, and when it is tried again.")
    yield QueueLine(gettext("To be tried again"), again, failed, _listed(key, State.SCHEDULED), again > 0)
    sent = Attempt.objects.since(now - timedelta(hours=1)).filter(outcome="accepted", message__channel=key.value)
    yield QueueLine(gettext("Sent in an hour"), sent.count(), gettext("Taken by the provider in the last hour."))
    for states, name, meaning in _states():
        count = rows.in_state(*states).count()
        stands_out = count > 0 and states[0] in (State.UNCERTAIN, State.REVIEW, State.DEAD)
        yield QueueLine(name, count, meaning, _listed(key, *states), stands_out)


def _states() -> Iterator[tuple[tuple[State, ...], str, str]]:
    yield (State.CLAIMED, State.SENDING), gettext("Being sent"), gettext("A worker is sending them.")
    hidden = gettext("A crash hid the answer. It settles by itself within minutes.")
    yield (State.UNCERTAIN,), gettext("Unconfirmed"), hidden
    asked = gettext("Look at the provider's log, then say whether it was sent.")
    yield (State.REVIEW,), gettext("Needs review"), asked
    yield (State.DEAD,), gettext("Failed"), gettext("Each one says why, and what to do.")
    late = gettext("Their latest time passed. Staff see them on the timeline.")
    yield (State.EXPIRED,), gettext("Expired"), late


def _waited(due: int, oldest: timedelta) -> str:
    if not due:
        return gettext("Nothing waits.")
    seconds = int(oldest.total_seconds())
    if seconds < 120:
        return ngettext(
            "The oldest has been waiting for %(count)d second.",
            "The oldest has been waiting for %(count)d seconds.",
            seconds,
        ) % {"count": seconds}
    return gettext("The oldest has been waiting for %(minutes)d minutes.") % {"minutes": seconds // 60}


def _listed(key: ChannelKey, *states: State) -> str:
    query = urlencode({"state__in": ",".join(states), "channel__exact": key.value}, safe=",")
    return f"{reverse('admin:messaging_message_changelist')}?{query}"
