"""A whole batch passes the gate together, with every guarantee of a single message."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from messaging import clock
from messaging.batch_size import FIRST, MOST, Pace
from messaging.delivery.claim import claim
from messaging.delivery.drain import drain
from messaging.delivery.gate import Texts, pass_all
from messaging.delivery.result import finish_all
from messaging.letter import Letter
from messaging.models import Attempt, Channel, Message, SendBudget
from messaging.retry import Accepted, Deferred
from tests.messaging import couriers, owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
OTHER_KEY = "b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIhISE="


@pytest.mark.parametrize("ids", ["one", ""], ids=["named by the provider", "nameless"])
def test_a_larger_batch_takes_no_more_queries(noon: datetime, plan: Plan, ids: str) -> None:
    texts, counts = Texts(), []
    for size in (2, 2, 12):  # the first one keeps the wording
        messages = [plan() for _ in range(size)]
        claims = claim("email", size)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            letters, held = pass_all(claims, texts)
            finish_all([(letter, Accepted(ids and f"{ids}-{letter.row.pk}")) for letter in letters])
        assert len(letters) == len(messages)
        assert held == []
        counts.append(len(seen))
    assert counts[1] == counts[2]
    assert set(Message.objects.values_list("state", "tries")) == {("sent", 1)}
    if ids:
        assert all(message.provider_id == f"one-{message.pk}" for message in Message.objects.all())
    outcomes = Attempt.objects.order_by("message", "pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["started", "accepted"] * 16


def test_one_that_fails_the_gate_holds_up_no_other(noon: datetime, plan: Plan, settings: Settings) -> None:
    fine = [plan() for _ in range(3)]
    broken = plan()
    owner.broken.add(broken.reference)
    right, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, [OTHER_KEY]
    locked = plan()
    settings.ENCRYPTION_KEYS = right
    drain("email")
    states = dict(Message.objects.values_list("pk", "state"))
    assert [states[message.pk] for message in fine] == ["sent"] * 3
    held = Message.objects.filter(state="scheduled").order_by("pk").defer("address")
    assert [(message.pk, message.reason) for message in held] == [
        (broken.pk, "owner_failed"),
        (locked.pk, "unreadable"),
    ]


def test_days_of_a_batch_are_counted_as_one_by_one() -> None:
    chance, day, most = random.Random(3), date(2026, 3, 4), 2
    used: dict[str, int] = {}
    for _ in range(12):
        wanted = [chance.sample("abcdef", 2) for _ in range(chance.randint(1, 6))]
        expected = []
        for keys in wanted:
            expected.append(all(used.get(key, 0) < most for key in keys))
            for key in keys if expected[-1] else []:
                used[key] = used.get(key, 0) + 1
        assert SendBudget.objects.take([[(key, day) for key in keys] for keys in wanted], most=most) == expected
        assert {row.person_key: row.used for row in SendBudget.objects.filter(used__gt=0)} == used
        if chance.random() < 0.4:
            given_back = chance.choice([key for key in used if used[key]])
            SendBudget.objects.give_back([(given_back, day)])
            used[given_back] -= 1
            used = {key: number for key, number in used.items() if number}


def test_what_is_not_fresh_passes_the_gate_anew(noon: datetime, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [plan() for _ in range(FIRST)]
    turns = iter([True, True, False])
    monkeypatch.setattr(Letter, "is_fresh", lambda _self, _at: next(turns, True))
    assert drain("email").sent == FIRST
    assert sorted(letter.row.pk for letter in couriers.letters) == [message.pk for message in messages]
    assert [len(asked) for asked in owner.asked] == [5, 3]
    assert set(Message.objects.values_list("state", "tries")) == {("sent", 1)}
    assert set(SendBudget.objects.values_list("used", flat=True)) == {1}
    assert Attempt.objects.filter(reason="not_begun", outcome="deferred").count() == 3


def test_a_broken_line_costs_no_message_of_a_batch_its_try(noon: datetime, plan: Plan) -> None:
    for _ in range(4):
        plan()
    couriers.answers[:] = [Deferred("provider_down", line=True)]
    drain("email")
    assert Channel.objects.get(pk="email").failures == 0  # the next one went
    assert sorted(Message.objects.values_list("state", "tries")) == [("scheduled", 0)] + [("sent", 1)] * 3
    assert len(couriers.letters) == 4


def test_a_line_that_stays_broken_rests_with_the_batch_untouched(noon: datetime, plan: Plan) -> None:
    for _ in range(8):
        plan()
    couriers.answers[:] = [Deferred("provider_down", line=True)] * 8
    drain("email")
    assert Channel.objects.get(pk="email").rests(clock.now())
    assert sorted(Message.objects.values_list("state", "tries")) == [("scheduled", 0)] * 8
    assert SendBudget.objects.filter(used=0).count() == 16  # of each message, the person and the address


def test_a_report_that_is_faster_than_the_answer_stands(noon: datetime, plan: Plan) -> None:
    messages = [plan() for _ in range(3)]
    first = messages[0].pk
    couriers.before.append(lambda _: Message.objects.filter(pk=first).update(state="delivered", claim_token=None))
    drain("email")
    assert [Message.objects.get(pk=message.pk).state for message in messages] == ["delivered", "sent", "sent"]
    assert Message.objects.get(pk=first).provider_id == "provider-1"


def test_a_courier_that_fails_leaves_the_answers_of_the_others(noon: datetime, plan: Plan) -> None:
    messages = [plan() for _ in range(3)]

    def fail(letter: Letter) -> None:
        if letter.row.pk == messages[1].pk:
            raise RuntimeError("a fault of ours")

    couriers.before.append(fail)
    drain("email")
    assert [Message.objects.get(pk=message.pk).state for message in messages] == ["sent", "uncertain", "sent"]


def test_an_owner_that_fails_for_one_is_told_of_the_others(noon: datetime, plan: Plan) -> None:
    messages = [plan() for _ in range(3)]
    owner.deaf.add(messages[1].reference)
    drain("email")
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert [event.message for event in owner.events] == [messages[0].pk, messages[2].pk]


def test_texts_pass_ten_at_a_time_at_most(noon: datetime, plan: Plan) -> None:
    channel = Channel.objects.of("sms")
    channel.rate_per_s = 0
    channel.save()
    for _ in range(27):
        plan(channel="sms")
    assert drain("sms").sent == 27
    assert max(len(asked) for asked in owner.asked) == MOST["sms"] == 10


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_the_pace_keeps_a_batch_within_what_stays_fresh(channel: str) -> None:
    chance, pace = random.Random(5), Pace(channel)
    for _ in range(300):
        before, each = pace.size, chance.choice([0.0001, 0.01, 0.2, 3.0])
        pace.note(before, before * each)
        assert 1 <= pace.size <= min(MOST[channel], max(2 * before, 1), max(int(0.5 / each), 1))
    pace.note(0, 0.0)
    assert pace.size == 1
