"""A place that fell through is a task; a program that accepts in a hold is told of it; deadlines are office hours."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from directory.models import Program
from referral.actions.common import Actor
from referral.actions.placements import accept_placement, fail_placement
from referral.actions.referrals import hold_referral
from referral.actions.sending import send_to_program
from referral.actions.stops import stop_messages
from referral.hours import OFFICE, Work, answer_due
from referral.models import Placement, Referral, Task
from tests.referral.desks import answers, at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LA = "America/Los_Angeles"
NIGHT = datetime(2026, 11, 30, 11, 44, tzinfo=UTC)  # Monday, 3:44 a.m. in Pasadena


def page(client: Client, pk: int) -> str:
    return client.get(reverse("workspace:referral", args=[pk])).content.decode()


@pytest.mark.parametrize(
    ("asked", "holidays", "due"),
    [
        (NIGHT, [], datetime(2026, 12, 1, 17, 0, tzinfo=UTC)),
        (NIGHT, [date(2026, 12, 1)], datetime(2026, 12, 2, 17, 0, tzinfo=UTC)),
        (datetime(2026, 12, 4, 20, 0, tzinfo=UTC), [], datetime(2026, 12, 7, 17, 0, tzinfo=UTC)),
        (datetime(2026, 12, 2, 20, 0, tzinfo=UTC), [], datetime(2026, 12, 3, 20, 0, tzinfo=UTC)),
    ],
)
def test_a_program_answers_in_office_hours(asked: datetime, holidays: list[date], due: datetime) -> None:
    assert OFFICE[0] == (time(9), time(17))
    assert answer_due(asked, timedelta(hours=24), Work(LA, OFFICE, frozenset(holidays))) == due


@pytest.mark.usefixtures("at_now")
def test_a_place_that_fell_through_is_a_task(placement: Placement, nora: Actor, staff: Client, now: datetime) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    fail_placement(placement.pk, "The bed was given away.", actor=nora, now=now)
    task = Task.objects.open().get(kind=Task.Kind.NEXT_PROGRAM)
    assert task.due_at == now and "The bed was given away." in task.text
    assert "Ask the next program, and tell the family" in page(staff, placement.referral_id)


def test_only_the_last_place_that_fell_through_is_a_task(
    placement: Placement, program: Program, nora: Actor, now: datetime
) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    fail_placement(placement.pk, "The bed was given away.", actor=nora, now=now)
    later = now + timedelta(minutes=5)
    with travel(later, tick=False):
        second = send_to_program(placement.referral_id, program, [], actor=nora, now=later)
        desk = at_the_desk(second, later)
        answers(desk, second, "accept")
        desk.post(f"/p/request/{second.pk}/release/", {"release-reason": "place_gone", "release-more": ""})
        tasks = Task.objects.open().filter(kind__in=[Task.Kind.NEXT_PROGRAM, Task.Kind.NEXT_STEP])
        assert tasks.get().kind == Task.Kind.NEXT_PROGRAM and "The opening is gone" in tasks.get().text
        assert "The bed was given away." not in tasks.get().text  # what was to do then was done: another accepted
        desk.post(f"/p/request/{second.pk}/undo/")
        assert tasks.get().text.endswith("The bed was given away.")


@pytest.mark.usefixtures("at_now")
def test_each_button_asks_its_own_why(placement: Placement, nora: Actor, staff: Client, now: datetime) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    shown = page(staff, placement.referral_id)
    boxes = re.findall(f'id="placement-{placement.pk}-([a-z]+)_reason"', shown)
    assert len(boxes) == len(set(boxes)) > 1
    version = Referral.objects.get(pk=placement.referral_id).version
    url = reverse("workspace:placement-fail", args=[placement.referral_id, placement.pk])
    refused = staff.post(url, {"version": version, "reason": ""}).content.decode()
    opened = re.findall(r"<details open><summary>([^<]*)", refused)
    assert opened == ["Did not work out…"]


@pytest.mark.usefixtures("at_now")
def test_who_accepts_in_a_hold_calls_when_it_ends(placement: Placement, nora: Actor, now: datetime) -> None:
    until = now + timedelta(days=7)
    pk = placement.referral_id
    hold_referral(pk, until=until, reason="Mother in hospital.", actor=nora, now=now)
    accept_placement(placement.pk, actor=nora, now=now)
    calls = Task.objects.open().filter(referral=pk, kind=Task.Kind.CALL)
    assert [each.due_at for each in calls] == [until]
    shown = page_of(at_the_desk(placement, now), placement).content.decode()
    assert "is on hold until" in shown and "Mother in hospital" not in shown and "Please call" not in shown


@pytest.mark.usefixtures("at_now")
def test_a_stop_of_all_messages_stands_on_top(taken: Referral, nora: Actor, staff: Client, now: datetime) -> None:
    assert "All messages stopped" not in page(staff, taken.pk)
    stop_messages(taken.pk, actor=nora, now=now)
    assert "All messages stopped by the family" in page(staff, taken.pk)
