"""A call is logged with its result, and who was not reached is called again inside the family's hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from time_machine import travel

from referral.actions.common import Actor, Again, OutsideHours
from referral.actions.referrals import add_note, log_call, take
from referral.actions.replies import hear_program
from referral.actions.sending import send_to_program
from referral.actions.waiting import watch_requests
from referral.hours import OFFICE, Work, call_at, next_tries
from referral.models import Contact, Referral, Task
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOON = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)  # a Wednesday, noon in Pasadena
LA = "America/Los_Angeles"
WORK = Work(LA, OFFICE)


def calls(referral: Referral) -> list[datetime]:
    return [task.due_at for task in referral.tasks.open().filter(kind=Task.Kind.CALL, by_hand=True)]


@pytest.mark.parametrize("times", [[], ["morning"], ["evening", "weekend"], ["weekend"]])
def test_every_try_that_is_offered_is_inside_their_hours(times: list[str]) -> None:
    offered = next_tries(NOON, times, LA, WORK)
    assert len(offered) >= 4 and offered == sorted(set(offered))
    assert all(at > NOON and call_at(at, times, LA, WORK) == at for at in offered)


def test_tries_are_offered_while_somebody_is_at_work() -> None:
    friday = Work(LA, OFFICE, frozenset({date(2026, 3, 6)}))  # closed on that Friday
    zone = ZoneInfo(LA)
    for times in ([], ["morning"], ["afternoon", "evening", "weekend"]):
        offered = [at.astimezone(zone) for at in next_tries(NOON, times, LA, friday)]
        assert offered and all(friday.at_work(at) for at in offered)
        assert date(2026, 3, 6) not in {at.date() for at in offered}
    evenings = [at.astimezone(zone) for at in next_tries(NOON, ["evening", "weekend"], LA, friday)]
    assert evenings and all(friday.on(at.date()) and at.hour >= 17 for at in evenings)


def test_hours_hold_on_the_day_the_clocks_change() -> None:
    friday = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    offered = next_tries(friday, ["weekend"], LA, WORK)
    assert all(call_at(at, ["weekend"], LA, WORK) == at for at in offered)


@pytest.mark.parametrize("outcome", ["no_answer", "left_word"])
def test_who_was_not_reached_is_called_again(taken: Referral, nora: Actor, outcome: str) -> None:
    at = next_tries(NOON, taken.contact.times, taken.contact.zone, WORK)[1]
    line = log_call(taken.pk, outcome, "", next_try=at, actor=nora, now=NOON)
    assert calls(taken) == [at] and "Next try: " in for_staff(line)


@pytest.mark.parametrize("outcome", ["reached", "wrong_number"])
def test_who_was_reached_or_is_not_there_is_not_called_again(taken: Referral, nora: Actor, outcome: str) -> None:
    at = next_tries(NOON, taken.contact.times, taken.contact.zone, WORK)[0]
    log_call(taken.pk, outcome, "", next_try=at, actor=nora, now=NOON)
    assert calls(taken) == []
    assert taken.tasks.open().filter(kind=Task.Kind.FIND_NUMBER).exists() is (outcome == "wrong_number")


@pytest.mark.parametrize("at", [NOON - timedelta(hours=1), NOON + timedelta(hours=10)])
def test_a_try_at_night_or_in_the_past_writes_nothing(taken: Referral, nora: Actor, at: datetime) -> None:
    with pytest.raises(OutsideHours):
        log_call(taken.pk, "no_answer", "", next_try=at, actor=nora, now=NOON)
    assert calls(taken) == [] and not taken.timeline.filter(kind="called").exists()


def test_word_left_against_their_wish_is_said(make_referral: Callable[..., Referral], nora: Actor) -> None:
    referral = take(make_referral(voicemail="no").pk, actor=nora, now=NOON)
    line = log_call(referral.pk, "left_word", "", actor=nora, now=NOON)
    assert for_staff(line) == "Called: Left word. They had asked not to."


def test_the_form_offers_hours_and_says_if_word_may_be_left(taken: Referral, staff: Client) -> None:
    with travel(NOON, tick=False):
        url = f"/staff/referral/{taken.pk}/"
        page = staff.get(url).content.decode()
        assert "Left word, though they asked for none" in page and "Wednesday, Mar 4, 2:00 p.m." in page
        assert "If no one answers: Do not leave a message" in page and "in 30 minutes" not in page
        at = next_tries(NOON, [], LA, WORK)[0].isoformat()
        sent = {"version": Referral.objects.get().version, "outcome": "no_answer", "next_try": at}
        assert staff.post(f"{url}call/", sent).status_code == 302
        for odd in ("soon", "2026-11-31T10:00", "2026-12-01T25:00+00:00"):
            assert staff.post(f"{url}call/", {**sent, "next_try": odd}).status_code == 422
    assert calls(taken) == [datetime.fromisoformat(at)]


@pytest.fixture
def urgent(taken: Referral) -> Referral:
    """A family that asks for help now."""
    taken.tasks.create(kind=Task.Kind.NEEDS_HELP, due_at=NOON, created_at=NOON, urgent=True)
    return taken


def log(staff: Client, referral: Referral, **typed: str) -> int:
    version = Referral.objects.get(pk=referral.pk).version
    sent = {"version": version, "outcome": "no_answer", "next_try": "", **typed}
    return staff.post(f"/staff/referral/{referral.pk}/call/", sent).status_code


@pytest.mark.parametrize(("soon", "after"), [("30", 30), ("60", 60)])
def test_a_call_for_help_is_tried_again_at_once_at_any_hour(
    urgent: Referral, staff: Client, soon: str, after: int
) -> None:
    night = NOON + timedelta(hours=10)
    with travel(night, tick=False):
        page = staff.get(f"/staff/referral/{urgent.pk}/")
        assert page.context["forms"]["call"]["next_try"].value() == "30"  # what stands there if nothing is chosen
        assert "in 30 minutes, at " in page.content.decode() and "in an hour, at " in page.content.decode()
        assert log(staff, urgent, next_try=soon) == 302
    (task,) = urgent.tasks.open().filter(kind=Task.Kind.CALL, by_hand=True)
    assert task.due_at == night + timedelta(minutes=after) and task.urgent


def test_a_time_of_ones_own_is_on_their_clock(urgent: Referral, staff: Client) -> None:
    Contact.objects.update(zone="America/New_York")
    with travel(NOON, tick=False):
        assert log(staff, urgent, next_try="30", own_try="2026-03-04T23:30") == 302  # it counts before the list
    assert calls(urgent) == [datetime(2026, 3, 5, 4, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    "typed", ["soon", "2026-03-04T23:30Z", "9999-12-31T23:59", "2026-03-01T10:00", "2026-13-40T99:99"]
)
def test_an_odd_time_of_ones_own_writes_nothing(urgent: Referral, staff: Client, typed: str) -> None:
    with travel(NOON, tick=False):
        assert log(staff, urgent, own_try=typed) in {409, 422}
    assert calls(urgent) == [] and not urgent.timeline.filter(kind="called").exists()


def test_what_is_not_urgent_is_tried_inside_their_hours(taken: Referral, staff: Client) -> None:
    with travel(NOON, tick=False):
        assert log(staff, taken, own_try="2026-03-04T23:30") in {409, 422} and calls(taken) == []
        assert log(staff, taken, own_try="2026-03-05T11:15") == 302
    assert calls(taken) == [datetime(2026, 3, 5, 19, 15, tzinfo=UTC)]


def test_no_answer_sent_as_the_form_stands_keeps_the_family_on_the_list(taken: Referral, staff: Client) -> None:
    with travel(NOON, tick=False):
        url = f"/staff/referral/{taken.pk}/"
        taken.tasks.update(due_at=NOON)
        form = staff.get(url).context["forms"]["call"]
        sent = {name: form[name].value() for name in ("version", "next_try", "done")}
        assert sent["done"] and f'value="{sent["next_try"]}" selected' in staff.get(url).content.decode()
        assert staff.post(f"{url}call/", {**sent, "outcome": "no_answer"}).status_code == 302
    assert calls(taken) == next_tries(NOON, [], LA, WORK)[:1]


def test_a_program_that_asks_need_not_be_called_for_an_answer(
    taken: Referral, program: Any, nora: Actor, now: datetime
) -> None:
    asked = send_to_program(taken.pk, program, [], actor=nora, now=now)
    later = now + timedelta(hours=25)
    assert watch_requests(later) == (1, 0)
    hear_program(asked.pk, "Is it for two?", actor=Actor.program("A"), now=later)
    assert not asked.tasks.open().filter(kind=Task.Kind.CALL_PROGRAM).exists()


def test_nobody_calls_a_program_that_waits_for_our_answer(
    taken: Referral, program: Any, nora: Actor, now: datetime
) -> None:
    asked = send_to_program(taken.pk, program, [], actor=nora, now=now)
    hear_program(asked.pk, "Is it for two?", actor=Actor.program("A"), now=now)
    assert watch_requests(now + timedelta(hours=25)) == (0, 0)


def test_the_third_call_in_vain_offers_to_write(taken: Referral, staff: Client) -> None:
    url, said = f"/staff/referral/{taken.pk}/", []
    for _try in range(3):
        sent = {"version": Referral.objects.get().version, "outcome": "no_answer", "text": str(_try)}
        said.append(staff.post(f"{url}call/", sent, follow=True).content.decode())
    assert "in a row that reached no one" not in said[1]
    assert "That was call number 3 in a row that reached no one." in said[2]
    assert f'<a href="{url}write/">Write to them instead</a>' in said[2]


def test_words_sent_twice_are_written_once(taken: Referral, nora: Actor, supervisor: Any) -> None:
    log_call(taken.pk, "reached", "He will come on Monday.", actor=nora, now=NOON)
    add_note(taken.pk, "His aunt drives.", actor=nora, now=NOON)
    with pytest.raises(Again):
        log_call(taken.pk, "reached", "He will come on Monday.", actor=nora, now=NOON + timedelta(minutes=2))
    with pytest.raises(Again):
        add_note(taken.pk, "His aunt drives.", actor=nora, now=NOON + timedelta(minutes=2))
    log_call(taken.pk, "no_answer", "He will come on Monday.", actor=nora, now=NOON + timedelta(minutes=3))
    add_note(taken.pk, "His aunt drives.", actor=Actor.of(supervisor), now=NOON + timedelta(minutes=3))
    add_note(taken.pk, "His aunt drives.", actor=nora, now=NOON + timedelta(hours=2))
    for minutes in (4, 5):  # a try says nothing but that it was one
        log_call(taken.pk, "no_answer", "", actor=nora, now=NOON + timedelta(minutes=minutes))
    assert taken.timeline.filter(kind="called").count() == 4 and taken.timeline.filter(kind="note").count() == 3


def test_calls_in_vain_for_one_time_leave_one_call_to_make(taken: Referral, nora: Actor) -> None:
    at = next_tries(NOON, taken.contact.times, taken.contact.zone, WORK)[1]
    for minutes in (0, 1, 2):
        log_call(taken.pk, "no_answer", "", next_try=at, actor=nora, now=NOON + timedelta(minutes=minutes))
    assert calls(taken) == [at]
