"""What is certain of a result, and what is still open: the heading of the page."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import Definition

Certainty: TypeAlias = Literal["settled", "at-least", "open"]
WIDEST_FIT = 2
"""Where nothing is certain, a range of more levels than these tells a family nothing that it could act on."""


class Fit(NamedTuple):
    """The levels of a result, in the order of care: `first` comes before `level` where care has two steps.

    `upto` is the highest level that unanswered questions leave open: a question, never the plan.
    """

    certainty: Certainty
    first: str | None
    level: str
    upto: str

    @property
    def steps(self) -> tuple[str, ...]:
        return (self.first, self.level) if self.first else (self.level,)


def fit_of(definition: Definition, outcome: Outcome) -> Fit:
    """The fit of a complete outcome."""
    assert outcome.range is not None
    low, high = outcome.range
    if low == high:
        return Fit("settled", None, low, high)
    width = definition.levels.index(high) - definition.levels.index(low) + 1
    nothing = low == definition.levels[0] and width > WIDEST_FIT
    return Fit("open" if nothing else "at-least", None, low, high)


class Sign(NamedTuple):
    """One line of the heading: a small word, and the level it speaks of."""

    word: str
    level: str


def heading(fit: Fit, *, loved: bool) -> list[Sign]:
    """The heading of the page, line by line."""
    least = fit.certainty == "at-least"
    if fit.first:
        return [Sign(_("First"), fit.first), Sign(_("Then at least") if least else _("Then"), fit.level)]
    if least:
        return [Sign(_("At least"), fit.level)]
    return [Sign(_("This may fit them now") if loved else _("This may fit you now"), fit.level)]
