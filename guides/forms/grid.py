"""Levels, aspects and facts as one grid: a cell for each level and aspect, with its words in short and in full."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from guides.content import html
from guides.models import Aspect, LevelFact, LevelOfCare

MOST_SHORT = 42


@dataclass
class Cell:
    """A cell as the page shows it; `theirs` is what somebody else saved meanwhile."""

    level: LevelOfCare
    aspect: Aspect
    fact: LevelFact | None
    short: str
    text: str
    seen: str
    error: str = ""
    theirs: str = ""

    @property
    def name(self) -> str:
        return f"{self.level.slug}.{self.aspect.key}"

    @property
    def line(self) -> str:
        return Truncator(html.plain(self.text)).words(9)

    @property
    def changed(self) -> bool:
        saved = (self.fact.short, self.fact.html) if self.fact else ("", "")
        return (self.short, self.text) != saved


@dataclass
class Grid:
    """The whole grid in one language."""

    language: str
    levels: list[LevelOfCare] = field(default_factory=list)
    rows: list[tuple[Aspect, list[Cell]]] = field(default_factory=list)

    @classmethod
    def now(cls, language: str, typed: Mapping[str, str] | None = None) -> Grid:
        """Return the grid as it lies in the database, or as it was `typed` over that."""
        grid = cls(language, list(LevelOfCare.objects.offered()))
        facts = {(fact.level_id, fact.aspect_id): fact for fact in LevelFact.objects.filter(language=language)}
        for aspect in Aspect.objects.filter(archived_at=None).prefetch_related("texts"):
            cells = [_cell(level, aspect, facts.get((level.pk, aspect.pk)), typed) for level in grid.levels]
            grid.rows.append((aspect, cells))
        return grid

    def cells(self) -> Iterator[Cell]:
        for _aspect, cells in self.rows:
            yield from cells

    def check(self, typed: Mapping[str, str]) -> bool:
        """Say in each changed cell why it cannot be saved; whether all of them can."""
        for cell in (cell for cell in self.cells() if cell.changed):
            if len(cell.short) > MOST_SHORT:
                cell.error = _("Use at most %(most)s letters; these are %(count)s.") % {
                    "most": MOST_SHORT,
                    "count": len(cell.short),
                }
            elif cell.seen != stamp(cell.fact) and f"{cell.name}.mine" not in typed:
                cell.error = _("Someone else saved this cell after you had opened the page.")
                saved = (cell.fact.short, html.plain(cell.fact.html)) if cell.fact else ("", "")
                cell.theirs = "\n".join(filter(None, saved)) or _("empty")
        return not any(cell.error for cell in self.cells())


def _cell(level: LevelOfCare, aspect: Aspect, fact: LevelFact | None, typed: Mapping[str, str] | None) -> Cell:
    short, text, seen = (fact.short, fact.html, stamp(fact)) if fact else ("", "", stamp(None))
    name = f"{level.slug}.{aspect.key}"
    if typed is not None and f"{name}.html" in typed:
        short = typed.get(f"{name}.short", "").strip()
        # What says the same is not a change: browsers end lines in two signs.
        text = html.clean(typed[f"{name}.html"].replace("\r\n", "\n"))
        text = fact.html if fact and text == html.clean(fact.html) else text
        seen = typed.get(f"{name}.seen", "")
    return Cell(level, aspect, fact, short, text, seen)


def stamp(fact: LevelFact | None) -> str:
    """Return what tells whether a cell says the same as when a page was opened."""
    words = f"{fact.short}\n{fact.html}" if fact else ""
    return hashlib.sha256(words.encode()).hexdigest()[:16]
