"""What a family answered, as a set of choices that the parts of the result ask about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE

STRONG = 3
"""The rating of withdrawal from which rules ask for a hospital or a place with nurses first."""


class Given:
    """The choices of the answers on the way. A question answered "not sure" has none of its own."""

    def __init__(self, outcome: Outcome) -> None:
        self.ratings = outcome.ratings
        self.choices = {
            step.question.key: frozenset([step.answer] if isinstance(step.answer, str) else step.answer)
            for step in outcome.path
            if step.answer != NOT_SURE
        }

    def has(self, question: str, *choices: str) -> bool:
        """Whether one of these was chosen."""
        return not self.choices.get(question, frozenset()).isdisjoint(choices)

    @property
    def may_not_pay(self) -> bool:
        """Whether nothing was named that pays: it was not sure, or there is none, or little."""
        insured = self.has("paying", "private", "medi-cal", "medicare", "military")
        return not insured or self.has("paying", "little-money")

    @property
    def uses(self) -> bool:
        """Whether a substance was named."""
        return bool(self.choices.get("substances"))

    @property
    def uses_nothing(self) -> bool:
        """Whether it was said that there is no substance."""
        return self.choices.get("substances") == frozenset()

    @property
    def needs_no_detox(self) -> bool:
        """Whether it was said that there is nothing whose withdrawal may ask for days in a hospital."""
        named = self.choices.get("substances")
        mild = self.ratings.get("withdrawal", (0, 0))[1] < STRONG
        return self.uses_nothing or (
            named == frozenset({"cannabis"}) and mild and not self.has("danger-now", "withdrawal")
        )

    def at_least(self, rating: int, *dimensions: str) -> bool:
        """Whether all of these dimensions are rated so high for certain."""
        return all(self.ratings.get(dimension, (0, 0))[0] >= rating for dimension in dimensions)


def stopping_is_dangerous(given: Given) -> bool:
    """Whether the answers state something that must not be stopped all at once without a doctor."""
    named = given.has("substances", "alcohol", "sedatives", "unknown")
    return (
        given.has("danger-now", "withdrawal")
        or given.has("stopping", "severe", "dangerous")
        or given.has("drink-often", "most-days", "daily", "all-day")
        or (named and (given.at_least(1, "withdrawal") or given.has("how-often", "daily", "all-day")))
        or given.has("person", "pregnant", "prescribed-sedatives", "prescribed-opioids")
    )


def calming(given: Given) -> bool:
    """Whether something was named whose withdrawal can bring seizures: alcohol, anxiety or sleep pills, or unknown."""
    return given.has("substances", "alcohol", "sedatives", "unknown") or given.has("person", "prescribed-sedatives")


def shakes(given: Given) -> bool:
    """Whether the body shakes or is sick without such a thing, or was seen to be."""
    sick = given.has("stopping", "moderate", "severe", "dangerous") or given.has("stopping-signs", "shaky", "fit")
    return sick and calming(given)


def sick_after_stopping(given: Given) -> bool:
    """Whether who has stopped is sick from it: one order holds then, an emergency room now."""
    very = given.has("stopping", "severe", "dangerous")
    return given.has("person", "stopped") and (very or shakes(given))


def had_seizure(given: Given) -> bool:
    """Whether who has stopped had a seizure, or was confused, from it: it may come again."""
    return given.has("person", "stopped") and given.has("stopping", "dangerous")


def after_birth(given: Given) -> bool:
    """Whether what is seen or believed, or sleep that stops, may come from a birth: that is an emergency of tonight."""
    return given.has("person", "baby") and given.has("mind-signs", "watched", "voices", "high", "manic", "unreal")


LAST_MONTH = {
    "drink-often": {"alcohol", "sedatives"},
    "how-often": {"opioids", "stimulants", "other-drugs", "unknown"},
    "weed-often": {"cannabis"},
}
"""Of which substances each question asks how often they were used in the last month."""


def has_stopped(given: Given) -> bool:
    """Whether nothing is used any more, as far as it was said: stopped in the last two weeks, not used for a week, or
    nothing of what was named in the last month. Pills from a doctor go on."""
    if given.has("person", "prescribed-sedatives", "prescribed-opioids"):
        return given.has("person", "stopped")
    named = given.choices.get("substances", frozenset())
    asked = [question for question, of in LAST_MONTH.items() if named & of]
    nothing = bool(asked) and all(given.has(question, "none") for question in asked)
    return nothing or given.has("person", "stopped") or given.has("stopping", "passed")


def drinks_daily(given: Given) -> bool:
    """Whether alcohol must not be taken away all at once: it is drunk on most days, or nobody is sure how often."""
    often = given.has("drink-often", "light-daily", "most-days", "daily", "all-day")
    unsure = "drink-often" not in given.choices
    return given.has("substances", "alcohol") and not given.has("person", "stopped") and (often or unsure)


def is_violent(given: Given) -> bool:
    """Whether the person's rage hurts or scares people."""
    return given.has("mind-signs", "rage")


def sees_things(given: Given) -> bool:
    """Whether who uses sees or hears what others do not, or feels watched: the drug, or no sleep, may do it."""
    return given.uses and given.has("mind-signs", "watched", "voices")


def is_alone(given: Given) -> bool:
    """Whether there is nobody to count on: nobody can be asked to stay."""
    return given.has("support", "nobody")


def can_stop(given: Given) -> bool:
    """Whether nothing that was named must go on until a doctor was asked: for opioids there is medicine instead."""
    named = given.choices.get("substances", frozenset())
    kept = given.has("person", "prescribed-sedatives", "prescribed-opioids") or (
        given.has("person", "pregnant") and "opioids" in named
    )
    return bool(named) and named <= {"cannabis", "opioids", "stimulants"} and not kept


NAMED = ("alcohol", "cannabis", "opioids", "stimulants", "sedatives", "other-drugs", "unknown")
OF_THEIR_OWN = (frozenset({"alcohol"}), frozenset({"opioids", "unknown"}))
"""Substances that have sentences of their own, and notes that say as much to every reader."""


def open_to_another(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """The answers that words follow even for a reader who is not shown them: a note says so, too. Where substances were
    named, and none of those that have sentences of their own, all the others may be meant: no word is of these then."""
    person, named = answers.get("person"), answers.get("substances")
    follow = {}
    if isinstance(person, Collection) and not isinstance(person, str) and "stopped" in person:
        follow["person"] = ["stopped"]
    if isinstance(named, Collection) and not isinstance(named, str) and named:
        absent = frozenset[str]().union(*(of for of in OF_THEIR_OWN if of.isdisjoint(named)))
        if absent:
            follow["substances"] = [one for one in NAMED if one not in absent]
    return follow
