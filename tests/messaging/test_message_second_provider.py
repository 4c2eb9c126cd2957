"""A second provider takes over while the first rests, and never carries what the first may have."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.env import Environment
from config.second_providers import second_providers
from messaging import alerts, clock, signatures, steering
from messaging.delivery.drain import drain
from messaging.delivery.rescue import reconcile
from messaging.metrics import families
from messaging.models import Channel, Message, Provider
from messaging.models.channel import FAILURES_BEFORE_REST
from messaging.retry import Accepted, Answer, Deferred, Refused, Unclear
from messaging.sink.store import Store
from messaging.states import State
from tests.messaging import couriers
from tests.messaging.conftest import NOON, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Plan = Callable[..., Message]
DOWN = Deferred("provider_down", line=True)


@pytest.fixture
def second(settings: Settings) -> None:
    settings.MESSAGING_SECOND = {"email": {"courier": "tests.messaging.couriers.Second", "options": {}}}


def first_fails(plan: Plan, times: int = FAILURES_BEFORE_REST) -> list[Message]:
    """So many messages, at each of which the line of the first provider fails."""
    failed = []
    for _time in range(times):
        couriers.answers.append(DOWN)
        failed.append(plan())
        drain("email")
    return failed


def test_the_second_takes_over_while_the_first_rests(noon: datetime, plan: Plan, second: None) -> None:
    first_fails(plan)
    message = plan()
    drain("email")
    message.refresh_from_db()
    assert (message.state, message.provider, message.provider_id) == (State.SENT, Provider.SECOND, "second-1")
    assert [letter.row.pk for letter in couriers.by_second] == [message.pk]


def test_before_the_first_rests_the_second_is_not_asked(noon: datetime, plan: Plan, second: None) -> None:
    first_fails(plan, FAILURES_BEFORE_REST - 1)
    plan()
    drain("email")
    assert not couriers.by_second
    assert Channel.objects.get(pk="email").failures == 0


def test_what_the_first_surely_has_not_goes_by_the_second(noon: datetime, plan: Plan, second: None) -> None:
    failed = first_fails(plan)
    first_had = len(couriers.letters)
    Message.objects.update(due_at=noon)
    drain("email")
    assert {letter.row.pk for letter in couriers.by_second} == {message.pk for message in failed}
    assert len(couriers.letters) == first_had
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


def test_after_its_rest_the_first_gets_one_message_then_all(noon: datetime, plan: Plan, second: None) -> None:
    first_fails(plan)
    until = Channel.objects.get(pk="email").rests_until
    assert until is not None
    with clock.set_to(until + timedelta(seconds=1)):
        couriers.letters.clear()
        couriers.answers.append(DOWN)
        one, two = plan(), plan()
        drain("email")
        for message in (one, two):
            message.refresh_from_db()
        assert len(couriers.letters) == 1
        assert (one.state, two.provider) == (State.SCHEDULED, Provider.SECOND)
    until = Channel.objects.get(pk="email").rests_until
    assert until is not None
    with clock.set_to(until + timedelta(seconds=1)):
        couriers.letters.clear()
        couriers.by_second.clear()
        last = [plan(), plan()]
        drain("email")
    assert {message.pk for message in last} <= {letter.row.pk for letter in couriers.letters}
    assert not couriers.by_second
    assert Channel.objects.get(pk="email").failures == 0


def test_what_the_first_may_have_is_never_sent_by_the_second(noon: datetime, plan: Plan, second: None) -> None:
    couriers.answers.append(Unclear("line_dropped"))
    doubtful = plan()
    drain("email")
    first_fails(plan)
    with clock.set_to(noon + timedelta(seconds=1)):
        assert reconcile()["resent"] == 1
        drain("email")
    doubtful.refresh_from_db()
    assert doubtful.pk not in {letter.row.pk for letter in couriers.by_second}
    assert doubtful.pk in {letter.row.pk for letter in couriers.letters[-1:]}
    assert (doubtful.state, doubtful.provider) == (State.SENT, Provider.FIRST)
    assert not couriers.second_asked


def test_a_doubtful_message_stays_bound_when_its_line_fails(noon: datetime, plan: Plan, second: None) -> None:
    couriers.answers.append(Unclear("line_dropped"))
    doubtful = plan()
    drain("email")
    with clock.set_to(noon + timedelta(seconds=1)):
        reconcile()
        couriers.answers.append(DOWN)
        drain("email")
    doubtful.refresh_from_db()
    assert (doubtful.state, doubtful.provider) == (State.SCHEDULED, Provider.FIRST)


def test_the_second_is_asked_about_what_it_may_have(noon: datetime, plan: Plan, second: None) -> None:
    first_fails(plan)
    couriers.seconds_answers.append(Unclear("no_answer"))
    message = plan()
    drain("email")
    with clock.set_to(noon + timedelta(seconds=1)):
        reconcile()
    assert couriers.second_asked == [message.pk]


def test_a_doubt_about_a_provider_that_is_gone_goes_to_nobody_else(
    noon: datetime, plan: Plan, second: None, settings: Settings
) -> None:
    first_fails(plan)
    couriers.seconds_answers.append(Unclear("no_answer"))
    message = plan()
    drain("email")
    settings.MESSAGING_SECOND = {}
    with clock.set_to(noon + timedelta(hours=1)):
        reconcile()
        drain("email")
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.DEAD, "unclear_again")
    assert message.pk not in {letter.row.pk for letter in couriers.letters}


def test_while_both_rest_messages_wait_for_the_first_to_come_back(noon: datetime, plan: Plan, second: None) -> None:
    first_fails(plan)
    for _time in range(FAILURES_BEFORE_REST):
        couriers.seconds_answers.append(DOWN)
        plan()
        drain("email")
    channel = Channel.objects.get(pk="email")
    assert channel.rests(noon)
    assert channel.next_try == min(channel.rests_until, channel.second_rests_until)  # type: ignore[type-var]
    had = len(couriers.letters) + len(couriers.by_second)
    waiting = plan()
    drain("email")
    waiting.refresh_from_db()
    assert len(couriers.letters) + len(couriers.by_second) == had
    assert waiting.state == State.SCHEDULED


def test_operators_hear_that_the_second_sends(noon: datetime, plan: Plan, second: None, admin_client: Client) -> None:
    first_fails(plan)
    assert "second_email" in {alert.key for alert in alerts.current()}
    held = {name: {labels["channel"]: value for labels, value in rows} for name, _, _, rows in families()[:4]}
    assert held["waymark_messages_second"] == {"email": 1.0, "sms": 0.0}
    assert held["waymark_messages_held"]["email"] == 0.0
    assert not steering.when_it_goes(plan(), noon).waits


KINDS: list[Answer] = [Accepted("x"), DOWN, Unclear("line_dropped"), Refused("refused"), Deferred("try_later")]


@pytest.mark.parametrize("seed", range(6))
def test_no_message_is_taken_by_both_whatever_they_answer(noon: datetime, plan: Plan, second: None, seed: int) -> None:
    chance = random.Random(seed)
    tick = count(1)
    may_have: dict[int, set[str]] = defaultdict(set)
    first_fails(plan)
    for _round in range(20):
        with clock.set_to(NOON + timedelta(seconds=20 * next(tick))):
            couriers.answers[:] = chance.choices(KINDS, [2, 12, 2, 1, 1], k=8)
            couriers.seconds_answers[:] = chance.choices(KINDS, [6, 4, 2, 1, 1], k=8)
            answered = {"first": list(couriers.answers), "second": list(couriers.seconds_answers)}
            couriers.letters.clear()
            couriers.by_second.clear()
            plan()
            drain("email")
            for name, letters in (("first", couriers.letters), ("second", couriers.by_second)):
                for letter, answer in zip(letters, answered[name], strict=False):
                    if isinstance(answer, (Accepted, Unclear)):
                        may_have[letter.row.pk].add(name)
            reconcile()
    assert any("second" in names for names in may_have.values())
    assert all(len(names) == 1 for names in may_have.values())


def test_a_second_mail_server_gets_what_the_first_cannot(
    noon: datetime, plan: Plan, mail_sink: Store, settings: Settings
) -> None:
    there = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT, "use_tls": False, "timeout": 5}
    settings.MESSAGING_SECOND = {
        "email": {
            "courier": "messaging.channels.mail.MailCourier",
            "options": {"backend": "messaging.channels.smtp.EmailBackend", **there},
        }
    }
    settings.EMAIL_PORT = free_port()  # nobody listens
    messages = [plan() for _number in range(12)]
    for _round in range(FAILURES_BEFORE_REST + 1):
        Message.objects.filter(state=State.SCHEDULED).update(due_at=noon)
        drain("email")
    assert set(Message.objects.values_list("state", "provider")) == {(State.SENT, Provider.SECOND)}
    assert len(mail_sink.newest()) == len(messages)


def test_a_report_of_the_second_account_is_taken(
    noon: datetime, plan: Plan, client: Client, settings: Settings
) -> None:
    options = {"url": "http://127.0.0.1:1", "account": "AC2", "token": "other", "number": "+16265550101"}
    settings.MESSAGING_SECOND = {"sms": {"courier": "messaging.channels.twilio.TwilioCourier", "options": options}}
    form = {"MessageSid": "SM2", "From": "+16265550142", "To": "+16265550101", "Body": "hello"}
    path = "/hooks/sms/inbound/"
    for token, status in (("other", 200), ("nobody", 403)):
        signature = signatures.twilio(token, settings.BASE_URL + path, form)
        answer = client.post(path, form, headers={"x-twilio-signature": signature})
        assert answer.status_code == status


def test_the_environment_names_the_second_providers() -> None:
    couriers = {"email": "a.Mail", "sms": "a.Text"}
    said = {"WAYMARK_SECOND_EMAIL_HOST": "mail.example", "WAYMARK_SECOND_SMS_ACCOUNT": "AC2"}
    found = second_providers(Environment(said), couriers, hosted=True, timeout=15)
    assert (found["email"]["options"]["host"], found["email"]["options"]["use_tls"]) == ("mail.example", True)
    assert (found["sms"]["courier"], found["sms"]["options"]["url"]) == ("a.Text", "https://api.twilio.com")
    assert second_providers(Environment({}), couriers, hosted=True, timeout=15) == {}
    backend = {"WAYMARK_SECOND_EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend"}
    options = second_providers(Environment(backend), couriers, hosted=False, timeout=15)["email"]["options"]
    assert options == {"backend": "anymail.backends.postmark.EmailBackend"}
