"""The blocks of a draft as one form field: cards in the order of the page, and no form of Django's for each of them.

A browser sends ``blocks`` once for each block, in their order, as ``name:kind`` (first an empty one, which says that
blocks were shown at all), and each value as ``name.cell``. The values of items come once for each item, in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget, importmap
from js_asset import Media

from guides.content import html
from guides.content.differences import block_text
from guides.content.documents import BLOCKS, Block, Cell
from guides.content.drafts import block_line, clean_block
from guides.content.fields import BLOCK_EXTENSIONS, EXTENSIONS
from guides.content.labels import DRAWINGS, KINDS, TONES, cell_label
from guides.forms.cards import Cards
from guides.forms.options import Options

MOST_BLOCKS = 400
_name = re.compile(r"[0-9a-z]{1,16}")


RICH = {
    "block": ProseEditorWidget(config={"extensions": BLOCK_EXTENSIONS}).get_config(),
    "item": ProseEditorWidget(config={"extensions": EXTENSIONS}).get_config(),
}
EDITOR_STYLES = [f"django_prose_editor/{name}.css" for name in ("material-icons", "editor", "overrides")]


class BlocksWidget(forms.Widget):
    """Cards that open; `options` is asked only where cards are drawn."""

    template_name = "guides/admin/blocks.html"
    use_fieldset = True

    def __init__(self, options: Callable[[], Options] = Options):
        self.options = options
        # The block of the other language that stands beside each card, by the name of the card.
        self.originals: dict[str, Block] = {}
        self.original_language = ""
        # Those whose block there changed since the two were compared.
        self.changed: set[str] = set()
        super().__init__()

    @property
    def media(self) -> Any:
        # Not the editor itself: `cards.js` fetches it when the first text is opened.
        return Media(
            importmap=importmap,
            css={"all": EDITOR_STYLES},
            js=[
                "guides/landing.js",
                "guides/cards.js",
                "guides/files.js",
                "guides/links.js",
                "guides/pasting.js",
                "guides/keeping.js",
                "guides/beside.js",
            ],
        )

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = self.options()
        titles = {
            "tone": {key: str(label) for key, label in TONES.items()},
            "drawing": {key: str(label) for key, label in DRAWINGS.items()},
            "to": dict(options.destinations()),
            "levels": dict(options.levels),
            "aspects": dict(options.aspects),
            "lines": dict(options.helplines),
            "picture": dict(options.pictures),
            "document": dict(options.documents),
        }
        cards = Cards(titles)
        context["widget"] |= {
            "cards": [
                cards.card(
                    block,
                    self.originals.get(block["id"]),
                    self.original_language,
                    changed=block["id"] in self.changed,
                )
                for block in value or []
            ],
            "options": titles,
            "rich": RICH,
            "small": options.small,
            "language": options.language,
            "kinds": [{"kind": kind, "label": capfirst(str(label))} for kind, label in KINDS.items()],
            "blanks": [(kind, cards.card(blank(kind))) for kind in KINDS],
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Block]:
        blocks: dict[str, Block] = {}
        for entry in data.getlist(name)[: MOST_BLOCKS + 1]:
            key, _colon, kind = entry.partition(":")
            if _name.fullmatch(key) and kind in BLOCKS and key not in blocks:
                blocks[key] = {"id": key, "type": kind, **dict(_values(kind, key, data))}
        return list(blocks.values())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


def _values(kind: str, key: str, data: Any) -> Iterator[tuple[str, Any]]:
    """Yield the values of one block as they were typed."""
    shape = BLOCKS[kind]
    for cell in shape.cells:
        if cell.kind == "codes":
            chosen = [code for code in data.getlist(f"{key}.{cell.name}") if code]
            yield cell.name, chosen or ([] if cell.required else "all")
        else:
            yield cell.name, _typed(data.get(f"{key}.{cell.name}", ""))
    if shape.items:
        columns = [data.getlist(f"{key}.{cell.name}") for cell in shape.items]
        rows = zip(*columns, strict=False)
        yield "items", [_item(shape.items, row) for row in rows if any(_says(value) for value in row)]


def _item(cells: tuple[Cell, ...], row: tuple[str, ...]) -> Any:
    values = {cell.name: _typed(value) or cell.empty for cell, value in zip(cells, row, strict=True)}
    return values[cells[0].name] if len(cells) == 1 else values


def _typed(value: str) -> str:
    # Browsers end the lines of a text area in two signs.
    return value.replace("\r\n", "\n").strip()


def _says(value: str) -> bool:
    return bool(html.clean(value) if "<" in value else value.strip())


def blank(kind: str) -> Block:
    """Return an empty block with one empty item, as it is when it is added."""
    shape = BLOCKS[kind]
    values: dict[str, Any] = {cell.name: [""] if cell.kind == "codes" else "" for cell in shape.cells}
    if shape.items:
        values["items"] = ["" if len(shape.items) == 1 else {cell.name: "" for cell in shape.items}]
    return {"id": "", "type": kind, **values, **({"tone": "note"} if "tone" in values else {})}


class BlocksFormField(forms.Field):
    """The blocks, cleaned. A block may be left half-written in a draft; publishing looks for that."""

    widget: Any = BlocksWidget

    def __init__(self, **kwargs: Any):
        super().__init__(**{"required": False, **kwargs})

    def to_python(self, value: Any) -> list[Block]:
        return [{"id": block["id"], **clean_block(block)} for block in value or []]

    def validate(self, value: Any) -> None:
        errors = [
            ValidationError(
                _("Block %(place)s: “%(name)s” has %(count)s characters. Use at most %(most)s."),
                params={"place": place, "name": cell_label(cell.name), "count": len(text), "most": cell.most},
            )
            for place, block in enumerate(value, start=1)
            for cell in BLOCKS[block["type"]].cells
            if cell.most and len(text := block[cell.name]) > cell.most
        ]
        if errors:
            raise ValidationError(errors)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)

    def differences(self, before: list[Block], after: list[Block]) -> Iterator[tuple[str, str, str]]:
        """Yield (which block, its text in `before`, its text in `after`) for every block that is not the same."""
        old = {block["id"]: block for block in before or []}
        new = {block["id"]: block for block in self.to_python(after)}
        for key in dict.fromkeys([*old, *new]):
            theirs, mine = old.get(key), new.get(key)
            if theirs != mine:
                kind = KINDS[(theirs or mine or {})["type"]]
                yield str(kind), _told(theirs), _told(mine)
        if list(old) != list(new) and set(old) == set(new):
            yield str(_("order of the blocks")), _listed(old), _listed(new)


def _told(block: Block | None) -> str:
    return block_text(block) if block else ""


def _listed(blocks: dict[str, Block]) -> str:
    return "\n".join(f"{place}. {block_line(block)}" for place, block in enumerate(blocks.values(), start=1))
