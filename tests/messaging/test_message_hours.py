"""Receivers choose the days and hours of their messages: nothing comes at another time, and nothing gets lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings as system_settings
from django.test import Client

from messaging import actions, clock, steering
from messaging.calendar import Hours
from messaging.delivery.drain import drain
from messaging.letter import choices_url
from messaging.models import Channel, ChosenHours, Message
from messaging.wishes import choose_hours
from tests.messaging import owner
from tests.messaging.conftest import NOON

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
PAGE = "/messages/"
SATURDAY = Hours(frozenset({5}), time(10), time(13))
NEXT_SATURDAY = datetime(2026, 3, 7, 18, 0, tzinfo=UTC)  # ten in the morning in Pasadena


def choose(message: Message, hours: Hours | None = SATURDAY) -> None:
    choose_hours(index=message.address_index, hours=hours, source="test", now=clock.now())


def state(message: Message) -> str:
    drain(message.channel)
    message.refresh_from_db()
    return message.state


def opened(message: Message) -> Client:
    browser = Client()
    browser.get(choices_url(message).removeprefix(system_settings.BASE_URL))
    return browser


def test_what_is_planned_already_waits_for_the_hours(noon: datetime, plan: Plan) -> None:
    message = plan()
    choose(message)
    assert (state(message), message.reason) == ("scheduled", "chosen_hours")
    assert NEXT_SATURDAY <= message.due_at < NEXT_SATURDAY + timedelta(minutes=20)
    with clock.set_to(message.due_at - timedelta(minutes=1)):
        assert state(message) == "scheduled"
    with clock.set_to(message.due_at + timedelta(minutes=1)):
        assert state(message) == "sent"


def test_hours_make_nothing_too_late(noon: datetime, plan: Plan) -> None:
    first = plan(not_after=noon + timedelta(hours=2))
    choose(first)
    assert state(first) == "scheduled"
    second = plan(address=first.address, not_after=noon + timedelta(hours=2), dedupe_key="second", reference="x:2")
    assert second.due_at >= NEXT_SATURDAY
    with clock.set_to(NEXT_SATURDAY + timedelta(minutes=21)):
        assert [state(first), state(second)] == ["sent", "sent"]


def test_what_was_asked_for_a_moment_ago_comes_at_once(noon: datetime, plan: Plan) -> None:
    first = plan()
    choose(first)
    urgent = plan(address=first.address, urgent=True, dedupe_key="second")
    assert state(urgent) == "sent"


@pytest.mark.parametrize("before", [True, False])
def test_a_text_that_was_asked_for_comes_at_once(noon: datetime, plan: Plan, before: bool) -> None:
    Channel.objects.of("sms")
    Channel.objects.update(rate_per_s=0)
    first = plan(channel="sms")
    if before:
        choose(first)
    urgent = plan(channel="sms", address=first.address, urgent=True, dedupe_key="second")
    if not before:
        choose(first)
    assert steering.when_it_goes(urgent, clock.now()).waits == ()
    assert state(urgent) == "sent"


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_what_was_asked_for_at_night_waits_for_the_quiet_hours_alone(plan: Plan, channel: str) -> None:
    Channel.objects.of(channel)
    Channel.objects.update(urgent_any_time=False, rate_per_s=0)
    with clock.set_to(datetime(2026, 3, 5, 11, 0, tzinfo=UTC)):  # three in the morning in Pasadena
        first = plan(channel=channel)
        choose(first)
        urgent = plan(channel=channel, address=first.address, urgent=True, dedupe_key="second")
        assert state(urgent) == "scheduled"
    with clock.set_to(datetime(2026, 3, 5, 16, 21, tzinfo=UTC)):  # Thursday, past eight
        assert (state(urgent), state(first)) == ("sent", "scheduled")


def test_hours_hold_at_one_address_only(noon: datetime, plan: Plan) -> None:
    first, second = plan(), plan()
    choose(first)
    assert [state(first), state(second)] == ["scheduled", "sent"]


def test_quiet_hours_hold_where_hours_were_chosen_before_they_grew(noon: datetime, plan: Plan) -> None:
    message = plan()
    choose(message, Hours(frozenset(range(7)), time(8), time(10)))
    Channel.objects.filter(pk="email").update(quiet_to=time(11))
    assert state(message) == "sent"  # nothing is left of what was chosen, and it is noon
    later = plan(address=message.address, dedupe_key="later", due_at=noon + timedelta(hours=20))
    assert later.due_at.astimezone(UTC).time() >= time(19)  # eleven in Pasadena, not eight


def test_the_outlook_knows_the_hours(noon: datetime, plan: Plan) -> None:
    message = plan()
    choose(message)
    found = steering.when(
        channel="email", address=message.address, person_key=message.person_key, zone=message.zone,
        reference="note:1", now=clock.now(),
    )  # fmt: skip
    assert (found.at, found.waits) == (NEXT_SATURDAY, ("chosen_hours",))


def test_the_page_keeps_days_and_hours_and_tells_the_owner(noon: datetime, plan: Plan) -> None:
    message = plan()
    browser = opened(message)
    answer = browser.post(PAGE, {"hours": "1", "days": ["0", "2"], "start": "17", "until": "20"})
    assert answer.status_code == 302
    hours = ChosenHours.objects.of(message.address_index)
    assert hours == Hours(frozenset({0, 2}), time(17), time(20))
    page = browser.get(PAGE).content.decode()
    shown = " ".join(re.sub("<[^>]+>|&nbsp;", " ", page).split())
    assert "Now: from 5:00 p.m. to 8:00 p.m., Monday and Wednesday." in shown
    assert owner.events[-1].kind == "hours"


def test_every_day_and_hour_is_no_choice_at_all(noon: datetime, plan: Plan) -> None:
    message = plan()
    choose(message)
    opened(message).post(PAGE, {"hours": "1", "days": list("0123456"), "start": "8", "until": "21"})
    assert not ChosenHours.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"start": "9", "until": "17"}, "Choose at least one day"),
        ({"days": ["1"], "start": "17", "until": "9"}, "Choose an end after the start."),
        ({"days": ["1"], "start": "3", "until": "9"}, "Choose an hour from the list."),
        ({"days": ["9"], "start": "9", "until": "17"}, "Select a valid choice"),
    ],
)
def test_hours_that_cannot_be_are_refused(noon: datetime, plan: Plan, typed: dict[str, Any], says: str) -> None:
    message = plan()
    answer = opened(message).post(PAGE, {"hours": "1", **typed})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not ChosenHours.objects.exists()


def test_who_is_at_work_is_asked_for_no_hours(noon: datetime, plan: Plan) -> None:
    message = plan(urgent=True, capped=False)
    browser = opened(message)
    assert "Save days and hours" not in browser.get(PAGE).content.decode()
    browser.post(PAGE, {"hours": "1", "days": ["1"], "start": "9", "until": "17"})
    assert not ChosenHours.objects.exists()


def test_hours_are_forgotten_with_the_person(plan: Plan) -> None:
    message = plan()
    choose(message)
    actions.forget(person_key=message.person_key, now=NOON)
    assert not ChosenHours.objects.exists()
