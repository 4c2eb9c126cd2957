"""The buttons on what is asked of programs: send a request, and everything that may become of it."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from referral.actions import placements, sending, waitlists
from referral.actions.common import Mismatch, Stale, has_done
from referral.actions.effects import Changed, Effect
from referral.models import Placement, Referral, Task
from referral.refusals import sentence
from workspace.forms import CancelForm, ReasonForm, SendForm, StartForm
from workspace.moving_forms import OpeningForm
from workspace.views.actions.base import By, ConfirmedAction, Data, StaffAction
from workspace.views.ask_programs import asking
from workspace.views.confirming import confirm_send
from workspace.views.guard import visible


class Send(StaffAction[list[Placement]]):
    """On the referral: the placements are made by it. What each program sees is shown first."""

    name = "send"
    form_class = SendForm

    def show(self, referral: Referral, *, status: int) -> HttpResponse:
        return asking(self.request, referral, cast(SendForm, self.form), status=status)

    def answer(self, referral: Referral, data: Data, by: By) -> HttpResponse:
        confirmed = bool(data["shown"])
        if not confirmed and not has_done(referral, by["actor"]):
            if by["seen"] != referral.version:
                raise Stale
            effects = self._preview(data, by)
            return confirm_send(self.request, referral, cast(SendForm, self.form), effects, changed=False, status=200)
        try:
            return super().answer(referral, data, by)
        except (Stale, Changed, Mismatch) as error:
            effects = self._preview(data, by)
            if isinstance(error, Mismatch):
                self.form.add_error(None, sentence(error))
            referral = visible(self.request, referral.pk)
            changed = not isinstance(error, Mismatch)
            form = cast(SendForm, self.form)
            return confirm_send(self.request, referral, form, effects, changed=changed, status=409)

    def _preview(self, data: Data, by: By) -> list[Effect]:
        return sending.preview_sends(self.key, data["program"], data["categories"], now=by["now"])

    def act(self, key: int, data: Data, by: By) -> list[Placement]:
        form = cast(SendForm, self.form)
        reasons = {each.pk: form.reason(each) for each in data["program"]}
        return sending.send_to_programs(
            key, data["program"], data["categories"], shown=data["shown"], reasons=reasons, **by
        )

    def success_message(self, result: list[Placement]) -> str | Promise:
        to_call = [each.program for each in result if each.tasks.filter(kind=Task.Kind.CALL_PROGRAM).exists()]
        if not to_call:
            return ngettext(
                "Request sent. If there is no answer in 24 hours, call the program.",
                "Requests sent. If there is no answer in 24 hours, call the programs.",
                len(result),
            )
        if len(to_call) > 1 or len(result) > 1:
            names = ", ".join(each.name for each in to_call)
            return _("Requests made. These get no email, so there is a task to call them: %(names)s") % {"names": names}
        if to_call[0].referral_email:
            return _("This program gets no email from us. There is a task to call it.")
        return _("This program has no email. There is a task to call it.")


class Accept(ConfirmedAction[Placement]):
    name = "accept"
    model = Placement
    message = _("Accepted.")

    def preview(self, key: int, data: Data, by: By) -> Effect:
        return placements.preview_accept(key, actor=by["actor"], now=by["now"])

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.accept_placement(key, shown=data["shown"], **by)


class Waitlist(StaffAction[Placement]):
    name = "waitlist"
    model = Placement
    message = _("On the waitlist.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.waitlist_placement(key, **by)


class Opening(StaffAction[Placement]):
    """Staff heard of another day."""

    name = "opening"
    model = Placement
    form_class = OpeningForm
    message = _("Saved. The family’s page shows the new day.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return waitlists.expect_opening(key, data["expected_on"], **by)


class Keep(StaffAction[Placement]):
    """A place on a waitlist that ended as another program accepted."""

    name = "keep"
    model = Placement
    message = _("Kept. The program was not told that it had ended.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return waitlists.keep_place(key, **by)


class Reject(StaffAction[Placement]):
    name = "reject"
    model = Placement
    form_class = ReasonForm
    message = _("Declined. Choose the next program.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.reject_placement(key, data["reason"], **by)


class Start(StaffAction[Placement]):
    name = "start"
    model = Placement
    form_class = StartForm
    message = _("Care has started.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.start_placement(key, data["level"], **by)


class Hold(StaffAction[Placement]):
    name = "hold"
    model = Placement
    form_class = ReasonForm
    message = _("On hold.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.hold_placement(key, data["reason"], **by)


class Resume(StaffAction[Placement]):
    name = "resume"
    model = Placement
    message = _("Resumed.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.resume_placement(key, **by)


class Complete(StaffAction[Placement]):
    name = "complete"
    model = Placement
    message = _("Completed.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.complete_placement(key, **by)


class Fail(StaffAction[Placement]):
    name = "fail"
    model = Placement
    form_class = ReasonForm
    message = _("Saved. The referral is open for another program.")

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.fail_placement(key, data["reason"], **by)


class Cancel(ConfirmedAction[Placement]):
    """Shown first only where the program has given a place: before that it is no more than a question."""

    name = "cancel"
    model = Placement
    form_class = CancelForm
    message = _("Request canceled. The program’s link shows nothing of it any more.")

    def preview(self, key: int, data: Data, by: By) -> Effect | None:
        return placements.preview_cancel(key, actor=by["actor"], now=by["now"])

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.cancel_placement(key, data["reason"], shown=data["shown"] or None, **by)
