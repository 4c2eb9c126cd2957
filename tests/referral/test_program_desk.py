"""A program's desk opens by a code that goes to its mailbox, holds all its requests, and forgives a slip."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from directory.models import Capacity, Program
from messaging.letter import Letter
from messaging.models import Message
from messaging.steering import UNDO
from privacy.models import AccessEvent
from referral.actions import waiting
from referral.actions.appointments import choose_time
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor, Ended
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.replies import hear_program, tell_the_program
from referral.actions.sending import send_to_program
from referral.actions.undoing import undo_last
from referral.models import Appointment, Placement, ProgramCode, Referral
from referral.timeline import for_family, for_staff
from tests.referral.conftest import link_in
from tests.referral.desks import answers, at_the_desk, by_code, code_in, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
ADMISSIONS = Actor.program("A")


@pytest.fixture
def other(placement: Placement, taken: Referral, nora: Actor, now: datetime) -> Placement:
    """The same family's request to another program."""
    second = Program.objects.public().exclude(pk=placement.program_id).earliest("pk")
    return send_to_program(taken.pk, second, ["contact"], actor=nora, now=now)


@pytest.fixture
def link(placement: Placement, post: Callable[..., list[Letter]], now: datetime) -> str:
    return link_in(next(each for each in post(now, "email") if "/p/" in each.content.text))


def status(row: Placement) -> str:
    return Placement.objects.get(pk=row.pk).status


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


# Coming in


def test_a_forwarded_link_shows_nothing_of_a_person(link: str, placement: Placement) -> None:
    stranger = Client()
    page = words(stranger.get(link, follow=True))
    assert "Open your requests" in page and "a•••@example.org" in page
    for told in ("Pasadena", "Alcohol", placement.referral.public_code, "admissions@example.org"):
        assert told not in page
    assert "Open your requests" in words(page_of(stranger, placement))
    assert answers(stranger, placement, "accept").status_code == 401
    assert status(placement) == "requested"


