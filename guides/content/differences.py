"""What changed between two versions of a guide, block by block and word by word. Plain Python."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from guides.content.documents import Block, Document, cells
from guides.content.html import plain

Mark = Literal["same", "added", "removed"]
Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class Piece:
    """A run of words, and whether it is in both versions, only in the new one, or only in the old one."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Change:
    """One block or field that is not the same. `name` is a field of the document or a type of block."""

    kind: Kind
    name: str
    pieces: list[Piece]
    # Where the block stands in the new version, or stood in the old one if it was removed; from 1, 0 for a field.
    place: int = 0


def changes(before: Document, after: Document) -> list[Change]:
    """Return what changed, in the order of the new version."""
    found = [
        Change("changed", name, words(before[name], after[name]))
        for name in ("title", "summary", "slug")
        if before[name] != after[name]
    ]
    return found + _moves(list(_blocks(before["blocks"], after["blocks"])))


def _blocks(before: list[Block], after: list[Block]) -> list[tuple[Change, str]]:
    """Return each changed block with its exact content, by which a moved one is known again."""
    old, new = [_exact(block) for block in before], [_exact(block) for block in after]
    found: list[tuple[Change, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = list(range(a, b)), list(range(c, d))
        for place in list(come):
            twin = next((i for i in gone if before[i]["type"] == after[place]["type"]), None)
            if twin is not None and old[twin] not in new and new[place] not in old:
                pieces = words(block_text(before[twin]), block_text(after[place]))
                found.append((Change("changed", after[place]["type"], pieces, place + 1), ""))
                gone.remove(twin)
                come.remove(place)
        found += [(_whole("removed", before[i], i), old[i]) for i in gone]
        found += [(_whole("added", after[i], i), new[i]) for i in come]
    return found


def _whole(mark: Literal["added", "removed"], block: Block, index: int) -> Change:
    return Change(mark, block["type"], [Piece(mark, block_text(block))], index + 1)


def _moves(found: list[tuple[Change, str]]) -> list[Change]:
    """Turn a block that was removed in one place and added in another, word for word, into one that moved."""
    removed = [exact for change, exact in found if change.kind == "removed"]
    kept: list[Change] = []
    moved: list[str] = []
    for change, exact in found:
        if change.kind == "added" and exact in removed:
            removed.remove(exact)
            moved.append(exact)
            kept.append(Change("moved", change.name, [Piece("same", change.pieces[0].text)], change.place))
        else:
            kept.append(change)
    for exact in moved:
        index = next(i for i, change in enumerate(kept) if _is(change, exact, found))
        del kept[index]
    return sorted(kept, key=lambda change: change.place)


def _is(change: Change, exact: str, found: list[tuple[Change, str]]) -> bool:
    return change.kind == "removed" and any(other is change and text == exact for other, text in found)


def _exact(block: Block) -> str:
    return json.dumps(block, sort_keys=True, ensure_ascii=False)


def block_text(block: Block) -> str:
    """Return everything that a block holds as text, a line for each value, codes and links too."""
    lines = []
    for cell, value in cells(block):
        if isinstance(value, list):
            lines.append(", ".join(value))
        elif value:
            lines.append(_with_links(str(value)) if cell.kind in ("html", "inline") else str(value))
    return "\n".join(lines)


def _with_links(html: str) -> str:
    # A changed link with unchanged words is a change too.
    return plain(re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2 [\1]", html, flags=re.DOTALL))


def words(before: Any, after: Any) -> list[Piece]:
    """Return the runs of words that two texts share and do not share."""
    old, new = re.findall(r"\s+|[^\s]+", str(before)), re.findall(r"\s+|[^\s]+", str(after))
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(new[c:d])))
    return pieces
