"""Tasks: each thing to do stands and is ticked off by itself, and ends with the request that it came from."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from directory.models import Program
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import revoke_consent
from referral.actions.placements import accept_placement, cancel_placement, reject_placement, waitlist_placement
from referral.actions.referrals import log_call
from referral.actions.replies import hear_program, nobody_called
from referral.actions.sending import send_to_program
from referral.actions.tasks import add_task, finish_task
from referral.models import Placement, Referral, Task

pytestmark = pytest.mark.django_db
ADMISSIONS = Actor.program("A program")


@pytest.fixture
def both(taken: Referral, nora: Actor, now: datetime) -> list[Placement]:
    """Two programs are asked."""
    programs = Program.objects.public().order_by("pk")[:2]
    return [send_to_program(taken.pk, each, ["contact"], actor=nora, now=now) for each in programs]


def kinds(referral: Referral) -> list[str]:
    return [task.kind for task in referral.tasks.open().order_by("pk")]


def test_a_task_added_by_hand_merges_with_no_other(taken: Referral, nora: Actor, now: datetime) -> None:
    texts = ("Ask for the card.", "Ask for the papers.")
    for text in texts:
        add_task(taken.pk, kind="next_step", due_at=now, actor=nora, now=now, text=text)
    assert sorted(task.text for task in taken.tasks.open().filter(kind="next_step")) == sorted(texts)


def test_what_the_system_adds_does_not_change_a_task_added_by_hand(
    taken: Referral, both: list[Placement], nora: Actor, now: datetime
) -> None:
    later = now + timedelta(days=3)
    by_hand = add_task(taken.pk, kind="next_step", due_at=later, actor=nora, now=now, text="Talk about work.")
    reject_placement(both[0].pk, "full", actor=ADMISSIONS, now=now)
    by_hand.refresh_from_db()
    assert (by_hand.text, by_hand.due_at) == ("Talk about work.", later)
    assert kinds(taken).count("next_step") == 2


def test_answers_of_two_programs_are_two_tasks(
    taken: Referral, both: list[Placement], nora: Actor, now: datetime
) -> None:
    for placement in both:
        waitlist_placement(placement.pk, actor=ADMISSIONS, now=now)
    tasks = list(taken.tasks.open().filter(kind="next_step").exclude(placement=None))
    assert {task.placement_id for task in tasks} == {placement.pk for placement in both}
    finish_task(tasks[0].pk, actor=nora, now=now)
    assert [task.pk for task in taken.tasks.open().filter(kind="next_step").exclude(placement=None)] == [tasks[1].pk]


def test_every_question_of_a_program_is_a_task(both: list[Placement], taken: Referral, now: datetime) -> None:
    for placement, text in ((both[0], "Which drugs?"), (both[0], "Since when?"), (both[1], "Which drugs?")):
        hear_program(placement.pk, text, actor=ADMISSIONS, now=now)
    assert kinds(taken).count("program_asks") == 3


def test_what_was_asked_for_a_request_ends_with_it(
    taken: Referral, both: list[Placement], nora: Actor, now: datetime
) -> None:
    for placement in both:
        hear_program(placement.pk, "Which drugs?", actor=ADMISSIONS, now=now)
    cancel_placement(both[0].pk, "They chose another.", actor=nora, now=now)
    assert [task.placement_id for task in taken.tasks.open().filter(kind="program_asks")] == [both[1].pk]


def test_a_call_about_a_place_that_is_gone_is_no_longer_on_the_list(
    taken: Referral, both: list[Placement], nora: Actor, now: datetime
) -> None:
    accept_placement(both[0].pk, actor=ADMISSIONS, now=now)
    nobody_called(taken.pk, actor=FAMILY, now=now)
    by_hand = add_task(taken.pk, kind="call", due_at=now, actor=nora, now=now, text="Ask for the card.")
    revoke_consent(taken.consents.get().pk, actor=nora, now=now)
    left = taken.tasks.open()
    assert not left.exclude(placement=None).exists()
    assert by_hand in left


def test_a_logged_call_ticks_off_the_one_that_was_chosen(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    first = taken.tasks.get()
    second = add_task(taken.pk, kind="call", due_at=now, actor=nora, now=now, text="Call the sister.")
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "Call Rosa Sample. Call the sister." in page
    typed = {"version": Referral.objects.get().version, "outcome": "reached", "text": "", "done": second.pk}
    assert staff.post(f"/staff/referral/{taken.pk}/call/", typed).status_code == 302
    assert list(taken.tasks.open()) == [first]


def test_a_logged_call_ticks_off_nothing_but_calls(
    taken: Referral, both: list[Placement], nora: Actor, now: datetime
) -> None:
    hear_program(both[0].pk, "Which drugs?", actor=ADMISSIONS, now=now)
    asked = Task.objects.get(kind="program_asks")
    log_call(taken.pk, "reached", "", done=[asked.pk], actor=nora, now=now)
    assert asked in taken.tasks.open()