def test_the_code_from_the_mailbox_opens_the_request(
    link: str, placement: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    desk = Client()
    desk.get(link)
    answer = by_code(desk, post, now)
    assert answer.headers["Location"] == f"/p/request/{placement.pk}/"
    assert "Pasadena" in words(page_of(desk, placement))
    letter = post(now)
    assert not letter
    code = Message.objects.get(reference__startswith="desk:")
    assert "Pasadena" not in str(code.__dict__) and ProgramCode.objects.get().used_at == now


def test_a_code_is_good_once_in_its_own_browser_for_15_minutes(
    link: str, post: Callable[..., list[Letter]], now: datetime
) -> None:
    desk, thief = Client(), Client()
    for each in (desk, thief):
        each.get(link)
        each.post("/p/code/")
    first, second = [code_in([letter]) for letter in post(now, "email")]
    assert thief.post("/p/enter/", {"code": first}).status_code == 422
    assert desk.post("/p/enter/", {"code": first}).status_code == 302
    desk.post("/p/leave/")
    desk.get(link)
    assert desk.post("/p/enter/", {"code": first}).status_code == 422
    with travel(now + timedelta(minutes=15, seconds=1), tick=False):
        assert thief.post("/p/enter/", {"code": second}).status_code == 422


def test_five_wrong_tries_end_a_code(link: str, post: Callable[..., list[Letter]], now: datetime) -> None:
    desk = Client()
    desk.get(link)
    desk.post("/p/code/")
    code = code_in(post(now, "email"))
    for _each in range(5):
        assert desk.post("/p/enter/", {"code": "000000"}).status_code == 422
    assert desk.post("/p/enter/", {"code": code}).status_code == 422
    assert str(code.replace(" ", "")) not in str(list(ProgramCode.objects.values()))


def test_a_mailbox_gets_twelve_codes_an_hour_then_one_each_ten_minutes(
    link: str, post: Callable[..., list[Letter]], now: datetime
) -> None:
    def asks(browser: Client) -> int:
        browser.get(link)
        browser.post("/p/code/")
        return ProgramCode.objects.count()

    desk = Client()
    asks(desk)
    code = code_in(post(now, "email"))
    assert max(asks(Client()) for _each in range(14)) == 12
    assert Message.objects.filter(reference__startswith="desk:").count() == 12
    with travel(now + timedelta(minutes=10), tick=False):
        assert (asks(Client()), asks(Client())) == (13, 13)
        assert desk.post("/p/enter/", {"code": code}).status_code == 302
    with travel(now + timedelta(minutes=20), tick=False):
        assert asks(Client()) == 14


def test_the_desk_closes_after_the_working_day_and_by_sign_out(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    with travel(now + timedelta(hours=9, minutes=59), tick=False):
        assert placement.referral.public_code in words(desk.get("/p/"))
    with travel(now + timedelta(hours=10, minutes=1), tick=False):
        assert placement.referral.public_code not in words(desk.get("/p/"))
    desk = at_the_desk(placement, now)
    assert "You are signed out" in words(desk.post("/p/leave/"))
    assert placement.referral.public_code not in words(desk.get("/p/")) + words(page_of(desk, placement))


def test_another_mailbox_closes_the_desk_at_once(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    Program.objects.filter(pk=placement.program_id).update(referral_email="new@example.org")
    assert placement.referral.public_code not in words(desk.get("/p/"))


def test_a_desk_opens_no_request_of_another_mailbox(placement: Placement, other: Placement, now: datetime) -> None:
    Program.objects.filter(pk=other.program_id).update(referral_email="other@example.org")
    desk = at_the_desk(placement, now)
    assert page_of(desk, other).status_code == 410
    assert answers(desk, other, "accept").status_code == 410
    assert status(other) == "requested"


# All its requests


def test_forty_requests_stand_on_one_page_in_few_queries(
    placement: Placement, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    desk = at_the_desk(placement, now)

    def add(count: int) -> None:
        for number in range(count):
            referral = take(make_referral(email=f"{number}{count}@example.org").pk, actor=nora, now=now)
            send_to_program(referral.pk, placement.program, ["contact"], actor=nora, now=now)

    add(1)
    desk.get("/p/?sort=level")
    with CaptureQueriesContext(connection) as few:
        desk.get("/p/?sort=level")
    add(10)
    looked = AccessEvent.objects.count()
    with CaptureQueriesContext(connection) as many:
        page = words(desk.get("/p/?sort=level"))
    assert "12 requests to answer" in page
    assert all(each.public_code in page for each in Referral.objects.all())
    assert AccessEvent.objects.count() == looked + 12
    assert len(many) <= len(few) + 1 <= 17  # one more where what is remembered for a while was asked for anew


def test_nothing_for_families_stands_on_the_desk(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    for page in (words(desk.get("/p/")), words(page_of(desk, placement)), words(desk.get("/p/openings/"))):
        assert "In crisis" not in page and "/assessment/" not in page and 'href="/status/"' not in page


def test_a_program_says_its_openings(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    offer = placement.program.offers.earliest("pk")
    refused = desk.post("/p/openings/", {f"openings-{offer.pk}-spots": "many"})
    assert refused.status_code == 422 and "Enter a whole number from 0 to 999." in words(refused)
    said = words(desk.post("/p/openings/", {f"openings-{offer.pk}-spots": "3"}, follow=True))
    assert "Families see your openings as of now." in said
    row = Capacity.objects.filter(program=placement.program).latest("pk")
    assert (row.spots, row.wait_days, row.reported_at) == (3, None, now)


# Answers


def test_a_waitlist_day_reaches_family_and_navigator(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    refused = answers(desk, placement, "waitlist", expected_on="2026-03-01")
    assert refused.status_code == 422 and "This day is over." in words(refused)
    refused = answers(desk, placement, "waitlist", expected_on="9999-12-31", more="Soon")
    assert refused.status_code == 422 and "more than a year away" in words(refused) and "Soon" in words(refused)
    answers(desk, placement, "waitlist", expected_on="2026-03-20")
    row = Placement.objects.get()
    assert row.expected_on is not None and row.expected_on.isoformat() == "2026-03-20"
    assert placement.referral.tasks.get(kind="next_step").due_at.date().isoformat() == "2026-03-20"
    assert "You expect an opening about Mar" in words(page_of(desk, placement))


def test_a_waitlist_day_changes_at_the_desk_and_by_staff(placement: Placement, staff: Client, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "waitlist", expected_on="2026-03-20")
    page = words(page_of(desk, placement))
    assert "Change the day of the opening" in page and 'value="2026-03-20"' in page
    assert answers(desk, placement, "opening", expected_on="2026-03-01").status_code == 422
    answers(desk, placement, "opening", expected_on="2026-04-10")
    assert "You expect an opening about Apr" in words(page_of(desk, placement))
    tasks = placement.referral.tasks.open().filter(kind="next_step")
    assert tasks.get().due_at.date().isoformat() == "2026-04-10"
    path = f"/staff/referral/{placement.referral_id}/"
    assert 'value="2026-04-10"' in words(staff.get(path))
    typed = {"version": Referral.objects.get().version, "expected_on": "2026-05-04"}
    assert staff.post(f"{path}placement/{placement.pk}/opening/", {**typed, "expected_on": "soon"}).status_code == 422
    assert staff.post(f"{path}placement/{placement.pk}/opening/", typed).status_code == 302
    line = Referral.objects.get().timeline.latest("pk")
    assert "now expects an opening about May 4" in for_staff(line)
    assert "told us of another day for an opening: about May 4" in for_family(line)
    assert tasks.get().due_at.date().isoformat() == "2026-05-04"
    answers(desk, placement, "accept")
    typed["version"] = Referral.objects.get().version
    assert staff.post(f"{path}placement/{placement.pk}/opening/", typed).status_code == 409


def test_the_answer_to_a_question_stands_on_the_same_page(
    placement: Placement, nora: Actor, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now, "email")
    desk = at_the_desk(placement, now)
    answers(desk, placement, "ask", word="Is it for two?")
    tell_the_program(placement.pk, "For one, canary of the answer.", actor=nora, now=now)
    page = words(page_of(desk, placement))
    assert page.index("Is it for two?") < page.index("For one, canary of the answer.")
    assert "Nora" not in page
    assert "We answered your question" in words(desk.get("/p/"))
    assert not placement.referral.tasks.open().filter(kind="program_asks").exists()
    [letter] = post(now + UNDO, "email")
    assert (letter.content.subject, "canary" in letter.content.text) == ("An update from Waymark", False)


def test_care_is_reported_from_the_first_visit_to_the_outcome(placement: Placement, now: datetime) -> None:
    desk, referral = at_the_desk(placement, now), placement.referral
    answers(desk, placement, "accept")
    assert "Saved. The navigator sees it." in words(answers(desk, placement, "visit", follow=True, outcome="missed"))
    assert referral.tasks.open().filter(kind="next_step", urgent=True).exists()
    answers(desk, placement, "visit", outcome="came")
    answers(desk, placement, "admit")
    referral.refresh_from_db()
    assert (status(placement), referral.status) == ("in_progress", "connected")
    answers(desk, placement, "discharge", reason="left")
    placement.refresh_from_db()
    referral.refresh_from_db()
    assert (placement.status, placement.reason_words, referral.status) == ("failed", "They left early", "active")
    kinds = list(referral.timeline.exclude(kind="message").values_list("kind", flat=True))
    assert kinds[-5:] == ["accepted", "visit", "visit", "started", "placement_failed"]


def test_a_family_chooses_one_of_the_times_proposed(
    placement: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now, "email")
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    over = answers(desk, placement, "times", first="2026-03-01T10:00")
    assert over.status_code == 422 and "still to come" in words(over)
    answers(desk, placement, "times", first="2026-03-09T10:00", second="2026-03-10T14:30")
    first, second = Appointment.objects.all()
    assert first.at.isoformat() == "2026-03-09T17:00:00+00:00"  # the clocks went forward the night before
    choose_time(second.pk, actor=FAMILY, now=now)
    page = words(page_of(desk, placement))
    assert "2:30 p.m. (PST)" in page or "2:30 p.m. (PDT)" in page
    assert "the family chose this time" in page and "10:00 a.m." not in page
    assert "An update from Waymark" in [letter.content.subject for letter in post(now, "email")]


# A slip


@pytest.mark.parametrize("deed", ["accept", "waitlist", "decline"])
def test_a_slip_is_taken_back_whole(placement: Placement, other: Placement, now: datetime, deed: str) -> None:
    desk, referral = at_the_desk(placement, now), placement.referral
    referral.tasks.update(created_at=now - timedelta(hours=1))  # what is made with the answer goes with it
    open_tasks = set(referral.tasks.open().values_list("pk", flat=True))
    desk.post(f"/p/request/{placement.pk}/{deed}/", {"decline-reason": "full"})
    assert status(other) == ("cancelled" if deed == "accept" else "requested")
    assert "A slip?" in words(page_of(desk, placement))
    with travel(now + timedelta(minutes=9), tick=False):
        assert "taken back" in words(answers(desk, placement, "undo", follow=True))
    placement.refresh_from_db()
    assert (placement.status, status(other), placement.answered_at) == ("requested", "requested", None)
    assert set(referral.tasks.open().values_list("pk", flat=True)) == open_tasks
    assert not Message.objects.filter(reference__startswith="ended:", state="scheduled").exists()
    assert "Rosa" not in words(page_of(desk, placement))


def test_after_ten_minutes_an_answer_stands(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    with travel(now + timedelta(minutes=10, seconds=1), tick=False):
        assert "A slip?" not in words(page_of(desk, placement))
        answers(desk, placement, "undo")
    assert status(placement) == "accepted"


def test_what_staff_wrote_down_is_not_the_programs_to_undo(placement: Placement, nora: Actor, now: datetime) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    desk = at_the_desk(placement, now)
    answers(desk, placement, "undo")
    assert status(placement) == "accepted"


def test_a_start_taken_back_opens_the_referral_again(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    answers(desk, placement, "admit")
    answers(desk, placement, "undo")
    assert (status(placement), Referral.objects.get().status) == ("accepted", "active")


def test_nothing_is_undone_once_the_referral_is_closed(placement: Placement, nora: Actor, now: datetime) -> None:
    answers(at_the_desk(placement, now), placement, "decline", reason="full")
    close_referral(placement.referral_id, closing="declined", reason="so", actor=nora, now=now)
    with pytest.raises(Ended):
        undo_last(placement.pk, actor=ADMISSIONS, now=now)


# It is told


def test_acceptance_frees_the_others_at_once_and_they_hear_of_it(
    placement: Placement, other: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now, "email")
    accept_placement(placement.pk, actor=ADMISSIONS, now=now)
    other.refresh_from_db()
    assert (other.status, other.reason_words) == ("cancelled", "Another program accepted")
    assert "has ended" not in str([letter.content.subject for letter in post(now, "email")])
    told = [each for each in post(now + timedelta(minutes=11), "email") if "has ended" in each.content.subject]
    assert [other.referral.public_code in each.content.text for each in told] == [True]
    assert "Rosa" not in told[0].content.text and "/p/" not in told[0].content.text
    page = words(at_the_desk(placement, now).get("/p/"))
    assert "No longer needed. You do not need to do anything." in page


def test_a_program_is_reminded_before_its_time_is_over(
    placement: Placement, other: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now, "email")
    answers(at_the_desk(placement, now), placement, "waitlist")
    reminded = [each for each in post(now + timedelta(hours=18, minutes=1), "email") if "waits" in each.content.subject]
    assert [other.referral.public_code in each.content.text for each in reminded] == [True]
    assert "Rosa" not in reminded[0].content.text


def test_silence_goes_to_staff_and_then_the_request_is_closed_kindly(
    placement: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now, "email")
    assert waiting.watch_requests(now + timedelta(hours=23)) == (0, 0)
    assert waiting.watch_requests(now + timedelta(hours=25)) == (1, 0)
    assert waiting.watch_requests(now + timedelta(hours=26)) == (0, 0)
    assert placement.referral.tasks.open().get(kind="call_program").placement_id == placement.pk
    # Asked on Wednesday morning in office hours: Thursday's, Friday's and Monday's close of business.
    assert waiting.watch_requests(datetime.fromisoformat("2026-03-09T23:00:00+00:00")) == (0, 0)
    late = datetime.fromisoformat("2026-03-10T00:01:00+00:00")
    assert waiting.watch_requests(late) == (0, 1)
    placement.refresh_from_db()
    assert (placement.status, placement.reason_words) == ("cancelled", "The program did not answer")
    assert placement.referral.tasks.open().filter(kind="next_step").exists()
    assert any("has ended" in each.content.subject for each in post(late, "email"))


def test_no_deadline_runs_while_we_owe_an_answer(placement: Placement, nora: Actor, now: datetime) -> None:
    desk, path = at_the_desk(placement, now), f"/p/request/{placement.pk}/"
    hear_program(placement.pk, "Which county?", actor=Actor.program("A"), now=now)
    assert "Your question waits for our answer" in desk.get("/p/").content.decode()
    page = desk.get(path).content.decode()
    assert "Your question waits for our answer." in page and "this request closes" not in page
    answered = now + timedelta(days=6)  # a Tuesday: the next day has office hours
    assert waiting.watch_requests(answered) == (0, 0)
    tell_the_program(placement.pk, "Los Angeles County.", actor=nora, now=answered)
    assert waiting.owes_since(placement) == answered
    assert waiting.watch_requests(answered + timedelta(hours=1)) == (0, 0)
    assert waiting.watch_requests(answered + timedelta(hours=25)) == (1, 0)


def test_after_they_came_no_first_visit_is_proposed(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    assert "Propose times for the first visit" in page_of(desk, placement).content.decode()
    answers(desk, placement, "visit", outcome="came")
    assert "Propose times for the first visit" not in page_of(desk, placement).content.decode()
