"""What is certain of a result, and what is still open: levels and the short words of `result/head.html`."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Certainty, Outcome
from assessments.engine.definition import Definition, FloorRule


class Fit(NamedTuple):
    """The levels of a result, in the order of care: `first` comes before `level` where care has two steps.

    `upto` is the highest level that unanswered questions leave open, and `perhaps_first` a first step that is still to
    be found out: both are questions, never the plan. `higher_first` is such a step above a certain `first`.
    """

    certainty: Certainty
    first: str | None
    level: str
    upto: str
    perhaps_first: str | None = None
    higher_first: str | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        return (self.first, self.level) if self.first else (self.level,)

    @property
    def least(self) -> bool:
        """Whether more than the level may be needed."""
        return self.upto != self.level


def fit_of(definition: Definition, outcome: Outcome) -> Fit:
    """The fit of a complete outcome. Raises ValueError while a question is left."""
    if outcome.then is None or outcome.certainty is None or outcome.level is None:
        raise ValueError("the questions are not answered yet")
    low, high = outcome.then
    first = outcome.level if any(fired.certain for fired in outcome.first) else None
    rules = [definition.rules[fired.rule] for fired in outcome.first if not fired.certain]
    perhaps = max(
        (rule.level for rule in rules if isinstance(rule, FloorRule)), key=definition.levels.index, default=None
    )
    above = first and perhaps and definition.levels.index(perhaps) > definition.levels.index(first)
    return Fit(outcome.certainty, first, low, high, None if first else perhaps, perhaps if above else None)


class Sign(NamedTuple):
    """One line of the heading: a small word, and the level it speaks of."""

    word: str
    level: str


def heading(fit: Fit, *, loved: bool) -> list[Sign]:
    """The heading of the page, line by line."""
    if fit.first:
        return [Sign(_("First"), fit.first), Sign(_("Then at least") if fit.least else _("Then"), fit.level)]
    if fit.certainty == "at-least":
        return [Sign(_("At least"), fit.level)]
    return [Sign(_("This may fit them now") if loved else _("This may fit you now"), fit.level)]
