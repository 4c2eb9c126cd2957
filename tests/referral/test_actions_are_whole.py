"""Every action is one transaction with one line of history: where the line cannot be written, nothing remains."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from directory.models import Program, ServiceArea
from privacy.models import User
from referral import actions
from referral.actions import (
    appointments,
    check_ins,
    closing,
    common,
    consents,
    contacts,
    followups,
    intake,
    leaving,
    merging,
    moving,
    needs,
    placements,
    referrals,
    replies,
    sending,
    stops,
    tasks,
    undoing,
    waitlists,
)
from referral.actions.common import FAMILY, Actor
from referral.actions.endings import UNDECIDED, free_others
from referral.lifecycle import Refused, Role
from referral.models import Absence, Appointment, FollowUp, FollowUpPlan, Placement, Referral, TimelineEntry
from referral.reasons import ACCEPTED_ELSEWHERE, coded
from tests.conftest import SharedDb, staff_account
from tests.referral.conftest import an_ask

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WATCHED = ("referral", "messaging", "assessments")


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the apps that an action may write to."""
    models = [model for app in WATCHED for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


@dataclass
class World:
    """A referral in work, with an accepted and a requested placement, and everything that an action needs."""

    referral: Referral
    nora: Actor
    sam: Actor
    programs: list[Program]
    accepted: int
    requested: int
    ask: Callable[..., intake.Ask]
    now: datetime

    @property
    def pk(self) -> int:
        return self.referral.pk

    @property
    def followup(self) -> FollowUp:
        found: FollowUp = FollowUp.objects.filter(referral=self.pk).earliest("pk")
        return found

    def in_care(self) -> int:
        placements.start_placement(self.accepted, actor=self.nora, now=self.now)
        return self.accepted

    def held(self) -> int:
        placements.hold_placement(self.accepted, "a reason", actor=self.nora, now=self.now)
        return self.accepted

    def waitlisted(self) -> int:
        placements.waitlist_placement(self.requested, actor=self.nora, now=self.now)
        return self.requested

    def freed(self) -> int:
        placements.waitlist_placement(self.requested, actor=self.nora, now=self.now)
        free_others(Placement.objects.get(pk=self.accepted), coded(ACCEPTED_ELSEWHERE), *UNDECIDED, now=self.now)
        return self.requested

    def on_hold(self) -> int:
        referrals.hold_referral(
            self.pk, until=self.now + timedelta(days=3), reason="away", actor=self.nora, now=self.now
        )
        return self.pk

    def merged(self) -> int:
        pk = intake.open_referral(self.ask(), actor=FAMILY, now=self.now).pk
        merging.merge_referrals(self.pk, pk, other_contact=False, actor=self.nora, now=self.now)
        return pk

    def calls(self) -> list[int]:
        return [task.pk for task in self.referral.tasks.open().filter(kind="call")]

    def times(self) -> list[Appointment]:
        at = [self.now + timedelta(days=day) for day in (1, 2)]
        zone = "America/Los_Angeles"
        return appointments.propose_times(self.accepted, at, zone, actor=Actor.program("A"), now=self.now)

    def consent(self) -> int:
        return self.referral.consents.get().pk

    def task(self) -> int:
        due = self.now + timedelta(days=1)
        return tasks.add_task(self.pk, kind="other", text="x", due_at=due, actor=self.nora, now=self.now).pk


def another(signature: consents.Signature | None) -> consents.Signature:
    """The same once more would change nothing."""
    assert signature is not None
    return replace(signature, name="Rosa S.")


@pytest.fixture(scope="module")
def shared_world(shared_rows: None, shared_db: SharedDb, now: datetime) -> None:
    with shared_db():
        _begin(now)


@pytest.fixture
def world(shared_world: None, db: None, now: datetime) -> World:
    nora, sam = (Actor.of(User.objects.get(username=name)) for name in ("nora", "sam"))
    accepted, requested = Placement.objects.order_by("pk").values_list("pk", flat=True)
    programs = list(Program.objects.public().order_by("pk")[:3])
    return World(Referral.objects.get(), nora, sam, programs, accepted, requested, an_ask, now)


def _begin(now: datetime) -> None:
    nora = Actor.of(staff_account("nora", "Navigators"))
    staff_account("sam", "Supervisors")
    first, second = Program.objects.public().order_by("pk")[:2]
    pk = intake.open_referral(an_ask(), actor=FAMILY, now=now).pk
    referrals.take(pk, actor=nora, now=now)
    asked = sending.send_to_program(pk, first, ["contact"], actor=nora, now=now)
    placements.accept_placement(asked.pk, actor=Actor.program(first.name), now=now)
    sending.send_to_program(pk, second, ["contact"], actor=nora, now=now)


def reach() -> contacts.Reach:
    return contacts.Reach(
        phone="+16265550143", email="", zip_code="10001", zone="America/New_York", language="es", times=["weekend"],
        voicemail="yes", by_email=False, by_text=True, by_phone=True, wordings={"email": "yes", "sms": "yes"},
    )  # fmt: skip


def _away(w: World) -> None:
    assert w.nora.user and w.sam.user
    today = timezone.localdate(w.now)
    Absence.objects.create(user=w.nora.user, cover=w.sam.user, first_day=today, last_day=today)


def next_step() -> moving.NextStep:
    return moving.NextStep(low=None, high=None, urgency="routine", reason="The program says so.")


def need(w: World) -> needs.Need:
    return needs.Need(concern="both", low=None, high=None, urgency="soon", reason="talked with them")


# name: (what must be so before, the action, the line that it writes)
ACTIONS: dict[str, tuple[Callable[[World], Any], Callable[[World, Any], Any], str]] = {
    "open": (lambda w: None, lambda w, _: intake.open_referral(w.ask(), actor=FAMILY, now=w.now), "opened"),
    "take": (
        lambda w: intake.open_referral(w.ask(), actor=FAMILY, now=w.now).pk,
        lambda w, pk: referrals.take(pk, actor=w.nora, now=w.now),
        "taken",
    ),
    "assign": (
        lambda w: None,
        lambda w, _: referrals.assign(w.pk, w.sam.user, actor=w.sam, now=w.now),  # type: ignore[arg-type]
        "assigned",
    ),
    "note": (lambda w: None, lambda w, _: referrals.add_note(w.pk, "a note", actor=w.nora, now=w.now), "note"),
    "snooze": (
        lambda w: None,
        lambda w, _: referrals.snooze_referral(w.pk, until=w.now + timedelta(days=1), actor=w.nora, now=w.now),
        "snoozed",
    ),
    "hold": (
        lambda w: None,
        lambda w, _: referrals.hold_referral(w.pk, until=w.now, reason="away", actor=w.nora, now=w.now),
        "held",
    ),
    "resume": (World.on_hold, lambda w, pk: referrals.resume_referral(pk, actor=w.nora, now=w.now), "resumed"),
    "reconsider": (World.in_care, lambda w, _: referrals.reconsider(w.pk, actor=w.nora, now=w.now), "reconsidered"),
    "need": (
        lambda w: None,
        lambda w, _: needs.change_need(w.pk, need(w), actor=w.nora, now=w.now),
        "need_changed",
    ),
    "close": (
        lambda w: None,
        lambda w, _: closing.close_referral(w.pk, closing="declined", reason="so", actor=w.nora, now=w.now),
        "closed",
    ),
    "meet": (
        World.in_care,
        lambda w, _: closing.close_referral(w.pk, closing="met", reason="well", actor=w.nora, now=w.now),
        "closed",
    ),
    "withdraw": (lambda w: None, lambda w, _: closing.withdraw_referral(w.pk, actor=FAMILY, now=w.now), "closed"),
    "reopen": (
        lambda w: closing.close_referral(w.pk, closing="other", reason="so", actor=w.nora, now=w.now),
        lambda w, _: moving.reopen_referral(w.pk, "A slip.", actor=w.nora, now=w.now),
        "reopened",
    ),
    "step": (
        World.in_care,
        lambda w, _: moving.step_referral(w.pk, next_step(), actor=w.nora, now=w.now),
        "stepped opened",
    ),
    "expect end": (
        World.in_care,
        lambda w, pk: moving.expect_end(pk, w.now.date() + timedelta(days=30), actor=w.nora, now=w.now),
        "end_expected",
    ),
    "merge": (
        lambda w: intake.open_referral(w.ask(), actor=FAMILY, now=w.now).pk,
        lambda w, pk: merging.merge_referrals(w.pk, pk, other_contact=False, actor=w.nora, now=w.now),
        "merged merged",
    ),
    "unmerge": (
        lambda w: w.merged(),
        lambda w, pk: merging.unmerge_referral(pk, "Two families.", actor=w.nora, now=w.now),
        "unmerged unmerged",
    ),
    "hand off": (
        lambda w: ServiceArea.objects.update_or_create(slug="home", defaults={"zips": ["91101"]}),  # type: ignore[misc]
        lambda w, _: moving.hand_off(w.pk, reach(), "Moved.", actor=w.nora, now=w.now),
        "contact_changed closed",
    ),
    "log call": (
        lambda w: None,
        lambda w, _: referrals.log_call(w.pk, "reached", "", done=w.calls(), actor=w.nora, now=w.now),
        "called",
    ),
    "a word": (lambda w: None, lambda w, _: replies.hear_family(w.pk, "Hello?", actor=FAMILY, now=w.now), "wrote"),
    "nobody called": (
        lambda w: None,
        lambda w, _: replies.nobody_called(w.pk, actor=FAMILY, now=w.now),
        "not_called",
    ),
    "a question": (
        lambda w: None,
        lambda w, _: replies.hear_program(w.requested, "When?", actor=Actor.program("A"), now=w.now),
        "program_asked",
    ),
    "answer the program": (
        lambda w: None,
        lambda w, _: replies.tell_the_program(w.requested, "On Monday.", actor=w.nora, now=w.now),
        "told_program",
    ),
    "answer the family": (
        lambda w: None,
        lambda w, _: replies.tell_the_family(w.pk, "On Monday.", actor=w.nora, now=w.now),
        "told_family",
    ),
    "propose times": (lambda w: None, lambda w, _: w.times(), "times_offered"),
    "choose time": (
        lambda w: w.times()[0].pk,
        lambda w, pk: appointments.choose_time(pk, actor=FAMILY, now=w.now),
        "time_chosen",
    ),
    "no time fits": (
        lambda w: w.times(),
        lambda w, _: appointments.decline_times(w.accepted, actor=FAMILY, now=w.now),
        "no_time_fits",
    ),
    "first visit": (
        lambda w: None,
        lambda w, _: appointments.report_visit(w.accepted, "missed", actor=Actor.program("A"), now=w.now),
        "visit",
    ),
    "undo": (
        lambda w: placements.waitlist_placement(w.requested, actor=Actor.program("A"), now=w.now),
        lambda w, _: undoing.undo_last(w.requested, actor=Actor.program("A"), now=w.now),
        "undone",
    ),
    "end links": (
        lambda w: None,
        lambda w, _: leaving.end_links(w.pk, "email", actor=FAMILY, now=w.now, link=None),
        "link_ended",
    ),
    "ask for erasure": (
        lambda w: None,
        lambda w, _: leaving.ask_for_erasure(w.pk, actor=FAMILY, now=w.now),
        "erasure_asked",
    ),
    "add task": (
        lambda w: None,
        lambda w, _: tasks.add_task(w.pk, kind="call", due_at=w.now, actor=w.nora, now=w.now),
        "task_added",
    ),
    "leave word": (
        lambda w: None,
        lambda w, _: tasks.leave_word(w.pk, "Call me.", actor=w.nora, now=w.now),
        "task_added",
    ),
    "take over": (
        lambda w: _away(w),
        lambda w, _: referrals.take_over(w.pk, "Nora is ill.", actor=w.sam, now=w.now),
        "assigned",
    ),
    "finish task": (World.task, lambda w, pk: tasks.finish_task(pk, actor=w.nora, now=w.now), "task_done"),
    "send": (
        lambda w: None,
        lambda w, _: sending.send_to_program(w.pk, w.programs[2], ["contact"], actor=w.nora, now=w.now),
        "sent",
    ),
    "accept": (
        lambda w: None,
        lambda w, _: placements.accept_placement(w.requested, actor=Actor.program("A"), now=w.now),
        "accepted",
    ),
    "waitlist": (
        lambda w: None,
        lambda w, _: placements.waitlist_placement(w.requested, actor=Actor.program("A"), now=w.now),
        "waitlisted",
    ),
    "expect opening": (
        lambda w: w.waitlisted(),
        lambda w, pk: waitlists.expect_opening(pk, w.now.date(), actor=Actor.program("A"), now=w.now),
        "opening_expected",
    ),
    "keep place": (
        World.freed,
        lambda w, pk: waitlists.keep_place(pk, actor=w.nora, now=w.now),
        "place_kept",
    ),
    "reject": (
        lambda w: None,
        lambda w, _: placements.reject_placement(w.requested, "full", actor=Actor.program("A"), now=w.now),
        "rejected",
    ),
    "start": (lambda w: None, lambda w, _: placements.start_placement(w.accepted, actor=w.nora, now=w.now), "started"),
    "hold placement": (
        lambda w: None,
        lambda w, _: placements.hold_placement(w.accepted, "ill", actor=w.nora, now=w.now),
        "placement_held",
    ),
    "resume placement": (
        World.held,
        lambda w, pk: placements.resume_placement(pk, actor=w.nora, now=w.now),
        "placement_resumed",
    ),
    "complete": (
        World.in_care,
        lambda w, pk: placements.complete_placement(pk, actor=w.nora, now=w.now),
        "placement_completed",
    ),
    "fail": (
        World.in_care,
        lambda w, pk: placements.fail_placement(pk, "left", actor=w.nora, now=w.now),
        "placement_failed",
    ),
    "cancel": (
        lambda w: None,
        lambda w, _: placements.cancel_placement(w.requested, "found another", actor=w.nora, now=w.now),
        "placement_cancelled",
    ),
    "sign": (
        lambda w: None,
        lambda w, _: consents.sign_consent(w.pk, another(w.ask().signature), actor=FAMILY, now=w.now),
        "consent_signed",
    ),
    "ask for consent": (
        lambda w: None,
        lambda w, _: consents.ask_for_consent(w.pk, actor=w.nora, now=w.now),
        "consent_asked",
    ),
    "revoke": (
        World.consent,
        lambda w, pk: consents.revoke_consent(pk, actor=FAMILY, now=w.now),
        "consent_revoked",
    ),
    "plan": (
        lambda w: FollowUpPlan.objects.get(name="Close watch"),
        lambda w, plan: followups.set_plan(w.pk, plan, actor=w.nora, now=w.now),
        "plan_set",
    ),
    "check in now": (lambda w: None, lambda w, _: followups.check_in_now(w.pk, actor=w.nora, now=w.now), "plan_set"),
    "stop": (lambda w: None, lambda w, _: stops.stop_messages(w.pk, actor=FAMILY, now=w.now), "stopped"),
    "start messages": (
        lambda w: stops.stop_messages(w.pk, actor=FAMILY, now=w.now),
        lambda w, _: stops.start_messages(w.pk, "email", words="Write again.", actor=w.nora, now=w.now),
        "message",
    ),
    "reach": (
        lambda w: None,
        lambda w, _: contacts.change_contact(w.pk, reach(), actor=FAMILY, now=w.now),
        "contact_changed",
    ),
    **{
        f"answer {answer}": (
            lambda w: None,
            lambda w, _, answer=answer: check_ins.answer_check_in(  # type: ignore[misc]
                w.followup.pk, answer, actor=FAMILY, now=w.now, text="words"
            ),
            "check_in_answered",
        )
        for answer in FollowUp.Answer.values
    },
}


class Broken(Exception):
    pass


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """From the call on, a line of history is written and then the machine fails."""
    original = common.write

    def fails(*args: Any, **kwargs: Any) -> None:
        original(*args, **kwargs)
        raise Broken

    def arm() -> None:
        for found in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}."):
            module = import_module(found.name)
            if getattr(module, "write", None) is original:
                monkeypatch.setattr(module, "write", fails)

    yield arm


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_writes_exactly_one_line(world: World, name: str) -> None:
    before, act, kind = ACTIONS[name]
    ready = before(world)
    known = set(TimelineEntry.objects.values_list("pk", flat=True))
    act(world, ready)
    beside = ("message", "stopped", "duty_called")
    written = [entry for entry in TimelineEntry.objects.exclude(pk__in=known) if entry.kind not in beside]
    if kind in beside:
        written = list(TimelineEntry.objects.exclude(pk__in=known).filter(kind=kind))
    assert [entry.kind for entry in written] == kind.split()


