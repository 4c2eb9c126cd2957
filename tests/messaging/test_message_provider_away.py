"""A provider that was away costs a message neither a try nor its day, and what waited goes soon after it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from messaging import alerts, clock
from messaging.delivery.drain import drain
from messaging.letter import Letter
from messaging.models import AlertNotice, Channel, Message, SendBudget
from messaging.models.channel import FAILURES_BEFORE_ALERT, REST_MOST
from messaging.retry import LINE_LOOK, Deferred
from tests.conftest import staff_account
from tests.messaging import couriers

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
DOWN = Deferred("provider_down", line=True)
STEP = timedelta(seconds=5)


def drains(since: datetime, until: datetime) -> None:
    while since <= until:
        with clock.set_to(since):
            drain("email")
        since += STEP


def away(_letter: Letter) -> None:
    couriers.answers[:] = [DOWN]


@pytest.mark.parametrize("waiting", [1, 3, 12])
def test_what_waited_goes_soon_after_the_provider_is_back(noon: datetime, plan: Plan, waiting: int) -> None:
    for _each in range(waiting):
        plan()
    couriers.before.append(away)
    back = noon + timedelta(minutes=20)
    drains(noon, back)
    assert not Message.objects.filter(state="sent").exists()
    couriers.before.clear()
    couriers.answers.clear()
    drains(back + STEP, back + REST_MOST + STEP)
    assert Message.objects.filter(state="sent").exists(), "the channel rests for so long at most"
    drains(back + REST_MOST + STEP, back + REST_MOST + 1.2 * LINE_LOOK + 2 * STEP)
    assert set(Message.objects.values_list("state", "tries")) == {("sent", 1)}


def test_a_provider_that_is_away_uses_up_nobodys_day(noon: datetime, plan: Plan) -> None:
    message = plan()
    couriers.before.append(away)
    drains(noon, noon + timedelta(minutes=5))
    assert not SendBudget.objects.filter(used__gt=0).exists()
    couriers.before.clear()
    couriers.answers.clear()
    drains(noon + timedelta(minutes=6), noon + timedelta(minutes=12))
    message.refresh_from_db()
    assert message.state == "sent"
    assert set(SendBudget.objects.values_list("used", flat=True)) == {1}


def test_a_not_now_to_this_message_alone_still_counts_as_a_try(noon: datetime, plan: Plan) -> None:
    message = plan()
    couriers.answers.append(Deferred("try_later", "451 4.7.1"))
    drain("email")
    message.refresh_from_db()
    assert (message.state, message.tries) == ("scheduled", 1)


def test_a_provider_that_goes_while_tries_are_used_keeps_them(noon: datetime, plan: Plan) -> None:
    message = plan()
    couriers.answers.extend([Deferred("try_later", "451 4.7.1"), DOWN])
    drains(noon, noon + timedelta(minutes=2))
    message.refresh_from_db()
    assert (message.state, message.reason, message.tries) == ("scheduled", "provider_down", 1)
    drains(noon + timedelta(minutes=2), noon + timedelta(minutes=4))
    message.refresh_from_db()
    assert (message.state, message.tries) == ("sent", 2)
    assert set(SendBudget.objects.values_list("used", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_holds_up_nobody_who_writes(
    noon: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MESSAGING_CLIENT, settings.MESSAGING_TEMPLATES = "config.owners.Owners", "config.owners.declared"
    settings.OPERATORS = ["ops@example.org", "more@example.org"]
    inside, takes = list[bool](), False

    def send(*_letter: object) -> int:
        inside.append(connection.in_atomic_block)
        if not takes:
            raise TimeoutError
        return 1

    monkeypatch.setattr("referral.actions.alarms.send_mail", send)
    boss = staff_account("boss", "Supervisors")
    Channel.objects.of("email")
    Channel.objects.update(failures=FAILURES_BEFORE_ALERT)
    for _watch in range(2):
        alerts.watch()
    assert len(inside) == 5, "the supervisor once, the addresses of the settings again and again"
    takes = True
    for _watch in range(2):
        alerts.watch()
    assert len(inside) == 7
    assert not any(inside), "no transaction is open while a mail server is asked"
    assert AlertNotice.objects.get(key="down_email").told == "ops@example.org\nmore@example.org"
    assert boss.email not in settings.OPERATORS
