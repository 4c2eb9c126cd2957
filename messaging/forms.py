"""What receivers and operators fill in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.calendar import WEEK, Hours, is_quiet, local_day, utc_of
from messaging.models import Channel

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

    sure = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        zone: str,
        now: datetime,
        confirms: bool = False,
        longest: timedelta = LONGEST_PAUSE,
        **kwargs: Any,
    ):
        """`confirms`: a stop needs a second box, as others rely on what arrives there. `longest` is how long it may be
        paused at a time."""
        super().__init__(*args, **kwargs)
        self.longest = longest
        self.zone, self.today, self.confirms = zone, local_day(now, zone), confirms

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("choice") == self.PAUSE and "until" not in self.errors:
            self._check_day(data.get("until"))
        if self.confirms and data.get("choice") in (self.STOP, self.STOP_ALL) and not data.get("sure"):
            self.add_error("sure", ValidationError(_("Check the box: these messages are meant for work here.")))
        return data

    def _check_day(self, until: date | None) -> None:
        if until is None:
            self.add_error("until", ValidationError(_("Say until which day the messages should pause.")))
        elif until <= self.today:
            self.add_error("until", ValidationError(_("Choose a day after today.")))
        elif until - self.today > self.longest < LONGEST_PAUSE:
            words = _("By a link from a message, a pause lasts %(days)d days at most. Choose an earlier day.")
            self.add_error("until", ValidationError(words % {"days": self.longest.days}))
        elif until - self.today > LONGEST_PAUSE:
            self.add_error("until", ValidationError(_("Choose a day within a year, or stop the messages.")))

    @property
    def until_at(self) -> datetime | None:
        """The beginning of the chosen day where the person lives."""
        if self.cleaned_data["choice"] != self.PAUSE:
            return None
        return utc_of(datetime.combine(self.cleaned_data["until"], time(0)), self.zone)


LAST = time(23, 59)


class HoursForm(forms.Form):
    """The days and hours for messages: full hours outside the quiet ones of the channel."""

    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day, or stop the messages above.")},
    )
    start = forms.ChoiceField(label=pgettext_lazy("hour", "From"), widget=forms.Select(attrs={"class": "form-select"}))
    until = forms.ChoiceField(label=pgettext_lazy("hour", "Until"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, data: Any = None, *, channel: Channel, chosen: Hours | None):
        self.awake = [
            hour
            for hour in range(24)
            if not is_quiet(datetime(2026, 1, 1, hour, tzinfo=UTC), "UTC", channel.quiet_from, channel.quiet_to)
        ]
        first, last = min(self.awake, default=0), max(self.awake, default=23) + 1
        days = chosen.days if chosen else WEEK
        initial = {
            "days": [str(day) for day in sorted(days)],
            "start": str(chosen.start.hour if chosen else first),
            "until": str(chosen.until.hour + (chosen.until == LAST) if chosen else last),
        }
        super().__init__(data, initial=initial, auto_id="hours_%s")
        for name, hours in (("start", self.awake), ("until", [hour + 1 for hour in self.awake])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(str(hour), formats.time_format(_time(hour), "TIME_FORMAT")) for hour in hours]
            field.error_messages["invalid_choice"] = _("Choose an hour from the list.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "start" in data and "until" in data and int(data["until"]) <= int(data["start"]):
            self.add_error("until", ValidationError(_("Choose an end after the start.")))
        return data

    @property
    def hours(self) -> Hours | None:
        """What was chosen; None for every day and hour that there is."""
        data = self.cleaned_data
        days = frozenset(int(day) for day in data["days"])
        start, until = int(data["start"]), int(data["until"])
        if days == WEEK and start == min(self.awake) and until == max(self.awake) + 1:
            return None
        return Hours(days, _time(start), _time(until))


def _time(hour: int) -> time:
    return LAST if hour == 24 else time(hour)
