"""What a navigator meets in a day: a program that said stop, a lost session, codes read out, holds, night, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from messaging.actions import stop
from messaging.models import Message
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor, Unread
from referral.actions.duty import resolve
from referral.actions.followups import check_in_now
from referral.actions.referrals import hold_referral
from referral.actions.replies import hear_family
from referral.models import Referral, Task
from tests.referral.conftest import confirmed
from workspace.attention import signs


def version(referral: Referral) -> int:
    return Referral.objects.values_list("version", flat=True).get(pk=referral.pk)


pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_program_that_said_stop_is_called_not_written_to(
    taken: Referral, staff: Client, program: Program, now: datetime
) -> None:
    stop(channel="email", address=program.referral_email, until=None, source="reply", now=now)
    url, typed = f"/staff/referral/{taken.pk}/send/", {"version": version(taken), "program": program.pk}
    with travel(now, tick=False):
        preview = staff.post(url, typed).content.decode()
        confirmed(staff, url, typed)
        page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "This program gets no email from us" in preview
    assert "opens our email" not in preview
    assert f"{program.name}: it gets no email from us." in page
    assert "There is a task to call it." in page
    assert "Request sent." not in page
    assert not Message.objects.filter(reference__startswith="placement:").exists()


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "it is kept in this browser"), ("/es", "está guardado en este navegador")]
)
def test_after_a_lost_session_one_comes_back_to_the_forms_page(
    taken: Referral, client: Client, prefix: str, words: str
) -> None:
    page = f"{prefix}/staff/referral/{taken.pk}/"
    answer = client.post(f"{page}note/", {"note": "They called."}, follow=True)
    assert answer.request["QUERY_STRING"] == f"next={page.replace('/', '%2F')}"
    assert words in answer.content.decode()


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_is_found_as_people_say_it(taken: Referral, staff: Client, write: Callable[[str], str]) -> None:
    page = staff.post("/staff/search/", {"q": write(taken.public_code)}).content.decode()
    assert f"/staff/referral/{taken.pk}/" in page


def test_a_phone_that_no_one_ends_in_is_asked_for_its_area_code(taken: Referral, staff: Client) -> None:
    page = staff.post("/staff/search/", {"q": "555-0177"}).content.decode()
    assert "Add the area code" in page


def test_a_hold_into_another_year_says_the_year_and_why(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    hold_referral(taken.pk, until=now + timedelta(days=400), reason="They travel.", actor=nora, now=now)
    with travel(now, tick=False):
        assert signs(Referral.objects.for_queue().get(), now)[-1].text == "On hold until Apr 8, 2027"
        page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    top = page[: page.index('id="todo"')]
    assert "On hold until Apr 8, 2027:" in top
    assert "They travel." in top


def test_a_check_in_at_night_says_when_it_may_go(taken: Referral, staff: Client, nora: Actor) -> None:
    night = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 3 a.m. in Los Angeles
    check_in_now(taken.pk, actor=nora, now=night)
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "A check-in goes out after 8:00 a.m., the family’s time." in page
    assert "goes out now" not in page


def test_closing_waits_until_the_familys_message_is_read(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    hear_family(taken.pk, "Please wait.", actor=FAMILY, now=now)
    typed: dict[str, Any] = {"version": version(taken), "closing": "declined", "reason": "No answer."}
    answer = staff.post(f"/staff/referral/{taken.pk}/close/", typed)
    assert (answer.status_code, "Under “To do”, read it" in answer.content.decode()) == (409, True)
    with pytest.raises(Unread):
        close_referral(taken.pk, closing="declined", reason="so", actor=nora, now=now)
    resolve(Task.objects.get(kind="reply").pk, "Read.", actor=nora, now=now)
    assert not close_referral(taken.pk, closing="declined", reason="so", actor=nora, now=now).is_open
