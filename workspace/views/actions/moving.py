"""The buttons by which a family moves on."""

from __future__ import annotations

from abc import ABC
from typing import TypeVar, cast

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from referral.actions import followups, moving
from referral.actions.moving import InOurArea
from referral.models import FollowUp, Placement, Referral
from workspace.forms import PlanForm
from workspace.moving_forms import EndForm, MovedForm, ReopenForm, StepForm
from workspace.views.actions.base import By, Data, StaffAction
from workspace.views.guard import visible
from workspace.views.moving import next_page

R = TypeVar("R")


class MovingAction(StaffAction[R], ABC):
    """A button of the page on which a family moves on: what is refused is said there."""

    def show(self, referral: Referral, *, status: int) -> HttpResponse:
        return next_page(self.request, referral, status=status, bound={self.form_name: self.form})


class Step(MovingAction[Referral]):
    name = "step"
    form_class = StepForm
    message = _("The next step is open.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        self.after = moving.step_referral(key, cast(StepForm, self.form).next_step(), **by)
        return self.after

    def answer(self, referral: Referral, data: Data, by: By) -> HttpResponse:
        answered = super().answer(referral, data, by)
        after = referral.followed_by.order_by("-opened_at").first()
        return answered if after is None else redirect("workspace:referral", after.pk)


class AfterCare(MovingAction[list[FollowUp]]):
    name = "after_care"
    form_class = PlanForm
    message = _("Follow-up planned.")

    def act(self, key: int, data: Data, by: By) -> list[FollowUp]:
        return followups.set_plan(key, data["plan"], **by)


class Reopen(MovingAction[Referral]):
    name = "reopen"
    form_class = ReopenForm
    message = _("Reopened.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return moving.reopen_referral(key, data["reason"], **by)


class ExpectEnd(MovingAction[Placement]):
    name = "ends"
    form_class = EndForm
    model = Placement
    message = _("Saved.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return moving.expect_end(key, data["ends_on"], **by)


class MovedAway(MovingAction[Referral]):
    name = "moved"
    form_class = MovedForm
    message = _("Closed. The family’s page says who can help there.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        contact = visible(self.request, key).contact
        return moving.hand_off(key, cast(MovedForm, self.form).reach(contact), data["reason"], **by)

    def answer(self, referral: Referral, data: Data, by: By) -> HttpResponse:
        try:
            return super().answer(referral, data, by)
        except InOurArea:
            self.form.add_error("zip_code", _("This ZIP code is in our area. Use “Correct this” to change it."))
            return self.show(referral, status=422)
