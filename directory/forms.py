"""What a family can ask of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.geo import BadZip, Place
from directory.matching import Wish
from directory.models.zips import place_of
from directory.vocabulary import Concern, Language, Medication, Payment, Population, Schedule
from directory.wording import OLDEST
from guides.models import LevelOfCare
from ui.forms import CompactForm

MILES = [5, 10, 25, 50]
CONCERNS = [
    (Concern.SUBSTANCE_USE.value, Concern.SUBSTANCE_USE.label),
    (Concern.MENTAL_HEALTH.value, Concern.MENTAL_HEALTH.label),
    (Concern.BOTH.value, _("Both together")),
]


# Set by the result of the questionnaire, which knows no age in years; an age that is typed says more.
AGE_GROUPS = [("0-17", _("Under 18")), ("18-64", _("Ages 18 to 64")), (f"65-{OLDEST}", _("65 or older"))]
GENDERS = [("", ""), ("women", _("Women"))]
AGE_ERRORS = {name: _("Type the age in whole years, such as 34.") for name in ("invalid", "min_value", "max_value")}


class Chip(NamedTuple):
    """One wish of a search: `key` takes it out again (see `without`), `label` names it."""

    key: str
    label: str


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


class LevelSelect(forms.Select):
    """A short list of levels to choose one from. A range that another page hands over stays, as one more choice."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [slug for text in data.getlist(name) for slug in text.split(",") if slug]

    def format_value(self, value: Any) -> list[str]:
        return [",".join(value or [])]


def several(label: Any, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, widget=widget, required=False, **kwargs)


class SearchForm(CompactForm):
    """The search. Nothing is required: an empty search lists every public program."""

    levels = forms.MultipleChoiceField(label=_("Level of care"), required=False, widget=LevelSelect)
    zip = ZipField(
        label=_("ZIP code"),
        required=False,
        max_length=12,
        help_text=_("Five digits. It stays on this site."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    miles = forms.TypedChoiceField(label=_("How far"), coerce=int, empty_value=None, required=False)
    concern = forms.ChoiceField(label=_("Care for"), required=False)
    age = forms.IntegerField(
        label=_("Age in years"), required=False, min_value=0, max_value=130, error_messages=AGE_ERRORS
    )
    # Set by the result, too, where care has two steps: the level that comes first. It says nothing without its level.
    first = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    ages = forms.ChoiceField(choices=[("", ""), *AGE_GROUPS], required=False, widget=forms.HiddenInput)
    # Set by the result, too, where an answer says it: programs for men only are for nobody who is pregnant.
    gender = forms.ChoiceField(choices=GENDERS, required=False, widget=forms.HiddenInput)
    payment = several(_("Ways to pay"), Payment.choices)
    languages = several(_("Language"), Language.choices)
    schedule = several(_("Hours"), Schedule.choices)
    populations = several(_("Special programs for"), Population.choices)
    medications = several(_("Medication for opioid use"), Medication.choices)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        levels = LevelOfCare.objects.offered()
        self.level_names = {level.slug: str(level) for level in levels}
        self.fields["levels"].choices = self._levels()  # type: ignore[attr-defined]
        miles = [(miles, _("Within %(miles)d miles") % {"miles": miles}) for miles in MILES]
        self.fields["miles"].choices = [("", _("Any distance")), *miles]  # type: ignore[attr-defined]
        self.fields["concern"].choices = [("", _("Either or not sure")), *CONCERNS]  # type: ignore[attr-defined]

    def _levels(self) -> list[tuple[str, str]]:
        choices: list[tuple[str, str]] = [("", gettext("Any level")), *self.level_names.items()]
        chosen = self["levels"].value() or []
        if len(chosen) > 1:
            names = [self.level_names.get(slug, slug) for slug in chosen]
            choices.append((",".join(chosen), get_text_list(names, gettext("or"))))
        return choices

    def active(self) -> list[Chip]:
        """What the search asks for, a chip for each wish."""
        wishes = ((name, self[name].value()) for name in self._told())
        several = ((name, value if isinstance(value, list) else [value]) for name, value in wishes)
        return [Chip(f"{name}:{text}", self._label(name, text)) for name, texts in several for text in texts if text]

    def _told(self) -> list[str]:
        """The fields that are told as wishes: an age says more than its group, and levels say what comes first."""
        hidden = {"first", "ages"} if self["age"].value() else {"first"}
        return [name for name in self.fields if name not in hidden]

    def _label(self, name: str, text: str) -> str:
        if name == "zip":
            return gettext("Near %(zip)s") % {"zip": text}
        if name == "age":
            return gettext("Age %(age)s") % {"age": text}
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        return labels.get(text, text)

    @property
    def more_is_set(self) -> bool:
        """Whether anything is asked for, or wrong, besides the level and the ZIP code."""
        return any(
            self[name].value() or self[name].errors
            for name in self.fields
            if name not in ("levels", "zip", "ages", "first", "gender")
        )

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
        levels, first = frozenset(known.get("levels", ())), known.get("first", "")
        return Wish(
            levels=levels,
            first=first if len(levels) > 1 and first in levels else "",
            concern=known.get("concern", ""),
            ages=(age, age) if (age := known.get("age")) is not None else _ages(known.get("ages", "")),
            gender=known.get("gender", ""),
            zip=place.zip if place else "",
            near=place.point if place else None,
            miles=known.get("miles") if place else None,
            languages=frozenset(known.get("languages", ())),
            payment=frozenset(known.get("payment", ())),
            schedule=frozenset(known.get("schedule", ())),
            populations=frozenset(known.get("populations", ())),
            medications=frozenset(known.get("medications", ())),
        )


def _ages(group: str) -> tuple[int, int] | None:
    youngest, _dash, oldest = group.partition("-")
    return (int(youngest), int(oldest)) if oldest else None


def without(stored: Mapping[str, list[str]], chip: str) -> dict[str, list[str]]:
    """A kept search without the wish of a chip; a distance means nothing without its ZIP code."""
    name, _colon, value = chip.partition(":")
    left = {key: [each for text in texts for each in text.split(",")] for key, texts in stored.items()}
    if name in left:
        left[name] = [text for text in left[name] if text != value]
    if not left.get("zip"):
        left.pop("miles", None)
    return {key: texts for key, texts in left.items() if any(texts)}


def kept(data: QueryDict) -> dict[str, list[str]]:
    """What was typed and ticked, as a session can keep it: {field: texts}; nothing that is no field of the search."""
    return {name: data.getlist(name) for name in SearchForm.base_fields if any(data.getlist(name))}


def restored(stored: Mapping[str, list[str]]) -> QueryDict:
    """`kept` turned round."""
    data = QueryDict(mutable=True)
    for name, texts in stored.items():
        data.setlist(name, texts)
    return data
