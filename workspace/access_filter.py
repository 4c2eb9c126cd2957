"""Which accesses are looked at: of which days, by whom, to which family. Nothing of it names a family."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.calendar import utc_of
from privacy.models import User
from referral.models import Referral
from referral.public_code import CODE_ALPHABET, as_code
from ui.forms import CompactForm

USUAL, LONGEST = timedelta(days=6), timedelta(days=92)


def _day(label: Any) -> forms.DateField:
    messages = {"invalid": _("Enter a date, such as 2026-03-04."), "required": _("Enter a date, such as 2026-03-04.")}
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages=messages
    )


class AccessFilter(CompactForm):
    """The days, and if wanted one member of staff and one referral, by its code."""

    since, until = _day(_("From")), _day(_("Through"))
    who = forms.ChoiceField(label=_("Who looked"), required=False)
    code = forms.CharField(label=_("Code of the family"), required=False, max_length=12)

    def __init__(self, asked: dict[str, str]):
        today = timezone.localdate()
        usual = {"since": str(today - USUAL), "until": str(today)}
        super().__init__({**usual, **{name: value for name, value in asked.items() if value}})
        staff = User.objects.filter(is_staff=True).order_by("first_name", "username")
        named = [(str(each.pk), each.get_full_name() or each.get_username()) for each in staff]
        self.fields["who"].choices = [("", _("Anyone")), *named]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """The code as it is kept, of one that some referral has; "" for none."""
        if not self.cleaned_data["code"].strip():
            return ""
        code = as_code(self.cleaned_data["code"])
        if len(code) != 9 or not set(code) <= {*CODE_ALPHABET, "-"}:
            raise forms.ValidationError(_("A code has eight letters and digits, such as K7P2-XM94."))
        if not Referral.objects.filter(public_code=code).exists():
            raise forms.ValidationError(_("No request has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first. Change one of the days."))
        elif since and until and until - since > LONGEST:
            self.add_error("since", _("This is more than 92 days. Choose fewer."))
        return data

    def ends(self) -> tuple[datetime, datetime]:
        """From when until before when, of a form that is valid."""
        days: list[date] = [self.cleaned_data["since"], self.cleaned_data["until"] + timedelta(days=1)]
        since, until = (utc_of(datetime.combine(day, time()), settings.TIME_ZONE) for day in days)
        return since, until
