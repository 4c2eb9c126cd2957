"""Everything that the gate checks, one by one, on a message that is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from messaging import actions, alerts, clock
from messaging.batch_size import FIRST
from messaging.delivery.claim import claim
from messaging.delivery.drain import drain
from messaging.delivery.gate import STUMBLES
from messaging.models import Attempt, Channel, Message, MessageTemplate, SendBudget, Suppression
from messaging.retry import Deferred, Refused, Unclear
from privacy.models import AccessEvent
from tests.messaging import couriers, owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]


def after_drain(message: Message) -> Message:
    drain(message.channel)
    message.refresh_from_db()
    return message


def test_a_message_whose_time_has_not_come_is_left_alone(noon: datetime, plan: Plan) -> None:
    message = after_drain(plan(due_at=noon + timedelta(hours=1)))
    assert (message.state, couriers.letters) == ("scheduled", [])


def test_the_same_dedupe_key_is_the_same_message(noon: datetime, plan: Plan) -> None:
    first, second = plan(dedupe_key="one"), plan(dedupe_key="one")
    assert first.pk == second.pk
    assert drain("email").sent == 1


def test_without_a_permission_nothing_goes(noon: datetime, plan: Plan) -> None:
    message = after_drain(plan(agreed=False))
    assert (message.state, message.reason) == ("suppressed", "no_permission")
    assert [event.kind for event in owner.events] == ["suppressed"]


def test_a_stop_takes_back_what_is_planned_and_refuses_what_comes_after(noon: datetime, plan: Plan) -> None:
    message = plan()
    assert actions.stop(address=message.address, channel="email", until=None, source="test", now=noon) == 1
    assert after_drain(message).reason == "stopped"
    later = after_drain(plan(address=message.address, agreed=False))
    assert (later.state, later.reason) == ("suppressed", "stopped")
    assert couriers.letters == []


def test_agreeing_in_a_form_does_not_lift_a_stop(noon: datetime, plan: Plan) -> None:
    message = plan()
    actions.stop(address=message.address, channel=None, until=None, source="test", now=noon)
    later = after_drain(plan(address=message.address))
    assert (later.state, later.reason) == ("suppressed", "stopped")


def test_who_starts_again_gets_messages_again(noon: datetime, plan: Plan) -> None:
    message = plan()
    actions.stop(address=message.address, channel="email", until=None, source="test", now=noon)
    lifted = actions.resume(address=message.address, channel="email", wording="yes", source="test", now=noon)
    assert lifted == 1
    assert after_drain(plan(address=message.address, agreed=False)).state == "sent"


def test_a_bounced_address_stays_blocked_when_somebody_starts_again(noon: datetime, plan: Plan) -> None:
    couriers.answers.append(Refused("no_such_address", "550", address_bad=True))
    message = after_drain(plan())
    assert message.state == "dead"
    actions.resume(address=message.address, channel="email", wording="yes", source="test", now=noon)
    assert after_drain(plan(address=message.address)).reason == "bounced"


def test_a_pause_holds_a_message_until_its_day(noon: datetime, plan: Plan) -> None:
    message = plan()
    until = noon + timedelta(days=1)
    actions.stop(address=message.address, channel="email", until=until, source="test", now=noon)
    assert after_drain(message).reason == "paused_by_person"
    assert message.due_at >= until
    with clock.set_to(message.due_at + timedelta(seconds=1)):
        assert after_drain(message).state == "sent"


def test_a_pause_beyond_the_latest_time_expires_the_message(noon: datetime, plan: Plan) -> None:
    message = plan()
    actions.stop(address=message.address, channel=None, until=noon + timedelta(days=30), source="test", now=noon)
    assert (after_drain(message).state, message.reason) == ("expired", "too_late")


def test_quiet_hours_hold_a_message_until_local_morning(plan: Plan) -> None:
    night = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # three in the morning in Pasadena, noon in Berlin
    with clock.set_to(night):
        here, there = plan(), plan(zone="Europe/Berlin")
        Message.objects.filter(pk=here.pk).update(due_at=night)  # as if the quiet hours had just been changed
        drain("email")
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.state, here.reason) == ("scheduled", "quiet_hours")
    assert datetime(2026, 3, 5, 16, 0, tzinfo=UTC) <= here.due_at < datetime(2026, 3, 5, 16, 20, tzinfo=UTC)
    assert there.state == "sent"


@pytest.mark.parametrize(("channel", "state"), [("email", "sent"), ("sms", "scheduled")])
def test_at_night_only_an_urgent_email_goes(plan: Plan, channel: str, state: str) -> None:
    with clock.set_to(datetime(2026, 3, 5, 11, 0, tzinfo=UTC)):
        message = plan(channel=channel, urgent=True)
        assert after_drain(message).state == state


def test_a_full_day_moves_the_rest_to_the_next_morning(noon: datetime, plan: Plan, settings: Settings) -> None:
    settings.MESSAGING_DAILY_CAP = 2
    mine = [plan(person_key="contact:same") for _ in range(3)]
    other = plan()
    drain("email")
    states = [Message.objects.get(pk=message.pk) for message in mine]
    assert [message.state for message in states] == ["sent", "sent", "scheduled"]
    assert states[2].reason == "daily_cap"
    assert states[2].due_at >= datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    assert after_drain(other).state == "sent"
    assert SendBudget.objects.get(person_key="contact:same").used == 2


def test_a_second_try_of_a_message_takes_nothing_from_the_day(noon: datetime, plan: Plan) -> None:
    couriers.answers.append(Deferred("try_later", "451"))
    message = after_drain(plan())
    with clock.set_to(message.due_at + timedelta(seconds=1)):
        assert after_drain(message).state == "sent"
    assert SendBudget.objects.get(person_key=message.person_key).used == 1


def test_what_its_owner_withholds_is_cancelled_with_the_reason(noon: datetime, plan: Plan) -> None:
    message = plan()
    owner.withhold[message.reference] = "no_consent"
    assert after_drain(message).state == "cancelled"
    assert (message.reason, message.detail) == ("withheld", "no_consent")


def test_failing_owner_stops_only_its_own_message(noon: datetime, plan: Plan, caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = plan(), plan()
    owner.broken.add(broken.reference)
    drain("email")
    broken.refresh_from_db()
    assert (broken.state, broken.reason) == ("scheduled", "owner_failed")
    assert after_drain(fine).state == "sent"
    for _ in range(STUMBLES):
        with clock.set_to(broken.due_at + timedelta(seconds=1)):
            after_drain(broken)
    assert broken.state == "dead"
    assert "Sample Person" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_paused_channel_holds_what_is_due(noon: datetime, plan: Plan) -> None:
    message = plan()
    Channel.objects.filter(pk="email").update(paused=True)
    assert after_drain(message).state == "scheduled"
    Channel.objects.filter(pk="email").update(paused=False)
    assert after_drain(message).state == "sent"


def test_a_pause_that_comes_after_the_claim_still_holds_the_message(noon: datetime, plan: Plan) -> None:
    for _ in range(FIRST + 2):
        plan()
    couriers.before.append(lambda _letter: Channel.objects.filter(pk="email").update(paused=True))
    drain("email")
    # The first batch had passed the gate together.
    assert len(couriers.letters) == Message.objects.filter(state="sent").count() == FIRST
    assert Message.objects.filter(state="scheduled", reason="channel_paused").count() == 2


def test_channel_rests_after_failures_and_then_tries_one(noon: datetime, plan: Plan) -> None:
    messages = [plan() for _ in range(8)]
    couriers.answers.extend(Deferred("provider_down", line=True) for _ in range(5))
    drain("email")
    channel = Channel.objects.of("email")
    assert channel.rests(noon + timedelta(seconds=2))
    assert len(couriers.letters) == 5
    assert claim("email", 50) == []
    with clock.set_to(noon + timedelta(minutes=4)):
        assert len(claim("email", 50)) == 1
    assert Message.objects.filter(pk__in=[m.pk for m in messages], state="dead").count() == 0


def test_a_provider_that_is_away_for_long_uses_up_no_tries(noon: datetime, plan: Plan) -> None:
    message = plan(not_after=noon + timedelta(days=20))
    for _ in range(12):
        couriers.answers.append(Deferred("provider_down", line=True))
        Channel.objects.filter(pk="email").update(rests_until=None)
        with clock.set_to(message.due_at + timedelta(seconds=1)):
            after_drain(message)
        assert message.state == "scheduled"


def test_a_bucket_lets_through_what_its_rate_allows(noon: datetime, plan: Plan) -> None:
    for _ in range(4):
        plan(channel="sms")
    assert drain("sms").sent == 1
    with clock.set_to(noon + timedelta(seconds=2)):
        assert drain("sms").sent == 1


@pytest.mark.parametrize("address", ["nobody", "x@example.org\nBcc: y@example.org", ""])
def test_an_address_that_cannot_be_written_to_fails_with_a_next_step(noon: datetime, plan: Plan, address: str) -> None:
    message = after_drain(plan(address=address, agreed=False))
    assert (message.state, message.reason) == ("dead", "bad_address")
    assert "another way" in message.next_step
    assert owner.events[-1].kind == "failed"


def test_a_missing_template_and_a_missing_variable_are_each_a_reason(
    noon: datetime, plan: Plan, template: MessageTemplate
) -> None:
    assert after_drain(plan(template="unknown")).reason == "no_template"
    owner.context.clear()
    message = after_drain(plan())
    assert (message.state, message.reason, message.detail) == ("dead", "missing_variable", "first_name")


def test_a_message_in_a_language_without_text_goes_in_the_main_one(noon: datetime, plan: Plan) -> None:
    after_drain(plan(language="fr"))
    assert "did you connect" in couriers.letters[0].content.text


def test_a_latest_time_that_has_passed_expires_the_message(noon: datetime, plan: Plan) -> None:
    message = plan(not_after=noon + timedelta(minutes=5))
    with clock.set_to(noon + timedelta(minutes=6)):
        assert after_drain(message).state == "expired"
    assert owner.events[-1].kind == "expired"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Deferred("try_later", "451"), "scheduled"),
        (Deferred("mailbox_full", "452"), "scheduled"),
        (Refused("refused", "554"), "dead"),
        (Unclear("line_dropped"), "uncertain"),
    ],
)
def test_every_answer_has_its_state_and_its_line_in_the_log(
    noon: datetime, plan: Plan, answer: Deferred | Refused | Unclear, state: str
) -> None:
    couriers.answers.append(answer)
    message = after_drain(plan())
    assert (message.state, message.reason) == (state, answer.reason)
    assert message.attempts.count() == 2


def test_a_message_is_given_up_when_no_try_is_left(noon: datetime, plan: Plan) -> None:
    message = plan(not_after=noon + timedelta(days=30))
    for _ in range(6):
        couriers.answers.append(Deferred("try_later", "451"))
        with clock.set_to(message.due_at + timedelta(seconds=1)):
            after_drain(message)
    assert (message.state, message.reason) == ("dead", "gave_up")


def test_a_retry_after_the_latest_time_is_too_late_now(noon: datetime, plan: Plan) -> None:
    couriers.answers.append(Deferred("try_later", "451"))
    message = after_drain(plan(not_after=noon + timedelta(seconds=20)))
    assert (message.state, message.reason) == ("expired", "too_late")


def test_the_provider_saying_that_the_person_stopped_stops_the_channel(noon: datetime, plan: Plan) -> None:
    couriers.answers.append(Refused("receiver_stopped", "400 21610", stopped=True))
    after_drain(plan(channel="sms"))
    assert Suppression.objects.get().kind == "stopped"
    assert [event.kind for event in owner.events] == ["failed", "stopped"]


def test_an_attempt_can_be_neither_changed_nor_deleted(noon: datetime, plan: Plan) -> None:
    after_drain(plan())
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.update(code="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.all()._raw_delete(using="default")
    assert Attempt.objects.count() == 2


def test_what_was_asked_for_long_ago_is_urgent_no_more(plan: Plan) -> None:
    with clock.set_to(datetime(2026, 3, 5, 9, 30, tzinfo=UTC)):  # half past one at night in Pasadena
        message = plan(urgent=True)
    with clock.set_to(datetime(2026, 3, 5, 10, 30, tzinfo=UTC)):
        assert drain("email").sent == 0
    message.refresh_from_db()
    assert (message.state, message.reason) == ("scheduled", "quiet_hours")


def test_what_its_owner_withholds_uses_up_nothing_of_the_day(noon: datetime, plan: Plan) -> None:
    silent = [plan(person_key="contact:one") for _ in range(3)]
    owner.withhold.update({message.reference: "closed" for message in silent})
    drain("email")
    last = plan(person_key="contact:one")
    drain("email")
    last.refresh_from_db()
    assert last.state == "sent"


def test_forgetting_a_person_blanks_every_address(noon: datetime, plan: Plan) -> None:
    message = plan()
    assert actions.forget(person_key=message.person_key, now=noon) == 1
    message.refresh_from_db()
    assert (message.state, message.address, message.address_index, message.person_key) == ("cancelled", "", "", "")


OTHER_KEY = "b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIhISE="


def test_wrong_keys_hold_messages_until_they_are_right(noon: datetime, plan: Plan, settings: Settings) -> None:
    right, messages = settings.ENCRYPTION_KEYS, [plan() for _ in range(3)]
    settings.ENCRYPTION_KEYS = [OTHER_KEY]
    for minutes in range(1, 60, 2):
        with clock.set_to(noon + timedelta(minutes=minutes)):
            drain("email")
            assert [alert.key for alert in alerts.current()] == ["unreadable"]
    rows = Message.objects.defer("address").values_list("state", "reason")
    assert set(rows) == {("scheduled", "unreadable")}
    assert owner.events == []
    settings.ENCRYPTION_KEYS = right
    with clock.set_to(noon + timedelta(hours=2)):
        assert drain("email").sent == len(messages)
        assert alerts.current() == []


def test_keys_that_open_nothing_of_the_owner_cost_no_message_its_tries(noon: datetime, plan: Plan) -> None:
    message = plan()
    owner.locked.add(message.reference)
    for _ in range(STUMBLES + 2):
        with clock.set_to(message.due_at + timedelta(seconds=1)):
            after_drain(message)
    assert (message.state, message.reason) == ("scheduled", "unreadable")
    owner.locked.clear()
    with clock.set_to(message.due_at + timedelta(seconds=1)):
        assert after_drain(message).state == "sent"


def test_unreadable_message_expires_and_its_owner_is_told(noon: datetime, plan: Plan, settings: Settings) -> None:
    message = plan(not_after=noon + timedelta(minutes=1))
    settings.ENCRYPTION_KEYS = [OTHER_KEY]
    drain("email")
    with clock.set_to(noon + timedelta(minutes=2)):
        drain("email")
    message = Message.objects.defer("address").get(pk=message.pk)
    assert (message.state, message.reason, message.detail) == ("expired", "too_late", "unreadable")
    assert owner.events[-1].kind == "expired"


def test_daily_cap_limits_unsolicited_requests(noon: datetime, plan: Plan, settings: Settings) -> None:
    settings.MESSAGING_DAILY_CAP = 3
    for _ in range(10):  # each time from another browser, so each time a person of its own
        plan(urgent=True, address="victim@example.org")
    drain("email")
    assert len(couriers.letters) == 3
    held = Message.objects.filter(state="scheduled")
    assert set(held.values_list("reason", flat=True)) == {"daily_cap"}
    told = [event.reference for event in owner.events if (event.kind, event.reason) == ("postponed", "daily_cap")]
    assert sorted(told) == sorted(message.reference for message in held)
    assert after_drain(plan(urgent=True)).state == "sent"  # nobody else has to wait
    with clock.set_to(noon + timedelta(days=1)):
        assert drain("email").sent == 3


def test_requested_answer_goes_beyond_the_daily_cap(noon: datetime, plan: Plan, settings: Settings) -> None:
    settings.MESSAGING_DAILY_CAP = 1
    first = after_drain(plan())
    assert after_drain(plan(address=first.address, person_key=first.person_key, urgent=True)).state == "sent"
    assert after_drain(plan(address=first.address)).reason == "daily_cap"  # of another person at the same address


def test_what_a_person_wrote_waits_for_nothing_that_goes_by_itself(
    noon: datetime, plan: Plan, settings: Settings
) -> None:
    settings.MESSAGING_DAILY_CAP = 2
    first = plan(person_key="contact:same")
    same = {"address": first.address, "person_key": "contact:same"}
    plan(**same)
    assert drain("email").sent == 2 and after_drain(plan(**same)).reason == "daily_cap"
    own = [after_drain(plan(**same, reference="note:1", capped=False)) for _ in range(3)]
    assert [each.state for each in own] == ["sent", "sent", "scheduled"]  # a bound of its own
    assert after_drain(plan(**same, reference="answer:1", capped=False)).state == "sent"
    assert SendBudget.objects.get(person_key="contact:same").used == 2


def test_a_receiver_at_work_gets_as_many_in_a_day_as_there_are(noon: datetime, plan: Plan, settings: Settings) -> None:
    settings.MESSAGING_DAILY_CAP = 1
    for _ in range(4):
        plan(address="intake@example.org", urgent=True, capped=False)
    assert drain("email").sent == 4


def test_what_meets_a_full_address_uses_up_nothing_of_its_persons_day(
    noon: datetime, plan: Plan, settings: Settings
) -> None:
    settings.MESSAGING_DAILY_CAP = 1
    full = after_drain(plan())
    held = after_drain(plan(address=full.address, person_key="contact:one"))
    assert held.reason == "daily_cap"
    assert after_drain(plan(person_key="contact:one")).state == "sent"


def test_what_has_no_text_uses_up_nothing_of_the_day(noon: datetime, plan: Plan, settings: Settings) -> None:
    settings.MESSAGING_DAILY_CAP = 1
    assert after_drain(plan(person_key="contact:one", template="unknown")).reason == "no_template"
    link = owner.context.pop("link")
    assert after_drain(plan(person_key="contact:one")).reason == "missing_variable"
    owner.context["link"] = link
    assert after_drain(plan(person_key="contact:one")).state == "sent"


def test_a_link_is_made_only_for_a_message_that_goes(noon: datetime, plan: Plan, settings: Settings) -> None:
    settings.MESSAGING_DAILY_CAP = 1
    sent, held = plan(person_key="contact:one"), plan(person_key="contact:one")
    textless = plan(template="unknown")
    owner.mints.update(message.reference for message in (sent, held, textless))
    drain("email")
    assert after_drain(held).reason == "daily_cap"
    assert [event.subject for event in AccessEvent.objects.all()] == [sent.reference]


def test_everything_of_a_person_and_every_report_is_found_by_an_index(noon: datetime, plan: Plan) -> None:
    plan()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # else it reads a table this small from end to end
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "message_person" in Message.objects.of_person("contact:one").explain()
    assert "message_provider" in Message.objects.named_by_provider("SM1").explain()
