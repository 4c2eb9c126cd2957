"""What a program fills in at its desk: its code, its answers to a request, its times, its openings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from guides.models import LevelOfCare
from messaging.calendar import utc_of
from referral.models import Appointment
from referral.reasons import DECLINED, ENDED, coded
from ui.forms import CompactForm, picked, text, words

MORE = _("Anything the navigator should know?")
# A first visit lies within these days.
FARTHEST = timedelta(days=120)
LOCAL = "%Y-%m-%dT%H:%M"  # as a browser's own field of day and time writes it
# So far ahead a program may expect an opening.
LONGEST_WAIT = timedelta(days=365)


class CodeForm(CompactForm):
    """Six digits from the mailbox."""

    code = text(
        _("Code from the email"),
        max_length=20,
        missing=_("Enter the six digits from our email."),
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"},
    )


class AcceptForm(CompactForm):
    more = words(MORE, required=False, max_length=500, rows=2)


class WaitlistForm(CompactForm):
    expected_on = forms.DateField(
        label=_("When do you expect an opening?"),
        required=False,
        help_text=_("If you do not know, leave it empty."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a day such as 2026-05-31.")},
    )
    more = words(MORE, required=False, max_length=500, rows=2)

    def not_before(self, today: date) -> None:
        self.today = today

    def clean_expected_on(self) -> date | None:
        day: date | None = self.cleaned_data["expected_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("This day is over. Enter a day that is still to come."))
        if day and day > self.today + LONGEST_WAIT:
            raise forms.ValidationError(_("This is more than a year away. Enter an earlier day, or leave it empty."))
        return day


class OpeningForm(WaitlistForm):
    """Another day for a place on the waitlist, with the one that stands now."""

    more = None  # type: ignore[assignment]

    def begin_with(self, day: date | None) -> None:
        self.fields["expected_on"].initial = day


class ReasonForm(CompactForm):
    """A reason from a list, and words where the list has none. Subclasses name the list."""

    choices: dict[str, Any] = {}
    other = "other"

    reason = picked(_("Reason"))
    more = words(_("In a few words"), required=False, max_length=500, rows=2)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("Choose a reason")), *self.choices.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("reason") == self.other and not data.get("more"):
            self.add_error("more", _("Write the reason in a few words."))
        return data

    def kept(self) -> str:
        """The reason as it is kept: whoever reads it later has a language of their own."""
        return coded(self.cleaned_data["reason"], self.cleaned_data["more"])


class DeclineForm(ReasonForm):
    choices = dict(DECLINED)


class OfVisit(CompactForm):
    """Told of a first visit whose day has not come, it asks once more, with the day: two rows are easily mistaken."""

    early = forms.BooleanField(label=_("They came earlier than that"), required=False)
    visit: Appointment | None = None
    asks_early = False

    def of_visit(self, visit: Appointment | None, now: datetime) -> None:
        self.visit, self.now = visit, now

    def ask_if_ahead(self, field: str, *, missed: bool) -> None:
        """Refuse what is told of a visit that is still to come. Who came before it is believed, asked once more."""
        if self.visit is None or not self.visit.is_ahead(self.now, missed=missed):
            return
        self.asks_early = not missed
        if missed or not self.cleaned_data.get("early"):
            at = formats.date_format(self.visit.local, "PROMISE_FORMAT")
            ask = _("This visit is at %(at)s, which is still to come. Is this the right family?")
            if self.visit.status == Appointment.Status.PROPOSED:
                ask = _("They have not chosen a time yet. The next one is %(at)s. Is this the right family?")
            self.add_error(field, ask % {"at": at})


class ReleaseForm(OfVisit, ReasonForm):
    """The place that was given comes to nothing."""

    choices = {key: ENDED[key] for key in ("not_reached", "no_show", "place_gone", "ended_other")}
    other = "ended_other"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reason") == "no_show":
            self.ask_if_ahead("reason", missed=True)
        return data


class DischargeForm(ReasonForm):
    """How care ended. Completed as planned is no reason, but the outcome hoped for."""

    choices = {
        "completed": _("Care was completed as planned"),
        **{k: ENDED[k] for k in ("moved", "left", "ended_other")},
    }
    other = "ended_other"


class VisitForm(OfVisit):
    outcome = picked(
        _("What happened?"),
        [
            ("", _("Choose")),
            ("came", _("They came to the first visit")),
            ("missed", _("They did not come")),
            ("unreached", _("We could not reach them")),
        ],
    )
    more = words(MORE, required=False, max_length=500, rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") in ("came", "missed"):
            self.ask_if_ahead("outcome", missed=data["outcome"] == "missed")
        return data


class AdmitForm(OfVisit):
    """Care has started. The level is asked where the program offers several."""

    level = forms.ModelChoiceField(
        LevelOfCare.objects.none(), label=_("Level of care"), required=False, empty_label=_("not known yet")
    )

    def offer(self, levels: Iterable[int]) -> None:
        field = self.fields["level"]
        field.queryset = LevelOfCare.objects.filter(pk__in=levels)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.ask_if_ahead("level", missed=False)
        return data


VISITING_HOURS = (6, 22)  # between which a family may be asked to come


class TimesForm(CompactForm):
    """Up to three times on the program's own wall clock."""

    first = forms.DateTimeField(label=_("First time"), required=False)
    second = forms.DateTimeField(label=_("Another time"), required=False)
    third = forms.DateTimeField(label=_("A third time"), required=False)
    names = ("first", "second", "third")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.names:
            field = self.fields[name]
            field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]  # type: ignore[attr-defined]
            field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
            field.error_messages = {"invalid": _("Enter a day and time such as 2026-05-31 14:30.")}

    def on_clock(self, zone: str, now: datetime) -> None:
        """Name the clock. By these limits a browser keeps a year at four digits."""
        self.zone, self.now = zone, now
        first, last = (each.astimezone(ZoneInfo(zone)) for each in (now, now + FARTHEST))
        for name in self.names:
            self.fields[name].widget.attrs |= {"min": f"{first:{LOCAL}}", "max": f"{last:{LOCAL}}"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.times = []
        for name in self.names:
            if typed := data.get(name):
                at = utc_of(typed.replace(tzinfo=None), self.zone)
                if not self.now < at < self.now + FARTHEST:
                    self.add_error(name, _("Choose a time that is still to come, within four months."))
                if not VISITING_HOURS[0] <= typed.hour < VISITING_HOURS[1]:
                    self.add_error(name, _("Choose a time between 6 a.m. and 10 p.m."))
                self.times.append(at)
        if not self.times and not self.errors:
            self.add_error("first", _("Enter at least one day and time."))
        return data


class OpeningsForm(CompactForm):
    """What a program says of one level: openings now, or the days to wait."""

    spots = forms.IntegerField(label=_("Openings now"), required=False, min_value=0, max_value=999)
    wait_days = forms.IntegerField(label=_("Days to wait"), required=False, min_value=0, max_value=365)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            sentence = _("Enter a whole number from 0 to %(most)s.") % {"most": field.max_value}  # type: ignore[attr-defined]
            field.error_messages |= {"invalid": sentence, "min_value": sentence, "max_value": sentence}
            field.widget.attrs["inputmode"] = "numeric"

    @property
    def says_something(self) -> bool:
        return any(self.cleaned_data.get(name) is not None for name in self.fields)
