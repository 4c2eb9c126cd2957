"""What a program takes back is the last thing it did, named; nobody is left with what it no longer says."""

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
from referral.actions.appointments import choose_time
from referral.actions.common import FAMILY, Actor
from referral.actions.sending import send_to_program
from referral.actions.waiting import watch_requests
from referral.models import Appointment, Contact, Placement, ProgramLink
from referral.timeline import for_staff
from tests.referral.desks import answers, at_the_desk, code_in, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


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
    answers(desk, placement, "admit", early="on")
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
    with travel(Appointment.objects.earliest("at").at, tick=False):  # before its day nothing is told of it
        desk = at_the_desk(placement, Appointment.objects.earliest("at").at)
        answers(desk, placement, "visit", outcome="came", more="All went well.")
        page = words(page_of(desk, placement))
        assert "They came to the first visit." in page and "All went well." in page and "Please call" not in page
        assert times() == ["cancelled", "fulfilled"] and not call.exists()
        answers(desk, placement, "undo")
        page = words(page_of(desk, placement))
        assert "All went well." not in page and "Call only if it has to change" in page
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


def test_the_new_day_of_an_opening_can_be_taken_back(
    placement: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "waitlist", expected_on="2026-03-20")
    answers(desk, placement, "opening", expected_on="2026-04-10")
    assert "take this back: \u201cThe new day of the opening\u201d" in words(page_of(desk, placement))
    answers(desk, placement, "undo")
    row = Placement.objects.get(pk=placement.pk)
    assert (row.status, str(row.expected_on)) == ("waitlisted", "2026-03-20")
    tasks = row.referral.tasks.open().filter(kind="next_step")
    assert tasks.get().due_at.date().isoformat() == "2026-03-20"
    assert for_staff(row.referral.timeline.latest("pk")).endswith("took back: the new day of the opening.")
    assert "take this back: \u201cOn the waitlist\u201d" in words(page_of(desk, placement))


def test_what_a_program_wrote_with_its_answer_stands_on_its_page(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept", more="We can call tonight.")
    assert "We can call tonight." in words(page_of(desk, placement))
    answers(desk, placement, "undo")
    assert "We can call tonight." not in words(page_of(desk, placement))
    answers(desk, placement, "decline", reason="full")
    assert "Declined</strong>" in words(page_of(desk, placement)) and "No openings" in words(page_of(desk, placement))


def test_the_deadline_meets_the_good_times_of_the_family(placement: Placement, now: datetime) -> None:
    """Nobody is asked to call by 5 p.m. who may only call in the evening."""
    Contact.objects.update(times=["evening"])
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    page = words(page_of(desk, placement))
    assert "Please call Rosa Sample by 8:00 p.m. on Thursday, Mar 5" in page  # not this evening alone
    Placement.objects.update(answered_at=now + timedelta(days=1, hours=10))  # on Thursday evening, after our hours
    Contact.objects.update(times=["weekend"])
    with travel(now + timedelta(days=1, hours=10), tick=False):
        page = words(page_of(at_the_desk(placement, now + timedelta(days=1, hours=10)), placement))
    assert "Please call Rosa Sample by 6:00 p.m. on Saturday, Mar 7" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "cancelled", "reason": "#accepted_elsewhere"}, "It is no longer needed."),
        ({"status": "cancelled", "reason": "#withdrew"}, "It is no longer needed."),
        ({"status": "cancelled", "reason": "#no_answer"}, "It was closed because we had no answer from you in time."),
        ({"status": "cancelled", "reason": "#consent_ended"}, "The consent to share it has ended."),
        ({"status": "rejected", "moved_at": None}, "Your answer: Declined."),
    ],
)
def test_a_request_that_has_ended_says_why(
    placement: Placement, now: datetime, change: dict[str, Any], said: str
) -> None:
    desk = at_the_desk(placement, now)
    Placement.objects.filter(pk=placement.pk).update(**change)
    answer = page_of(desk, placement)
    assert answer.status_code == 410 and said in words(answer)
    assert "accepted" not in words(answer) and "withdr" not in words(answer)
    other = desk.get(f"/p/request/{placement.pk + 99}/")
    assert other.status_code == 410 and "It was answered or canceled, or the consent" in words(other)


def test_the_link_of_another_program_says_whose_it_is(
    placement: Placement, nora: Actor, post: Callable[..., list[Letter]], now: datetime
) -> None:
    other = Program.objects.public().exclude(pk=placement.program_id).latest("pk")
    Program.objects.exclude(pk=placement.program_id).update(referral_email="bridge@example.org")
    other.refresh_from_db()
    theirs = send_to_program(placement.referral_id, other, ["contact"], actor=nora, now=now)
    desk = at_the_desk(placement, now)
    assert placement.program.name in words(desk.get("/p/"))
    _row, token = ProgramLink.mint(now=now, expires_at=now + timedelta(days=1), placement=theirs)
    page = " ".join(words(desk.get(f"/p/{token}/", follow=True)).split())
    assert f"This link is for {other.name}. Open in this browser is {placement.program.name}." in page
    assert page_of(desk, placement).status_code == 200  # it stays open
    post(now, "email")
    assert "Enter the code" in words(desk.post("/p/code/", follow=True))
    desk.post("/p/enter/", {"code": code_in(post(now, "email"))})
    assert page_of(desk, theirs).status_code == 200 and page_of(desk, placement).status_code == 410


def test_each_step_is_taken_back_as_long_as_its_minutes_last(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    for deed, done in (("accept", "accepted"), ("admit", "in_progress"), ("discharge", "completed")):
        answers(desk, placement, deed, reason="completed")
        assert status(placement) == done
    for left in ("in_progress", "accepted", "requested"):
        assert "take this back" in words(page_of(desk, placement))
        answers(desk, placement, "undo")
        assert status(placement) == left
    assert "take this back" not in words(page_of(desk, placement))


def test_an_earlier_step_is_not_taken_back_after_its_minutes(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    with travel(now + timedelta(minutes=9), tick=False):
        answers(desk, placement, "admit")
    with travel(now + timedelta(minutes=11), tick=False):
        answers(desk, placement, "undo")
        assert status(placement) == "accepted" and "take this back" not in words(page_of(desk, placement))
        answers(desk, placement, "undo")
        assert status(placement) == "accepted"
