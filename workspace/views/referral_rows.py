"""What hangs on a referral and has a form of its own on its page: requests to programs, tasks and check-ins."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from guides.models import LevelOfCare
from referral.actions.common import rests, wakes
from referral.actions.followups import days_after_hold
from referral.hours import Work, late_before
from referral.lifecycle import PLACEMENT, PlacementStatus, Role, moves_from
from referral.models import FollowUp, Placement, Referral, Task
from referral.models.conditions import GRACE
from workspace.attention import Due, due
from workspace.call_forms import CrisisForm
from workspace.filters import levels_by_key
from workspace.forms import AnswerForm, ReasonForm, ReplyForm, ResolveForm, StartForm
from workspace.moving_forms import OpeningForm
from workspace.views.referral_forms import Bound, row_form


@dataclass(frozen=True)
class Reasoned:
    """A button on a request to a program that asks why, with a form of its own."""

    move: str
    words: str
    form: ReasonForm


def _reasoned(placement: Placement, can: Collection[str], bound: Bound) -> list[Reasoned]:
    cancel = _("Cancel request") if "reject" in can else _("Cancel accepted request")
    words = {
        "reject": _("They decline"),
        "hold": _("Put on hold"),
        "fail": _("Did not work out"),
        "cancel": cancel,
    }
    found = []
    for move, label in words.items():
        if move in can:
            name = f"placement-{placement.pk}-{move}"
            sent = bound.get(name)
            form = sent if isinstance(sent, ReasonForm) else ReasonForm(auto_id=f"{name}_%s")
            found.append(Reasoned(move, label, form))
    return found


TaskRow = tuple[Task, Due | None, ResolveForm, ReplyForm | None]


@dataclass(frozen=True)
class Rows:
    """What hangs on the referral and has a form: (row, what the page says of it, its form)."""

    placements: list[tuple[Placement, list[str], list[Reasoned], StartForm | None, OpeningForm | None]]
    tasks: list[TaskRow]
    followups: list[tuple[FollowUp, date | None, AnswerForm]]  # with the day to which it moves after a hold


def rows_of(
    referral: Referral,
    placements: Iterable[Placement],
    followups: Iterable[FollowUp],
    *,
    role: Role,
    bound: Bound,
    now: datetime,
    work: Work,
) -> Rows:
    tasks = referral.tasks.open().select_related("acknowledged_by")
    late, moved = late_before(now, GRACE, work), days_after_hold(referral, now=now)
    return Rows(
        placements=[
            (
                each,
                can,
                _reasoned(each, can, bound),
                _start_form(each, can),
                _opening_form(each, referral, bound),
            )
            for each in placements
            for can in [moves_from(PLACEMENT, each.status, role=role)]
        ],
        tasks=[
            (
                each,
                due(_shown_at(each, referral, now), now, None if each.urgent else late),
                row_form(CrisisForm if each.is_crisis else ResolveForm, "task", each.pk, bound),
                row_form(ReplyForm, "task", each.pk, bound) if each.may_answer else None,
            )
            for each in tasks
        ],
        followups=[(each, moved.get(each.pk), row_form(AnswerForm, "followup", each.pk, bound)) for each in followups],
    )


def _shown_at(task: Task, referral: Referral, now: datetime) -> datetime:
    """When a task is to be done: what rests or was snoozed, not before that ends."""
    if referral.snoozed_until and referral.snoozed_until > now and not wakes(task, referral):
        return max(task.due_at, referral.snoozed_until)
    return max(task.due_at, referral.hold_until) if referral.hold_until and rests(task, referral, now) else task.due_at


def _start_form(placement: Placement, can: Collection[str]) -> StartForm | None:
    """The level of admission, where a program that may take the person in offers more than one."""
    rows = LevelOfCare.objects.filter(offers__program=placement.program_id)
    keys = set(rows.values_list("pk", flat=True)) if "start" in can else set()
    offered = [level for pk, level in levels_by_key().items() if pk in keys]
    return StartForm(auto_id=f"placement-{placement.pk}-%s", offered=offered) if len(offered) > 1 else None


def _opening_form(placement: Placement, referral: Referral, bound: Bound) -> OpeningForm | None:
    """The day of an opening, while the person is on the waitlist."""
    if placement.status != PlacementStatus.WAITLISTED or not referral.is_open:
        return None
    form = row_form(OpeningForm, "placement", placement.pk, bound)
    if not form.is_bound:
        form.initial = {"expected_on": placement.expected_on, **form.initial}
    return form
