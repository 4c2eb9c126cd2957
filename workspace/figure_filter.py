"""What the figures can be narrowed to. Periods are whole months: two that differ by a day would tell of one family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from directory.models import Program
from messaging.calendar import utc_of
from privacy.models import User
from referral.figures import Scope
from referral.models import Placement
from ui.forms import CompactForm

MONTHS, USUAL = 36, 3


def month_before(month: date, count: int) -> date:
    """The first day of the month that is so many before."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


class FigureFilter(CompactForm):
    """From which month to which, for which level, at which program, with whom."""

    since = forms.ChoiceField(label=_("From"), required=False)
    until = forms.ChoiceField(label=_("Through"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    program = forms.ChoiceField(label=_("Program"), required=False)
    navigator = forms.ChoiceField(label=_("Navigator"), required=False)

    def __init__(self, asked: Mapping[str, str], *, levels: Mapping[int, str], today: date):
        months = [month_before(today, ago) for ago in range(MONTHS)]
        usual = {"since": str(months[USUAL - 1]), "until": str(months[0])}
        super().__init__({**usual, **{name: value for name, value in asked.items() if value}})
        named = [(str(month), formats.date_format(month, "M Y")) for month in months]
        asked_ones = Program.objects.filter(Exists(Placement.objects.filter(program=OuterRef("pk")))).order_by("name")
        staff = User.objects.with_perm(
            "referral.work_referrals", is_active=True, backend="django.contrib.auth.backends.ModelBackend"
        ).order_by("first_name", "username")
        choices: dict[str, list[tuple[str, Any]]] = {
            "since": named,
            "until": named,
            "level": [("", _("Any")), *((str(order), name) for order, name in levels.items())],
            "program": [("", _("Any")), *((str(pk), name) for pk, name in asked_ones.values_list("pk", "name"))],
            "navigator": [
                ("", _("Everyone’s")),
                *((str(one.pk), one.get_full_name() or one.username) for one in staff),
            ],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("This month is before the first. Choose a later one."))
        return data

    def scope(self) -> Scope:
        """What was asked for, of a form that is valid."""
        data = self.cleaned_data
        ends = [date.fromisoformat(data["since"]), month_before(date.fromisoformat(data["until"]), -1)]
        since, until = (utc_of(datetime.combine(day, time()), settings.TIME_ZONE) for day in ends)
        level, program, navigator = (
            int(data[name]) if data[name] else None for name in ("level", "program", "navigator")
        )
        return Scope(since, until, level, program, navigator)
