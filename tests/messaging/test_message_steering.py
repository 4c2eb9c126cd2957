"""Staff see how a message will read and when it will go before they send it, and can take it back for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import TextField
from django.db.models.functions import Cast

from messaging import actions, clock, operators, steering
from messaging.declared import Text, declared
from messaging.delivery.drain import drain
from messaging.models import Channel, Message, MessageTemplate, WrittenWords
from messaging.retention import forget_old
from referral.message_texts import declared as referral_texts
from tests.conftest import staff_account
from tests.messaging import couriers, owner
from tests.messaging.conftest import NOON

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
ANA: dict[str, Any] = {
    "channel": "sms",
    "person_key": "contact:ana",
    "address": "626-555-0142",
    "zone": "America/Los_Angeles",
    "reference": "followup:1",
}
NIGHT = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)  # ten in the evening in Pasadena
MINUTE = timedelta(minutes=1)


@pytest.fixture
def agreed(db: None) -> None:
    actions.allow(channel="sms", address=ANA["address"], wording="Text me.", source="test", now=NOON)


def write(now: datetime, **changes: Any) -> Message:
    values: dict[str, Any] = {
        "template": "note",
        "words": "Bring your insurance card on Monday.",
        "reason": "They asked what to bring.",
        "author": "user:7",
        "language": "en",
        "dedupe_key": "note:1",
        "now": now,
        **ANA,
    }
    return steering.write(**{**values, **changes})


def state(message: Message) -> str:
    drain(message.channel)
    message.refresh_from_db()
    return message.state


def test_what_staff_write_is_sent_once_it_cannot_be_undone(agreed: None) -> None:
    with clock.set_to(NOON):
        message = write(clock.now())
        assert write(clock.now()).pk == message.pk
        assert state(message) == "scheduled"
    with clock.set_to(NOON + steering.UNDO + timedelta(seconds=2)):
        assert state(message) == "sent"
        assert "Waymark: Bring your insurance card on Monday." in couriers.letters[-1].content.text
        assert not steering.undo(message.pk, now=clock.now())


def test_the_reason_is_in_nothing_that_is_sent(agreed: None) -> None:
    actions.allow(channel="email", address="ana@example.org", wording="Write to me.", source="test", now=NOON)
    with clock.set_to(NOON):
        write(clock.now(), reason="Her sister called us.")
        email = write(
            clock.now(), dedupe_key="note:2", channel="email", address="ana@example.org", reason="Her sister called us."
        )
    with clock.set_to(NOON + MINUTE):
        drain("sms")
        assert state(email) == "sent"
    assert len(couriers.letters) == 2
    assert not [letter for letter in couriers.letters if "sister" in repr(letter.content)]


def test_what_is_undone_in_time_is_never_sent(agreed: None) -> None:
    with clock.set_to(NOON):
        message = write(clock.now())
        assert steering.undo(message.pk, now=clock.now())
        assert not steering.undo(message.pk, now=clock.now())
    with clock.set_to(NOON + timedelta(hours=1)):
        assert state(message) == "cancelled"
    assert not couriers.letters


def test_words_of_staff_are_encrypted_and_go_with_their_message(agreed: None) -> None:
    with clock.set_to(NOON):
        message = write(clock.now(), words="She is called Guadalupe.")
    raw = (
        WrittenWords.objects.annotate(raw=Cast("words", TextField())).values_list("raw", flat=True).get(message=message)
    )
    assert "Guadalupe" not in raw
    actions.forget(person_key="contact:ana", now=NOON)
    assert not WrittenWords.objects.exists()
    other = write(NOON, dedupe_key="note:2")
    Message.objects.filter(pk=other.pk).update(state="sent", changed_at=NOON - timedelta(days=900))
    Message.objects.update(created_at=NOON - timedelta(days=900), changed_at=NOON - timedelta(days=900))
    assert forget_old(now=NOON) == 2
    assert not WrittenWords.objects.exists()


def test_words_of_staff_can_be_read_as_they_were_sent(agreed: None) -> None:
    with clock.set_to(NOON):
        message = write(clock.now())
    with clock.set_to(NOON + MINUTE):
        assert state(message) == "sent"
        owner.withhold[message.reference] = "closed"
        shown = operators.show(message.pk, actor=staff_account("boss", "Supervisors"), now=clock.now())
    assert shown is not None
    assert "Bring your insurance card" in shown.content.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "x" * 321}, "words"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_words_that_cannot_be_sent_plan_nothing(agreed: None, changes: dict[str, str], field: str) -> None:
    with pytest.raises(steering.BadWords) as caught:
        write(NOON, **changes)
    assert caught.value.field == field
    assert str(caught.value.sentence)
    assert not Message.objects.exists()


def test_braces_in_words_of_staff_are_words(agreed: None) -> None:
    with clock.set_to(NOON):
        message = write(clock.now(), words="{{ link }} and {% if %}")
    with clock.set_to(NOON + MINUTE):
        assert state(message) == "sent"
    assert "{{ link }} and {% if %}" in couriers.letters[-1].content.text


def test_a_preview_shows_each_channel_in_both_languages() -> None:
    shown = steering.previews("note", words="Ya hablé con ellos.")
    assert [(each.channel, each.language) for each in shown] == [
        ("email", "en"), ("email", "es"), ("sms", "en"), ("sms", "es"),
    ]  # fmt: skip
    assert all("Ya hablé con ellos." in each.content.text for each in shown)
    assert [each.segments is None for each in shown] == [True, True, False, False]
    spanish = shown[3]
    assert spanish.segments is not None
    assert spanish.segments.encoding == "UCS-2" or spanish.segments.count == 1
    assert not Message.objects.exists()


def test_a_preview_uses_the_admins_words_and_cuts_links_off() -> None:
    owner_text = Text("", "Words of an admin: {{ link }}")
    MessageTemplate.objects.create(key="check-in", channel="sms", language="en", text=owner_text.text)
    shown = steering.preview("check-in", channel="sms", language="en")
    assert shown is not None
    assert shown.own
    assert shown.content.text.startswith("Words of an admin: https://waymark.example/…")
    tried = steering.preview("check-in", channel="sms", language="en", text=Text("", "Not saved: {{ link }}"))
    assert tried is not None
    assert tried.content.text.startswith("Not saved:")
    # The whole link is counted, not what is shown of it.
    assert tried.segments is not None
    assert tried.segments.places > len(tried.content.text)


def test_a_preview_names_what_was_not_given() -> None:
    shown = steering.preview("check-in", channel="email", language="en", values={"link": "https://x.example/"})
    assert shown is not None
    assert shown.missing == ("first_name",)
    assert "[first_name]" in shown.content.text
    assert steering.preview("no-such", channel="email", language="en") is None


def test_every_message_of_the_system_can_be_previewed(settings: Any) -> None:
    settings.MESSAGING_CLIENT, settings.MESSAGING_TEMPLATES = "config.owners.Owners", "config.owners.declared"
    assert set(referral_texts()) < set(declared())
    for key, kind in declared().items():
        shown = steering.previews(key)
        assert {(each.channel, each.language) for each in shown} == set(kind.texts), key
        assert not [each for each in shown if each.missing], key


def paused(now: datetime) -> None:
    actions.stop(address=ANA["address"], channel="sms", until=now + timedelta(days=1), source="page", now=now)


def full_day(now: datetime) -> None:
    for number in range(3):
        write(now, dedupe_key=f"before:{number}")


def nothing(now: datetime) -> None:
    pass


@pytest.mark.parametrize(
    ("start", "before", "waits"),
    [
        (NOON, nothing, ()),
        (NIGHT, nothing, ("quiet_hours",)),
        (NOON, paused, ("paused_by_person",)),
        (NOON, full_day, ("daily_cap",)),
    ],
)
def test_it_goes_when_the_outlook_says(
    agreed: None, start: datetime, before: Callable[[datetime], None], waits: tuple[str, ...]
) -> None:
    with clock.set_to(start):
        now = clock.now()
        before(now)
        expected = steering.when(**ANA, now=now)
        message = write(now)
        planned = steering.when_it_goes(message, now)
    assert expected.waits[:2] == waits
    assert expected.at is not None
    assert planned.at is not None
    # The outlook of what is not yet planned does not know how the morning is spread.
    assert timedelta(0) <= planned.at - expected.at <= timedelta(minutes=20)
    at = start + steering.UNDO
    while at < planned.at - MINUTE:  # what comes before goes at its time
        with clock.set_to(at):
            assert state(message) == "scheduled", at
        at = max(at + timedelta(hours=2), min(planned.at - MINUTE, at + timedelta(hours=6)))
    with clock.set_to(planned.at + MINUTE):
        assert state(message) == "sent", message.reason


def test_the_outlook_of_written_words_does_not_count_what_goes_by_itself(agreed: None) -> None:
    with clock.set_to(NOON):
        now = clock.now()
        for number in range(3):
            actions.schedule(
                **ANA, template="note", language="en", due_at=now, not_after=now + timedelta(days=2),
                dedupe_key=f"by-itself:{number}",
            )  # fmt: skip
        assert steering.when(**ANA, now=now).waits == ()


def test_what_waits_for_the_same_morning_counts_to_its_day(agreed: None) -> None:
    with clock.set_to(NIGHT):
        full_day(clock.now())
        found = steering.when(**ANA, now=clock.now())
    assert found.waits == ("quiet_hours", "daily_cap")
    assert found.at == datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def test_the_outlook_says_what_will_never_go(agreed: None) -> None:
    assert steering.when(**{**ANA, "address": "626-555-0143"}, now=NOON).waits == ("no_permission",)
    assert steering.when(**ANA, now=NIGHT, not_after=NIGHT + timedelta(hours=1)).waits == ("quiet_hours", "too_late")
    actions.stop(address=ANA["address"], channel=None, until=None, source="page", now=NOON)
    found = steering.when(**ANA, now=NOON)
    assert (found.at, found.waits) == (None, ("stopped",))


def test_the_outlook_tells_a_channel_that_is_paused_or_rests(agreed: None) -> None:
    row = Channel.objects.of("sms")
    row.rests_until = NOON + timedelta(minutes=5)
    row.save()
    assert steering.when(**ANA, now=NOON).at == row.rests_until
    row.paused = True
    row.save()
    assert steering.when(**ANA, now=NOON).waits == ("channel_paused",)
