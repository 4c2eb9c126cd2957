"""What the questionnaire made of a family's answers, in words, for whoever works on its referral."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.conditions import HIGHEST_RATING
from assessments.engine.definition import FloorRule, Language
from assessments.engine.explain import Speaker
from assessments.engine.phrases import phrase
from assessments.models import Response


class Rated(NamedTuple):
    """One area: its name, the rating in words, and its ends on the scale of 0–4; they differ after "not sure"."""

    name: str
    words: str
    low: int
    high: int

    @property
    def stones(self) -> list[str]:
        """A sign for each step of the scale: what is certain, what is open, and the rest."""
        return [
            "sure" if step <= self.low else "open" if step <= self.high else "none"
            for step in range(1, HIGHEST_RATING + 1)
        ]


class Rule(NamedTuple):
    """A rule that fired: its level, its reason, whether it is certain, and the answers that it rests on."""

    level: str
    reason: str
    certain: bool
    first: bool
    because: tuple[str, ...]


class Found(NamedTuple):
    """The determination as it was stored with the answers. `then` is the care after a first step, if there is one."""

    version: int
    levels: str
    then: str
    ratings: list[Rated]
    rules: list[Rule]
    lower: list[Rule]
    """Rules of lower levels: they hold as well, and change nothing."""


def found(response: Response, language: str, names: Mapping[str, str]) -> Found | None:
    """The determination in words; None as long as answers are missing."""
    kept = response.determination
    if not kept or not kept["range"]:
        return None
    definition = response.version.definition
    spoken: Language = "es" if language == "es" else "en"
    speaker = Speaker(definition, spoken, response.spoken_to, names)
    then = kept.get("then")
    rules, least = _rules(response, speaker), definition.levels.index(kept["range"][0])
    return Found(
        version=response.version.number,
        levels=_span(kept["range"], names),
        then=_span(then, names) if then and then != kept["range"] else "",
        ratings=[
            _rated(one.name.say(spoken, response.spoken_to), kept["ratings"][one.key], spoken)
            for one in definition.dimensions
        ],
        rules=[rule for place, rule in rules if place >= least],
        lower=[rule for place, rule in rules if place < least],
    )


def _span(levels: list[str], names: Mapping[str, str]) -> str:
    return " – ".join(dict.fromkeys(names.get(slug, slug) for slug in levels))


def _rated(name: str, ends: Sequence[int], language: Language) -> Rated:
    low, high = ends
    words = [phrase(f"degree-{one}", language) if one else _("none (0)") for one in dict.fromkeys((low, high))]
    return Rated(name, " – ".join(words), low, high)


def _rules(response: Response, speaker: Speaker) -> list[tuple[int, Rule]]:
    """The rules that fired with their level's place, the highest first. Today's engine says them as that of then."""
    reasons = [
        speaker.reason(fired)
        for fired in response.outcome().fired
        if isinstance(speaker.definition.rules[fired.rule], FloorRule)
    ]
    placed = [(speaker.definition.levels.index(one.level), one) for one in reasons]
    return [
        (place, Rule(speaker.level(one.level), one.text, one.certain, one.first, one.because))
        for place, one in sorted(placed, key=lambda pair: -pair[0])
    ]
