"""A block as the card that editors open. Made of strings: templates of hundreds of cells took most of the time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guides.content.documents import BLOCKS, PROSE_KINDS, Block, Cell, cells
from guides.content.drafts import block_line
from guides.content.labels import KINDS, cell_label

Titles = Mapping[str, Mapping[str, str]]
LISTS = {
    "levels": _("Levels, in the order of the columns"),
    "aspects": _("Aspects (none: every aspect)"),
    "lines": _("Helplines, in this order"),
}
LONG = ("html", "inline")
ONE_LINE = 200  # letters; a longer text is seen as a whole while it is written


class Cards:
    """Draws cards. `titles` are the labels of what can be chosen, by the cell that it is chosen in."""

    def __init__(self, titles: Titles):
        self.titles = titles
        self.kinds, self.labels = _words(get_language())
        self.needed = escape(gettext("needed"))
        moved = escape(gettext("changed in the other language"))
        self.moved = f'<em class="changed-there">{moved}</em>'

    def card(
        self, block: Block, original: Block | None = None, language: str = "", *, changed: bool = False
    ) -> SafeString:
        """Return a block as a list item with everything that a form sends back of it.

        Beside it stands what the `original` says in its `language`, to be read, and whether that `changed`.
        """
        shape, key, kind = BLOCKS[block["type"]], escape(block["id"]), block["type"]
        parts = [self._part(cell, key, block[cell.name]) for cell in shape.cells]
        if shape.items:
            parts.append(f'<ol class="rows" data-rows="items">{"".join(self._rows(shape.items, key, block))}</ol>')
        return mark_safe(  # noqa: S308 - every value was escaped
            f'<li class="card" id="block-{key}" data-card="{kind}">'
            f'<input type="hidden" name="blocks" value="{key}:{kind}">'
            f"<details{' open' if original else ''}><summary><b>{self.kinds[kind]}</b> "
            f"<span data-line>{escape(block_line(block) or self._file_name(block))}</span>"
            f"{self.moved if changed else ''}</summary>"
            f"{_beside(original, language, ''.join(parts))}</details></li>\n"
        )

    def _file_name(self, block: Block) -> str:
        """What the library calls the file of a block, "" for a block without one."""
        cell = next((cell.name for cell in BLOCKS[block["type"]].cells if cell.kind == "file"), "")
        return self.titles[cell].get(block[cell], "") if cell else ""

    def _rows(self, cells: tuple[Cell, ...], key: str, block: Block) -> Iterator[str]:
        for item in block["items"]:
            values = {cells[0].name: item} if len(cells) == 1 else item
            yield f"<li data-row>{''.join(self._part(cell, key, values[cell.name] or '') for cell in cells)}</li>"

    def _part(self, cell: Cell, key: str, value: Any) -> str:
        draw: Callable[[Cell, str, Any], str] = self._line
        if cell.kind == "codes":
            draw = self._codes
        elif cell.kind in LONG:
            draw = self._rich
        elif cell.name in self.titles:
            draw = self._choice
        return draw(cell, f"{key}.{cell.name}", value)

    def _label(self, cell: Cell) -> str:
        """What a box is called, and whether a guide can be published without it."""
        return f"{self.labels[cell.name]} ({self.needed})" if cell.required else self.labels[cell.name]

    def _line(self, cell: Cell, name: str, value: str) -> str:
        most = f' maxlength="{cell.most}"' if cell.most else ""
        if cell.most and cell.most > ONE_LINE:
            return (
                f'<label class="cell"><span>{self._label(cell)}</span>'
                f'<textarea name="{name}" rows="3"{most}>{escape(value)}</textarea></label>'
            )
        short = " cell-short" if cell.kind == "code" else ""
        return (
            f'<label class="cell{short}"><span>{self._label(cell)}</span>'
            f'<input name="{name}" value="{escape(value)}"{most}></label>'
        )

    def _rich(self, cell: Cell, name: str, value: str) -> str:
        label = self._label(cell)
        return (
            f'<div class="cell"><span>{label}</span>'
            f'<textarea name="{name}" data-rich aria-label="{label}">{escape(value)}</textarea></div>'
        )

    def _choice(self, cell: Cell, name: str, value: str) -> str:
        label, select = self._label(cell), self._select(cell, name, value)
        # Where a file is chosen, `files.js` shows it and takes new ones.
        shown = f" data-file={cell.name}" if cell.kind == "file" else ""
        return f'<label class="cell cell-short"{shown}><span>{label}</span>{select}</label>'

    def _codes(self, cell: Cell, name: str, value: Any) -> str:
        chosen = [] if value == "all" else value
        rows = "".join(f"<li data-row>{self._select(cell, name, code)}</li>" for code in chosen)
        return f'<div class="cell"><span>{self._label(cell)}</span><ol data-rows="{cell.name}">{rows}</ol></div>'

    def _select(self, cell: Cell, name: str, value: str) -> str:
        """Only what is chosen: `cards.js` adds the rest when the card is opened."""
        title = self.titles[cell.name].get(value, value)
        label = f' aria-label="{self.labels[cell.name]}"' if cell.kind == "codes" else ""
        return (
            f'<select name="{name}" data-options="{cell.name}"{label}>'
            f'<option value="{escape(value)}" selected>{escape(title)}</option></select>'
        )


def _beside(original: Block | None, language: str, fields: str) -> str:
    """Return the fields of a card, with the text of the original before them where there is one."""
    body = f'<div class="card-body">{fields}</div>'
    if original is None:
        return body
    lines = "".join(_read(cell, value) for cell, value in cells(original) if value and cell.kind in PROSE_KINDS)
    return f'<div class="beside-original"><div class="original" lang="{language}">{lines}</div>{body}</div>'


def _read(cell: Cell, value: str) -> str:
    """Return what one cell says, as it is read: lists and tables as they are, headings and links marked."""
    if cell.kind == "text":
        return f"<p>{escape(value)}</p>"
    # Headings of the other text are none of this page's, and its links ("guide:residential") lead nowhere here.
    text = re.sub(r"<(/?)h[23][^>]*>", lambda tag: f"<{tag[1]}p>" if tag[1] else '<p class="as-heading">', value)
    text = re.sub(r'<a href="([^"]*)"[^>]*>', r'<u title="\1">', text).replace("</a>", "</u>")
    return text if re.match(r"<(p|ul|ol|table|blockquote)\b", text) else f"<p>{text}</p>"


@cache
def _words(language: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return what kinds and cells are called in the active language, which `language` names for the cache."""
    cells = {cell.name for shape in BLOCKS.values() for cell in (*shape.cells, *shape.items)}
    kinds = {kind: escape(capfirst(str(label))) for kind, label in KINDS.items()}
    return kinds, {name: escape(_label(name)) for name in cells}


def _label(name: str) -> str:
    words: str | Promise = LISTS[name] if name in LISTS else cell_label(name)
    return str(words)
