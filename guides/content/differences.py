"""What changed between two versions of a guide, block by block and word by word. Plain Python."""

from __future__ import annotations

import json
import re
from collections import Counter
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
    apart: bool = False  # what follows was put in its place: shown one after the other they need a space between


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
    return found + _moves(_of_twins(list(_blocks(before["blocks"], after["blocks"])), after["blocks"]))


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


def _of_twins(found: list[tuple[Change, str]], after: list[Block]) -> list[tuple[Change, str]]:
    """Of blocks that said the same one may have changed: taken out and added, in one place or the next, it is that."""
    come = {exact for change, exact in found if change.kind == "added"}
    gone = {exact for change, exact in found if change.kind == "removed"}
    told = list(found)
    for old in [each for each in found if each[0].kind == "removed" and each[1] not in come]:
        new = next((each for each in told if _became(old[0], each[0]) and each[1] not in gone), None)
        if new is not None:
            pieces = words(old[0].pieces[0].text, new[0].pieces[0].text)
            same_place = old[0].place <= len(after) and _exact(after[old[0].place - 1]) == new[1]
            place = old[0].place if same_place else new[0].place
            told[told.index(new)] = Change("changed", new[0].name, pieces, place), ""
            told.remove(old)
    return told


def _became(old: Change, new: Change) -> bool:
    return new.kind == "added" and new.name == old.name and abs(new.place - old.place) <= 1


def still_there(before: list[Block], after: list[Block]) -> list[bool]:
    """Whether each block before is among those after; of several that say the same, first the one in its place."""
    old, new = [_exact(block) for block in before], [_exact(block) for block in after]
    left = Counter(new)
    there = [place < len(new) and new[place] == exact for place, exact in enumerate(old)]
    left.subtract(exact for exact, kept in zip(old, there, strict=True) if kept)
    for place, exact in enumerate(old):
        if not there[place] and left[exact] > 0:
            there[place] = True
            left[exact] -= 1
    return there


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


SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?]+(?=[^\s.!?]))*(?:[.!?]+(?=\s|$)|\n|$)[^\S\n]*")
FIRST = 10  # words of a difference that tell it from another
ALIKE = 0.6  # of the words of two sentences, how many are shared at least, for one to be told within the other


def words(before: Any, after: Any) -> list[Piece]:
    """Return the runs of words that two texts share and do not share.

    Of a sentence in which most words are others, the old one is told whole, then the new one: word by word nobody
    could read it.
    """
    old, new = _sentences(str(before)), _sentences(str(after))
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
        elif b - a == d - c:
            for one, other in zip(old[a:b], new[c:d], strict=True):
                pieces += _reworded(one, other)
        else:
            pieces += _reworded("".join(old[a:b]), "".join(new[c:d]))
    return _joined(pieces)


def first_words(pieces: list[Piece]) -> str:
    """Return how the first new words begin, after a few that both texts have; empty where nothing is new."""
    at = next((place for place, piece in enumerate(pieces) if piece.mark == "added"), len(pieces))
    shared = "".join(piece.text for piece in pieces[:at] if piece.mark == "same").split()
    new = "".join(piece.text for piece in pieces[at:] if piece.mark != "removed").split()
    told = [*shared[-3:], *new[:FIRST]]
    said = " ".join(["…", *told] if len(shared) > 3 else told)
    return (f"{said} …" if len(new) > FIRST else said) if new else ""


def _sentences(text: str) -> list[str]:
    return [found for found in SENTENCE.findall(text) if found]


def _reworded(before: str, after: str) -> list[Piece]:
    matched = SequenceMatcher(None, before.split(), after.split(), autojunk=False)
    places = sum(tag != "equal" for tag, *_at in matched.get_opcodes())
    if matched.ratio() >= ALIKE or (places < 2 and before.strip() and after.strip()):
        return _within(before, after)
    apart = bool(after) and not before[-1:].isspace() and not after[:1].isspace()
    gone = [Piece("removed", before, apart)] if before else []
    return [*gone, Piece("added", after)] if after else gone


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Runs of one kind that follow one another as one run."""
    told: list[Piece] = []
    for piece in pieces:
        if told and told[-1].mark == piece.mark and not told[-1].apart:
            told[-1] = Piece(piece.mark, told[-1].text + piece.text, piece.apart)
        else:
            told.append(piece)
    return told


def _within(before: str, after: str) -> list[Piece]:
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            gone = "".join(old[a:b])
            pieces.append(Piece("removed", gone, apart=d > c and not gone[-1].isspace() and not new[c].isspace()))
        if d > c:
            pieces.append(Piece("added", "".join(new[c:d])))
    return pieces
