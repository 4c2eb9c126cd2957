"""A family moves on: up or down a level, back to what was closed in error, out of our area; and rests on hold."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from directory.models import Program, ServiceArea
from guides.models import LevelOfCare
from messaging.models import Message
from referral.actions.closing import close_referral, withdraw_referral
from referral.actions.common import FAMILY, Actor, NotCovered
from referral.actions.consents import revoke_consent, sign_consent
from referral.actions.moving import NextStep, expect_end, held_consents, reopen_referral, step_referral
from referral.actions.placements import (
    accept_placement,
    complete_placement,
    hold_placement,
    start_placement,
    waitlist_placement,
)
from referral.actions.referrals import hold_referral, resume_referral
from referral.actions.replies import hear_family
from referral.actions.sending import send_to_program
from referral.actions.stops import stop_messages
from referral.hours import due_from
from referral.lifecycle import UNDO_TIME, Refused
from referral.models import Consent, FollowUp, Placement, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.timeline import for_family, for_staff
from tests.referral.conftest import an_ask
from workspace.attention import signs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def down() -> NextStep:
    level = LevelOfCare.objects.get(slug="outpatient")
    return NextStep(low=level, high=level, urgency="routine", reason="Day 25 of 30, and doing well.")


@pytest.fixture
def in_care(taken: Referral, program: Program, nora: Actor, now: datetime) -> Placement:
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(asked.pk, actor=nora, now=now)
    return start_placement(asked.pk, actor=nora, now=now)


def fresh(referral: Referral) -> Referral:
    found: Referral = Referral.objects.get(pk=referral.pk)
    return found


def test_a_step_down_carries_people_permissions_and_consent(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    assert (after.based_on_id, after.contact_id, after.patient_id) == (taken.pk, taken.contact_id, taken.patient_id)
    assert (after.status, after.assigned_to, after.level_range) == ("active", nora.user, "outpatient")
    held = after.consents.get()
    assert held.carried_from == taken.consents.get() and held.signed_at == now
    assert fresh(taken).status == "connected" and after.next_action_at == now
    assert not taken.followups.pending().exists() and not after.followups.exists()
    assert "Close this one when care here is over" in taken.tasks.open().get(kind="other").text
    first = after.timeline.earliest("pk")
    assert for_staff(first) == f"Opened as the next step after {taken.public_code}. The consent still holds."
    assert for_family(first) == "We opened this request for your next step."


def test_check_ins_of_the_next_step_begin_with_its_admission(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    hold_placement(in_care.pk, "A stay in hospital", actor=nora, now=now)
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    assert not after.followups.exists()
    other = Program.objects.public().exclude(pk=in_care.program_id).earliest("pk")
    asked = send_to_program(after.pk, other, ["contact"], actor=nora, now=now)
    accept_placement(asked.pk, actor=nora, now=now)
    assert not after.followups.exists()
    start_placement(asked.pk, actor=nora, now=now + timedelta(days=9))
    assert after.followups.pending().earliest("due_at").due_at > now + timedelta(days=9)


def test_check_ins_of_the_next_step_begin_at_once_where_care_is_over(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    complete_placement(in_care.pk, actor=nora, now=now)
    assert step_referral(taken.pk, down(), actor=nora, now=now).followups.pending().exists()


def test_a_step_after_care_asks_only_to_close_the_old_one(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    complete_placement(in_care.pk, actor=nora, now=now)
    assert taken.tasks.open().filter(kind="next_step").exists()
    taken.tasks.open().filter(kind="call").update(done_at=now)
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    (task,) = taken.tasks.open()
    assert task.text == f"{after.public_code} is the next step. Close this one." and task.due_at == now


def test_a_step_takes_a_new_request_under_the_carried_consent(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    other = Program.objects.public().exclude(pk=in_care.program_id).earliest("pk")
    assert [task.kind for task in after.tasks.open()] == ["ask_program"]
    assert send_to_program(after.pk, other, ["contact"], actor=nora, now=now).status == "requested"
    assert not after.tasks.open().exists()


def test_a_consent_that_ended_or_names_others_is_not_enough(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime, program: Program
) -> None:
    later = now + timedelta(days=181)
    after = step_referral(taken.pk, down(), actor=nora, now=later)
    assert not after.consents.exists()
    assert after.tasks.open().filter(kind=Task.Kind.ASK_CONSENT).exists()
    with pytest.raises(NotCovered):
        send_to_program(after.pk, program, ["contact"], actor=nora, now=later)
    assert "ask for a new one" in for_staff(after.timeline.earliest("pk"))


def test_a_parents_consent_ends_when_the_child_has_grown_up(taken: Referral, now: datetime) -> None:
    Consent.objects.update(signed_as=Consent.Signer.PARENT)
    patient = taken.patient
    for year, holds in ((2012, True), (2000, False)):
        patient.birth_year, taken.concern = str(year), "mental_health"
        patient.save()
        assert (held_consents(taken, now)[0].why is None) == holds


@pytest.mark.parametrize("here", [True, False])
def test_a_consent_withdrawn_once_is_withdrawn_everywhere(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime, here: bool
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    other = Program.objects.public().exclude(pk=in_care.program_id).earliest("pk")
    asked = send_to_program(after.pk, other, ["contact"], actor=nora, now=now)
    revoke_consent((taken if here else after).consents.get().pk, actor=FAMILY, now=now)
    assert not Consent.objects.live(now).exists()
    asked.refresh_from_db()
    assert asked.status == "cancelled"
    kinds = [set(each.timeline.values_list("kind", flat=True)) for each in (taken, after)]
    assert all(TimelineEntry.Kind.CONSENT_REVOKED in each for each in kinds)
    in_care.refresh_from_db()
    assert in_care.status == "in_progress"  # care that has begun is not ended by it


def test_a_new_signature_holds_wherever_the_old_one_did(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    signature = an_ask().signature
    assert signature is not None
    sign_consent(after.pk, replace(signature, categories=["need", "situation"]), actor=FAMILY, now=now)
    for each in (taken, after):
        assert [consent.categories for consent in each.consents.live(now)] == [["need", "situation"]]


def test_a_request_that_the_family_closes_ends_its_signature_everywhere(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    withdraw_referral(after.pk, actor=FAMILY, now=now)
    assert not taken.consents.live(now).exists()


def test_one_next_step_at_a_time_and_none_after_a_duplicate(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    with pytest.raises(Refused):
        step_referral(taken.pk, down(), actor=nora, now=now)
    close_referral(after.pk, closing="other", reason="so", actor=nora, now=now)
    assert step_referral(taken.pk, down(), actor=nora, now=now).based_on == taken


def test_five_days_before_care_ends_a_task_comes_up(in_care: Placement, taken: Referral, nora: Actor) -> None:
    now = timezone.now()
    expect_end(in_care.pk, timezone.localdate(now) + timedelta(days=30), actor=nora, now=now)
    task = taken.tasks.open().get(kind=Task.Kind.CARE_ENDS)
    assert task.due_at == due_from(timezone.localdate(now) + timedelta(days=25), now, working_time())
    expect_end(in_care.pk, timezone.localdate(now) + timedelta(days=2), actor=nora, now=now)
    task = taken.tasks.open().get(kind=Task.Kind.CARE_ENDS)
    assert task.due_at == due_from(timezone.localdate(now), now, working_time())
    expect_end(in_care.pk, None, actor=nora, now=now)
    assert not taken.tasks.open().filter(kind=Task.Kind.CARE_ENDS).exists()
    lines = [for_staff(each) for each in taken.timeline.filter(kind=TimelineEntry.Kind.END_EXPECTED)]
    assert "is expected to end on" in lines[0] and "No end of care" in lines[-1]


def test_completed_care_asks_what_comes_next(in_care: Placement, taken: Referral, nora: Actor, now: datetime) -> None:
    complete_placement(in_care.pk, actor=nora, now=now)
    assert taken.tasks.open().filter(kind=Task.Kind.NEXT_STEP).exists()


def test_what_was_closed_in_error_goes_on_with_the_care_in_it(
    in_care: Placement, taken: Referral, nora: Actor, now: datetime
) -> None:
    close_referral(taken.pk, closing="met", reason="done", actor=nora, now=now)
    again = reopen_referral(taken.pk, "The wrong family.", actor=nora, now=now + timedelta(hours=1))
    in_care.refresh_from_db()
    assert (again.status, again.closing, again.closed_at, in_care.status) == ("connected", "", None, "in_progress")
    line = again.timeline.get(kind=TimelineEntry.Kind.REOPENED)
    assert (line.text, line.actor) == ("The wrong family.", nora.user)
    assert str(in_care.program) in for_staff(line)
    assert "closed this request by mistake" in for_family(line)


def test_requests_that_ended_stay_ended(taken: Referral, program: Program, nora: Actor, now: datetime) -> None:
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    close_referral(taken.pk, closing="other", reason="so", actor=nora, now=now)
    later = now + UNDO_TIME + timedelta(minutes=1)
    again = reopen_referral(taken.pk, "A slip.", actor=nora, now=later)
    asked.refresh_from_db()
    assert (again.status, asked.status) == ("active", "cancelled") and again.next_action_at == later
    assert program.name in again.tasks.open().get(kind="next_step").text


def test_a_slip_of_closing_costs_no_place_in_line(
    taken: Referral, program: Program, nora: Actor, now: datetime, post: Callable[..., list[Any]]
) -> None:
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    post(now)
    waitlist_placement(asked.pk, actor=Actor.program("P"), now=now)
    tasks, check_ins = list(taken.tasks.open()), set(taken.followups.pending())
    close_referral(taken.pk, closing="other", reason="closed by mistake", actor=nora, now=now + timedelta(minutes=1))
    asked.refresh_from_db()
    assert "mistake" not in asked.reason and post(now + timedelta(minutes=2)) == []
    again = reopen_referral(taken.pk, "A slip.", actor=nora, now=now + timedelta(minutes=3))
    asked.refresh_from_db()
    assert asked.status == "waitlisted" and asked.links.filter(revoked_at=None).exists()
    assert list(again.tasks.open()) == tasks and set(again.followups.pending()) == check_ins
    assert "Asked as before" in for_staff(again.timeline.get(kind="reopened"))
    assert [each for each in post(now + timedelta(hours=1), "email") if "program" in each.row.person_key] == []


def test_a_hold_says_what_becomes_of_requests(
    taken: Referral, program: Program, staff: Client, nora: Actor, now: datetime
) -> None:
    path, until = f"/staff/referral/{taken.pk}/", str(timezone.localdate() + timedelta(days=7))
    typed = {"until": until, "reason": "A stay."}
    assert "They go on" not in staff.get(f"{path}form/hold/").content.decode()
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    assert f"{program.name}: what happens meanwhile?" in html.unescape(staff.get(f"{path}form/hold/").content.decode())
    staff.post(f"{path}hold/", {**typed, "version": fresh(taken).version, "requests": "stay"})
    asked.refresh_from_db()
    assert asked.status == "requested"
    resume_referral(taken.pk, actor=nora, now=timezone.now())
    staff.post(f"{path}hold/", {**typed, "version": fresh(taken).version, "requests": "end"})
    asked.refresh_from_db()
    assert asked.status == "cancelled" and program.name in for_staff(taken.timeline.filter(kind="held").latest("pk"))


def test_an_acceptance_ends_the_look_at_the_waitlist(
    taken: Referral, program: Program, nora: Actor, now: datetime
) -> None:
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    waitlist_placement(asked.pk, actor=Actor.program("P"), now=now, expected_on=now.date() + timedelta(days=20))
    accept_placement(asked.pk, actor=Actor.program("P"), now=now + timedelta(hours=1))
    assert not taken.tasks.open().filter(kind="next_step").exists()


def test_what_a_family_closed_is_not_opened_for_it(taken: Referral, nora: Actor, now: datetime) -> None:
    withdraw_referral(taken.pk, actor=FAMILY, now=now)
    with pytest.raises(Refused):
        reopen_referral(taken.pk, "They will like it.", actor=nora, now=now)


def sent_for(referral: Referral) -> int:
    keys = [each.key for each in referral.followups.all()]
    return Message.objects.filter(reference__in=keys).pending().count()


def test_check_ins_rest_on_hold_and_go_on_as_many_days_later(taken: Referral, nora: Actor, now: datetime) -> None:
    before = [(each.pk, each.local_date) for each in taken.followups.pending()]
    assert sent_for(taken) > 0
    hold_referral(taken.pk, until=now + timedelta(days=9), reason="A trip.", actor=nora, now=now)
    assert sent_for(taken) == 0
    resume_referral(taken.pk, actor=nora, now=now + timedelta(days=6))
    after = [(each.pk, each.local_date) for each in taken.followups.pending()]
    assert after == [(pk, day + timedelta(days=6)) for pk, day in before]
    assert sent_for(taken) == taken.followups.pending().filter(kind="message").count()


def test_nothing_goes_out_on_hold_even_after_its_day(
    taken: Referral, nora: Actor, now: datetime, post: Callable[..., list[Any]]
) -> None:
    post(now)
    hold_referral(taken.pk, until=now + timedelta(days=2), reason="A trip.", actor=nora, now=now)
    assert post(now + timedelta(days=5)) == []
    assert fresh(taken).status == "on_hold"


def test_on_hold_nothing_is_due_or_late_until_its_day_but_what_comes_shows(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    call = taken.tasks.get(kind=Task.Kind.CALL)
    until, later = now + timedelta(days=9), now + timedelta(days=6)
    hold_referral(taken.pk, until=until, reason="A trip.", actor=nora, now=call.due_at)
    [row] = Referral.objects.for_queue()
    assert row.next_action_at == until and not Referral.objects.overdue(later).exists()
    assert [sign.text for sign in signs(row, later)] == ["On hold until Mar 13"]
    with travel(later, tick=False):
        page = staff.get(f"/staff/referral/{taken.pk}/")
    dates = {row.pk: row.local_date for row in taken.followups.pending()}
    rested = (until.date() - call.due_at.date()).days
    assert page.context["first"] == [] and " late" not in page.content.decode()
    assert {row.pk: day for row, day, _form in page.context["followups"]} == {
        pk: day + timedelta(days=rested) for pk, day in dates.items()
    }
    hear_family(taken.pk, "We are back early.", actor=FAMILY, now=later)
    assert Referral.objects.overdue(later).exists()
    assert signs(Referral.objects.for_queue().get(), later)[0].words == "We are back early."
    resume_referral(taken.pk, actor=nora, now=later)
    assert fresh(taken).next_action_at == call.due_at


def test_a_stop_ends_what_rested(taken: Referral, nora: Actor, now: datetime) -> None:
    hold_referral(taken.pk, until=now + timedelta(days=9), reason="A trip.", actor=nora, now=now)
    stop_messages(taken.pk, actor=FAMILY, now=now)
    resume_referral(taken.pk, actor=nora, now=now + timedelta(days=1))
    assert sent_for(taken) == 0
    assert set(FollowUp.objects.pending().values_list("kind", flat=True)) <= {"call"}


def test_a_family_that_moves_away_is_handed_off(taken: Referral, staff: Client, nora: Actor) -> None:
    ServiceArea.objects.all().delete()
    ServiceArea.objects.create(slug="home", zips=["91101"])  # type: ignore[misc]
    path = f"/staff/referral/{taken.pk}/next/"
    assert "findtreatment.gov" in staff.get(path).content.decode().lower()
    typed = {"version": fresh(taken).version, "zip_code": "91101", "reason": "Told them of 988."}
    near = staff.post(f"{path}moved/", typed)
    assert near.status_code == 422 and "is in our area" in near.content.decode()
    assert staff.post(f"{path}moved/", {**typed, "zip_code": "10001"}).status_code == 302
    gone = Referral.objects.select_related("contact").get(pk=taken.pk)
    assert (gone.closing, gone.contact.zip_code, gone.contact.zone) == ("moved", "10001", "America/New_York")


def test_the_page_steps_down_and_leads_to_the_next_referral(in_care: Placement, taken: Referral, staff: Client) -> None:
    Consent.objects.update(expires_at=None)
    path = f"/staff/referral/{taken.pk}/next/"
    page = staff.get(path).content.decode()
    assert f"Level now: {taken.level_range or 'not known yet'}" in page
    assert "Step up or down" in page and "still holds" in page and "next/reopen/" not in page
    level = LevelOfCare.objects.get(slug="iop").pk
    typed = {"version": fresh(taken).version, "low": level, "high": level, "urgency": "routine", "reason": ""}
    assert "Please say why" in staff.post(f"{path}step/", typed).content.decode()
    done = staff.post(f"{path}step/", {**typed, "reason": "Ready for it."})
    after = Referral.objects.get(based_on=taken)
    assert done.status_code == 302 and done["Location"] == f"/staff/referral/{after.pk}/"
    assert after.public_code in staff.get(path).content.decode()


def test_the_page_reopens_with_a_reason_and_no_other_way(taken: Referral, staff: Client, nora: Actor) -> None:
    close_referral(taken.pk, closing="other", reason="so", actor=nora, now=timezone.now())
    path = f"/staff/referral/{taken.pk}/next/"
    assert f'action="{path}reopen/"' in staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "Closed in error?" in staff.get(path).content.decode()
    assert "It stands as before: requests, tasks and check-ins." in staff.get(path).content.decode()
    Referral.objects.filter(pk=taken.pk).update(closed_at=timezone.now() - timedelta(hours=1))
    assert "Requests to programs that ended stay ended" in staff.get(path).content.decode()
    typed = {"version": fresh(taken).version, "reason": ""}
    assert staff.post(f"{path}reopen/", typed).status_code >= 400
    assert staff.post(f"{path}reopen/", {**typed, "reason": "The wrong one."}).status_code == 302
    assert fresh(taken).status == "active"
    assert "reopen/" not in staff.get(f"/staff/referral/{taken.pk}/").content.decode()


def test_what_was_closed_just_now_reopens_without_a_reason(taken: Referral, staff: Client, nora: Actor) -> None:
    close_referral(taken.pk, closing="other", reason="so", actor=nora, now=timezone.now())
    typed = {"version": fresh(taken).version, "reason": ""}
    assert staff.post(f"/staff/referral/{taken.pk}/next/reopen/", typed).status_code == 302
    assert fresh(taken).status == "active"


def test_the_end_of_care_is_set_on_the_page(in_care: Placement, taken: Referral, staff: Client) -> None:
    path = f"/staff/referral/{taken.pk}/next/"
    day = timezone.localdate() + timedelta(days=30)
    typed = {"version": fresh(taken).version, "ends_on": str(day)}
    assert staff.post(f"{path}ends/{in_care.pk}/", typed).status_code == 302
    in_care.refresh_from_db()
    assert in_care.ends_on == day
    assert str(day) in staff.get(path).content.decode()
    late = {"version": fresh(taken).version, "ends_on": str(date(2020, 1, 1))}
    assert staff.post(f"{path}ends/{in_care.pk}/", late).status_code == 422


def test_follow_up_after_care_is_offered_and_started(in_care: Placement, taken: Referral, staff: Client) -> None:
    path = f"/staff/referral/{taken.pk}/next/"
    page = staff.get(path).content.decode()
    assert "After care is completed</option>" in page
    plan = page.split("selected>After care is completed")[0].rsplit('value="', 1)[1].split('"')[0]
    assert staff.post(f"{path}after/", {"version": fresh(taken).version, "plan": plan}).status_code == 302
    assert taken.followups.pending().count() == 6


def test_only_who_may_see_the_referral_may_move_it_on(
    taken: Referral, make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    other = sign_in(make_user("olga", "Navigators"))
    assert other.get(f"/staff/referral/{taken.pk}/next/").status_code == 404


def test_the_step_before_is_no_duplicate(
    in_care: Placement, taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    after = step_referral(taken.pk, down(), actor=nora, now=now)
    for each, other in ((after, taken), (taken, after)):
        assert staff.get(f"/staff/referral/{each.pk}/").context["alike"] == []
        assert f"/same/{other.pk}/" not in staff.get(f"/staff/referral/{each.pk}/same/").content.decode()
