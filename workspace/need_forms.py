"""What is needed: the levels of care and why, and all that is known of the person's need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.vocabulary import Payment
from guides.models import LevelOfCare
from referral.models import Patient, Referral
from ui.forms import picked, some_of, words
from workspace.forms import VersionForm


class LevelsForm(VersionForm):
    """Which levels are needed, and why."""

    low = forms.ModelChoiceField(
        label=_("Level, at least"), queryset=LevelOfCare.objects.none(), required=False, empty_label=_("not known yet")
    )
    high = forms.ModelChoiceField(
        label=_("Level, at most"), queryset=LevelOfCare.objects.none(), required=False, empty_label=_("not known yet")
    )
    urgency = picked(_("Urgency"), Referral.Urgency.choices)
    reason = words(
        _("Why this level?"), missing=_("Please say why, for whoever reads this next."), rows=2, max_length=1000
    )

    def __init__(self, *args: Any, levels: Iterable[LevelOfCare] | None = None, **kwargs: Any):
        """`levels`: all of them in their order, where the page has fetched them."""
        super().__init__(*args, **kwargs)
        in_order = LevelOfCare.objects.in_order()
        shown = in_order if levels is None else levels
        choices = [("", _("not known yet")), *((each.pk, str(each)) for each in shown)]  # asked once for both
        for name in ("low", "high"):
            self.fields[name].queryset = in_order  # type: ignore[attr-defined]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        low, high = data.get("low"), data.get("high")
        if low and high and low.order > high.order:
            self.add_error("high", _("The highest level is below the lowest. Please change one of them."))
        return data


class NeedForm(LevelsForm):
    """All that is known of the need."""

    concern = picked(_("Concern"), Referral.Concern.choices)
    age = picked(_("Age of the person"), Patient.Age.choices, required=False)
    gender = picked(_("Gender of the person"), Patient.Gender.choices, required=False)
    payment = some_of(_("Ways to pay"), Payment.choices, required=False)

    field_order = ["version", "concern", "low", "high", "urgency", "age", "gender", "payment", "reason"]
