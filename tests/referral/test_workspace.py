"""The workspace's buttons: on a page that is old, pressed twice, and with what was typed; and what the pages say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from directory.models import Program
from guides.models import LevelOfCare
from messaging.models import Message
from privacy.models import AccessEvent
from referral.actions import placements
from referral.actions.common import FAMILY, Actor
from referral.actions.needs import Need, change_need
from referral.actions.placements import (
    accept_placement,
    cancel_placement,
    reject_placement,
    start_placement,
    waitlist_placement,
)
from referral.actions.referrals import add_note, hold_referral, reconsider
from referral.actions.replies import hear_family
from referral.actions.sending import send_to_program
from referral.models import FollowUp, FollowUpPlan, Placement, Referral, Task, TimelineEntry
from referral.timeline import for_staff
from tests.referral.conftest import confirmed
from workspace.attention import signs

# Pages of many forms: most of the time goes into drawing them.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADMISSIONS = Actor.program("A program")
SOON = f"{timezone.localdate() + timedelta(days=30)}"


@pytest.fixture
def asked(taken: Referral, nora: Actor, program: Program, now: datetime) -> Placement:
    return send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)


def version(referral: Referral) -> int:
    return Referral.objects.get(pk=referral.pk).version


# An old page


def test_nobody_takes_back_an_acceptance_that_they_have_not_seen(
    taken: Referral, asked: Placement, staff: Client, now: datetime
) -> None:
    typed = {"version": version(taken), "reason": "It took too long."}
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    answer = staff.post(f"/staff/referral/{taken.pk}/placement/{asked.pk}/cancel/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This is the current status." in page
    assert "It took too long." in page
    assert Placement.objects.get().status == "accepted"


def test_no_button_of_a_row_acts_on_a_page_that_is_old(
    taken: Referral, asked: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    old = version(taken)
    add_note(taken.pk, "They found a bed.", actor=nora, now=now)
    rows = {
        f"task/{taken.tasks.get().pk}/done": {},
        f"consent/{taken.consents.get().pk}/revoke": {},
        f"followup/{taken.followups.earliest('pk').pk}/said": {"answer": "waiting", "text": "By phone."},
        **{
            f"placement/{asked.pk}/{command}": {"reason": "so"}
            for command in ("accept", "waitlist", "reject", "cancel")
        },
    }
    for path, typed in rows.items():
        answer = staff.post(f"/staff/referral/{taken.pk}/{path}/", {"version": old, **typed})
        assert answer.status_code == 409, path
    assert version(taken) == old + 1


def test_a_button_that_does_not_say_its_page_does_nothing(taken: Referral, asked: Placement, staff: Client) -> None:
    path = f"/staff/referral/{taken.pk}/placement/{asked.pk}/cancel/"
    assert staff.post(path, {"reason": "It is too far."}).status_code == 409
    assert Placement.objects.get().status == "requested"


def test_every_form_of_the_page_says_which_page_it_is_on(
    taken: Referral, asked: Placement, staff: Client, now: datetime
) -> None:
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    forms = [form for form in page.split("<form ")[1:] if f'action="/staff/referral/{taken.pk}/' in form]
    assert len(forms) > 9  # one call: the first is the one that tells of the place
    shown = f'name="version" value="{version(taken)}"'
    assert [form[:120] for form in forms if shown not in form.split("</form>")[0]] == []


def test_what_was_typed_is_shown_where_its_form_is_gone(
    taken: Referral, asked: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    old = version(taken)
    reject_placement(asked.pk, "full", actor=ADMISSIONS, now=now)
    late = {"version": old, "reason": "Found a bed elsewhere."}
    answer = staff.post(f"/staff/referral/{taken.pk}/placement/{asked.pk}/cancel/", late)
    assert (answer.status_code, "Found a bed elsewhere." in answer.content.decode()) == (409, True)
    hold_referral(taken.pk, until=now, reason="away", actor=nora, now=now)
    late = {"version": old, "until": SOON, "reason": "They are in Ohio."}
    answer = staff.post(f"/staff/referral/{taken.pk}/hold/", late)
    assert (answer.status_code, "They are in Ohio." in answer.content.decode()) == (409, True)


def test_a_note_is_kept_although_somebody_else_wrote_meanwhile(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    old = version(taken)
    add_note(taken.pk, "First.", actor=nora, now=now)
    assert staff.post(f"/staff/referral/{taken.pk}/note/", {"version": old, "note": "Second."}).status_code == 302
    assert [entry.text for entry in TimelineEntry.objects.filter(kind="note")] == ["First.", "Second."]


def test_a_call_ticks_off_only_what_the_page_showed(taken: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    typed = {"version": version(taken), "outcome": "reached", "text": "They are well.", "done": taken.tasks.get().pk}
    add_note(taken.pk, "Call the sister as well.", actor=nora, now=now)
    answer = staff.post(f"/staff/referral/{taken.pk}/call/", typed)
    assert (answer.status_code, "They are well." in answer.content.decode()) == (409, True)
    assert taken.tasks.open().exists()
    assert (
        staff.post(
            f"/staff/referral/{taken.pk}/call/", {key: typed[key] for key in ("version", "outcome", "text")}
        ).status_code
        == 302
    )


# Pressed twice

TYPED: dict[str, dict[str, Any]] = {
    "note": {"note": "They called at nine."},
    "call": {"outcome": "reached", "text": "They are well."},
    "task": {"kind": "other", "text": "Send the list.", "due": SOON},
    "check-in": {},
    "ask-consent": {},
    "need": {"concern": "both", "urgency": "soon", "reason": "Talked with them."},
    "hold": {"until": SOON, "reason": "They are away."},
    "close": {"closing": "declined", "reason": "They found a bed."},
}


@pytest.mark.parametrize("command", TYPED)
def test_a_button_pressed_twice_does_its_work_once(taken: Referral, staff: Client, command: str) -> None:
    typed = {"version": version(taken), **TYPED[command]}
    answers = [staff.post(f"/staff/referral/{taken.pk}/{command}/", typed) for _each in range(2)]
    assert [(each.status_code, each.headers["Location"]) for each in answers] == [
        (302, f"/staff/referral/{taken.pk}/")
    ] * 2
    assert version(taken) == typed["version"] + 1


def test_a_plan_started_twice_is_planned_once(taken: Referral, staff: Client) -> None:
    plan = FollowUpPlan.objects.get(name="Close watch")
    typed = {"version": version(taken), "plan": plan.pk}
    before = FollowUp.objects.count()
    for _each in range(3):
        assert staff.post(f"/staff/referral/{taken.pk}/plan/", typed).status_code == 302
    assert FollowUp.objects.count() == before + plan.steps.count()


def test_a_request_taken_back_twice_is_answered_as_the_first_time(
    taken: Referral, asked: Placement, staff: Client
) -> None:
    path = f"/staff/referral/{taken.pk}/placement/{asked.pk}/cancel/"
    typed = {"version": version(taken), "reason": "They found a bed."}
    assert [staff.post(path, typed).status_code for _each in range(2)] == [302, 302]
    assert TimelineEntry.objects.filter(kind="placement_cancelled").count() == 1
    # Other words on the same page are another press.
    assert staff.post(path, {**typed, "reason": "They called."}).status_code == 409


def test_the_same_words_are_written_again_only_later(taken: Referral, staff: Client, now: datetime) -> None:
    """Within minutes they are a draft that the browser offered though it had arrived."""
    for minutes, lines in ((0, 1), (9, 1), (11, 2)):
        with travel(now + timedelta(minutes=minutes), tick=False):
            answer = staff.post(f"/staff/referral/{taken.pk}/note/", {"version": version(taken), "note": "No answer."})
        assert (answer.status_code, taken.timeline.filter(kind="note").count()) == (302, lines)


def test_two_people_who_type_the_same_are_two(
    taken: Referral, staff: Client, supervisor: Any, sign_in: Callable[[Any], Client]
) -> None:
    typed = {"version": version(taken), "note": "No answer."}
    for client in (staff, sign_in(supervisor)):
        client.post(f"/staff/referral/{taken.pk}/note/", typed)
    assert TimelineEntry.objects.filter(kind="note").count() == 2


# On hold and back


def test_whoever_was_in_care_is_in_care_again_after_a_hold(
    taken: Referral, asked: Placement, nora: Actor, now: datetime
) -> None:
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    start_placement(asked.pk, actor=nora, now=now)
    placements.hold_placement(asked.pk, "In hospital.", actor=nora, now=now)
    again = placements.resume_placement(asked.pk, actor=nora, now=now)
    assert (again.status, again.reason) == ("in_progress", "")
    assert Referral.objects.get().status == "connected"


def test_resumed_placement_waits_for_its_first_day_again(
    taken: Referral, asked: Placement, nora: Actor, now: datetime
) -> None:
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    placements.hold_placement(asked.pk, "They are away.", actor=nora, now=now)
    assert placements.resume_placement(asked.pk, actor=nora, now=now).status == "accepted"


def test_resuming_care_connects_again_and_cancels_other_requests(
    taken: Referral, asked: Placement, nora: Actor, now: datetime
) -> None:
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    start_placement(asked.pk, actor=nora, now=now)
    placements.hold_placement(asked.pk, "In hospital.", actor=nora, now=now)
    reconsider(taken.pk, actor=nora, now=now)
    other = Program.objects.public().order_by("pk")[1]
    send_to_program(taken.pk, other, [], actor=nora, now=now)
    placements.resume_placement(asked.pk, actor=nora, now=now)
    assert Referral.objects.get().status == "connected"
    assert Placement.objects.get(program=other).status == "cancelled"
    assert for_staff(taken.timeline.get(kind="placement_resumed")).endswith(f"Ended: {other.name}.")


# News of what has ended


def test_news_of_a_placement_that_ended_is_not_sent(
    taken: Referral, asked: Placement, nora: Actor, now: datetime
) -> None:
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    news = Message.objects.get(reference=f"news:{taken.pk}")
    cancel_placement(asked.pk, "It is too far.", actor=nora, now=now)
    news.refresh_from_db()
    assert news.state == "cancelled"


def test_news_goes_out_while_another_answer_stands(
    taken: Referral, asked: Placement, nora: Actor, now: datetime
) -> None:
    other = send_to_program(taken.pk, Program.objects.public().order_by("pk")[1], [], actor=nora, now=now)
    waitlist_placement(asked.pk, actor=ADMISSIONS, now=now)
    waitlist_placement(other.pk, actor=ADMISSIONS, now=now)
    reject_placement(other.pk, "full", actor=ADMISSIONS, now=now)
    assert set(Message.objects.filter(reference=f"news:{taken.pk}").values_list("state", flat=True)) == {"scheduled"}


# What the pages say


def test_signs_of_one_kind_are_counted(taken: Referral, now: datetime) -> None:
    for word in ("We moved.", "We have a new phone."):
        hear_family(taken.pk, word, actor=FAMILY, now=now)
    said = [sign.text for sign in signs(Referral.objects.for_queue().get(), now)]
    assert said == ["Call the family", "The family wrote back: read it and answer (2)"]


def test_a_hold_says_its_day_as_people_do(taken: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    hold_referral(taken.pk, until=now + timedelta(days=3), reason="away", actor=nora, now=now)
    assert signs(Referral.objects.for_queue().get(), now)[-1].text == "On hold until Mar 7"
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "Put on hold until Mar 7." in page


def test_a_programs_answer_names_it_once(taken: Referral, asked: Placement, staff: Client, now: datetime) -> None:
    accept_placement(asked.pk, actor=Actor.program(asked.program.name), now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert f"<strong>The program</strong>: {asked.program.name} accepted, and now also sees: name, phone" in page


def test_the_ways_to_reach_a_family_stand_in_a_list(taken: Referral, staff: Client) -> None:
    assert "email, text, phone" in staff.get(f"/staff/referral/{taken.pk}/").content.decode()


@pytest.mark.parametrize("shared", ["phone", "email"])
def test_a_referral_names_the_others_with_its_phone_or_email(
    make_referral: Callable[..., Referral], taken: Referral, staff: Client, supervisor: Any, shared: str
) -> None:
    changed = {"phone": {"email": "other@example.org"}, "email": {"phone": "+16265550199"}}[shared]
    twin = make_referral(contact_name="Ro Sample", **changed)
    stranger = make_referral(contact_name="Lee", phone="", email="lee@example.org")
    nothing = make_referral(contact_name="Kim", phone="", email="")
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "Same phone or email" in page
    assert twin.public_code in page
    assert stranger.public_code not in page
    assert "Same phone or email" not in staff.get(f"/staff/referral/{nothing.pk}/").content.decode()
    # Who may not open the other one is told of it, without a way in.
    Referral.objects.filter(pk=twin.pk).update(assigned_to=supervisor)
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert twin.public_code in page and f'href="/staff/referral/{twin.pk}/"' not in page


def test_a_name_in_an_address_is_not_searched_for(taken: Referral, staff: Client) -> None:
    before = AccessEvent.objects.filter(action="searched").count()
    answer = staff.get("/staff/search/?q=Rosa+Sample")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/")
    assert AccessEvent.objects.filter(action="searched").count() == before


def test_who_may_not_see_a_row_in_the_admin_is_not_said_to_have_seen_it(
    taken: Referral, staff: Client, navigator: Any
) -> None:
    assert staff.get(f"/admin/referral/referral/{taken.pk}/change/").status_code == 403
    assert not AccessEvent.objects.filter(purpose="admin").exists()


def test_an_urgent_task_shows_in_the_count_of_its_kind(taken: Referral, now: datetime) -> None:
    for urgent in (False, True):
        Task.objects.create(referral=taken, kind="other", due_at=now, created_at=now, urgent=urgent)
    sign = signs(Referral.objects.for_queue().get(), now)[0]
    assert (sign.text, sign.chip) == ("Something else (2)", "chip-stop")


# What was done is said as it was


def test_family_reached_by_phone_only_is_not_said_to_be_written_to(
    make_referral: Callable[..., Referral], staff: Client
) -> None:
    by_phone = make_referral(ways=("phone",))
    for command, said, line in (
        ("ask-consent", "There is a task to ask them yourself.", "To ask the family for its consent in person"),
        ("check-in", "A check-in by phone is planned.", "A check-in by phone is planned."),
    ):
        page = staff.post(f"/staff/referral/{by_phone.pk}/{command}/", {"version": version(by_phone)}, follow=True)
        assert said in " ".join(str(each) for each in page.context["messages"])
        assert line in for_staff(by_phone.timeline.latest("pk"))


def test_program_without_email_is_not_said_to_be_written_to(
    taken: Referral, staff: Client, program: Program, now: datetime
) -> None:
    Program.objects.update(referral_email="")
    typed = {"version": version(taken), "program": program.pk}
    with travel(now, tick=False):
        confirmed(staff, f"/staff/referral/{taken.pk}/send/", typed)
        page = staff.get(f"/staff/referral/{taken.pk}/")
    assert "There is a task to call it." in page.content.decode()


def test_what_is_due_today_is_not_late_at_once(taken: Referral, staff: Client, now: datetime) -> None:
    afternoon = now + timedelta(hours=5)  # 2:30 p.m.
    today = timezone.localdate(afternoon).isoformat()
    for at, due in ((afternoon, afternoon + timedelta(hours=2, minutes=30)), (now + timedelta(hours=9),) * 2):
        with travel(at, tick=False):
            staff.post(
                f"/staff/referral/{taken.pk}/task/",
                {"version": version(taken), "kind": "other", "text": "x", "due": today},
            )
        assert Task.objects.latest("pk").due_at == due
    with travel(afternoon, tick=False):
        staff.post(f"/staff/referral/{taken.pk}/hold/", {"version": version(taken), "until": today, "reason": "away"})
    taken.refresh_from_db()
    assert taken.hold_until == afternoon + timedelta(hours=2, minutes=30)
    assert taken.timeline.get(kind="held").params["until"] == today


def test_every_part_of_a_changed_need_is_on_the_timeline(taken: Referral, nora: Actor, now: datetime) -> None:
    def change(**changed: Any) -> str:
        need = {
            "age": "adult",
            "concern": "both",
            "low": None,
            "high": None,
            "urgency": "soon",
            "reason": "We talked.",
            **changed,
        }
        change_need(taken.pk, Need(**need), actor=nora, now=now)
        return for_staff(taken.timeline.latest("pk"))

    assert change() == (
        "Changed the concern from “Alcohol or drug use” to “Both”. Changed the urgency from “Routine” to “Soon”."
    )
    assert change() == "Looked at the need again."
    assert change(low=LevelOfCare.objects.get(slug="iop")) == "Changed the level from – to iop."


def test_the_levels_are_read_once_for_all_lines(taken: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            staff.get(f"/staff/referral/{taken.pk}/")
        return sum("guides_generation" not in each["sql"] for each in caught)

    def change(urgency: str) -> None:
        need = Need(concern="both", low=None, high=None, urgency=urgency, reason="so")
        change_need(taken.pk, need, actor=nora, now=now)

    change("soon")
    asked()
    before = asked()
    for urgency in ("urgent", "soon", "urgent"):
        change(urgency)
    assert asked() <= before
