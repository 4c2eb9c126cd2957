"""What staff read of when something is due agrees with itself, and names an hour at which somebody is at work."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from time_machine import travel

from privacy.models import User
from privacy.unusual import OFTEN, often_taken_back
from referral.actions import waiting
from referral.actions.check_ins import answer_check_in
from referral.actions.common import FAMILY, Actor
from referral.actions.followups import check_in_now
from referral.actions.merging import merge_referrals
from referral.actions.placements import accept_placement
from referral.actions.referrals import log_call, snooze_referral
from referral.actions.undoing import undo_last
from referral.figures import loads
from referral.models import Placement, Referral, Task
from tests.referral.desks import answers, at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
ZONE = ZoneInfo("America/Los_Angeles")


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def test_a_program_that_is_to_be_called_has_one_clock(placement: Placement, now: datetime) -> None:
    referral = placement.referral
    referral.tasks.update(done_at=now)
    later = now + timedelta(days=3)
    waiting.watch_requests(later)
    task = referral.tasks.open().get(kind="call_program")
    assert Referral.objects.get(pk=referral.pk).next_action_at == task.due_at == later


def test_what_is_snoozed_is_not_due_beside_it(taken: Referral, nora: Actor, staff: Client, now: datetime) -> None:
    taken.tasks.create(kind="other", text="Send the list.", due_at=now, created_at=now, by_hand=True)
    snooze_referral(taken.pk, until=now + timedelta(days=2), actor=nora, now=now)
    shown = words(staff.get(f"/staff/referral/{taken.pk}/"))
    assert "Send the list." in shown and "due now" not in shown


def test_who_still_waits_is_seen_to_by_day(taken: Referral, nora: Actor, now: datetime) -> None:
    night = datetime.fromisoformat("2026-03-05T03:26:00").replace(tzinfo=ZONE)
    followup = check_in_now(taken.pk, actor=nora, now=now)
    answer_check_in(followup.pk, "waiting", actor=FAMILY, now=night)
    due = taken.tasks.open().get(kind="still_waiting").due_at.astimezone(ZONE)
    assert (due.day, due.hour) == (6, 9)


def test_a_supervisor_sees_what_was_snoozed(taken: Referral, nora: Actor, now: datetime) -> None:
    assert [each.snoozed for each in loads(now)] == [0]
    snooze_referral(taken.pk, until=now + timedelta(days=2), actor=nora, now=now)
    assert [(each.open, each.snoozed) for each in loads(now)] == [(1, 1)]


def test_a_merge_keeps_the_hour_that_the_family_chose(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    other = make_referral()
    for each in (taken, other):
        log_call(each.pk, "reached", "", actor=nora, now=now)
    evening = now + timedelta(hours=8)
    taken.tasks.filter(kind="call").update(due_at=evening)
    other.tasks.create(kind="call", due_at=now, created_at=now)
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    assert taken.tasks.open().get(kind="call").due_at == evening


def test_the_hour_of_closing_is_ours(taken: Referral, staff: Client, now: datetime) -> None:
    type(taken.contact).objects.update(times=["evening"])
    shown = words(staff.get(f"/staff/referral/{taken.pk}/"))
    assert "5:00 p.m.</option>" in shown and "6:00 p.m. (outside our hours)" in shown


def test_words_of_a_merged_request_say_whose(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, staff: Client, now: datetime
) -> None:
    other = make_referral(contact_name="Teresa Example", message="He is drinking again.")
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    assert f"Teresa Example, {other.public_code}" in words(staff.get(f"/staff/referral/{taken.pk}/"))


def test_after_a_no_show_a_program_reads_one_order(placement: Placement, now: datetime) -> None:
    accept_placement(placement.pk, actor=Actor.program("Sample"), now=now)
    desk = at_the_desk(placement, now)
    assert "Agree on the day and time" in words(page_of(desk, placement))
    answers(desk, placement, "visit", outcome="missed")
    assert "Agree on the day and time" not in words(page_of(desk, placement))


def test_nobody_hands_over_to_themselves(taken: Referral, staff: Client, make_user: Callable[..., User]) -> None:
    make_user("omar", "Navigators", first_name="Omar")
    form = staff.get(f"/staff/referral/{taken.pk}/form/hand_over/").content.decode()
    assert "Omar</option>" in form and "Nora Navigator</option>" not in form


def test_a_year_that_cannot_be_says_why(taken: Referral, staff: Client) -> None:
    typed = {"version": taken.version, "contact_name": "Rosa Sample", "birth_year": "1891"}
    assert "it is before 1" in words(staff.post(f"/staff/referral/{taken.pk}/correct/", typed))


def test_a_program_that_takes_acceptances_back_often_is_shown(
    placement: Placement, supervisor: User, sign_in: Callable[[User], Client], now: datetime
) -> None:
    boss, program = sign_in(supervisor), str(placement.program)
    for minute in range(OFTEN):
        assert f"{program}:" not in words(boss.get("/staff/access/"))
        at = now + timedelta(minutes=minute)
        accept_placement(placement.pk, actor=Actor.program(program), now=at)
        undo_last(placement.pk, actor=Actor.program(program), now=at)
    with travel(now + timedelta(hours=1), tick=False):
        assert f"{program}: 3 times" in words(boss.get("/staff/access/"))


def test_rare_slips_of_a_program_are_not_shown() -> None:
    assert often_taken_back(["A", "B", "A"]) == []
    assert often_taken_back(["A", "B", "A", "B", "A", "B", "B"]) == [("B", 4), ("A", 3)]


def test_a_kind_of_task_is_offered_for_undo_once(
    taken: Referral, staff: Client, navigator: User, now: datetime
) -> None:
    for minutes in (3, 2):
        done = now - timedelta(minutes=minutes)
        Task.objects.create(
            referral=taken, kind="call", due_at=now, created_at=now, by_hand=True, done_at=done, done_by=navigator
        )
    assert words(staff.get(f"/staff/referral/{taken.pk}/")).count("Done: Call Rosa Sample") == 1
