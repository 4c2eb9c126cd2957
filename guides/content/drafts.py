"""A draft's blocks: a document's blocks, cleaned, each with a name that it keeps while it is edited and moved."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import Any

from guides.content import html
from guides.content.documents import BLOCKS, PROSE_KINDS, Block, Cell, block_text, cells
from guides.content.reading import word_count

# A block in the other language that says so much in fewer words than this part of them says less.
MANY_WORDS, FAR_FEWER, NEXT_TO_NONE = 30, 0.6, 0.05


def cleaned(kind: str, value: Any) -> Any:
    """Return `value` as a cell of this kind may keep it."""
    if kind == "html":
        return html.clean(value)
    if kind == "link" and isinstance(value, str):
        return html.without_tracking(value)
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
    """Return cleaned blocks with names: the name of the block before that says the same, else of one of its kind.

    Of several that say the same, the one in the same place is meant.
    """
    left = {block["id"]: block for block in before}
    fresh = [clean_block(block) for block in blocks]
    names: dict[int, str] = {}
    for index, (block, (name, other)) in enumerate(zip(fresh, list(left.items()), strict=False)):
        if _exact(block) == _exact(other):
            names[index] = name
            del left[name]
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


def named_line(block: Block, files: Mapping[str, str]) -> str:
    """The line of a block; of one that says nothing itself, the name of its file (key → name)."""
    file = block.get("picture") or block.get("document") or ""
    return block_line(block) or str(files.get(file, ""))


def paired(blocks: Sequence[Block], original: Sequence[Block]) -> dict[str, Block]:
    """Return the block of the original that each block of a translation says, by the name of the latter.

    A block that was copied has the name of its original. Others are taken in their order, kind by kind.
    """
    known = {block["id"]: block for block in original}
    found = {block["id"]: known[block["id"]] for block in blocks if _same_kind(block, known.get(block["id"]))}
    left = [block for block in original if block["id"] not in found]
    for block in blocks:
        twin = next((other for other in left if other["type"] == block["type"]), None)
        if block["id"] not in found and twin is not None:
            found[block["id"]] = twin
            left.remove(twin)
    return found


def _same_kind(block: Block, other: Block | None) -> bool:
    return other is not None and other["type"] == block["type"]


def with_structure(blocks: Sequence[Block], original: Sequence[Block]) -> list[Block]:
    """Return a translation with an empty block for each block of the original that it does not have yet.

    Levels, files, numbers and addresses are copied, words are left to be written. Each stands after what it follows in
    the original.
    """
    told = {block["id"]: name for name, block in paired(blocks, original).items()}
    made, place = list(blocks), 0
    for block in original:
        name = told.get(block["id"])
        if name is None:
            made.insert(place, _wordless(block))
            place += 1
        else:
            place = next(index for index, other in enumerate(made) if other["id"] == name) + 1
    return made


def unwritten(blocks: Sequence[Block], original: Sequence[Block]) -> int:
    """Return how many blocks of the original a translation lacks, or has without their words."""
    pairs, known = paired(blocks, original), {block["id"]: block for block in blocks}
    empty = sum(_says_nothing(known[name], said) for name, said in pairs.items() if block_text(said))
    return len(original) - len(pairs) + empty


def _says_nothing(block: Block, original: Block) -> bool:
    """Whether a block lacks words, or has next to none beside its original, such as a heading alone."""
    here, there = word_count(block_text(block)), word_count(block_text(original))
    return lacks_words(block) or (there >= MANY_WORDS and here < there * NEXT_TO_NONE)


def thin(blocks: Sequence[Block], original: Sequence[Block]) -> list[tuple[int, int, int]]:
    """Return each block of a translation that says far less than its original: (place from 1, words here, there)."""
    pairs = paired(blocks, original)
    found = []
    for place, block in enumerate(blocks, start=1):
        twin = pairs.get(block["id"])
        here, there = word_count(block_text(block)), word_count(block_text(twin)) if twin else 0
        if 0 < here < there * FAR_FEWER and there >= MANY_WORDS:
            found.append((place, here, there))
    return found


def lacks_words(block: Block) -> bool:
    """Whether a block says nothing, or nothing where its kind asks for words."""
    asked = (value for cell, value in cells(block) if cell.required and cell.kind in PROSE_KINDS)
    return not block_text(block).strip() or any(not (value or "").strip() for value in asked)


def _wordless(block: Block) -> Block:
    shape = BLOCKS[block["type"]]
    values = {cell.name: _without_words(cell, block[cell.name]) for cell in shape.cells}
    if shape.items:
        values["items"] = [
            "" if len(shape.items) == 1 else {cell.name: _without_words(cell, item[cell.name]) for cell in shape.items}
            for item in block["items"]
        ]
    return {"id": block["id"], "type": block["type"], **values}


def _without_words(cell: Cell, value: Any) -> Any:
    return "" if cell.kind in PROSE_KINDS else value
