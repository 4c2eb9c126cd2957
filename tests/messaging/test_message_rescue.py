"""What a crash leaves behind, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from messaging import actions, clock
from messaging.channels.base import Finding
from messaging.delivery.claim import claim
from messaging.delivery.drain import drain
from messaging.delivery.gate import pass_gate
from messaging.delivery.rescue import reap, reconcile
from messaging.delivery.result import finish
from messaging.inbound import Report, take_report
from messaging.letter import Letter
from messaging.models import Attempt, Message
from messaging.retry import Accepted, Deferred
from tests.messaging import couriers, owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
LATER = timedelta(minutes=5)


def crash_while_sending(message: Message) -> Letter:
    """The gate let it pass, and the worker died."""
    (one,) = claim(message.channel, 1)
    letter = pass_gate(one)
    assert letter is not None
    return letter


def uncertain(message: Message, noon: datetime) -> Letter:
    letter = crash_while_sending(message)
    with clock.set_to(noon + LATER):
        assert reap()["lost"] == 1
    message.refresh_from_db()
    assert (message.state, message.reason) == ("uncertain", "worker_lost")
    return letter


def settle(message: Message, noon: datetime) -> dict[str, int]:
    with clock.set_to(noon + 2 * LATER):
        tally = reconcile()
    message.refresh_from_db()
    return tally


def test_a_live_worker_is_not_robbed(noon: datetime, plan: Plan) -> None:
    message = plan()
    crash_while_sending(message)
    assert reap() == {"released": 0, "lost": 0, "expired": 0}


def test_what_a_dead_worker_had_claimed_goes_at_once(noon: datetime, plan: Plan) -> None:
    message = plan()
    claim("email", 10)
    with clock.set_to(noon + LATER):
        assert reap()["released"] == 1
        drain("email")
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_crash_inside_the_send_is_never_blindly_repeated(noon: datetime, plan: Plan) -> None:
    message = plan()
    uncertain(message, noon)
    assert drain("email").sent == 0
    assert couriers.letters == []
    assert owner.events[-1].kind == "uncertain"


def test_an_uncertain_email_that_the_provider_has_is_sent(noon: datetime, plan: Plan) -> None:
    message = plan()
    uncertain(message, noon)
    couriers.findings.append(Finding.FOUND)
    assert settle(message, noon)["found"] == 1
    assert (message.state, message.reason) == ("sent", "found")
    assert couriers.letters == []


def test_closed_while_it_was_being_sent_goes_no_second_time(noon: datetime, plan: Plan) -> None:
    message = plan()
    crash_while_sending(message)
    assert actions.cancel(message.reference, reason="closed", now=noon) == set()  # it may have left
    owner.withhold[message.reference] = "closed"
    with clock.set_to(noon + LATER):
        reap()
    assert settle(message, noon)["resent"] == 1
    with clock.set_to(noon + 3 * LATER):
        assert drain("email").sent == 0
    message.refresh_from_db()
    assert (message.state, message.reason, message.detail) == ("cancelled", "withheld", "closed")
    assert couriers.letters == []


def test_uncertain_email_is_resent_once_then_reviewed(noon: datetime, plan: Plan) -> None:
    message = plan()
    name = uncertain(message, noon).row.message_id
    assert settle(message, noon)["resent"] == 1
    with clock.set_to(noon + 3 * LATER):
        letter = crash_while_sending(message)
    assert letter.row.message_id == name
    with clock.set_to(noon + 4 * LATER):
        reap()
    with clock.set_to(noon + 5 * LATER):
        assert reconcile()["review"] == 1
    message.refresh_from_db()
    assert (message.state, message.reason) == ("review", "unclear_again")
    assert owner.events[-1].kind == "review"


def test_an_uncertain_text_goes_to_a_person_and_is_not_repeated(noon: datetime, plan: Plan) -> None:
    message = plan(channel="sms")
    uncertain(message, noon)
    assert settle(message, noon)["review"] == 1
    assert drain("sms").sent == 0


def test_a_stop_also_stops_the_second_sending(noon: datetime, plan: Plan) -> None:
    message = plan()
    uncertain(message, noon)
    settle(message, noon)
    actions.stop(address=message.address, channel="email", until=None, source="test", now=noon)
    with clock.set_to(noon + 3 * LATER):
        drain("email")
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert couriers.letters == []


def test_an_answer_that_comes_late_settles_what_was_uncertain(noon: datetime, plan: Plan) -> None:
    message = plan()
    letter = uncertain(message, noon)
    finish(letter, Accepted("provider-9"))
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("sent", "provider-9")
    assert message.attempts.filter(outcome=Attempt.Outcome.LATE).count() == 1


def test_a_late_answer_takes_back_the_second_sending(noon: datetime, plan: Plan) -> None:
    message = plan()
    letter = uncertain(message, noon)
    settle(message, noon)
    finish(letter, Accepted())
    message.refresh_from_db()
    assert message.state == "sent"
    assert drain("email").sent == 0


def test_a_late_refusal_changes_nothing(noon: datetime, plan: Plan) -> None:
    message = plan()
    letter = uncertain(message, noon)
    finish(letter, Deferred("try_later", "451"))
    message.refresh_from_db()
    assert message.state == "uncertain"


def test_a_worker_that_slept_between_gate_and_send_does_not_send(
    noon: datetime, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan()
    moments = iter([0.0, 0.0, 0.0, 0.0, 0.0, 1000.0])
    monkeypatch.setattr("messaging.delivery.drain.time.monotonic", lambda: next(moments, 1000.0))
    drain("email")
    assert couriers.letters == []


def test_what_is_too_late_on_a_paused_channel_is_found(noon: datetime, plan: Plan) -> None:
    message = plan(not_after=noon + timedelta(minutes=1))
    with clock.set_to(noon + LATER):
        assert reap()["expired"] == 1
    message.refresh_from_db()
    assert (message.state, message.reason) == ("expired", "too_late")


def test_a_report_that_it_arrived_takes_back_the_second_sending(noon: datetime, plan: Plan) -> None:
    message = plan()
    uncertain(message, noon)
    assert settle(message, noon)["resent"] == 1
    report = Report("mail", "evt-1", "delivered", {})
    with clock.set_to(noon + 3 * LATER):
        take_report(report, message=message, now=clock.now())
        assert drain("email").sent == 0
    message.refresh_from_db()
    assert message.state == "delivered"
    assert [event.kind for event in owner.events] == ["uncertain", "sent", "delivered"]


def test_a_report_says_nothing_of_a_message_that_has_never_left(noon: datetime, plan: Plan) -> None:
    message = plan()
    take_report(Report("mail", "evt-1", "delivered", {}), message=message, now=noon)
    message.refresh_from_db()
    assert message.state == "scheduled"


def test_a_report_that_is_faster_than_the_answer_is_also_the_answer(noon: datetime, plan: Plan) -> None:
    message = plan()
    letter = crash_while_sending(message)
    take_report(Report("mail", "evt-1", "delivered", {}), message=message, now=noon)
    finish(letter, Accepted("their-id"))
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("delivered", "their-id")
    assert message.settled_at == noon
    assert [event.kind for event in owner.events] == ["sent", "delivered"]


def test_an_owner_that_cannot_write_down_what_happened_holds_nothing_up(noon: datetime, plan: Plan) -> None:
    messages = [plan() for _ in range(3)]
    owner.deaf.add(messages[0].reference)
    for message in messages:
        crash_while_sending(message)
    with clock.set_to(noon + LATER):
        assert reap()["lost"] == 3
    assert sum(event.kind == "uncertain" for event in owner.events) == 2


def test_an_uncertain_message_that_cannot_be_read_comes_to_an_end(noon: datetime, plan: Plan) -> None:
    message = plan()
    uncertain(message, noon)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET address = 'not encrypted' WHERE id = %s", [message.pk])
    with clock.set_to(noon + 2 * LATER):
        assert reconcile()["resent"] == 1
        drain("email")
    message = Message.objects.defer("address").get(pk=message.pk)
    assert (message.state, message.reason) == ("scheduled", "unreadable")
    with clock.set_to(message.not_after):
        assert reap()["expired"] == 1
    assert owner.events[-1].kind == "expired"
