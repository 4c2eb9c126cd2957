"""Messages go when they are due, not when somebody looks next, and a burst is shared out at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.policy import compat32
from itertools import pairwise
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from messaging import clock, tasks
from messaging.batch_size import FIRST, pace_of
from messaging.channels.mail import build
from messaging.delivery.claim import claim
from messaging.delivery.drain import BATCH, STEP, TICK, drain, soon
from messaging.delivery.gate import pass_gate
from messaging.management.commands import drain as command
from messaging.models import Message
from tests.messaging import couriers

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]


class Nudges(list[tuple[str, float]]):
    """Takes the broker's place: channel, and in how many seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        super().__init__()
        monkeypatch.setattr(tasks.drain, "apply_async", self._take)

    def _take(self, args: tuple[str], kwargs: dict[str, Any], *, countdown: float, expires: float) -> None:
        assert kwargs == {"ahead": False}
        assert expires > countdown
        self.append((args[0], countdown))


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> Nudges:
    return Nudges(monkeypatch)


def _due_in(plan: Plan, noon: datetime, *seconds: float) -> None:
    for each in seconds:
        plan(due_at=noon + timedelta(seconds=each))


def test_a_tick_nudges_for_what_falls_due_before_the_next(noon: datetime, plan: Plan, nudges: Nudges) -> None:
    # Far enough off for a slow machine: the clock runs on while these are planned.
    _due_in(plan, noon, 3600.5, 3600.52, 3600.54, 3600.9, 3602.5)
    plan(channel="sms", due_at=noon + timedelta(seconds=3600.7))
    with clock.set_to(noon + timedelta(hours=1)):
        tasks.drain("email")
    waits = [wait for channel, wait in nudges if channel == "email"]
    assert len(nudges) == len(waits) == 3
    assert waits == [pytest.approx(at, abs=0.3) for at in (0.5, 0.6, 0.9)]
    assert [round(later - before, 2) for before, later in pairwise(waits)] == [STEP, 0.3]


def test_never_more_nudges_than_steps_in_a_tick(noon: datetime, plan: Plan) -> None:
    _due_in(plan, noon, *(3600 + number / 50 for number in range(200)))
    with clock.set_to(noon + timedelta(hours=1)):
        waits = soon("email")
    assert len(waits) <= TICK / STEP + 1
    assert max(waits) <= TICK + STEP


def test_a_nudge_makes_no_further_ones_by_itself(noon: datetime, plan: Plan, nudges: Nudges) -> None:
    plan()
    _due_in(plan, noon, *(number / 10 for number in range(1, 50)))
    tasks.drain("email", ahead=False)
    assert nudges == []
    assert couriers.letters


def test_a_full_batch_calls_one_other_worker(noon: datetime, plan: Plan) -> None:
    called: list[int] = []
    for _ in range(7):
        plan()
    assert drain("email", batch=3, call_help=lambda: called.append(len(couriers.letters))).sent == 7
    assert called == [0]  # before the first one has left


def test_help_is_asked_for_past_the_one_that_asks(noon: datetime, plan: Plan, nudges: Nudges) -> None:
    for _ in range(BATCH):
        plan()
    tasks.drain("email", ahead=False)
    assert nudges == [("email", 0.0)] * 2
    assert len(couriers.letters) == BATCH


def test_what_fits_into_a_batch_calls_nobody(noon: datetime, plan: Plan) -> None:
    called: list[int] = []
    for _ in range(2):
        plan()
    drain("email", batch=3, call_help=lambda: called.append(1))
    assert called == []


def test_a_broker_that_is_away_holds_nothing_up(
    noon: datetime, plan: Plan, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("redis at sample@example.org")

    monkeypatch.setattr(tasks.drain, "apply_async", away)
    monkeypatch.setattr("messaging.delivery.drain.soon", lambda _channel: [0.5])
    plan()
    tasks.drain("email")
    assert len(couriers.letters) == 1
    assert "a nudge is lost: OperationalError" in caplog.text
    assert "example.org" not in caplog.text


def test_the_loop_wakes_when_the_next_one_is_due(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    loop, slept = command.Command(), list[float]()
    loop.stopping = False

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        loop.stopping = len(slept) == 3

    waits = iter([[0.4, 0.9], [], [0.001], [], [], []])
    monkeypatch.setattr(command, "soon", lambda _channel: next(waits))
    monkeypatch.setattr(command, "sweep", lambda _now: None)
    monkeypatch.setattr("messaging.management.commands.drain.time.sleep", sleep)
    loop._loop()
    assert slept == [0.4, STEP, TICK]


def test_the_next_drain_goes_on_at_the_pace_of_the_last(noon: datetime, plan: Plan) -> None:
    for _ in range(4 * FIRST):
        plan()
    drain("email")
    learned = pace_of("email").size
    assert learned > FIRST
    pace_of("email").note(0, 0.0)
    assert pace_of("email").size == 1
    assert pace_of("sms").size == FIRST


@pytest.mark.parametrize("address", ["sample@example.org", f"{'a' * 60}@example.org", "müller@example.org"])
def test_headers_read_as_the_library_writes_them(noon: datetime, plan: Plan, address: str) -> None:
    plan(address=address)
    letter = pass_gate(claim("email", 1)[0])
    assert letter is not None
    made = build(letter).message()
    ours = made.as_bytes()
    made.policy = compat32
    assert ours == made.as_bytes()
    assert all(len(line) <= 998 for line in ours.splitlines())
