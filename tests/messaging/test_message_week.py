"""A week of three families in three zones, with the clock moved by a quarter of an hour at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from messaging import actions, clock
from messaging.calendar import is_quiet, utc_of
from messaging.delivery.drain import drain
from messaging.delivery.rescue import reap, reconcile
from messaging.models import Channel, Message
from messaging.retry import Deferred, Unclear
from tests.messaging import couriers, owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
# The week in which summer time begins in America: Sunday 8 March 2026.
MONDAY = datetime(2026, 3, 2)
FAMILIES = [
    ("contact:one", "America/Los_Angeles", "en", "email"),
    ("contact:two", "America/New_York", "es", "email"),
    ("contact:three", "America/Phoenix", "es", "sms"),
]
WISHES = [(0, time(9)), (1, time(22, 30)), (3, time(7)), (5, time(12)), (6, time(2, 30)), (6, time(18))]


def plan_week(plan: Plan) -> dict[int, tuple[str, str, datetime]]:
    planned = {}
    for person, zone, language, channel in FAMILIES:
        for number, (day, at) in enumerate(WISHES):
            due = utc_of(datetime.combine(MONDAY.date() + timedelta(days=day), at), zone)
            message = plan(
                person_key=person,
                zone=zone,
                language=language,
                channel=channel,
                due_at=due,
                not_after=due + timedelta(days=2),
                dedupe_key=f"{person}:{number}",
            )
            planned[message.pk] = (zone, language, due)
    return planned


@pytest.mark.slow
def test_in_a_week_each_message_comes_once_and_on_time(plan: Plan) -> None:
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    with clock.set_to(at):
        planned = plan_week(plan)
    arrived: dict[int, list[datetime]] = defaultdict(list)
    couriers.before.append(lambda letter: arrived[letter.row.pk].append(clock.now()))
    # A mail server with bad moments.
    couriers.answers.extend(
        [Deferred("try_later", "451"), Unclear("line_dropped"), Deferred("provider_down", line=True)]
    )
    while at < datetime(2026, 3, 11, tzinfo=UTC):
        with clock.set_to(at):
            reap()
            reconcile()
            drain("email")
            drain("sms")
        at += timedelta(minutes=15)
    channel = Channel.objects.of("email")
    for message in Message.objects.all():
        zone, _, due = planned[message.pk]
        assert message.state == "sent", (message.state, message.reason)
        for seen in arrived[message.pk]:
            assert seen >= due
            assert not is_quiet(seen, zone, channel.quiet_from, channel.quiet_to)
            assert seen - due < timedelta(hours=12, minutes=30)
    greetings = {"en": "Hello", "es": "Hola"}
    for letter in couriers.letters:
        assert greetings[planned[letter.row.pk][1]] in letter.content.text
    # Three answers were not "yes": two were tried again, one was sent once more under the same Message-ID.
    assert len(couriers.letters) == len(planned) + 3
    assert sum(event.kind == "sent" for event in owner.events) == len(planned)
    assert Message.objects.filter(resent=True).count() == 1


def test_new_zone_in_mid_week_moves_the_remaining_messages(plan: Plan) -> None:
    with clock.set_to(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)):
        wish = datetime(2026, 3, 6, 9, 0)
        first = utc_of(wish, "America/Los_Angeles")
        message = plan(due_at=first)
        new = utc_of(wish, "America/New_York")
        assert actions.cancel(message.reference, reason="moved", now=clock.now()) == {message.reference}
        message = plan(due_at=new, zone="America/New_York")
    assert message.due_at == first - timedelta(hours=3)
    assert message.due_at.astimezone(ZoneInfo("America/New_York")).hour == 9
