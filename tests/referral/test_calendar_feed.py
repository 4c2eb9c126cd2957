"""A navigator's calendar fetches times and codes by a secret link that ends; no name and no reason is in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from config.logs import without_people
from referral.actions.calendar_links import end_calendar_link, make_calendar_link
from referral.actions.common import Actor
from referral.actions.referrals import hold_referral, resume_referral
from referral.actions.tasks import add_task
from referral.models import CalendarLink, Referral, Task
from ui.calendars import WIDTH, Event, calendar, escaped, folded

AT = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)


@given(st.text())
def test_a_folded_line_is_short_and_unfolds_to_itself(text: str) -> None:
    line = escaped(text)
    assert "\n" not in line and "\r" not in line
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= WIDTH for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert folded(line).replace("\r\n ", "") == line


def test_a_file_has_the_parts_that_calendars_ask_for() -> None:
    event = Event("task-1@waymark", AT, timedelta(minutes=30), "a, b; c\\d\nBEGIN:VEVENT", AT, "https://x/1/")
    lines = calendar([event], name="Waymark").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20260304T173000Z" in lines and "DTEND:20260304T180000Z" in lines
    assert r"SUMMARY:a\, b\; c\\d\nBEGIN:VEVENT" in lines and lines.count("BEGIN:VEVENT") == 1
    assert "CLASS:PRIVATE" in lines and "URL:https://x/1/" in lines


def fetched(token: str) -> Any:
    return Client().get(reverse("task-feed", args=[token]))


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_the_feed_has_open_tasks_of_ones_own_and_no_name(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    task = add_task(taken.pk, kind="call", due_at=now, text="Ask about Leo.", actor=nora, now=now)
    other = make_referral(email="b@example.org")
    answer = fetched(make_calendar_link("en", actor=nora, now=now))
    text = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
    assert f"UID:task-{task.pk}@waymark" in text and f"SUMMARY:Task {taken.public_code}" in text
    assert other.public_code not in text
    assert not re.search("Rosa|Sample|Leo|626.?555|rosa@|Call the family", text)
    spanish = fetched(make_calendar_link("es", actor=nora, now=now)).content.decode()
    assert f"SUMMARY:Tarea {taken.public_code}" in spanish


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_what_is_late_stands_on_today_with_its_mark(taken: Referral, nora: Actor, now: datetime) -> None:
    late = add_task(taken.pk, kind="call", due_at=now, text="", actor=nora, now=now)
    Task.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=3))
    soon = add_task(taken.pk, kind="other", due_at=now + timedelta(hours=1), text="x", actor=nora, now=now)
    text = fetched(make_calendar_link("en", actor=nora, now=now)).content.decode().replace("\r\n ", "")
    entries = {each.split("@")[0]: each for each in text.split("UID:")[1:]}
    assert "DTSTART;VALUE=DATE:20260304\r\nDTEND;VALUE=DATE:20260305" in entries[f"task-{late.pk}"]
    assert f"SUMMARY:Late: task {taken.public_code}" in entries[f"task-{late.pk}"]
    assert f"SUMMARY:Task {taken.public_code}" in entries[f"task-{soon.pk}"]


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_what_is_on_hold_is_left_out_until_it_ends(taken: Referral, nora: Actor, now: datetime) -> None:
    add_task(taken.pk, kind="call", due_at=now, text="", actor=nora, now=now)
    token = make_calendar_link("en", actor=nora, now=now)
    assert taken.public_code in fetched(token).content.decode()
    hold_referral(taken.pk, until=now + timedelta(days=5), reason="A trip.", actor=nora, now=now)
    assert taken.public_code not in fetched(token).content.decode()
    resume_referral(taken.pk, actor=nora, now=now)
    assert taken.public_code in fetched(token).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_a_link_ends_by_hand_by_a_new_one_and_with_the_account(nora: Actor, navigator: Any, now: datetime) -> None:
    first = make_calendar_link("en", actor=nora, now=now)
    second = make_calendar_link("en", actor=nora, now=now)
    assert (fetched(first).status_code, fetched(second).status_code) == (404, 200)
    navigator.groups.clear()
    assert fetched(second).status_code == 404
    end_calendar_link(actor=nora, now=now)
    assert fetched(second).status_code == 404
    third = make_calendar_link("en", actor=nora, now=now)
    navigator.is_active = False
    navigator.save()
    assert fetched(third).status_code == 404 and fetched("x" * 32).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_the_link_is_shown_once_and_ended_on_a_page(staff: Client, now: datetime) -> None:
    page = reverse("workspace:calendar")
    shown = staff.post(page).content.decode()
    found = re.search(r'value="http://[^/]+(/t/([\w-]+)/)"', shown)
    assert found and fetched(found[2]).status_code == 200
    assert found[2] not in staff.get(page).content.decode()
    assert found[2] not in without_people(f'"GET {found[1]} HTTP/1.1" 200')
    assert staff.post(page, {"end": "1"}).status_code == 302
    assert fetched(found[2]).status_code == 404 and not CalendarLink.objects.live(now).exists()
