"""The buttons on follow-up: start a plan, check in now, write down what the family answered on the phone."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.actions import check_ins, followups, stops
from referral.models import FollowUp, Referral
from workspace.forms import AnswerForm, ListenForm, PlanForm
from workspace.views.actions.base import By, Data, StaffAction


class SetPlan(StaffAction[list[FollowUp]]):
    name = "plan"
    form_class = PlanForm
    message = _("Follow-up planned.")

    def act(self, key: int, data: Data, by: By) -> list[FollowUp]:
        return followups.set_plan(key, data["plan"], **by)


class CheckIn(StaffAction[FollowUp]):
    """On the referral: the follow-up is made by it."""

    name = "check-in"

    def act(self, key: int, data: Data, by: By) -> FollowUp:
        return followups.check_in_now(key, **by)

    def success_message(self, result: FollowUp) -> str | Promise:
        if result.channel:
            return _("A check-in is on its way, as soon as the hour allows.")
        return _("No message may be sent to this family. A check-in by phone is planned.")


class Listen(StaffAction[Referral]):
    """After a stop: the family told us that it wants messages again."""

    name = "listen"
    form_class = ListenForm
    message = _("Messages start again.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return stops.start_messages(key, *data["channel"], words=data["words"], safe=data["safe"], **by)

    def success_message(self, result: Referral) -> str | Promise:
        if result.followups.pending().exists():
            return self.message
        hint = gettext("No check-in is planned: start a plan under “Follow-up”, if they want one.")
        return f"{self.message} {hint}"


class RecordAnswer(StaffAction[FollowUp]):
    name = "answer"
    model = FollowUp
    form_class = AnswerForm
    message = _("Saved.")

    def act(self, key: int, data: Data, by: By) -> FollowUp:
        return check_ins.answer_check_in(key, data["answer"], text=data["text"], **by)
