"""How the forms of the site are made: their base, and fields that speak in whole sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("This is too long: %(show_value)s characters. Please shorten it to %(limit_value)s.")
UP_TO = _("Up to {count} characters.")


class Form(forms.Form):
    """A form of the site, for the one template that renders every field (templates/ui/field.html).

    `marks_optional` says "(if you like)" beside what may be left empty, save the fields named in `needed`: those of
    which some must be filled in. `compact` is for staff and for side panels. `asks_by_heading` makes the label of a
    group of choices the heading of the page.
    """

    marks_optional = True
    needed: Collection[str] = ()
    compact = False
    asks_by_heading = False
    use_required_attribute = False  # the server's sentence says more than the browser's bubble


class CompactForm(Form):
    """A form for staff, or for a side panel, where space is short and little is required."""

    marks_optional = False
    compact = True


# Control and format characters, spaces, and marks that stand on nothing; then letters that are drawn as nothing.
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"})
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"


class SeenField(forms.CharField):
    """Text in which something can be seen; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        seen = any(unicodedata.category(each) not in UNSEEN and each not in BLANKS for each in str(value))
        return value if seen else self.empty_value


def text(label: Any, **kwargs: Any) -> SeenField:
    """A line of text. `missing` is the sentence for when it is empty; `attrs` go to the input."""
    missing, attrs = kwargs.pop("missing", _("Please fill this in.")), kwargs.pop("attrs", {})
    return SeenField(label=label, error_messages={"required": missing}, widget=forms.TextInput(attrs=attrs), **kwargs)


def words(label: Any, *, max_length: int, rows: int = 3, hint: bool = False, **kwargs: Any) -> SeenField:
    """Text of several lines. Too long a one is refused here: with `maxlength` browsers cut it off without a word.

    `hint` says beside the field how long it may be.
    """
    missing = kwargs.pop("missing", _("Please write a few words."))
    return SeenField(
        label=label,
        error_messages={"required": missing},
        validators=[MaxLengthValidator(max_length, TOO_LONG)],
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=format_lazy(UP_TO, count=f"{max_length:,}") if hint else "",
        **kwargs,
    )


class ClockField(forms.TimeField):
    """A time of day as pages write it, "6:00 p.m.", or of 24 hours."""

    input_formats = ["%H:%M:%S", "%H:%M", "%I:%M%p", "%I%p"]
    default_error_messages = {"invalid": _("Enter a time, such as 6:00 p.m. or 18:00.")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"(?i)\s*([ap])\.?\s?m\.?$", r"\1m", value.strip())
        return super().to_python(value)


# For the admin: a time on the wall of somebody else, such as a family. The browser of who writes it has no say in its
# zone, as it has in Django's own field ("You are 8 hours ahead of server time").
WALL_CLOCK: Mapping[type[models.Field[Any, Any]], Mapping[str, Any]] = {
    models.TimeField: {"form_class": ClockField, "widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}
}


def one_of(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """Choices as radio buttons."""
    missing = kwargs.pop("missing", _("Please choose one."))
    messages = {"required": missing, "invalid_choice": _("Please choose one of these.")}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages, **kwargs)


def picked(label: Any, choices: Any = (), **kwargs: Any) -> forms.ChoiceField:
    """Choices as a list that opens."""
    messages = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")}
    return forms.ChoiceField(label=label, choices=choices, error_messages=messages, **kwargs)


def some_of(label: Any, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    missing = kwargs.pop("missing", _("Please choose one."))
    messages = {"required": missing, "invalid_choice": _("Please choose among these.")}
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=messages, **kwargs
    )


def tick(label: Any, **kwargs: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=kwargs.pop("required", False), **kwargs)


class HintedRadios(forms.RadioSelect):
    """Radio buttons with a line of explanation under each: `hints` by value."""

    def __init__(self, hints: Mapping[str, Any], **kwargs: Any):
        super().__init__(**kwargs)
        self.hints = hints

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().create_option(name, value, *args, **kwargs), "hint": self.hints.get(str(value), "")}
