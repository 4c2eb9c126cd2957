"""What a family can ask of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.geo import BadZip, Place, place_of
from directory.matching import Wish
from directory.vocabulary import Concern, Language, Payment, Population, Schedule
from guides.models import LevelOfCare

MILES = [5, 10, 25, 50]
CONCERNS = [
    (Concern.SUBSTANCE_USE.value, Concern.SUBSTANCE_USE.label),
    (Concern.MENTAL_HEALTH.value, Concern.MENTAL_HEALTH.label),
    (Concern.BOTH.value, _("Both together")),
]


class ZipField(forms.CharField):
    """A ZIP code; its cleaned value is a `Place`, or None where nothing was typed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return place_of(text)
        except BadZip as error:
            if error.reason == "shape":
                raise forms.ValidationError(_("A ZIP code has five digits, such as 91101.")) from error
            raise forms.ValidationError(
                _("We do not know this ZIP code. Check the digits, or leave it empty.")
            ) from error


def several(label: Any, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, widget=widget, required=False, **kwargs)


class SearchForm(forms.Form):
    """The search. Nothing is required: an empty search lists every public program."""

    levels = several(_("Level of care"), ())
    zip = ZipField(
        label=_("ZIP code"),
        required=False,
        max_length=12,
        help_text=_("Five digits. It stays on this site and is not in the address of the page."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    miles = forms.TypedChoiceField(label=_("How far"), coerce=int, empty_value=None, required=False)
    concern = forms.ChoiceField(label=_("Care for"), required=False)
    age = forms.IntegerField(label=_("Age of the person"), required=False, min_value=0, max_value=130)
    payment = several(_("Ways to pay"), Payment.choices)
    languages = several(_("Language"), Language.choices)
    schedule = several(_("Hours"), Schedule.choices)
    populations = several(_("Something special for"), Population.choices)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        levels = LevelOfCare.objects.in_order()
        self.level_names = {level.slug: str(level) for level in levels}
        self.fields["levels"].choices = list(self.level_names.items())  # type: ignore[attr-defined]
        miles = [(miles, _("Within %(miles)d miles") % {"miles": miles}) for miles in MILES]
        self.fields["miles"].choices = [("", _("Any distance")), *miles]  # type: ignore[attr-defined]
        self.fields["concern"].choices = [("", _("Either or not sure")), *CONCERNS]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("miles") and not cleaned.get("zip") and "zip" not in self.errors:
            self.add_error("zip", _("To look by distance, type a ZIP code too."))
        return cleaned

    def wish(self) -> Wish:
        """The wish of what was understood; a field that was not is left open, so that programs are shown anyway."""
        if not self.is_bound:
            return Wish()
        self.is_valid()
        known = self.cleaned_data
        place: Place | None = known.get("zip")
        return Wish(
            levels=frozenset(known.get("levels", ())),
            concern=known.get("concern", ""),
            age=known.get("age"),
            zip=place.zip if place else "",
            near=place.point if place else None,
            miles=known.get("miles") if place else None,
            **{key: frozenset(known.get(key, ())) for key in ("languages", "payment", "schedule", "populations")},
        )


def kept(data: QueryDict) -> dict[str, list[str]]:
    """What was typed and ticked, as a session can keep it: {field: texts}; nothing that is no field of the search."""
    return {name: data.getlist(name) for name in SearchForm.base_fields if any(data.getlist(name))}


def restored(stored: Mapping[str, list[str]]) -> QueryDict:
    """`kept` turned round."""
    data = QueryDict(mutable=True)
    for name, texts in stored.items():
        data.setlist(name, texts)
    return data
