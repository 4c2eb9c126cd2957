"""Orders the levels as options: first what fits, then what is near. Preferences order what is equally near.

They never change what fits: a preference that speaks for another level is told beside each option as its trade-off.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE, Definition

Fit: TypeAlias = Literal["fits", "less", "more"]


class Wish(NamedTuple):
    """A preference that was chosen: its question's and its choice's key."""

    question: str
    choice: str


class Option(NamedTuple):
    """A level as an option: whether it fits, is less care or more care than fits, and the wishes for and against."""

    level: str
    fit: Fit
    favoured_by: tuple[Wish, ...]
    against: tuple[Wish, ...]


def options(definition: Definition, outcome: Outcome) -> list[Option]:
    """Every level as an option, best first; an empty list as long as answers are missing."""
    if outcome.range is None:
        return []
    low, high = (definition.levels.index(level) for level in outcome.range)
    wishes = _wishes(definition, outcome)
    ranked = []
    for position, level in enumerate(definition.levels):
        fit: Fit = "less" if position < low else "more" if position > high else "fits"
        favoured = tuple(wish for wish, levels in wishes if level in levels)
        against = tuple(wish for wish, levels in wishes if level not in levels)
        distance = max(low - position, position - high, 0)
        # As near and as favoured: the greater care first.
        ranked.append(((distance, -len(favoured), -position), Option(level, fit, favoured, against)))
    return [option for _, option in sorted(ranked)]


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
