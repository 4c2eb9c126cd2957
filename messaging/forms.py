"""What receivers and operators fill in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.calendar import local_day, utc_of

LONGEST_PAUSE = timedelta(days=365)


class ChoicesForm(forms.Form):
    """Stop, stop everything, pause until a day, or start again."""

    STOP, STOP_ALL, PAUSE, RESUME = "stop", "stop_all", "pause", "resume"

    choice = forms.ChoiceField(
        label=_("What would you like?"),
        choices=[(STOP, ""), (STOP_ALL, ""), (PAUSE, ""), (RESUME, "")],
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    until = forms.DateField(
        label=_("Pause until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control", "aria-describedby": "until-hint"}),
        error_messages={"invalid": _("Write the day like this: 2027-01-31.")},
    )

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone, self.today = zone, local_day(now, zone)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("choice") == self.PAUSE and "until" not in self.errors:
            self._check_day(data.get("until"))
        return data

    def _check_day(self, until: date | None) -> None:
        if until is None:
            self.add_error("until", ValidationError(_("Say until which day the messages should pause.")))
        elif until <= self.today:
            self.add_error("until", ValidationError(_("Choose a day after today.")))
        elif until - self.today > LONGEST_PAUSE:
            self.add_error("until", ValidationError(_("Choose a day within a year, or stop the messages.")))

    @property
    def until_at(self) -> datetime | None:
        """The beginning of the chosen day where the person lives."""
        if self.cleaned_data["choice"] != self.PAUSE:
            return None
        return utc_of(datetime.combine(self.cleaned_data["until"], time(0)), self.zone)
