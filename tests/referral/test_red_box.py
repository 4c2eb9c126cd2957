"""The red box: all that a family wrote is read in it; who takes the family, or calls it, has its call for help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from messaging.models import Message
from messaging.models.message import MessageQuerySet
from referral.actions.common import FAMILY, Actor
from referral.actions.duty import acknowledge, resolve
from referral.actions.placements import accept_placement
from referral.actions.referrals import log_call, take
from referral.actions.replies import hear_family
from referral.models import Placement, Referral
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
DANGER, LONG = "Me quiero morir", "The landlord wrote again. " * 12 + "And the school asks where he is."


def record(referral: Referral) -> str:
    return f"/staff/referral/{referral.pk}/"


def check_ins(referral: Referral) -> MessageQuerySet:
    return Message.objects.filter(reference__in=[each.key for each in referral.followups.pending()]).pending()


def test_the_box_says_all_that_the_family_wrote(taken: Referral, staff: Client, now: datetime) -> None:
    hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    hear_family(taken.pk, LONG, actor=FAMILY, now=now)
    hear_family(taken.pk, "Muchas gracias", actor=FAMILY, now=now)
    box = staff.get("/staff/").content.decode().partition('class="crises"')[2].partition("</section>")[0]
    assert DANGER in box and LONG in box and "Muchas gracias" not in box
    step = staff.get(record(taken)).content.decode().partition('id="todo"')[2].partition("</section>")[0]
    assert step.index(DANGER) < step.index(LONG)


def test_who_takes_a_family_has_its_call_for_help(
    make_referral: Callable[..., Referral], nora: Actor, staff: Client, now: datetime
) -> None:
    referral = make_referral()
    task = hear_family(referral.pk, DANGER, actor=FAMILY, now=now)
    Referral.objects.filter(pk=referral.pk).update(opened_at=now - timedelta(minutes=1))
    referral.refresh_from_db()
    said = staff.post(f"{record(referral)}take/", {"version": referral.version}, follow=True).content.decode()
    task.refresh_from_db()
    assert task.acknowledged_by == nora.user and task.done_at is None
    assert "Assigned to you. You have the call for help now." in said
    line = for_staff(referral.timeline.get(kind="taken"))
    assert line == "Took the referral. Has the call for help."


def test_a_call_that_just_rang_goes_on_ringing(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    referral = make_referral()
    task = hear_family(referral.pk, DANGER, actor=FAMILY, now=now)
    Referral.objects.filter(pk=referral.pk).update(opened_at=now)  # opened and taken in one press
    take(referral.pk, actor=nora, now=now)
    task.refresh_from_db()
    assert not task.had_by


def test_a_logged_call_says_that_one_has_the_call_for_help(taken: Referral, staff: Client, now: datetime) -> None:
    hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    taken.refresh_from_db()
    typed = {"version": taken.version, "outcome": "no_answer", "next_try": ""}
    said = staff.post(f"{record(taken)}call/", typed, follow=True).content.decode()
    assert "Call logged. You have the call for help now." in said
    assert for_staff(taken.timeline.get(kind="called")) == "Called: No answer. Has the call for help."


def test_who_talked_says_if_the_call_for_help_is_over(
    taken: Referral, staff: Client, make_user: Callable[..., Any], now: datetime
) -> None:
    task = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    acknowledge(task.pk, actor=Actor.of(make_user("dora", "Supervisors")), now=now)  # a colleague has it
    call = taken.tasks.get(kind="call")
    first: dict[str, Any] = {"outcome": "reached", "next_try": ""}
    first |= {"version": Referral.objects.get(pk=taken.pk).version, "done": str(call.pk)}
    for typed, said in (
        (first, "Say if the call for help is over."),
        ({**first, "help_over": "yes"}, "Say what happened."),
    ):
        page = staff.post(f"{record(taken)}call/", typed)
        assert page.status_code == 422 and said in page.content.decode()
    assert taken.tasks.open().count() == 2
    staff.post(f"{record(taken)}call/", {**first, "help_over": "yes", "text": "His mother is with him now."})
    assert not taken.tasks.open().exists()
    line = for_staff(taken.timeline.get(kind="called"))
    assert line == "Called: Talked with them. The call for help is over."
    assert "His mother is with him now." in staff.get(record(taken)).content.decode()


@pytest.mark.parametrize("typed", [{"outcome": "no_answer", "help_over": "yes"}, {"help_over": "no"}])
def test_a_call_for_help_stays_open_where_it_is_not_over(
    taken: Referral, staff: Client, typed: dict[str, str], now: datetime
) -> None:
    hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    version = Referral.objects.get(pk=taken.pk).version
    sent = {"version": version, "outcome": "reached", "next_try": "", "text": "She is calmer.", **typed}
    assert staff.post(f"{record(taken)}call/", sent).status_code == 302
    assert taken.tasks.crises().exists() and not check_ins(taken).exists()


def test_an_urgent_family_without_a_task_is_due_today(taken: Referral, staff: Client, now: datetime) -> None:
    hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    version = Referral.objects.get(pk=taken.pk).version
    typed = {"version": version, "outcome": "reached", "help_over": "yes", "text": "His mother is with him now."}
    done = [each.pk for each in taken.tasks.filter(kind="call")]
    staff.post(f"{record(taken)}call/", {**typed, "next_try": "", "done": done})
    taken.refresh_from_db()
    assert taken.next_action_at == now and check_ins(taken).exists()
    assert "This is urgent." in staff.get(record(taken)).content.decode()


def test_what_is_only_urgent_is_tried_in_their_hours(
    taken: Referral, nora: Actor, staff: Client, now: datetime
) -> None:
    Referral.objects.filter(pk=taken.pk).update(urgency="urgent")
    form = staff.get(record(taken)).context["forms"]["call"]
    assert form["next_try"].value() not in ("30", "60")
    hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    form = staff.get(record(taken)).context["forms"]["call"]
    assert form["next_try"].value() == "30"
    log_call(taken.pk, "reached", "", actor=nora, now=now)


@pytest.mark.parametrize("by_call", [True, False])
def test_after_a_call_for_help_programs_that_expect_them_are_called(
    taken: Referral, placement: Placement, nora: Actor, now: datetime, by_call: bool
) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    taken.tasks.open().update(done_at=now)
    crisis = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    if by_call:
        log_call(taken.pk, "reached", "He is in the hospital.", help_over=True, actor=nora, now=now)
    else:
        resolve(crisis.pk, "He is in the hospital.", actor=nora, now=now)
    task = taken.tasks.open().get(kind="call_program")
    assert task.placement == placement and task.text.startswith(f"{placement.program} expects them.")
