"""The buttons on what is asked of programs: send a request, and everything that may become of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.actions import placements
from referral.actions.effects import Effect
from referral.models import Placement, Task
from workspace.forms import CancelForm, ReasonForm, SendForm, StartForm
from workspace.views.actions.base import By, ConfirmedAction, Data, StaffAction


class Send(ConfirmedAction[Placement]):
    """On the referral: the placement is made by it."""

    name = "send"
    form_class = SendForm

    def preview(self, key: int, data: Data, by: By) -> Effect:
        return placements.preview_send(key, data["program"], data["categories"], now=by["now"])

    def act(self, key: int, data: Data, by: By) -> Placement:
        return placements.send_to_program(
            key, data["program"], data["categories"], shown=data["shown"], reason=data["reason"], **by
        )

    def success_message(self, result: Placement) -> str | Promise:
        if not result.tasks.filter(kind=Task.Kind.CALL_PROGRAM).exists():
            return _("Request sent. If there is no answer in 24 hours, call the program.")
        if result.program.referral_email:
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
