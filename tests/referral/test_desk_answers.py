"""A program's answers reach us whole, whatever it fills in first."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from directory.models import Program
from directory.wording import sentence
from messaging.letter import Letter
from messaging.models import Message, Suppression
from messaging.people import address_index
from referral.actions.common import Actor
from referral.actions.notices import REMIND_AFTER
from referral.actions.replies import hear_program
from referral.models import Appointment, Placement, ProgramLink
from referral.needs import match_of
from tests.referral.desks import answers, at_the_desk, code_in, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_who_waits_for_our_answer_gets_no_reminder(
    placement: Placement, post: Callable[..., list[Letter]], nora: Actor, now: datetime
) -> None:
    post(now)
    asked = hear_program(placement.pk, "Does she take insulin?", actor=Actor.program("Sample"), now=now)
    late = now + REMIND_AFTER + timedelta(minutes=1)
    assert not post(late)
    assert Message.objects.get(template="program-reminder").state == "cancelled" and asked.done_at is None


def test_an_email_with_a_code_offers_nothing_to_stop(
    placement: Placement, post: Callable[..., list[Letter]], now: datetime
) -> None:
    _row, token = ProgramLink.mint(now=now, expires_at=now + timedelta(days=1), placement=placement)
    post(now)
    browser = Client()
    browser.get(f"/p/{token}/")
    browser.post("/p/code/")
    (letter,) = post(now, "email")
    read = letter.content.text + letter.content.html
    assert code_in([letter]) and "Change or stop" not in read and "someone asked for it on our page" in read


@pytest.mark.parametrize(("deed", "typed"), [("waitlist", {}), ("decline", {"decline-reason": "full"})])
def test_a_note_in_the_box_goes_with_any_answer(
    placement: Placement, now: datetime, deed: str, typed: dict[str, str]
) -> None:
    desk = at_the_desk(placement, now)
    desk.post(f"/p/request/{placement.pk}/{deed}/", {"accept-more": "Ask for Kim.", **typed})
    line = placement.referral.timeline.get(kind="waitlisted" if deed == "waitlist" else "rejected")
    assert "Ask for Kim." in line.text


def test_a_note_is_still_there_when_the_answer_has_an_error(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    for deed in ("waitlist", "decline"):
        typed = {"accept-more": "Ask for Kim.", "waitlist-expected_on": "2020-01-01"}
        refused = desk.post(f"/p/request/{placement.pk}/{deed}/", typed)
        assert refused.status_code == 422 and words(refused).count("Ask for Kim.") == 1


def test_one_time_is_enough_in_whichever_field(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    refused = answers(desk, placement, "times")
    assert refused.status_code == 422 and "Enter at least one day and time." in words(refused)
    answers(desk, placement, "times", second="2026-03-09T10:00")
    assert Appointment.objects.count() == 1


def test_a_time_field_takes_four_digits_and_no_half_time(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    page = words(page_of(desk, placement))
    assert re.search('type="datetime-local"[^>]*class="form-control"', page)
    assert 'min="2026-03-04T09:30"' in page and 'max="2026-07-02T10:30"' in page
    assert f'action="/p/request/{placement.pk}/times/">' in page  # not novalidate: the browser holds a half-typed time


def test_whether_to_leave_a_message_stands_beside_the_number(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    page = words(page_of(desk, placement))
    voicemail = str(placement.referral.contact.get_voicemail_display())
    assert voicemail in page[page.index("Please call Rosa") :][:400]


def test_the_programs_card_says_what_the_program_said(placement: Placement, staff: Client, now: datetime) -> None:
    desk, path = at_the_desk(placement, now), f"/staff/referral/{placement.referral_id}/"
    answers(desk, placement, "waitlist", expected_on="2026-03-20")
    assert "Opening about" in words(staff.get(path))
    answers(desk, placement, "accept")
    answers(desk, placement, "times", first="2026-03-09T10:00")
    assert "10:00 a.m.: Proposed" in words(staff.get(path))


def test_a_mailbox_that_gets_no_email_is_told_why_and_how_to_start_again(placement: Placement, now: datetime) -> None:
    index = address_index("email", placement.program.referral_email)
    Suppression.objects.create(address_index=index, channel="email", kind="stopped", made_at=now)
    desk = at_the_desk(placement, now)
    desk.post("/p/leave/")
    _row, token = ProgramLink.mint(now=now, expires_at=now + timedelta(days=1), placement=placement)
    page = words(desk.get(f"/p/{token}/", follow=True))
    assert "someone chose to stop our emails" in page and "Start messages again" in page


def test_an_age_not_said_is_still_asked_about(placement: Placement, now: datetime) -> None:
    placement.referral.patient.age = ""
    Program.objects.filter(pk=placement.program_id).update(age_min=12, age_max=17)
    found = match_of(placement.referral, Program.objects.get(pk=placement.program_id), now=now)
    age = next(reason for reason in found.reasons if reason.key == "age")
    assert (age.answer.value, sentence(age, {})) == ("unknown", "We do not know the age. It serves ages 12 to 17.")


def test_a_time_in_the_night_is_asked_again_and_kept(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "accept")
    refused = answers(desk, placement, "times", first="2026-03-09T03:00")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Choose a time between 6 a.m. and 10 p.m." in page and "2026-03-09T03:00" in page
    assert not placement.appointments.exists()


def test_enter_in_a_field_gives_no_answer_and_keeps_it(placement: Placement, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    typed = {"accept-more": "Ask for Kim.", "waitlist-expected_on": "2026-03-20", "decline-reason": "full"}
    page = words(desk.post(f"/p/request/{placement.pk}/accept/", {"enter": "1", **typed}))
    placement.refresh_from_db()
    assert placement.status == "requested" and "Nothing is sent yet." in page
    assert "Ask for Kim." in page and 'value="2026-03-20"' in page and page.count('<details class="more" open>') == 2
