"""What the answers of the level-of-care questionnaire know for the search of programs.

The names are those of the search form at /programs/; they travel in a posted form, never in an address. An answer
that a later version does not know any more is simply not passed on.
"""

from __future__ import annotations

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE

RATED = ("use", "control", "mental", "safety")
UNPAID = (("payment", "medi_cal"), ("payment", "sliding_scale"))
"""What may pay for a child where nobody is sure what does."""
AGES, ADULT = {"under-18": "0-17", "older": "65-120"}, "18-64"
FIELDS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("substances", "opioids"): (("medications", "buprenorphine"), ("medications", "methadone")),
    ("paying", "private"): (("payment", "insurance"),),
    ("paying", "medi-cal"): (("payment", "medi_cal"),),
    ("paying", "medicare"): (("payment", "medicare"),),
    ("paying", "military"): (("payment", "military"),),
    ("paying", "self-pay"): (("payment", "self_pay"),),
    ("paying", "little-money"): (("payment", "insurance"), ("payment", "sliding_scale")),
    ("paying", "no-insurance"): (("payment", "medi_cal"), ("payment", "sliding_scale"), ("payment", "grants")),
    ("language", "english"): (("languages", "en"),),
    ("language", "spanish"): (("languages", "es"),),
    ("time-for-care", "evenings"): (("schedule", "evening"), ("schedule", "weekend")),
    ("time-for-care", "full-days"): (("schedule", "daytime"),),
    ("person", "under-18"): (("populations", "adolescents"),),
    ("person", "older"): (("populations", "older_adults"),),
    ("person", "veteran"): (("populations", "veterans"),),
    ("person", "pregnant"): (("populations", "pregnancy"), ("gender", "women")),
    ("person", "baby"): (("populations", "pregnancy"),),
}


def search_fields(outcome: Outcome) -> list[tuple[str, str]]:
    """The (name, value) pairs for the search, each once; levels and ZIP code are not among them."""
    given = [
        (step.question.key, choice)
        for step in outcome.path
        if step.answer != NOT_SURE
        for choice in ([step.answer] if isinstance(step.answer, str) else step.answer)
    ]
    found = [pair for answer in given for pair in FIELDS.get(answer, ())]
    concern = _concern(outcome)
    unsure = {step.question.key for step in outcome.path if step.answer == NOT_SURE}
    if ("person", "under-18") in given and "paying" in unsure:
        found += UNPAID
    known = [*([("concern", concern)] if concern else []), *_ages(outcome), *found]
    return list(dict.fromkeys(known))


def _ages(outcome: Outcome) -> list[tuple[str, str]]:
    """The age group, so that no program for teens is shown to an adult, nor one for adults to a teen."""
    told = [step.answer for step in outcome.path if step.question.key == "person" and step.answer != NOT_SURE]
    return [("ages", next((group for choice, group in AGES.items() if choice in given), ADULT)) for given in told]


def _concern(outcome: Outcome) -> str:
    """What care is for, as far as it is certain: what weighs more; programs that treat both are among either.

    Both where the result says so, and where thoughts of dying or of hurting oneself stand beside steady use.
    """
    use, control, mental, safety = (outcome.ratings.get(key, (0, 0))[0] for key in RATED)
    use = max(use, control)
    if use >= 2 and (mental >= 2 or safety):
        return "both"
    if use >= 2:
        return "substance_use"
    if use or mental:
        return "substance_use" if use >= mental else "mental_health"
    return ""
