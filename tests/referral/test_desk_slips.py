"""What a program takes back is the last thing it did, named; nobody is left with what it no longer says."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from messaging.letter import Letter
from referral.actions.appointments import choose_time
from referral.actions.common import FAMILY
from referral.actions.waiting import watch_requests
from referral.models import Appointment, Placement
from referral.timeline import for_staff
from tests.referral.desks import answers, at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def status(row: Placement) -> str:
    return Placement.objects.get(pk=row.pk).status


def times() -> list[str]:
    return sorted(Appointment.objects.values_list("status", flat=True))


def propose(desk: Client, placement: Placement) -> None:
    answers(desk, placement, "times", first="2026-03-09T10:00", second="2026-03-10T14:30")


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_undo_takes_back_the_times_first_then_the_acceptance(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    propose(desk, placement)
    assert "take this back: “The times you proposed”" in words(page_of(desk, placement))
    answers(desk, placement, "undo")
    assert (status(placement), times()) == ("accepted", ["cancelled", "cancelled"])
    assert "take this back: “Accepted”" in words(page_of(desk, placement))
    answers(desk, placement, "undo")
    assert (status(placement), times()) == ("requested", ["cancelled", "cancelled"])
    said = [for_staff(line) for line in placement.referral.timeline.filter(kind="undone")]
    assert [line.partition("took back: ")[2] for line in said] == ["the times it proposed.", "its acceptance."]


def test_a_family_that_had_the_news_hears_of_the_correction(
    placement: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    desk = at_the_desk(placement, now)
    post(now)
    answers(desk, placement, "accept")
    answers(desk, placement, "undo")
    assert not post(now)
    answers(desk, placement, "accept")
    told = len(post(now))
    with travel(now + timedelta(minutes=5), tick=False):
        answers(desk, placement, "undo")
        assert told and len(post(now + timedelta(minutes=5))) == 1


def test_a_time_that_the_family_chose_is_not_undone(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    propose(desk, placement)
    choose_time(Appointment.objects.earliest("at").pk, actor=FAMILY, now=now)
    assert "A slip?" not in words(page_of(desk, placement))
    answers(desk, placement, "undo")
    assert (status(placement), times()) == ("accepted", ["booked", "cancelled"])


def test_start_of_care_ends_open_times_until_taken_back(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    propose(desk, placement)
    answers(desk, placement, "admit")
    assert times() == ["cancelled", "cancelled"]
    assert "waits for the family to choose" not in words(page_of(desk, placement))
    answers(desk, placement, "undo")
    assert (status(placement), times()) == ("accepted", ["proposed", "proposed"])


def test_a_reported_visit_stands_on_the_desk_and_can_be_undone(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    propose(desk, placement)
    choose_time(Appointment.objects.earliest("at").pk, actor=FAMILY, now=now)
    call = placement.referral.tasks.open().filter(kind="call", placement=placement)
    answers(desk, placement, "visit", outcome="came", more="All went well.")
    page = words(page_of(desk, placement))
    assert "They came to the first visit." in page and "All went well." in page and "Please call" not in page
    assert times() == ["cancelled", "fulfilled"] and not call.exists()
    answers(desk, placement, "undo")
    page = words(page_of(desk, placement))
    assert "All went well." not in page and "Please call" in page
    assert times() == ["booked", "cancelled"] and call.exists()


def test_a_program_that_answered_needs_no_call(placement: Placement, now: datetime) -> None:
    later = now + timedelta(hours=25)
    calls = placement.referral.tasks.open().filter(kind="call_program")
    with travel(later, tick=False):
        watch_requests(later)
        desk = at_the_desk(placement, later)
        assert calls.exists() and "it is late" in words(page_of(desk, placement))
    with travel(later + timedelta(minutes=1), tick=False):
        answers(desk, placement, "accept")
        assert not calls.exists()
        answers(desk, placement, "undo")
        assert calls.exists()


def test_a_call_that_is_late_is_not_spoken_of_as_to_come(placement: Placement, now: datetime) -> None:
    answers(at_the_desk(placement, now), placement, "accept")
    later = now + timedelta(days=5)
    with travel(later, tick=False):
        page = words(page_of(at_the_desk(placement, later), placement))
    assert "They were to be contacted by" in page and "Please call Rosa" not in page


def test_after_declining_nothing_is_asked_or_promised(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "decline", reason="full")
    page = words(page_of(desk, placement))
    assert "A slip?" in page and "What is new?" not in page and "When you accept" not in page
