"""Orders the levels as options: what fits, what may fit, then what is near. Preferences order what is equally near.

They never change what fits: a preference that speaks for another level is told beside each option as its trade-off.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from assessments.engine.decide import Fired, Outcome
from assessments.engine.definition import NOT_SURE, Definition, FloorRule

Fit: TypeAlias = Literal["fits", "open", "less", "more"]
Part: TypeAlias = Literal["first", "then", ""]

NEARNESS: dict[Fit, int] = {"fits": 0, "open": 1, "less": 2, "more": 2}


class Wish(NamedTuple):
    """A preference that was chosen: its question's and its choice's key."""

    question: str
    choice: str


class Option(NamedTuple):
    """A level as an option, and the wishes for and against it.

    It fits for certain, is open as long as not all is known, or is less care or more care than that. Where care has two
    steps, `step` says which of them this level is.
    """

    level: str
    fit: Fit
    favoured_by: tuple[Wish, ...]
    against: tuple[Wish, ...]
    step: Part = ""


def options(definition: Definition, outcome: Outcome) -> list[Option]:
    """Every level as an option, best first; an empty list as long as answers are missing."""
    if outcome.range is None or outcome.then is None:
        return []
    place = definition.levels.index
    low, high = place(outcome.then[0]), place(outcome.then[1])
    firsts = {_level(definition, fired): fired.certain for fired in outcome.first}
    certain = {level for level, sure in firsts.items() if sure and level == outcome.level}
    fitting = {low, *map(place, certain)}
    wishes = _wishes(definition, outcome)
    ranked = []
    for position, level in enumerate(definition.levels):
        fit: Fit = "less" if position < low else "more"
        if position in fitting:
            fit = "fits"
        elif low < position <= high or level in firsts:
            fit = "open"
        step: Part = "" if not certain or fit != "fits" else "first" if level in certain else "then"
        favoured = tuple(wish for wish, levels in wishes if level in levels)
        against = tuple(wish for wish, levels in wishes if level not in levels)
        distance = min(abs(position - other) for other in fitting)
        # As near and as favoured: the greater care first.
        order = (NEARNESS[fit], distance, -len(favoured), -position)
        ranked.append((order, Option(level, fit, favoured, against, step)))
    return [option for _, option in sorted(ranked)]


def _level(definition: Definition, fired: Fired) -> str:
    rule = definition.rules[fired.rule]
    return rule.level if isinstance(rule, FloorRule) else ""


def _wishes(definition: Definition, outcome: Outcome) -> list[tuple[Wish, tuple[str, ...]]]:
    """The preferences chosen that favour some levels, with these levels."""
    wishes = []
    for question, answer, _ in outcome.path:
        if question.role != "preference" or answer == NOT_SURE:
            continue
        for key in [answer] if isinstance(answer, str) else answer:
            favours = question.choice(key).favours
            if favours:
                wishes.append((Wish(question.key, key), favours))
    return wishes
