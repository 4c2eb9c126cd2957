"""Two at once, with real connections: whoever commits first wins, and nobody sends twice."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from messaging import actions, clock
from messaging.delivery.claim import Claim, claim
from messaging.delivery.drain import drain
from messaging.delivery.gate import Texts, pass_all, pass_gate
from messaging.delivery.rescue import reap
from messaging.delivery.result import finish, finish_all
from messaging.letter import Letter
from messaging.models import Message, SendBudget
from messaging.retry import Accepted
from messaging.sink.store import Store
from tests.messaging import couriers, owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Plan = Callable[..., Message]


def together(*calls: Callable[[], object]) -> list[BaseException]:
    """Run the calls in threads of their own, each with its own connection; return what they raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait()
            call()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_two_drains_send_each_message_once(noon: datetime, plan: Plan) -> None:
    ids = {plan().pk for _ in range(40)}
    assert together(*[lambda: drain("email", batch=3)] * 4) == []
    assert sorted(letter.row.pk for letter in couriers.letters) == sorted(ids)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_two_claims_never_share_a_message(noon: datetime, plan: Plan) -> None:
    for _ in range(30):
        plan()
    taken: list[Claim] = []
    assert together(*[lambda: taken.extend(claim("email", 10))] * 3) == []
    assert len(taken) == len({one.message for one in taken}) == 30


@pytest.mark.parametrize("stop_first", [True, False])
def test_of_a_stop_and_the_gate_whichever_commits_first_wins(noon: datetime, plan: Plan, stop_first: bool) -> None:
    message = plan()
    (one,) = claim("email", 1)
    held, go_on = threading.Event(), threading.Event()
    letters: list[object] = []

    def stop() -> None:
        with transaction.atomic():
            if not stop_first:
                held.wait(10)
            actions.stop(address=message.address, channel="email", until=None, source="test", now=noon)
            if stop_first:
                held.set()
                go_on.wait(0.5)  # the gate is waiting at our lock by now

    def gate() -> None:
        if stop_first:
            held.wait(10)
        letter = pass_gate(one)
        held.set()
        if letter is not None:
            letters.append(letter)
            finish(letter, Accepted())

    # Holding a transaction open while waiting for the other one would block SQLite's single writer for ever.
    if connection.vendor == "sqlite" and not stop_first:
        gate()
        stop()
    else:
        assert together(stop, gate) == []
    message.refresh_from_db()
    assert message.state == ("suppressed" if stop_first else "sent")
    assert len(letters) == (0 if stop_first else 1)


def test_cancel_in_a_longer_transaction_beats_the_gate(noon: datetime, plan: Plan) -> None:
    message = plan()
    (one,) = claim("email", 1)
    locked = threading.Event()

    def move_referral() -> None:
        with transaction.atomic():
            actions.cancel(message.reference, reason="closed", now=noon)
            locked.set()
            threading.Event().wait(0.3)

    def gate() -> None:
        locked.wait(10)
        assert pass_gate(one) is None

    assert together(move_referral, gate) == []
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_many_stops_against_many_drains_send_nothing_after_a_stop(noon: datetime, plan: Plan) -> None:
    messages = [plan() for _ in range(30)]
    stopped: dict[int, datetime] = {}

    def stops() -> None:
        for message in messages[::-1]:
            actions.stop(address=message.address, channel="email", until=None, source="test", now=clock.now())
            stopped[message.pk] = clock.now()

    assert together(lambda: drain("email", batch=4), lambda: drain("email", batch=4), stops) == []
    for message in Message.objects.all():
        assert message.state in ("sent", "suppressed")
        if message.sending_at is not None:
            assert message.sending_at <= stopped[message.pk]
    assert len(couriers.letters) == Message.objects.filter(state="sent").count()


