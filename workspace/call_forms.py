"""What staff fill in after a call: how it went, what it has done, and when it is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from referral.models import TimelineEntry
from ui.forms import one_of, words
from workspace.danger_forms import AsksOfDanger, asks_whom
from workspace.forms import KEY_DIGITS, ResolveForm, VersionForm

LOCAL = "%Y-%m-%dT%H:%M"  # as a browser's own field of day and time writes it


class CallsOnTheList(forms.MultipleChoiceField):
    """The numbers of the tasks that a call has done. The page offers what is open; the action knows what is."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return value.isdecimal() and len(value) < KEY_DIGITS

    def clean(self, value: Any) -> list[int]:
        return [int(each) for each in super().clean(value)]


SOON = {"30": timedelta(minutes=30), "60": timedelta(hours=1)}
"""How soon a call may be tried again, from when it is logged."""


def as_time(typed: str) -> datetime | None:
    """The day and time that were typed, or None for what is none, also where it looks like one."""
    try:
        return parse_datetime(typed)
    except ValueError:
        return None


class NextTry(forms.ChoiceField):
    """When to call again, as an instant. The page offers the family's hours, or to whom it cannot wait, so soon; the
    action knows who may be called when."""

    def valid_value(self, value: str) -> bool:
        return value in SOON or ((at := as_time(value)) is not None and timezone.is_aware(at))

    def clean(self, value: Any) -> datetime | None:
        typed = super().clean(value)
        if typed in SOON:
            return timezone.now().replace(second=0, microsecond=0) + SOON[typed]
        return as_time(typed)


class WallTimeField(forms.Field):
    """A day and time on somebody's own clock, without a zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)

    def to_python(self, value: Any) -> datetime | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        at = as_time(typed)
        if at is None or timezone.is_aware(at):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return at


class CrisisForm(ResolveForm):
    """The end of a call for help: whom staff reached, and what was agreed."""

    reached = asks_whom()


class CallForm(AsksOfDanger, VersionForm):
    """A call that was made, or tried."""

    danger_in = "text"

    person = forms.UUIDField(label=_("Whom did you call?"), widget=forms.Select, required=False)
    outcome = one_of(_("How did it go?"), TimelineEntry.Call.choices, missing=_("Please say how the call went."))
    next_try = NextTry(
        label=_("Not reached: call again"),
        required=False,
        error_messages={"invalid_choice": _("Please choose one of these.")},
    )
    own_try = WallTimeField(
        label=_("Or another time (their time)"),
        required=False,
        error_messages={"invalid": _("Enter a day and time such as 2026-05-31 14:30.")},
    )
    text = words(_("Note"), required=False, rows=2, max_length=5000)
    done = CallsOnTheList(label=_("This call was on the list. Mark as done:"), required=False)


class CallInCrisis(CallForm):
    """A call to who asks for help now: whoever talked with them says whether that is over, and what happened."""

    help_over = one_of(
        _("You talked with them: is the call for help over?"),
        [("yes", _("Yes: the note says what happened")), ("no", _("No: it stays open"))],
        required=False,
    )

    field_order = ["version", "person", "outcome", "help_over", "text"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.cleaned_data.get("outcome") == TimelineEntry.Call.REACHED:
            if not self.cleaned_data.get("help_over"):
                self.add_error("help_over", _("Say if the call for help is over."))
            elif self.cleaned_data["help_over"] == "yes" and not self.cleaned_data.get("text"):
                self.add_error("text", _("Say what happened."))
        return data
