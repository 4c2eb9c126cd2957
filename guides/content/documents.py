"""A guide as a document: what each kind of block holds, and walks over it. Plain Python.

A document is ``{"slug": str, "title": str, "summary": str, "blocks": [{"type": str, ...}]}``. It is what a revision
keeps, what a publication shows, what import and export write, and what two versions are compared by.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guides.content import html

Document = dict[str, Any]
Block = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One value: ``text`` a line, ``inline`` a rich line, ``html`` rich text, ``file`` the key of a file of the
    library, ``code`` something else that is not prose."""

    name: str
    kind: str = "text"
    required: bool = True
    # What an empty optional value is in the document.
    empty: str | None = ""
    # How many characters it may have; 0 is any number.
    most: int = 0


@dataclass(frozen=True)
class BlockType:
    """The values of a block, and of each of its items. With one item cell the items are bare strings."""

    cells: tuple[Cell, ...]
    items: tuple[Cell, ...] = ()


HEADING = Cell("heading", most=150)
BLOCKS: dict[str, BlockType] = {
    "prose": BlockType((Cell("html", "html"),)),
    "fits": BlockType((HEADING,), (Cell("item", "inline"),)),
    # A list whose mark says no, and one whose mark says neither: a check would read as advice.
    "avoid": BlockType((HEADING,), (Cell("item", "inline"),)),
    "signs": BlockType((HEADING,), (Cell("item", "inline"),)),
    "comparison": BlockType((HEADING, Cell("levels", "codes"), Cell("aspects", "codes", required=False))),
    # Both are drawn from the published facts, so that a page never says something else than they do.
    "level_cards": BlockType((HEADING, Cell("levels", "codes"))),
    "drawing": BlockType((Cell("drawing", "code"), HEADING, Cell("caption", required=False, most=300))),
    "callout": BlockType((Cell("tone", "code"), HEADING, Cell("html", "html"))),
    "steps": BlockType((HEADING,), (Cell("title"), Cell("html", "html"))),
    "questions": BlockType((HEADING,), (Cell("question"), Cell("html", "html"))),
    "call_to_action": BlockType((Cell("to", "link"), HEADING, Cell("text", most=400), Cell("label", most=80))),
    "contacts": BlockType(
        (HEADING,),
        (Cell("name"), Cell("number", "code"), Cell("tel", "code"), Cell("sms", "code", False, None), Cell("how")),
    ),
    # Numbers that other pages give, too: who answers them is told once for all.
    "helplines": BlockType((HEADING, Cell("lines", "codes"))),
    "checklist": BlockType((HEADING,), (Cell("item"),)),
    # What it shows is told in the library, once for every guide.
    "image": BlockType((Cell("picture", "file"), Cell("caption", required=False, most=300))),
    "quote": BlockType((Cell("quote", most=600), Cell("who", required=False, most=150))),
    "sources": BlockType((HEADING,), (Cell("title"), Cell("publisher", required=False), Cell("url", "link", False))),
    "download": BlockType((Cell("document", "file"), Cell("label", most=80), Cell("text", required=False, most=400))),
}
PROSE_KINDS = ("text", "inline", "html")
RICH_KINDS = ("inline", "html")


def cells(block: Block) -> Iterator[tuple[Cell, Any]]:
    """Yield every (cell, value) of a block in reading order, those of its items after its own."""
    kind = BLOCKS[block["type"]]
    for cell in kind.cells:
        yield cell, block.get(cell.name)
    for item in block.get("items", ()) if kind.items else ():
        if len(kind.items) == 1:
            yield kind.items[0], item
        else:
            for cell in kind.items:
                yield cell, item.get(cell.name)


def rich(document: Document) -> Iterator[str]:
    """Yield every piece of rich text."""
    for block in document["blocks"]:
        yield from (value for cell, value in cells(block) if cell.kind in ("html", "inline") and value)


def block_text(block: Block) -> str:
    """Return what a reader sees of a block, a line per piece; comparisons have their heading only."""
    pieces = []
    for cell, value in cells(block):
        if value and cell.kind in PROSE_KINDS:
            pieces.append(value if cell.kind == "text" else html.plain(value))
    return "\n".join(pieces)


def text(document: Document) -> str:
    """Return the words of the whole document, its title first."""
    return "\n".join([document["title"], document["summary"], *(block_text(block) for block in document["blocks"])])


def block_links(block: Block) -> list[str]:
    """Return every link of a block: in rich text, of its button, and to the levels that it shows."""
    found = [link for cell, value in cells(block) if cell.kind in RICH_KINDS and value for link in html.links(value)]
    if block["type"] == "call_to_action" and block["to"]:
        found.append(block["to"] if ":" in block["to"] else f"{block['to']}:")
    elif block["type"] in ("comparison", "level_cards"):
        found.extend(f"level:{slug}" for slug in block["levels"])
    elif block["type"] == "sources":
        found.extend(item["url"] for item in block["items"] if item["url"])
    return found


def files(document: Document) -> list[str]:
    """Return the key of every file of the library that a document shows or hands out."""
    found = [value for block in document["blocks"] for cell, value in cells(block) if cell.kind == "file" and value]
    return found + [link.partition(":")[2] for link in links(document) if link.startswith("file:")]


def links(document: Document) -> list[str]:
    """Return every link of a document."""
    return [link for block in document["blocks"] for link in block_links(block)]


def digest(document: Document) -> str:
    """Return a SHA-256 over the content, the same for equal documents."""
    line = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