@pytest.mark.parametrize("name", ACTIONS)
def test_a_fault_leaves_nothing_behind(world: World, name: str, broken: Callable[[], None]) -> None:
    before, act, _kind = ACTIONS[name]
    ready = before(world)
    then = everything()
    broken()
    with pytest.raises(Broken), transaction.atomic():
        act(world, ready)
    assert everything() == then


# What a family or a program may do for itself; everything else is for staff.
THEIR_OWN = {
    "open",
    "accept",
    "waitlist",
    "expect opening",
    "reject",
    "withdraw",
    "sign",
    "revoke",
    "stop",
    "reach",
    "a word",
    "nobody called",
    "a question",
    "start",
    "complete",
    "fail",
    "propose times",
    "choose time",
    "no time fits",
    "first visit",
    "undo",
    "end links",
    "ask for erasure",
}


@pytest.mark.parametrize("name", [name for name in ACTIONS if name not in THEIR_OWN and "answer" not in name])
def test_what_is_for_staff_is_refused_to_a_program(world: World, name: str) -> None:
    before, act, _kind = ACTIONS[name]
    ready = before(world)
    then = everything()
    stranger = Actor(Role.PROGRAM, world.nora.user, "A program")
    world.nora = world.sam = stranger
    with pytest.raises(Refused), transaction.atomic():
        act(world, ready)
    assert everything() == then


def test_a_plan_counts_the_familys_own_days_and_wall_time(world: World) -> None:
    FollowUpPlan.objects.get(name="Close watch").steps.all().delete()
    plan = FollowUpPlan.objects.get(name="Close watch")
    plan.steps.create(offset_days=4, local_time=time(10), kind="message")
    plan.steps.create(offset_days=5, local_time=time(2, 30), kind="message")
    before, after = followups.set_plan(world.pk, plan, actor=world.nora, now=world.now)  # 4 March 2026
    assert before.due_at.isoformat() == "2026-03-08T17:00:00+00:00"  # the clocks went forward that night
    assert after.due_at.isoformat() == "2026-03-09T09:30:00+00:00"
    assert (before.local_date.isoformat(), before.local_time.isoformat()) == ("2026-03-08", "10:00:00")
