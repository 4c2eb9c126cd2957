"""The queue's order and its words for time; what is carried through a refusal; calls, words and questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from directory.models import Program
from messaging.people import address_index
from referral.actions.common import Actor
from referral.actions.contacts import change_contact
from referral.actions.followups import set_plan
from referral.actions.placements import accept_placement
from referral.actions.referrals import hold_referral, log_call, take
from referral.actions.sending import send_to_program
from referral.models import FamilyLink, FollowUpPlan, Referral, Task, TimelineEntry
from tests.referral.desks import answers, at_the_desk, page_of
from tests.referral.test_actions_are_whole import reach
from workspace.attention import due
from workspace.figure_tables import SAID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


def opened(kind: Any, path: str, now: datetime, **opens: Any) -> Client:
    _row, token = kind.mint(now=now, expires_at=now + timedelta(days=1), **opens)
    client = Client()
    client.get(f"/{path}/{token}/")
    return client


@pytest.fixture
def family(taken: Referral, now: datetime) -> Client:
    return opened(FamilyLink, "r", now, referral=taken)


@pytest.fixture
def asked(taken: Referral, nora: Actor, program: Program, now: datetime) -> Any:
    return send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)


@pytest.fixture
def admissions(asked: Any, now: datetime) -> Client:
    return at_the_desk(asked, now)


def test_late_and_due_rows_come_first_on_every_database(
    make_referral: Callable[..., Referral], navigator: Any, now: datetime
) -> None:
    day, wanted = timedelta(days=1), list[int]()
    for task, urgency, status, when in (
        (None, "urgent", "active", now - 3 * day),
        (now, "routine", "active", now),  # with an urgent task
        (None, "urgent", "active", now),
        (None, "routine", "active", now - 9 * day),
        (None, "routine", "new", now - 7 * day),  # the promised day is over
        (now - day / 2, "routine", "new", now - day / 2),  # nobody has it, and its family has written again
        (None, "routine", "active", now),
        (now + 9 * day, "routine", "active", now + 9 * day),  # not due, with an urgent task
        (None, "urgent", "active", None),
        (None, "soon", "active", now + day),
        (None, "routine", "new", now),
        (None, "routine", "active", now + day),
        (None, "routine", "active", None),  # what has no time comes last among its equals
    ):
        row = make_referral(email=f"family{len(wanted)}@example.org")
        owner = None if status == "new" else navigator
        changed = {"opened_at": when, "promised_at": when + day} if when and status == "new" else {}
        Referral.objects.filter(pk=row.pk).update(
            urgency=urgency, status=status, assigned_to=owner, next_action_at=when, **changed
        )
        if task:
            Task.objects.create(referral=row, kind="reply", due_at=task, created_at=now, urgent=status != "new")
        wanted.append(row.pk)
    # Who asks for help stands before all of them, whatever else is due.
    calls = make_referral(email="calls@example.org")
    Referral.objects.filter(pk=calls.pk).update(status="active", assigned_to=navigator, next_action_at=now + day)
    Task.objects.create(referral=calls, kind="needs_help", due_at=now + day, created_at=now, urgent=True)
    wanted.insert(0, calls.pk)
    assert list(Referral.objects.most_pressing_first(now).values_list("pk", flat=True)) == wanted


def test_an_unread_message_makes_an_unassigned_row_due_now(
    make_referral: Callable[..., Referral], staff: Client, now: datetime
) -> None:
    quiet, wrote = (make_referral(email=f"{name}@example.org") for name in ("quiet", "wrote"))
    Task.objects.create(referral=wrote, kind="reply", text="He left the hospital.", due_at=now, created_at=now)
    page = staff.get("/staff/").content.decode()
    assert page.index(wrote.public_code) < page.index("“He left the hospital.”") < page.index("due now")
    assert page.index("due now") < page.index(quiet.public_code) < page.index("tomorrow 5:00 p.m.")


def test_the_newest_unanswered_call_for_help_stands_on_top(
    make_referral: Callable[..., Referral], supervisor: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    def call(row: Referral, text: str, minutes: int, *, had: bool = False) -> None:
        at = now - timedelta(minutes=minutes)
        had_at = now if had else None
        row.tasks.create(kind="needs_help", text=text, due_at=at, created_at=at, urgent=True, acknowledged_at=had_at)

    one, two = (make_referral(email=f"{name}@example.org") for name in ("one", "two"))
    call(one, "One, oldest", 50)
    call(two, "Two, answered", 60, had=True)
    call(two, "Two, older", 40)
    call(two, "Two, newest", 5)
    page = sign_in(supervisor).get("/staff/").content.decode()
    said = ["Two, newest", "Two, older", "Two, answered", "One, oldest"]
    assert sorted(said, key=page.index) == said


def test_a_new_urgent_referral_stands_above_routine_work(
    make_referral: Callable[..., Referral], taken: Referral, staff: Client
) -> None:
    new = make_referral(email="new@example.org", contact_name="Urgent Sample", urgency="urgent")
    page = staff.get("/staff/").content.decode()
    assert page.index(new.public_code) < page.index(taken.public_code)


@pytest.mark.parametrize(
    ("ahead", "words", "late"),
    [
        (timedelta(days=-2, hours=-1), "2 days late", True),
        (timedelta(hours=-3), "3 hours late", True),
        (timedelta(minutes=-30), "due now", False),
        (timedelta(hours=8, minutes=30), "today 6:00 p.m.", False),
        (timedelta(days=1, minutes=30), "tomorrow 10:00 a.m.", False),
        (timedelta(days=5, minutes=30), "Mar 9, 11:00 a.m.", False),  # the clocks went forward
        (timedelta(hours=14, minutes=30), "tomorrow", False),  # a day without a time of it
        (timedelta(days=2, hours=14, minutes=30), "Mar 7", False),
    ],
)
def test_when_something_is_due_is_said_in_words(now: datetime, ahead: timedelta, words: str, late: bool) -> None:
    found = due(now + ahead, now)
    assert found is not None
    assert (found.words, found.late) == (words, late)


def test_a_family_on_hold_is_not_offered_a_check_in_and_its_words_stand_above(
    make_referral: Callable[..., Referral], staff: Client, nora: Actor, now: datetime
) -> None:
    referral = take(make_referral(message="We lost her brother.").pk, actor=nora, now=now)
    page = staff.get(f"/staff/referral/{referral.pk}/").content.decode()
    assert "Send a check-in now" in page
    assert page.index("We lost her brother.") < page.index("fold-know")
    hold_referral(referral.pk, until=now + timedelta(days=9), reason="They mourn.", actor=nora, now=now)
    assert "Send a check-in now" not in staff.get(f"/staff/referral/{referral.pk}/").content.decode()


def test_no_two_parts_of_what_programs_said_look_alike() -> None:
    rules = (Path(settings.BASE_DIR) / "static" / "scss" / "_workspace.scss").read_text()
    fills: dict[str, str] = {}
    for selectors, fill in re.findall(r"((?:\.part-[\w-]+(?:, )?)+) \{ fill: ([^;]+); \}", rules):
        fills |= {each.removeprefix(".part-"): fill for each in selectors.split(", ")}
    assert len({fills[each] for each in SAID}) == len(SAID)


def test_a_new_note_is_late_only_after_the_promised_day(make_referral: Callable[..., Referral], now: datetime) -> None:
    make_referral()
    assert not Referral.objects.late(now + timedelta(hours=31)).exists()  # Thursday, 4:30 p.m.
    assert Referral.objects.late(now + timedelta(hours=32)).exists()


def test_whoever_takes_a_referral_calls_at_a_time_the_family_chose(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    task = take(make_referral(times=["evening"]).pk, actor=nora, now=now).tasks.get()
    assert (task.title, task.due_at - now) == ("Call Rosa Sample", timedelta(hours=7, minutes=30))  # 5 p.m.
    urgent = take(make_referral(times=["evening"], urgency="urgent").pk, actor=nora, now=now).tasks.get()
    assert (urgent.urgent, urgent.due_at) == (True, now)
    written = take(make_referral(ways=("email",)).pk, actor=nora, now=now).tasks.get()
    assert written.title == "Write to Rosa Sample"


def test_an_untaken_referral_says_its_next_step(make_referral: Callable[..., Referral], staff: Client) -> None:
    page = staff.get(f"/staff/referral/{make_referral().pk}/").content.decode()
    assert "No one has this yet. Take it, then contact Rosa Sample." in page
    assert "Nothing is open" not in page


def test_planned_calls_wait_for_good_times_and_messages_do_not(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    referral = take(make_referral(times=["evening"]).pk, actor=nora, now=now)
    planned = set_plan(referral.pk, FollowUpPlan.objects.get(name="First weeks"), actor=nora, now=now)
    for each in planned:
        evening = each.local_date.weekday() < 5 and each.local_time.hour == 17
        assert evening == (each.kind == "call")


def test_changed_good_times_move_the_planned_call(taken: Referral, nora: Actor, now: datetime) -> None:
    change_contact(taken.pk, reach(), actor=nora, now=now)  # weekends, New York
    call = taken.followups.pending().get(kind="call")
    assert (call.local_date.weekday() >= 5, call.zone) == (True, "America/New_York")


@pytest.mark.parametrize("command", ["task", "hold", "close", "call", "plan"])
def test_a_half_written_note_survives_the_refusal_of_another_button(
    taken: Referral, staff: Client, command: str
) -> None:
    answer = staff.post(f"/staff/referral/{taken.pk}/{command}/", {"note": "They called at nine."})
    assert answer.status_code == 422
    assert "They called at nine." in answer.content.decode()


def test_a_logged_call_leaves_what_is_planned_unless_it_is_said(taken: Referral, nora: Actor, now: datetime) -> None:
    log_call(taken.pk, "no_answer", "", actor=nora, now=now)
    assert taken.tasks.open().get().kind == "call"
    planned = taken.followups.pending().count()
    log_call(taken.pk, "reached", "They are well.", done=[taken.tasks.get().pk], actor=nora, now=now)
    assert not taken.tasks.open().exists()
    assert taken.followups.pending().count() == planned
    lines = TimelineEntry.objects.filter(kind="called").order_by("pk")
    assert [entry.params["outcome"] for entry in lines] == ["no_answer", "reached"]


@pytest.mark.parametrize("button", ["reach", "consent", "stop", "start", "word", "nobody-called"])
def test_a_button_opened_without_pressing_leads_to_the_page(family: Client, button: str) -> None:
    answer = family.get(f"/status/{button}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/status/")


def test_a_search_is_answered_and_what_cannot_be_opened_says_so(taken: Referral, staff: Client) -> None:
    assert "Rosa Sample" in staff.post("/staff/search/", {"q": "rosa"}).content.decode()
    refused = staff.get(f"/staff/referral/{taken.pk}/take/")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
    assert "This page cannot be opened this way" in refused.content.decode()
    assert staff.post("/staff/search/", {"q": "ro\0sa"}).status_code == 200


def test_a_word_of_the_family_is_a_task(family: Client, taken: Referral) -> None:
    empty = family.post("/status/word/", {"word": " "})
    assert empty.status_code == 422
    assert "Please write a few words." in empty.content.decode()
    family.post("/status/word/", {"word": "We moved to my sister."})
    assert taken.tasks.get(kind="reply").text == "We moved to my sister."
    assert "You wrote to us." in family.get("/status/").content.decode()
    codes = [family.post("/status/word/", {"word": f"Word {each}"}).status_code for each in range(7)]
    assert codes == [302] * 6 + [429]


def test_after_a_yes_the_page_says_who_calls_and_hears_that_nobody_did(
    family: Client, taken: Referral, asked: Any, program: Program, now: datetime
) -> None:
    accept_placement(asked.pk, actor=Actor.program(program.name), now=now)
    page = family.get("/status/").content.decode()
    assert f"Good news: {program.name} said yes." in page
    assert "We are looking for a program with you." not in page
    for _each in range(2):
        family.post("/status/nobody-called/")
    task = taken.tasks.get(kind="not_called")
    assert (task.urgent, task.text) == (True, program.name)
    assert TimelineEntry.objects.filter(kind="not_called").count() == 1


def test_after_a_stop_the_family_starts_again_by_what_it_ticks(family: Client, taken: Referral) -> None:
    FamilyLink.objects.update(sent_to=address_index("sms", taken.contact.phone))
    family.post("/status/stop/")
    assert "Start messages again" in family.get("/status/").content.decode()
    assert "Check email or text first" in family.post("/status/start/", follow=True).content.decode()
    family.post("/status/start/", {"by_text": "on"})
    taken.contact.refresh_from_db()
    assert taken.contact.channels() == ["sms"]


def test_a_program_asks_first_and_its_request_stays_open(admissions: Client, taken: Referral, asked: Any) -> None:
    answers(admissions, asked, "ask", word="Can they travel?")
    asked.refresh_from_db()
    assert asked.status == "requested"
    assert "Can they travel?" in taken.tasks.get(kind="program_asks").text
    assert "The navigator has your question." in page_of(admissions, asked).content.decode()
    assert "Rosa" not in page_of(admissions, asked).content.decode()


def test_after_a_yes_the_program_sees_what_to_do(admissions: Client, asked: Any) -> None:
    answers(admissions, asked, "accept")
    page = page_of(admissions, asked).content.decode()
    assert "Please call Rosa Sample by 5:00 p.m. on Thursday, Mar 5" in page
    assert '<a href="tel:+16265550142">(626) 555-0142</a>' in page
