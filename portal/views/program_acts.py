"""What a program can do with one request, by the name in the address: its form, when it fits, and the action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.forms import desk
from portal.forms.answering import QuestionForm
from referral.actions import appointments, placements, replies, undoing, waitlists
from referral.actions.common import Actor
from referral.lifecycle import PLACEMENT, PlacementStatus, Role, moves_from
from referral.models import Placement
from ui.forms import Form

Run = Callable[[Placement, Any, Actor, datetime], object]


@dataclass(frozen=True)
class Act:
    """`move` is the move of the table it stands for, if it stands for one; `done` is said afterwards."""

    form: type[Form] | None
    run: Run
    done: str | Promise
    move: str = ""
    when: Callable[[Placement], bool] = lambda _placement: True
    paced: bool = False

    def fits(self, placement: Placement, now: datetime) -> bool:
        """Whether the request stands so that this can be done to it."""
        if self.move == "undo":
            return bool(placement.undo(now))
        if self.move:
            return self.move in moves_from(PLACEMENT, placement.status, role=Role.PROGRAM) and self.when(placement)
        return placement.is_live and self.when(placement)


def _accepted(placement: Placement) -> bool:
    return placement.status == PlacementStatus.ACCEPTED


def _before_the_visit(placement: Placement) -> bool:
    """Accepted, and nobody said that they came: then there is no first visit to propose times for."""
    if not _accepted(placement):
        return False
    visits = [line for line in undoing.steps_of(placement) if line.kind in undoing.AT_THE_VISIT]
    return not (visits and visits[-1].params.get("outcome") == "came")


def _waitlisted(placement: Placement) -> bool:
    return placement.status == PlacementStatus.WAITLISTED


def _discharge(placement: Placement, form: desk.DischargeForm, actor: Actor, now: datetime) -> object:
    if form.cleaned_data["reason"] == "completed":
        return placements.complete_placement(placement.pk, actor=actor, now=now, text=form.cleaned_data["more"])
    return placements.fail_placement(placement.pk, form.kept(), actor=actor, now=now)


ACTS: dict[str, Act] = {
    "undo": Act(
        None,
        lambda placement, _form, actor, now: undoing.undo_last(placement.pk, actor=actor, now=now),
        _("Your last answer is taken back."),
        move="undo",
    ),
    "accept": Act(
        desk.AcceptForm,
        lambda placement, form, actor, now: placements.accept_placement(
            placement.pk, actor=actor, now=now, text=form.cleaned_data["more"]
        ),
        _("Accepted. You see who to contact below."),
        move="accept",
    ),
    "waitlist": Act(
        desk.WaitlistForm,
        lambda placement, form, actor, now: placements.waitlist_placement(
            placement.pk,
            actor=actor,
            now=now,
            text=form.cleaned_data["more"],
            expected_on=form.cleaned_data["expected_on"],
        ),
        _("On your waitlist. You can accept as soon as there is an opening."),
        move="waitlist",
    ),
    "opening": Act(
        desk.OpeningForm,
        lambda placement, form, actor, now: waitlists.expect_opening(
            placement.pk, form.cleaned_data["expected_on"], actor=actor, now=now
        ),
        _("Saved. The navigator and the family see the new day."),
        when=_waitlisted,
    ),
    "decline": Act(
        desk.DeclineForm,
        lambda placement, form, actor, now: placements.reject_placement(
            placement.pk, form.kept(), actor=actor, now=now
        ),
        _("Declined. The navigator has your answer."),
        move="reject",
    ),
    "ask": Act(
        QuestionForm,
        lambda placement, form, actor, now: replies.hear_program(
            placement.pk, form.cleaned_data["word"], actor=actor, now=now
        ),
        _("The navigator has your question. The answer will stand on this page."),
        paced=True,
    ),
    "times": Act(
        desk.TimesForm,
        lambda placement, form, actor, now: appointments.propose_times(
            placement.pk, form.times, form.zone, actor=actor, now=now
        ),
        _("The family can choose one of these times now. We email you when it has."),
        when=_before_the_visit,
    ),
    "visit": Act(
        desk.VisitForm,
        lambda placement, form, actor, now: appointments.report_visit(
            placement.pk, form.cleaned_data["outcome"], actor=actor, now=now, text=form.cleaned_data["more"],
            early=form.cleaned_data["early"],
        ),
        _("Saved. The navigator sees it."),
        when=_accepted,
    ),
    "admit": Act(
        desk.AdmitForm,
        lambda placement, form, actor, now: placements.start_placement(
            placement.pk, form.cleaned_data["level"], actor=actor, now=now
        ),
        _("Saved: care has started."),
        move="start",
    ),
    "release": Act(
        desk.ReleaseForm,
        lambda placement, form, actor, now: placements.fail_placement(
            placement.pk, form.kept(), actor=actor, now=now
        ),
        _("Saved. The navigator will look for another program."),
        move="fail",
        when=_accepted,
    ),
    "discharge": Act(desk.DischargeForm, _discharge, _("Saved: care has ended."), move="complete"),
}  # fmt: skip