def test_one_person_on_two_channels_gets_no_more_than_the_day_allows(
    noon: datetime, plan: Plan, settings: Settings
) -> None:
    settings.MESSAGING_DAILY_CAP = 2
    for channel in ("email", "email", "email", "sms"):
        plan(channel=channel, person_key="contact:same")
    assert together(lambda: drain("email"), lambda: drain("sms"), lambda: drain("email")) == []
    assert SendBudget.objects.get(person_key="contact:same").used == 2
    assert len(couriers.letters) == 2


def test_worker_that_lost_its_claim_sends_nothing(noon: datetime, plan: Plan) -> None:
    message = plan()
    (asleep,) = claim("email", 1)
    Message.objects.filter(pk=message.pk).update(changed_at=noon - timedelta(minutes=5))
    assert reap()["released"] == 1
    assert pass_gate(asleep) is None
    assert drain("email").sent == 1
    assert len(couriers.letters) == 1
    assert [event.kind for event in owner.events] == ["sent"]


ROUNDS = int(os.environ.get("RACES", "12"))


def test_a_stop_beside_the_gate_of_a_batch_is_before_or_after_it(noon: datetime, plan: Plan) -> None:
    """`RACES=1000` runs so many rounds."""
    chance, gated = random.Random(11), Counter[str]()
    for _ in range(ROUNDS):
        messages = [plan() for _ in range(4)]
        claims, committed = claim("email", 4), dict[int, datetime]()
        letters: list[Letter] = []

        def gate(claims: list[Claim] = claims, letters: list[Letter] = letters) -> None:
            time.sleep(chance.uniform(0, 0.004))
            passed, held = pass_all(claims, Texts())
            letters += passed
            for one in held:
                letters += pass_all([one], Texts(), wait=True)[0]

        def stop(messages: list[Message] = messages, committed: dict[int, datetime] = committed) -> None:
            time.sleep(chance.uniform(0, 0.004))
            stopped, cancelled = chance.sample(messages, 2)
            actions.stop(address=stopped.address, channel="email", until=None, source="test", now=clock.now())
            committed[stopped.pk] = clock.now()
            actions.cancel(cancelled.reference, reason="closed", now=clock.now())
            committed[cancelled.pk] = clock.now()

        assert together(gate, stop) == []
        passed = {letter.row.pk for letter in letters}
        assert len(passed) == len(letters)
        for message in Message.objects.filter(pk__in=[message.pk for message in messages]):
            assert message.state in (("sending",) if message.pk in passed else ("suppressed", "cancelled"))
            if message.pk in passed and message.pk in committed:
                assert message.sending_at is not None
                assert message.sending_at <= committed[message.pk]
            if message.pk in committed:
                gated["before" if message.pk in passed else "after"] += 1
            else:
                assert message.pk in passed
        finish_all([(letter, Accepted()) for letter in letters])
    if ROUNDS >= 100:  # a race that always ends in the same way proves little
        assert len(gated) == 2


def test_a_message_that_somebody_holds_keeps_no_other_of_its_batch_waiting(noon: datetime, plan: Plan) -> None:
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("one writer at a time")
    messages, claims = [plan() for _ in range(3)], claim("email", 3)
    locked, gated = threading.Event(), threading.Event()

    def move_referral() -> None:
        with transaction.atomic():
            actions.cancel(messages[1].reference, reason="closed", now=noon)
            locked.set()
            assert gated.wait(20)

    def gate() -> None:
        assert locked.wait(20)
        letters, held = pass_all(claims, Texts())
        gated.set()
        assert [letter.row.pk for letter in letters] == [messages[0].pk, messages[2].pk]
        assert held == [claims[1]]
        assert pass_all(held, Texts(), wait=True) == ([], [])

    assert together(move_referral, gate) == []


def test_several_lines_carry_a_batch_and_each_letter_once(noon: datetime, plan: Plan, mail_sink: Store) -> None:
    messages = [plan() for _ in range(23)]
    assert drain("email").sent == 23
    arrived = [str(item.email["To"]) for item in mail_sink.newest() if item.email is not None]
    assert sorted(arrived) == sorted(message.address for message in messages)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
