"""A program tells of a first visit whose day has come; a family reads one thing of each program, with why."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from messaging.letter import Letter
from referral.actions.appointments import NotYet, choose_time, propose_times, report_visit
from referral.actions.common import FAMILY, Actor
from referral.actions.placements import (
    accept_placement,
    fail_placement,
    reject_placement,
    start_placement,
    waitlist_placement,
)
from referral.actions.replies import hear_family
from referral.actions.sending import send_to_program
from referral.actions.tasks import add_task
from referral.actions.undoing import undo_last
from referral.actions.waitlists import keep_place
from referral.lifecycle import Refused
from referral.models import Appointment, FamilyLink, Placement, Referral
from tests.referral.desks import answers, at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
ZONE = "America/Los_Angeles"
DAY = "at 6:00 p.m. on Saturday, Mar 7"


def at_program(placement: Placement) -> Actor:
    return Actor.program(str(placement.program))


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def to_do(answer: Any) -> str:
    page = words(answer)
    return page[page.index("What to do now") : page.index('class="with-side"')]


def family(referral: Referral, now: datetime) -> Client:
    client = Client()
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=referral)
    client.get(f"/r/{token}/")
    return client


def alarms(referral: Referral) -> list[str]:
    return sorted(referral.tasks.open().values_list("kind", flat=True))


@pytest.fixture
def booked(placement: Placement, now: datetime) -> Placement:
    """A family that chose Saturday at six; it is Wednesday."""
    accept_placement(placement.pk, actor=at_program(placement), now=now)
    at = datetime.fromisoformat("2026-03-08T02:00:00+00:00")
    (visit,) = propose_times(placement.pk, [at], ZONE, actor=at_program(placement), now=now)
    choose_time(visit.pk, actor=FAMILY, now=now)
    return placement


@pytest.fixture
def other(placement: Placement, nora: Actor, now: datetime) -> Placement:
    program = Program.objects.public().exclude(pk=placement.program_id).earliest("pk")
    return send_to_program(placement.referral_id, program, ["contact"], actor=nora, now=now)


@pytest.mark.parametrize(
    ("deed", "typed"),
    [
        ("visit", {"outcome": "missed"}),
        ("visit", {"outcome": "came"}),
        ("admit", {}),
        ("release", {"reason": "no_show"}),
    ],
)
def test_of_a_visit_to_come_nothing_is_told(booked: Placement, now: datetime, deed: str, typed: dict[str, Any]) -> None:
    refused = answers(at_the_desk(booked, now), booked, deed, **typed)
    assert refused.status_code == 422 and f"This visit is {DAY}, which is still to come." in words(refused)
    booked.refresh_from_db()
    assert booked.status == "accepted" and booked.appointments.booked().exists()


@pytest.mark.parametrize(("deed", "typed"), [("visit", {"outcome": "came"}), ("admit", {})])
def test_who_came_earlier_is_asked_about_once(
    booked: Placement, now: datetime, deed: str, typed: dict[str, Any]
) -> None:
    desk = at_the_desk(booked, now)
    assert "They came earlier than that" not in words(page_of(desk, booked))
    assert "They came earlier than that" in words(answers(desk, booked, deed, **typed))
    assert answers(desk, booked, deed, early="on", **typed).status_code == 302
    assert not booked.appointments.booked().exists()


def test_the_action_itself_refuses_a_day_to_come(booked: Placement, now: datetime) -> None:
    with pytest.raises(NotYet):
        report_visit(booked.pk, "missed", actor=at_program(booked), now=now)
    same_day = datetime.fromisoformat("2026-03-07T20:00:00+00:00")
    with pytest.raises(NotYet):
        report_visit(booked.pk, "missed", actor=at_program(booked), now=same_day)
    report_visit(booked.pk, "came", actor=at_program(booked), now=same_day)
    assert Appointment.objects.get().status == "fulfilled"


@pytest.mark.parametrize(
    ("deed", "typed"), [("visit", {"outcome": "missed"}), ("release", {"reason": "no_show"}), ("admit", {})]
)
def test_times_that_wait_to_be_chosen_are_asked_about(
    placement: Placement, now: datetime, deed: str, typed: dict[str, Any]
) -> None:
    accept_placement(placement.pk, actor=at_program(placement), now=now)
    days = [datetime.fromisoformat(f"2026-03-{day}T02:00:00+00:00") for day in ("10", "08")]
    propose_times(placement.pk, days, ZONE, actor=at_program(placement), now=now)
    with pytest.raises(NotYet):
        report_visit(placement.pk, "missed", actor=at_program(placement), now=now)
    refused = answers(at_the_desk(placement, now), placement, deed, **typed)
    said = f"They have not chosen a time yet. The next one is {DAY.removeprefix('at ')}."
    assert refused.status_code == 422 and said in words(refused)
    assert placement.appointments.proposed().count() == 2


def test_who_could_not_be_reached_keeps_the_visit(booked: Placement, now: datetime) -> None:
    report_visit(booked.pk, "unreached", actor=at_program(booked), now=now)
    assert booked.appointments.booked().exists()
    assert "told us that they could not reach you" in words(family(booked.referral, now).get("/status/"))


def test_a_no_show_is_told_to_the_family_and_nobody_calls(booked: Placement, now: datetime) -> None:
    over = now + timedelta(days=4)
    with travel(over, tick=False):
        desk = at_the_desk(booked, over)
        answers(desk, booked, "visit", outcome="missed")
        program = to_do(page_of(desk, booked))
        assert "A navigator calls Rosa Sample." in program and "Good times to call" not in program
        page = words(family(booked.referral, over).get("/status/"))
        assert f"told us that you did not come to the first visit {DAY}." in page and "Good news" not in page
        answers(desk, booked, "undo")
        page = words(family(booked.referral, over).get("/status/"))
        assert "took back what it told us of your first visit" in page and "at 6:00 p.m. on Saturday" in page


def test_times_name_their_day_and_clock(booked: Placement, now: datetime) -> None:
    page = words(family(booked.referral, now).get("/status/"))
    assert "<strong>6:00 p.m. on Saturday, Mar 7 (Pacific Time)</strong>" in page
    assert "expects you at the time that you chose" in page
    program = to_do(page_of(at_the_desk(booked, now), booked))
    assert "chose the time of the first visit: 6:00 p.m. on Saturday, Mar 7." in program
    assert "Please call" not in program and "Good times to call" not in program


def test_in_danger_no_news_is_good(booked: Placement, now: datetime) -> None:
    hear_family(booked.referral_id, "he won't wake up", actor=FAMILY, now=now)
    page = words(family(booked.referral, now).get("/status/"))
    assert "Good news" not in page and "said yes." in page


def test_a_waitlist_that_ended_says_why_and_one_thing(placement: Placement, other: Placement, now: datetime) -> None:
    waitlist_placement(other.pk, actor=at_program(other), now=now, expected_on=now.date() + timedelta(days=20))
    accept_placement(placement.pk, actor=at_program(placement), now=now + timedelta(minutes=1))
    page = words(family(placement.referral, now).get("/status/"))
    assert f"Ended because {placement.program} said yes. If that falls through, we ask again." in page
    assert f"{other.program} put you on its waitlist, for an opening about Mar 24." in page
    assert f"So we ended what we had asked of: {other.program}. If this falls through, we ask again." in page
    assert f"This ended your place on the waitlist of: {other.program}." in page
    undo_last(placement.pk, actor=at_program(placement), now=now + timedelta(minutes=2))
    assert "put you on its waitlist" in words(family(placement.referral, now).get("/status/"))


def test_a_place_on_a_waitlist_is_asked_about_before_it_ends(
    placement: Placement, other: Placement, staff: Client, post: Callable[..., list[Letter]], now: datetime
) -> None:
    referral, waits = placement.referral, "we give up the place on its waitlist"
    waitlist_placement(other.pk, actor=at_program(other), now=now, expected_on=now.date() + timedelta(days=20))
    post(now, "email")
    accept_placement(placement.pk, actor=at_program(placement), now=now)
    shown, at = f"/staff/referral/{referral.pk}/", now + timedelta(minutes=9)
    assert f"{waits} (opening about Mar 24)." in words(staff.get(shown))
    version = Referral.objects.get(pk=referral.pk).version
    with travel(at, tick=False):
        staff.post(f"{shown}placement/{other.pk}/keep/", {"version": version})
    other.refresh_from_db()
    assert other.status == "waitlisted" and referral.tasks.open().filter(placement=other, kind="next_step").exists()
    assert "has ended" not in str([each.content.subject for each in post(now + timedelta(minutes=20), "email")])
    assert waits not in words(staff.get(shown))
    page = words(family(referral, now).get("/status/"))
    assert f"We keep your place on the waitlist of {other.program} until your first visit." in page


def test_a_place_whose_program_has_heard_is_not_kept(
    placement: Placement, other: Placement, nora: Actor, staff: Client, now: datetime
) -> None:
    waitlist_placement(other.pk, actor=at_program(other), now=now)
    accept_placement(placement.pk, actor=at_program(placement), now=now)
    later = now + timedelta(minutes=10)
    with travel(later, tick=False):
        assert "we give up the place" not in words(staff.get(f"/staff/referral/{placement.referral_id}/"))
    with pytest.raises(Refused):
        keep_place(other.pk, actor=nora, now=later)


def test_a_place_that_was_kept_is_asked_about_after_the_visit(
    placement: Placement, other: Placement, nora: Actor, now: datetime
) -> None:
    waitlist_placement(other.pk, actor=at_program(other), now=now, expected_on=now.date() + timedelta(days=20))
    accept_placement(placement.pk, actor=at_program(placement), now=now)
    keep_place(other.pk, actor=nora, now=now)
    report_visit(placement.pk, "came", actor=at_program(placement), now=now + timedelta(days=1))
    task = other.tasks.open().get()
    assert task.due_at == now + timedelta(days=1) and "Is the place on this waitlist still needed?" in task.text
    start_placement(placement.pk, actor=nora, now=now + timedelta(days=2))
    other.refresh_from_db()
    assert other.status == "cancelled"


def test_what_ended_for_a_place_that_fell_through_is_asked_again(
    placement: Placement, other: Placement, nora: Actor, now: datetime
) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    fail_placement(placement.pk, "The bed is gone.", actor=nora, now=now + timedelta(hours=1))
    assert f"{other.program}. Ask them again." in placement.referral.tasks.open().get(kind="next_program").text


def test_an_acceptance_overtakes_the_step_of_a_decline(
    placement: Placement, other: Placement, nora: Actor, now: datetime
) -> None:
    referral, later = placement.referral, now + timedelta(minutes=1)
    reject_placement(other.pk, "#full", actor=at_program(other), now=now)
    add_task(referral.pk, kind="next_step", due_at=now, actor=nora, now=now)
    steps = referral.tasks.open().filter(kind="next_step")
    assert steps.count() == 2
    accept_placement(placement.pk, actor=at_program(placement), now=later)
    assert steps.get().by_hand
    undo_last(placement.pk, actor=at_program(placement), now=later)
    assert steps.count() == 2


@pytest.mark.parametrize("seen", [False, True])
def test_an_acceptance_taken_back_is_told_to_who_may_know(placement: Placement, now: datetime, seen: bool) -> None:
    placement.referral.tasks.update(created_at=now - timedelta(minutes=5))  # what was to do before
    before = alarms(placement.referral)
    accept_placement(placement.pk, actor=at_program(placement), now=now)
    if seen:
        family(placement.referral, now).get("/status/")
    undo_last(placement.pk, actor=at_program(placement), now=now)
    added = list(alarms(placement.referral))
    for kind in before:
        added.remove(kind)
    assert added == (["call"] if seen else [])
    accept_placement(placement.pk, actor=at_program(placement), now=now + timedelta(minutes=1))
    assert placement.tasks.open().filter(kind="call").count() == 1, "one call, whatever went before"
