"""The figures as they are shown: tables whose rows are bars, too, with nothing from which a small count follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from referral import figures, small_counts
from referral.figures import Scope, Way
from referral.milestones import ACCEPTED, ASKED, CONTACTED, STARTED, STEPS
from referral.reasons import DECLINED
from referral.small_counts import Shown
from ui.pictures import Share, shares

MOST_ROWS = 12
STEP_NAMES = {
    CONTACTED: gettext_lazy("We talked with the family"),
    ASKED: gettext_lazy("A program was asked"),
    ACCEPTED: gettext_lazy("A program accepted"),
    STARTED: gettext_lazy("First visit, or care started"),
}
STAND_NAMES = {
    "in_care": gettext_lazy("Care started"),
    "accepted": gettext_lazy("Accepted, care not started"),
    "ended": gettext_lazy("Closed without care"),
    "searching": gettext_lazy("Still looking"),
}
# What a program said, with all that it declines as one; the reasons have a table of their own.
SAID = {
    "accepted": gettext_lazy("Accepted"),
    "waitlisted": gettext_lazy("Waitlist"),
    "waiting": gettext_lazy("No answer yet"),
    "silent": gettext_lazy("No answer, closed"),
    "cancelled": gettext_lazy("Canceled"),
    "declined": gettext_lazy("Declined"),
}
FOLLOWED_NAMES = {
    "answered": gettext_lazy("Answered"),
    "staff": gettext_lazy("Given to staff"),
    "silent": gettext_lazy("No answer"),
}
Words = str | Promise
Columns = list[tuple[str, Words]]


@dataclass(frozen=True)
class Row:
    """One row: its name, the sum where it may be shown, its cells and its bar."""

    name: Words
    total: Shown
    cells: list[Shown]
    bar: tuple[Share, ...]
    words: str  # what the bar shows
    note: str = ""
    said: str = ""  # the same as it stands under the bar: without what is nobody


@dataclass(frozen=True)
class Section:
    """One table with its picture. `columns` are (class of its part in the bar, heading); `total` is the first one's."""

    key: str
    title: Words
    total: Words
    columns: Columns
    rows: list[Row]
    note: Words = ""

    @property
    def divides(self) -> bool:
        """Whether any part of any row may be shown: else its bars would say nothing."""
        return any(cell for row in self.rows for cell in row.cells)

    @property
    def legend(self) -> list[tuple[str, str, Words]]:
        """(letter, class, heading) of each part: nothing is told by colour alone."""
        return [(letter, *column) for letter, column in zip(ascii_uppercase, self.columns, strict=False)]


def _row(name: Words, total: Shown, cells: Sequence[Shown], columns: Columns, note: str = "") -> Row:
    told = [f"{heading}: {told_as(cell)}" for (_key, heading), cell in zip(columns, cells, strict=True)]
    bar = shares(cells, [key for key, _heading in columns], total, ascii_uppercase)
    said = [part for part, cell in zip(told, cells, strict=True) if cell != 0]
    return Row(name, total, list(cells), bar, "; ".join(told), note, "; ".join(said))


def told_as(count: Shown) -> str:
    """A count in words; one that may not be told says so."""
    return _("not shown") if count is None else str(count)


def sections(scope: Scope, levels: Mapping[int, str], now: datetime) -> list[Section]:
    """All tables of families, in order. Where too few asked for help in the period there are none."""
    found = figures.way(scope, now)
    if small_counts.is_small(found.came) or not found.came:
        return []
    shown = dict(zip(["came", *STEPS], small_counts.steps([found.came, *found.steps.values()]), strict=True))
    programs: dict[Words, list[int]] = dict(figures.answers_by_program(scope).items())
    by_level: dict[Words, list[int]] = {
        levels.get(order, "") if order is not None else _("Level not known"): counts
        for order, counts in figures.answers_by_level(scope).items()
    }
    answered = [
        *_answers("program", _("Programs’ answers, by program"), programs),
        *_answers("level", _("Programs’ answers, by level"), by_level),
    ]
    return [_steps(shown), _times(found, shown), _looks(found, shown), *_followed(scope), *answered]


def _steps(shown: Mapping[str, Shown]) -> Section:
    came = shown["came"] or 0
    names: dict[str, Words] = {"came": _("Requests"), **STEP_NAMES}
    rows = []
    for step, name in names.items():
        count = shown[step]
        bar = shares([count], ["step"], came)[:1] if count else ()
        rows.append(Row(name, count, [], bar, told_as(count), _share(count, came)))
    note = _("Each row counts requests that came in the period, whenever the step was made. Duplicates are left out.")
    return Section("steps", _("From request to care"), _("Requests"), [], rows, note)


