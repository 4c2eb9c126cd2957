"""Model fields for lists, which editors fill in as lines or rows and never see as JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from guides.content import html
from guides.content.weeks import BadWeek, week_of

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": [*html.OUTSIDE, *html.INSIDE]},
}
TABLE = ("Table", "TableRow", "TableHeader", "TableCell")
BLOCK_EXTENSIONS: dict[str, Any] = {
    **EXTENSIONS,
    "Heading": {"levels": [2, 3]},
    "Blockquote": True,
    **dict.fromkeys(TABLE, True),
}


class RichField(ProseEditorField):
    """Rich text that is cleaned whenever a form or `full_clean` sets it."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("extensions", dict(BLOCK_EXTENSIONS))
        kwargs["sanitize"] = html.clean
        super().__init__(*args, **kwargs)


class ListField(models.JSONField):
    """A list in one column. Migrations see a JSONField, so that they do not depend on this module."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", list(args), dict(kwargs)


class LinesFormField(forms.CharField):
    """A text area whose lines are the list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class LinesField(ListField):
    """A list of short texts, one per line in a form."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def formfield(self, **kwargs: Any) -> Any:
        label, help_text = self.verbose_name, self.help_text or _("One on each line.")
        return LinesFormField(label=label, help_text=help_text, required=not self.blank)


class WeekField(LinesField):
    """The lines of a week, each of them readable (`weeks.week_of`)."""

    def clean(self, value: Any, model_instance: Any) -> Any:
        cleaned = super().clean(value, model_instance)
        try:
            week_of(cleaned)
        except BadWeek as error:
            message = _("“%(line)s” names no days and hours. Write it like this: mon tue thu 18-21.")
            raise ValidationError(message, params={"line": error.line}) from error
        return cleaned
