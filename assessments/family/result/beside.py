"""The levels next to the one that fits, side by side in equal detail, with what each means for the family's wishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE, Question
from assessments.engine.explain import Speaker
from assessments.family.result.fit import Fit
from assessments.family.result.levels import Levels
from ui.pictures import Stone

ASPECTS = ("time", "daily_life", "medical", "cost")


class Column(NamedTuple):
    """A level, and where it stands: "less", "fits", "open" or "more", with the word for it."""

    slug: str
    name: str
    short: str
    url: str
    stones: tuple[Stone, ...]
    stand: str
    note: str


class Cell(NamedTuple):
    column: Column
    text: str


class Row(NamedTuple):
    """One aspect of every column, or one wish and what each level means for it."""

    label: str
    cells: list[Cell]
    is_wish: bool


class Beside(NamedTuple):
    columns: list[Column]
    rows: list[Row]
    compare_url: str


def beside(outcome: Outcome, fit: Fit, levels: Levels, speaker: Speaker) -> Beside:
    """The lighter neighbor, what fits, each level still open or else the next one, and a possible first step."""
    order = levels.definition.levels
    place = order.index(fit.level)
    near = {*order[max(place - 1, 0) : max(place + 2, order.index(fit.upto) + 1)], *fit.steps, fit.perhaps_first}
    shown = [slug for slug in order if slug in near]
    columns = [_column(slug, fit, levels) for slug in shown]
    facts = [
        Row(levels.labels.get(key, key), [Cell(each, levels.short_fact(each.slug, key)) for each in columns], False)
        for key in ASPECTS
    ]
    wishes = [
        Row(label, [Cell(each, told[each.slug]) for each in columns], True)
        for label, told in _wishes(outcome, levels, speaker)
    ]
    told = [row for row in facts if any(cell.text for cell in row.cells)]
    # A wish that all of these leave the same room for says nothing between them.
    told += [row for row in wishes if len({cell.text for cell in row.cells}) > 1]
    return Beside(columns, told, levels.compare_url(shown))


def every(fit: Fit, levels: Levels) -> list[Column]:
    """All levels in their order, from the lightest, each with where it stands."""
    return [_column(slug, fit, levels) for slug in levels.definition.levels]


def _column(slug: str, fit: Fit, levels: Levels) -> Column:
    stand = ("", "") if fit.certainty == "open" else _stand(slug, fit, levels.definition.levels)
    stones = levels.stones(slug, here=stand[0] == "fits")
    return Column(slug, levels.name(slug), levels.short_name(slug), levels.url(slug), stones, *stand)


def _stand(slug: str, fit: Fit, order: Sequence[str]) -> tuple[str, str]:
    if slug == fit.first:
        return "fits", _("First")
    if slug == fit.level:
        return "fits", _("Then") if fit.first else _("At least this") if fit.certainty == "at-least" else _(
            "May fit now"
        )
    if order.index(slug) < order.index(fit.level):
        return "less", _("Less care")
    if slug == fit.perhaps_first and order.index(slug) > order.index(fit.upto):
        return "open", _("May come first")
    still_open = order.index(slug) <= order.index(fit.upto)
    return ("open", _("Still open")) if still_open else ("more", _("More care"))


def _wishes(outcome: Outcome, levels: Levels, speaker: Speaker) -> Iterator[tuple[str, dict[str, str]]]:
    """A row for each wish that some level does not leave room for. What somebody could do is no wish against less."""
    for step in outcome.path:
        question, answer = step.question, step.answer
        if question.role != "preference" or answer == NOT_SURE:
            continue
        chosen = [answer] if isinstance(answer, str) else list(answer)
        if question.key == "time-for-care":
            yield from _time(question, chosen, levels)
        elif question.key != "distance" or chosen == ["near"]:
            for key in chosen:
                if favours := question.choice(key).favours:
                    yield (
                        _if(key) or speaker.answer(question.key, key),
                        {level: _room(key, level in favours) for level in levels.definition.levels},
                    )


def _time(question: Question, chosen: list[str], levels: Levels) -> Iterator[tuple[str, dict[str, str]]]:
    """The time that there is: a level fits into it where it takes no more than the most that was named."""
    order = levels.definition.levels
    named = [order.index(level) for key in chosen for level in question.choice(key).favours]
    if named and max(named) < len(order) - 1:
        fits, more = _("Fits into the time you named."), _("Takes more time than you named.")
        cells = {level: fits if place <= max(named) else more for place, level in enumerate(order)}
        yield _("If you have no more time than you said"), cells


def _if(key: str) -> str:
    """A wish as the condition that it is."""
    return {
        "work": _("If work cannot stop"),
        "school": _("If school cannot stop"),
        "caring": _("If someone needs to be cared for at home"),
        "near": _("If care must be close to home"),
    }.get(key, "")


def _room(key: str, there_is: bool) -> str:
    """What a level means for a wish: that there is room for it, or what to do because there is not."""
    if there_is:
        return {
            "work": _("Work can go on. Ask for hours that fit."),
            "school": _("School can go on. Ask for hours that fit."),
            "caring": _("Nights are at home. Ask for hours that fit."),
            "near": _("Often found close by."),
        }.get(key, _("There is room for this."))
    return {
        "work": _("Work has to pause. Ask your employer about medical leave."),
        "school": _("School has to pause. Ask the school, and ask if there are lessons there."),
        "caring": _("Someone else has to step in. Ask about programs that take children too."),
        "near": _("May be farther away. Ask about visits and calls."),
    }.get(key, _("There is little room for this. Ask what is possible."))
