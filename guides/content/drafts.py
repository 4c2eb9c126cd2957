"""A draft's blocks: a document's blocks, cleaned, each with a name that it keeps while it is edited and moved."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Any

from guides.content import html
from guides.content.documents import BLOCKS, Block, Cell


def cleaned(kind: str, value: Any) -> Any:
    """Return `value` as a cell of this kind may keep it."""
    if kind == "html":
        return html.clean(value)
    return html.clean_inline(value) if kind == "inline" else value


def clean_block(block: Block) -> Block:
    """Return a block of a document with only what its kind holds. Raises KeyError for an unknown kind."""
    kind = BLOCKS[block["type"]]
    values = {cell.name: cleaned(cell.kind, block[cell.name]) for cell in kind.cells}
    if kind.items:
        values["items"] = [_clean_item(kind.items, item) for item in block["items"]]
    return {"type": block["type"], **values}


def _clean_item(cells: Sequence[Cell], item: Any) -> Any:
    if len(cells) == 1:
        return cleaned(cells[0].kind, item)
    return {cell.name: cleaned(cell.kind, item[cell.name]) for cell in cells}


def without_names(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks as documents have them."""
    return [{name: value for name, value in block.items() if name != "id"} for block in blocks]


def new_name() -> str:
    return secrets.token_hex(4)


def named(blocks: Iterable[Block], before: Iterable[Block]) -> list[Block]:
    """Return cleaned blocks with names: the name of the block before that says the same, else of one of its kind."""
    left = {block["id"]: block for block in before}
    fresh = [clean_block(block) for block in blocks]
    names: dict[int, str] = {}
    for same in (_exact, lambda block: block["type"]):
        for index, block in enumerate(fresh):
            if index not in names:
                twin = next((name for name, other in left.items() if same(other) == same(block)), None)
                if twin is not None:
                    names[index] = twin
                    del left[twin]
    return [{"id": names.get(index) or new_name(), **block} for index, block in enumerate(fresh)]


def _exact(block: Block) -> str:
    return json.dumps({name: value for name, value in block.items() if name != "id"}, sort_keys=True)


def block_line(block: Block) -> str:
    """Return one line that tells this block from others: its heading, else how its text begins."""
    own = next((block[name] for name in ("heading", "label", "caption", "quote") if block.get(name)), "")
    return str(block.get("heading") or shorten(own or html.plain(block.get("html", "")), 80, placeholder="…"))
