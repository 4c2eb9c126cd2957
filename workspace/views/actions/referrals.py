"""The buttons on a referral itself: who has it, what was said, what is needed, whether it waits or ends."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.calendar import utc_of
from privacy.actions import record_accesses
from referral.actions import closing, contacts, needs, other_people, referrals
from referral.actions.effects import Effect
from referral.coverage import Category
from referral.duplicates import others_reached_at
from referral.hours import due_on
from referral.models import Contact, OtherPerson, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.program_rows import shared_with
from referral.timeline import for_staff
from workspace.call_forms import CallForm, CallInCrisis
from workspace.correct_form import CorrectForm
from workspace.forms import AssignForm, CloseForm, GiveBackForm, HandOverForm, HoldForm, NoteForm
from workspace.need_forms import NeedForm
from workspace.person_forms import PersonForm, PersonKeyForm
from workspace.views.actions.base import By, ConfirmedAction, Data, StaffAction
from workspace.views.guard import worker

MANY_TRIES = 3  # calls in a row that reached nobody, from which on another way is offered


def _has_call(done: str | Promise, *, has: bool) -> str | Promise:
    """What is said after a button by which somebody has the call for help, too."""
    said = gettext("You have the call for help now. It stays open until you say what happened.")
    return f"{done} {said}" if has else done


def _reported(done: str | Promise, line: TimelineEntry, data: Data) -> str | Promise:
    """What is said after a line in which staff reported danger: who was called."""
    if data.get("danger") != "yes":
        return done
    called = line.referral.timeline.filter(kind=TimelineEntry.Kind.DUTY_CALLED, at=line.at).last()
    return f"{done} {for_staff(called)}" if called else done


class Take(StaffAction[Referral]):
    name = "take"
    message = _("Assigned to you.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.take(key, **by)

    def success_message(self, result: Referral) -> str | Promise:
        return _has_call(self.message, has=result.tasks.crises().filter(acknowledged_by=result.assigned_to).exists())


class Assign(StaffAction[Referral]):
    name = "assign"
    form_class = AssignForm
    message = _("Assigned.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.assign(key, data["to"], **by)


class HandOver(StaffAction[Referral]):
    name = "hand_over"
    form_class = HandOverForm
    message = _("Handed over.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.hand_over(key, data["to"], data["note"], **by)


class GiveBack(StaffAction[Referral]):
    name = "give_back"
    form_class = GiveBackForm
    message = _("Given back. Anyone can take it from the queue.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.give_back(key, data["note"], **by)


class AddNote(StaffAction[TimelineEntry]):
    name = "note"
    form_class = NoteForm
    message = _("Note saved.")

    def act(self, key: int, data: Data, by: By) -> TimelineEntry:
        return referrals.add_note(
            key, data["note"], danger=data.get("danger") == "yes", actor=by["actor"], now=by["now"]
        )

    def success_message(self, result: TimelineEntry) -> str | Promise:
        return _reported(self.message, result, self.form.cleaned_data)


class LogCall(StaffAction[TimelineEntry]):
    name = "call"
    form_class = CallForm
    message = _("Call logged.")

    def post(self, request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
        if Task.objects.crises().filter(referral=pk).exists():
            self.form_class = CallInCrisis  # type: ignore[misc]
        return super().post(request, pk, row)

    def act(self, key: int, data: Data, by: By) -> TimelineEntry:
        at: datetime | None = data["next_try"]
        if data["own_try"]:
            at = utc_of(data["own_try"], Contact.objects.values_list("zone", flat=True).get(referrals=key))
        rings = data.get("danger") == "yes"
        return referrals.log_call(
            key, data["outcome"], data["text"], done=data["done"], next_try=at, danger=rings,
            help_over=data.get("help_over") == "yes", person=data["person"], **by,
        )  # fmt: skip

    def success_message(self, result: TimelineEntry) -> str | Promise:
        said = _has_call(
            _reported(self.message, result, self.form.cleaned_data), has=bool(result.params.get("has_call"))
        )
        tries = referrals.tries_in_vain(result.referral)
        if tries < MANY_TRIES or not result.referral.contact.channels():
            return said
        vain = gettext("That was call number %(count)d in a row that reached no one.") % {"count": tries}
        page = reverse("workspace:write", args=[result.referral_id])
        return format_html('{} {} <a href="{}">{}</a>', said, vain, page, gettext("Write to them instead"))


class SavePerson(StaffAction[OtherPerson]):
    """Somebody else to call for the family: a new one, or another word on one who is known."""

    name = "person"
    form_class = PersonForm
    message = _("Saved.")

    def act(self, key: int, data: Data, by: By) -> OtherPerson:
        form = cast(PersonForm, self.form)
        return other_people.save_person(key, form.facts, key=data["person"], **by)


class RemovePerson(StaffAction[Referral]):
    name = "person-removed"
    form_class = PersonKeyForm
    message = _("Removed. The timeline keeps the name and the phone.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return other_people.remove_person(key, data["person"], **by)


class Hold(StaffAction[Referral]):
    name = "hold"
    form_class = HoldForm
    message = _("On hold. It comes back to the queue on that day.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        until = due_on(data["until"], by["now"], working_time())
        ends = data["requests"] == "end"
        return referrals.hold_referral(key, until=until, reason=data["reason"], end_requests=ends, **by)


class Resume(StaffAction[Referral]):
    name = "resume"
    message = _("Active again.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.resume_referral(key, **by)


class Reconsider(StaffAction[Referral]):
    name = "reconsider"
    message = _("Reopened for another program.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.reconsider(key, **by)


class ChangeNeed(StaffAction[Referral]):
    name = "need"
    form_class = NeedForm
    message = _("Need saved.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        names = ("concern", "low", "high", "urgency", "reason", "age", "gender", "payment")
        return needs.change_need(key, needs.Need(**{name: data[name] for name in names}), **by)


class Correct(StaffAction[Referral]):
    """Who they are, and how they are reached."""

    name = "correct"
    form_class = CorrectForm

    def opened(self, pk: int) -> Referral:
        referral, typed = super().opened(pk), self.request.POST
        user, phone, email = worker(self.request), typed.get("phone", ""), typed.get("email", "")
        others = others_reached_at(referral, user, phone=phone, email=email)
        cast(CorrectForm, self.form).ask_whether_shared(others)
        keys = [each.referral.key for each in others]
        record_accesses(
            actor=user, subjects=keys, action="searched", purpose="correct, same family?", now=timezone.now()
        )
        return referral

    def act(self, key: int, data: Data, by: By) -> Referral:
        form = cast(CorrectForm, self.form)
        right = bool(data["right"])
        return contacts.change_contact(
            key, form.reach(), people=form.people(), source="staff", number_right=right, **by
        )

    def success_message(self, result: Referral) -> str:
        asked = result.placements.live().values_list("program", flat=True)
        shared = [each for each in shared_with(asked, timezone.now()) if each.placement.referral_id == result.pk]
        seen = [str(each.placement.program) for each in shared if Category.CONTACT in each.may]
        if seen:
            return gettext("Corrected. On their page they see it now: %(programs)s.") % {"programs": ", ".join(seen)}
        if shared:
            return gettext("Corrected. No program sees name, phone or email: none has accepted yet.")
        return gettext("Corrected.")

    def against(self, referral: Referral) -> list[str]:
        return cast(CorrectForm, self.form).against(referral)


class Close(ConfirmedAction[Referral]):
    """Shown first only where requests, or care, end with it."""

    name = "close"
    form_class = CloseForm
    message = _("Closed. For 10 minutes “Reopen” brings everything back; programs are told after that.")

    def preview(self, key: int, data: Data, by: By) -> Effect | None:
        return closing.preview_close(key, data["closing"], by["now"])

    def act(self, key: int, data: Data, by: By) -> Referral:
        shown = data["shown"] or None
        return closing.close_referral(key, closing=data["closing"], reason=data["reason"], shown=shown, **by)
