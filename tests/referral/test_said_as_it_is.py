"""What staff read says who said it and what was done: danger, a snooze, a way back, ready words."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest
from django.test import Client

from referral.actions.common import FAMILY, Actor
from referral.actions.consents import revoke_consent
from referral.actions.followups import cancel_follow_ups
from referral.actions.stops import start_messages, stop_messages
from referral.models import Referral
from referral.snippets import snippets, words_of
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PILLS = "She told me she wants to kill herself tonight."


def test_danger_that_staff_report_is_said_as_theirs(taken: Referral, staff: Client) -> None:
    typed = {"version": str(taken.version), "note": PILLS, "danger": "yes"}
    page = staff.post(f"/staff/referral/{taken.pk}/note/", typed, follow=True).content.decode()
    told = html.unescape(page.partition('class="messages')[2].partition("</ul>")[0] or page)
    assert "Note saved. No one was on duty. Called:" in told
    for path in (f"/staff/referral/{taken.pk}/", "/staff/"):
        page = staff.get(path).content.decode()
        assert "Reported by staff" in page and f"“{PILLS}”" not in page
        assert "The family asks for help now" not in page.partition('id="line"')[0].partition("<select")[0]


def test_what_is_urgent_is_said_not_to_be_put_off(taken: Referral, staff: Client, now: datetime) -> None:
    taken.tasks.create(kind="needs_help", due_at=now, created_at=now, urgent=True)
    typed = {"do": "snooze", "row": f"{taken.pk}:{taken.version}"}
    assert "so they stay where they are: Rosa Sample" in staff.post("/staff/bulk/", typed).content.decode()
    until = f"{now + timedelta(days=9):%Y-%m-%d}"
    page = staff.post("/staff/bulk/", {**typed, "confirmed": "1", "until": until, "note": ""}, follow=True)
    said = page.content.decode()
    assert f"Not put off, as something in it is urgent: Rosa Sample ({taken.public_code})." in said
    assert "referral changed" not in said


def test_who_comes_back_is_said_to_have_asked(taken: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    stop_messages(taken.pk, actor=FAMILY, now=now)
    cancel_follow_ups(taken, reason="stopped", now=now)
    taken.refresh_from_db()
    start_messages(taken.pk, "email", words="Write to me again.", actor=nora, now=now)
    line = taken.timeline.latest("pk")
    assert for_staff(line) == "The family told us: it wants messages by email again."
    revoke_consent(taken.consents.get().pk, actor=nora, now=now)
    assert for_staff(taken.timeline.filter(kind="consent_revoked").get()) == "Wrote down that a consent was withdrawn."


def test_who_comes_back_without_a_plan_is_told_of(taken: Referral, staff: Client, now: datetime) -> None:
    stop_messages(taken.pk, actor=FAMILY, now=now)
    taken.followups.all().delete()
    taken.refresh_from_db()
    typed = {"version": str(taken.version), "channel": ["email"], "words": "Write to me again."}
    page = staff.post(f"/staff/referral/{taken.pk}/listen/", typed, follow=True).content.decode()
    assert "Messages start again. No check-in is planned: start a plan under “Follow-up”" in page


@pytest.mark.parametrize(("language", "number"), [("en", "at 626-555-0100"), ("es", "al 626-555-0100")])
def test_ready_words_that_say_call_have_the_number(language: str, number: str) -> None:
    calls = [each for each in snippets().values() if "{phone}" in each.words[language]]
    assert len(calls) == 2
    for each in calls:
        assert number in words_of(each, language, "626-555-0100")
        assert "{" not in words_of(each, language, "") and number not in words_of(each, language, "")


def test_what_is_read_aloud_agrees_with_what_is_kept(rows: None, staff: Client) -> None:
    page = staff.get("/staff/new/").content.decode()
    assert "What is only said holds 30 days: read “30 days” for “180 days”" in page
