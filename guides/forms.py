"""Form fields for blocks: rows instead of JSON, and a choice instead of a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget

from guides.content import fields, html
from guides.content.documents import Cell
from guides.models import Aspect, CallToAction, GuideEdition, LevelOfCare
from guides.models.blocks import cleaned
from guides.publishing.published import Published
from guides.workflow.checks import cell_label

Choices = Callable[[], Iterable[tuple[str, str]]]


class RowsWidget(forms.Widget):
    """Items as rows of inputs, each with a place and a mark to take it out, and an empty one at the end.

    Works without JavaScript (numbers say the order, a save gives another empty row); with it, rows have buttons.
    """

    template_name = "guides/admin/rows.html"

    def __init__(self, cells: tuple[Cell, ...], choices: Choices | None = None):
        self.cells, self.choices = cells, choices
        super().__init__()

    @property
    def media(self) -> Any:
        return sum((self._part(cell).media for cell in self.cells), start=forms.Media())

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.cells[0].name}" if id_ else id_

    def _part(self, cell: Cell, choices: list[tuple[str, str]] | None = None) -> forms.Widget:
        if cell.kind in ("html", "inline"):
            part: forms.Widget = AdminProseEditorWidget(config={"extensions": fields.EXTENSIONS}, preset="configurable")
            part.attrs = {"rows": 3, "cols": 60}
            return part
        if cell.kind == "choice":
            return forms.Select(choices=[("", "---------"), *(choices or [])])
        wide = cell.kind == "text"
        return forms.TextInput(attrs={"class": "vTextField" if wide else "", "size": 80 if wide else 20})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row if isinstance(row, dict) else {self.cells[0].name: row} for row in value or []]
        choices = list(self.choices()) if self.choices else []
        context["widget"]["rows"] = [
            {
                "index": index,
                "place": index + 1,
                "empty": index == len(rows),
                "cells": [
                    self._cell(cell, f"{name}-{index}-{cell.name}", row, context, choices) for cell in self.cells
                ],
            }
            for index, row in enumerate([*rows, {}])
        ]
        context["widget"]["count"] = len(rows) + 1
        return context

    def _cell(
        self, cell: Cell, name: str, row: dict[str, Any], context: dict[str, Any], choices: list[tuple[str, str]]
    ) -> dict[str, Any]:
        id_ = f"{context['widget']['attrs'].get('id', 'rows')}-{name.rsplit('-', 2)[1]}-{cell.name}"
        label = _("Choice") if cell.kind == "choice" else cell_label(cell.name)
        part = self._part(cell, choices).render(name, row.get(cell.name) or "", {"id": id_})
        return {"id": id_, "label": label, "part": part, "wide": cell.kind in ("html", "inline", "text")}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            count = min(int(data.get(f"{name}-count", "")), 500)
        except ValueError:
            return []
        rows = []
        for index in range(count):
            row = {cell.name: data.get(f"{name}-{index}-{cell.name}", "").strip() for cell in self.cells}
            if any(_says(row[cell.name]) for cell in self.cells) and not data.get(f"{name}-{index}-gone"):
                rows.append((_number(data.get(f"{name}-{index}-place"), index + 1), index, row))
        return [row for _place, _index, row in sorted(rows, key=lambda entry: entry[:2])]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-count" not in data


def _says(value: str) -> bool:
    return bool(html.clean(value) if "<" in value else value)


def _number(value: str | None, fallback: int) -> float:
    try:
        return float(value or fallback)
    except ValueError:
        return fallback


class RowsFormField(forms.Field):
    """The list that the rows make. A row may be left half-written in a draft; publishing looks for that."""

    widget: Any = RowsWidget

    def __init__(self, *, cells: tuple[Cell, ...], choices: Choices | None = None, **kwargs: Any):
        self.cells = cells
        super().__init__(widget=RowsWidget(cells, choices), **{"required": False, **kwargs})

    def to_python(self, value: Any) -> Any:
        rows = [self._item(row) for row in value or [] if isinstance(row, dict)]
        return rows if rows or not isinstance(value, list) else [row for row in value if isinstance(row, str)]

    def _item(self, row: dict[str, str]) -> Any:
        values = {cell.name: cleaned(cell.kind, row[cell.name]) or cell.empty for cell in self.cells}
        return values[self.cells[0].name] if len(self.cells) == 1 else values

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


def level_choices() -> list[tuple[str, str]]:
    return [(level.slug, str(level)) for level in LevelOfCare.objects.offered()]


def aspect_choices() -> list[tuple[str, str]]:
    return [(aspect.key, str(aspect)) for aspect in Aspect.objects.filter(archived_at=None).prefetch_related("texts")]


CHOICES: dict[str, Choices] = {"levels": level_choices, "aspects": aspect_choices}


def rows_field(db_field: fields.RowsField) -> RowsFormField:
    """Return the form field of a model's rows: inputs for items, a select in each row for keys."""
    choices = CHOICES.get(db_field.name)
    cells = (Cell("item", "choice"),) if choices else db_field.cells
    return RowsFormField(
        cells=cells, choices=choices, label=capfirst(db_field.verbose_name), help_text=db_field.help_text
    )


class CallToActionForm(forms.ModelForm[CallToAction]):
    """The next step as a choice: one of the site's own doors, or a guide."""

    class Meta:
        model = CallToAction
        fields = ["to", "heading", "text", "label", "region", "ordering"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        doors = [
            ("assessment", _("The questionnaire")),
            ("directory", _("The list of programs")),
            ("help", _("Ask for help")),
            ("crisis", _("Get help now")),
        ]
        guides = [(f"guide:{key}", title) for key, title in _guide_titles()]
        known = [value for value, _label in [*doors, *guides]]
        now = self.instance.to
        other = [(now, now)] if now and now not in known else []
        self.fields["to"] = forms.ChoiceField(
            label=_("Leads to"), choices=[("", "---------"), *other, *doors, (_("Guides"), guides)]
        )


def _guide_titles() -> list[tuple[str, str]]:
    rows = GuideEdition.objects.order_by("guide__order", "language").values_list("guide__key", "title")
    titles: dict[str, str] = {}
    for key, title in rows:
        titles.setdefault(key, title)
    return list(titles.items())


class EditionForm(forms.ModelForm[GuideEdition]):
    """A draft: what the page says about it beside its blocks."""

    class Meta:
        model = GuideEdition
        fields = ["guide", "language", "title", "slug", "summary"]
        widgets = {"summary": AdminTextareaWidget(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """The language is part of what must be unique, and is no field of an existing draft."""
        data = super().clean() or {}
        language = data.get("language") or self.instance.language
        taken = GuideEdition.objects.filter(language=language, slug=data.get("slug", "")).exclude(pk=self.instance.pk)
        if taken.exists():
            self.add_error("slug", _("Another guide has this address. Choose another, such as “paying-for-care-2”."))
        return data


def links_for_editors(language: str) -> list[tuple[str, str]]:
    """Return every link that rich text may use inside the site, with what it leads to."""
    published = Published(language)
    found = [(f"guide:{key}", title) for key, title in _guide_titles()]
    found += [(f"level:{slug}", name) for slug, name in level_choices()]
    slugs = list(published.levels)
    if len(slugs) > 1:
        found.append((f"compare:{slugs[0]}/{slugs[1]}", str(_("These levels side by side"))))
    doors = [
        ("assessment:", _("The questionnaire")),
        ("directory:", _("The list of programs")),
        ("help:", _("Ask for help")),
        ("crisis:", _("Get help now")),
        ("glossary:", _("Words explained")),
    ]
    return found + [(link, str(label)) for link, label in doors]
