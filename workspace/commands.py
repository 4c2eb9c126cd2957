"""The buttons of a referral's page: for each, the form that it sends and the action that it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.actions import check_ins, consents, duty, followups, placements, referrals, tasks
from referral.actions.common import Actor
from referral.actions.effects import Effect
from referral.hours import due_on
from workspace.forms import (
    AssignForm,
    CallForm,
    CancelForm,
    CloseForm,
    GiveBackForm,
    HandOverForm,
    HoldForm,
    NeedForm,
    NoteForm,
    NothingForm,
    PlanForm,
    ReasonForm,
    ResolveForm,
    SaidForm,
    SendForm,
    ShownForm,
    TaskForm,
)

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """A form, what it calls with (key, cleaned values, actor, now), and what is said when it is done.

    `preview` is called in the same way first: what it answers is shown, and must be confirmed as it was shown.
    """

    form: type[Form]
    do: Callable[[int, Data, Actor, datetime], Any]
    done: str | Promise | Callable[[Any], str | Promise]
    preview: Callable[[int, Data, Actor, datetime], Effect | None] | None = None

    def said(self, result: Any) -> str:
        """What is said of `result`; None is that of a second press, whose work the first one did."""
        if not callable(self.done):
            return str(self.done)
        return str(_("Done.") if result is None else self.done(result))


def _act(action: Callable[..., object]) -> Callable[[int, Data, Actor, datetime], object]:
    """Call the action with no more than the version that the page showed."""
    return lambda pk, data, actor, now: action(pk, actor=actor, now=now, seen=data["version"])


def _with_reason(action: Callable[..., object]) -> Callable[[int, Data, Actor, datetime], object]:
    return lambda pk, data, actor, now: action(pk, data["reason"], actor=actor, now=now, seen=data["version"])


def _on(day: date, now: datetime) -> datetime:
    return due_on(day, now, settings.TIME_ZONE)


def _need(data: Data) -> referrals.Need:
    names = ("concern", "low", "high", "urgency", "reason", "age", "gender", "payment")
    return referrals.Need(**{name: data[name] for name in names})


# On a referral.
DEEDS: Mapping[str, Deed] = {
    "take": Deed(NothingForm, _act(referrals.take), _("Assigned to you.")),
    "assign": Deed(
        AssignForm,
        lambda pk, data, actor, now: referrals.assign(pk, data["to"], actor=actor, now=now, seen=data["version"]),
        _("Assigned."),
    ),
    "hand_over": Deed(
        HandOverForm,
        lambda pk, data, actor, now: referrals.hand_over(
            pk, data["to"], data["note"], actor=actor, now=now, seen=data["version"]
        ),
        _("Handed over."),
    ),
    "give_back": Deed(
        GiveBackForm,
        lambda pk, data, actor, now: referrals.give_back(pk, data["note"], actor=actor, now=now, seen=data["version"]),
        _("Given back. Anyone can take it from the queue."),
    ),
    "note": Deed(
        NoteForm,
        lambda pk, data, actor, now: referrals.add_note(pk, data["note"], actor=actor, now=now),
        _("Note saved."),
    ),
    "call": Deed(
        CallForm,
        lambda pk, data, actor, now: referrals.log_call(
            pk, data["outcome"], data["text"], done=data["done"], actor=actor, now=now, seen=data["version"]
        ),
        _("Call logged."),
    ),
    "hold": Deed(
        HoldForm,
        lambda pk, data, actor, now: referrals.hold_referral(
            pk, until=_on(data["until"], now), reason=data["reason"], actor=actor, now=now, seen=data["version"]
        ),
        _("On hold. It comes back to the queue on that day."),
    ),
    "resume": Deed(NothingForm, _act(referrals.resume_referral), _("Active again.")),
    "reconsider": Deed(NothingForm, _act(referrals.reconsider), _("Reopened for another program.")),
    "need": Deed(
        NeedForm,
        lambda pk, data, actor, now: referrals.change_need(pk, _need(data), actor=actor, now=now, seen=data["version"]),
        _("Need saved."),
    ),
    "close": Deed(
        CloseForm,
        lambda pk, data, actor, now: referrals.close_referral(
            pk, closing=data["closing"], reason=data["reason"], actor=actor, now=now, seen=data["version"]
        ),
        _("Closed."),
    ),
    "send": Deed(
        SendForm,
        lambda pk, data, actor, now: placements.send_to_program(
            pk,
            data["program"],
            data["categories"],
            actor=actor,
            now=now,
            seen=data["version"],
            shown=data["shown"],
            reason=data["reason"],
        ),
        lambda placement: (
            _("Request sent. If there is no answer in 24 hours, call the program.")
            if placement.program.referral_email
            else _("This program has no email. There is a task to call it.")
        ),
        lambda pk, data, _actor, now: placements.preview_send(pk, data["program"], data["categories"], now=now),
    ),
    "plan": Deed(
        PlanForm,
        lambda pk, data, actor, now: followups.set_plan(pk, data["plan"], actor=actor, now=now, seen=data["version"]),
        _("Follow-up planned."),
    ),
    "check-in": Deed(
        NothingForm,
        _act(followups.check_in_now),
        lambda followup: (
            _("A check-in is on its way, as soon as the hour allows.")
            if followup.channel
            else _("No message may be sent to this family. A check-in by phone is planned.")
        ),
    ),
    "ask-consent": Deed(
        NothingForm,
        _act(consents.ask_for_consent),
        lambda channel: (
            _("The family is asked. There is a task to see to it.")
            if channel
            else _("No message may be sent to this family. There is a task to ask them yourself.")
        ),
    ),
    "task": Deed(
        TaskForm,
        lambda pk, data, actor, now: tasks.add_task(
            pk,
            kind=data["kind"],
            text=data["text"],
            due_at=_on(data["due"], now),
            urgent=data["urgent"],
            actor=actor,
            now=now,
        ),
        _("Task added."),
    ),
}
FORMS: Mapping[str, type[Form]] = {name: deed.form for name, deed in DEEDS.items() if deed.form is not NothingForm}

# On one of its rows; the key is the row's.
PLACEMENT_DEEDS: Mapping[str, Deed] = {
    "accept": Deed(
        ShownForm,
        lambda pk, data, actor, now: placements.accept_placement(
            pk, actor=actor, now=now, seen=data["version"], shown=data["shown"]
        ),
        _("Accepted."),
        lambda pk, _data, actor, now: placements.preview_accept(pk, actor=actor, now=now),
    ),
    "waitlist": Deed(NothingForm, _act(placements.waitlist_placement), _("On the waitlist.")),
    "reject": Deed(ReasonForm, _with_reason(placements.reject_placement), _("Declined. Choose the next program.")),
    "start": Deed(NothingForm, _act(placements.start_placement), _("Care has started.")),
    "hold": Deed(ReasonForm, _with_reason(placements.hold_placement), _("On hold.")),
    "resume": Deed(NothingForm, _act(placements.resume_placement), _("Resumed.")),
    "complete": Deed(NothingForm, _act(placements.complete_placement), _("Completed.")),
    "fail": Deed(
        ReasonForm, _with_reason(placements.fail_placement), _("Saved. The referral is open for another program.")
    ),
    "cancel": Deed(
        CancelForm,
        lambda pk, data, actor, now: placements.cancel_placement(
            pk, data["reason"], actor=actor, now=now, seen=data["version"], shown=data["shown"] or None
        ),
        _("Request canceled. The program’s link no longer works."),
        lambda pk, _data, actor, now: placements.preview_cancel(pk, actor=actor, now=now),
    ),
}
FOLLOWUP_DEEDS: Mapping[str, Deed] = {
    "said": Deed(
        SaidForm,
        lambda pk, data, actor, now: check_ins.answer_check_in(
            pk, data["answer"], actor=actor, now=now, text=data["text"], seen=data["version"]
        ),
        _("Saved."),
    ),
}
TASK_DEEDS: Mapping[str, Deed] = {
    "done": Deed(NothingForm, _act(tasks.finish_task), _("Done.")),
    "have": Deed(
        NothingForm,
        lambda pk, _data, actor, now: duty.acknowledge(pk, actor=actor, now=now),
        lambda task: _("%(name)s has it.") % {"name": task.had_by},
    ),
    "resolve": Deed(
        ResolveForm,
        lambda pk, data, actor, now: duty.resolve(pk, data["happened"], actor=actor, now=now, seen=data["version"]),
        _("Saved. What happened is on the timeline."),
    ),
}
CONSENT_DEEDS: Mapping[str, Deed] = {
    "revoke": Deed(
        ShownForm,
        lambda pk, data, actor, now: consents.revoke_consent(
            pk, actor=actor, now=now, seen=data["version"], shown=data["shown"]
        ),
        _("Consent withdrawn. Nothing more is shared under it."),
        lambda pk, _data, actor, now: consents.preview_revoke(pk, actor=actor, now=now),
    ),
}