def _share(count: Shown, whole: int) -> str:
    return "" if count is None or not whole else f"{100 * count / whole:.0f} %"


def _times(found: Way, shown: Mapping[str, Shown]) -> Section:
    keys = [*(f"within-{place}" for place in range(len(figures.WITHIN))), "longer", "missing"]
    spans = [ngettext("within %(days)d day", "within %(days)d days", days) % {"days": days} for days in figures.WITHIN]
    columns: Columns = list(zip(keys, [*spans, _("later"), _("not yet")], strict=True))
    names = {CONTACTED: _("Talked with the family"), ACCEPTED: _("Program accepted"), STARTED: _("First visit")}
    rows = []
    for step in figures.TIMED:
        counts, missing = found.within[step], found.came - found.steps[step]
        if shown[step] is None:  # then nobody knows the sum of those who made it either
            cells = small_counts.line([*counts, missing], also={len(counts)})
        else:
            cells = [*small_counts.line(counts), missing]
        rows.append(_row(names[step], found.came, cells, columns, _half(counts, found.came)))
    return Section("times", _("Time since the request"), _("Requests"), columns, rows)


def _half(counts: Sequence[int], came: int) -> str:
    """Within which stretch half of all are reached; nothing where fewer are."""
    reached = 0
    for days, count in zip(figures.WITHIN, counts, strict=False):
        reached += count
        if 2 * reached >= came:
            words = ngettext("half within %(days)d day", "half within %(days)d days", days)
            return words % {"days": days}
    return ""


def _looks(found: Way, shown: Mapping[str, Shown]) -> Section:
    columns: Columns = [(f"looks-{key}", STAND_NAMES[key]) for key in figures.STANDS]
    totals = [sum(counts) for counts in found.looks.values()]
    known = small_counts.steps([shown["came"] or 0, *totals])[1:]
    rows = []
    for (days, counts), total in zip(found.looks.items(), known, strict=True):
        name = ngettext("after %(days)d day", "after %(days)d days", days) % {"days": days}
        cells = small_counts.line(counts) if total else [None if total is None else 0] * len(counts)
        rows.append(_row(name, total, cells, columns))
    note = _("Only requests that are so old by now. Care counts as started once it was, even if it ended since.")
    return Section("looks", _("Where families stand"), _("Requests"), columns, rows, note)


def _answers(key: str, title: str, rows: Mapping[Words, Sequence[int]]) -> list[Section]:
    """What programs said, and why they declined."""
    plain = len(figures.ANSWERS) - len(DECLINED)
    said = {name: [*counts[:plain], sum(counts[plain:])] for name, counts in rows.items()}
    reasons = {name: list(counts[plain:]) for name, counts in rows.items()}
    first = _crossed(key, title, said, list(SAID.items()))
    if first is None:
        return []
    # A program's sum of reasons is what it declined: told only where the table before tells it.
    alone = {row.name for row in first.rows[:-1] if row.cells[-1]}
    if not first.rows[-1].cells[-1]:
        return [first]
    others = [counts for name, counts in reasons.items() if name not in alone]
    kept = {name: counts for name, counts in reasons.items() if name in alone}
    if any(map(sum, others)):
        kept[_("Others")] = [sum(column) for column in zip(*others, strict=True)]
    columns: Columns = [(f"why-{place}", DECLINED[code]) for place, code in enumerate(DECLINED)]
    title = _("Reasons for declining, by program") if key == "program" else _("Reasons for declining, by level")
    second = _crossed(f"why-{key}", title, kept, columns, most=MOST_ROWS + 1)
    return [first] if second is None else [first, second]


def _crossed(
    key: str, title: str, rows: Mapping[Words, Sequence[int]], columns: Columns, *, most: int = MOST_ROWS
) -> Section | None:
    """A table of counts with its sums; None where all of it is too little to be told."""
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    if small_counts.is_small(sum(sums)) or not any(sums):
        return None
    totals = small_counts.line(sums)
    alone, others = small_counts.fold(rows, most=most)
    named = [*alone, *([(_("Others"), others)] if any(others) else [])]
    cells = small_counts.table([counts for _name, counts in named], totals)
    told = [_row(name, sum(counts), row, columns) for (name, counts), row in zip(named, cells, strict=True)]
    return Section(key, title, _("Requests"), columns, [*told, _row(_("All"), sum(sums), totals, columns)])


def _followed(scope: Scope) -> list[Section]:
    counts = figures.follow_ups(scope)
    if small_counts.is_small(sum(counts)) or not any(counts):
        return []
    columns: Columns = [(f"followed-{key}", words) for key, words in FOLLOWED_NAMES.items()]
    row = _row(_("Due in the period"), sum(counts), small_counts.line(counts), columns)
    return [Section("followed", _("Check-ins"), _("Sent"), columns, [row])]
