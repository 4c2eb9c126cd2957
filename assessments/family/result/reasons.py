"""Why: three sentences from the family's own answers; whatever else counts folds away in plain groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.compiled import Because
from assessments.engine.decide import Fired, Outcome
from assessments.engine.definition import NOT_SURE, Definition
from assessments.engine.explain import Reason, Speaker
from assessments.family.emergencies import is_in_danger
from assessments.family.result.fit import Fit
from assessments.family.result.given import Given, stopping_is_dangerous

SHOWN = 3
MOOD, SIGNS = "mood", "mind-signs"
ANSWERS_SHOWN = 2
AT_HOME = frozenset({"outpatient", "iop", "php"})
RESIDENTIAL = "residential"
ASK_FOR_MORE = {
    "home": ("triggers", "no-home", "person"),
    "staying-off": ("hours", "never-alone"),
    "care-result": ("partly", "slipping", "again"),
}
"""Choices that speak for care day and night, though not for all of it by themselves."""
HOME_HOLDS, MILD_STOP, SUPPORTED = {"good", "mixed"}, {"nothing", "mild"}, {"several", "one-or-two"}
"""Choices that speak for living at home during care; choices that a version does not have are simply not found."""


class Group(NamedTuple):
    """Reasons of one area of life."""

    name: str
    reasons: list[Reason]


class Sentence(NamedTuple):
    """A reason in a sentence, and the answers that it rests on."""

    text: str
    because: tuple[str, ...]


class Why(NamedTuple):
    """The reasons that lead, and the rest by area."""

    first: list[Sentence]
    rest: list[Group]


def why(definition: Definition, outcome: Outcome, levels: Sequence[str], speaker: Speaker) -> Why:
    """The reasons that the answers state for these levels or above, the highest level first.

    Those of a level below would speak for less than what is shown. Of several, those lead that rest on answers which
    none before them rests on. Where few speak for the level, what speaks against more care fills the three sentences.
    """
    lowest = min(map(definition.levels.index, levels))
    told = [
        fired
        for fired in sorted(outcome.fired, key=lambda fired: -_place(definition, speaker.reason(fired)))
        if fired.stated and _place(definition, speaker.reason(fired)) >= lowest
    ]
    leading = list(_leading(told))[:SHOWN]
    leading += [fired for fired in told if fired not in leading][: SHOWN - len(leading)]
    rest: dict[str, list[Reason]] = {}
    for fired in told:
        if fired not in leading:
            rest.setdefault(_area(definition, fired, speaker), []).append(speaker.reason(fired))
    seen: set[Because] = set()
    sentences = [_sentence(definition, fired, seen, speaker, Given(outcome)) for fired in leading]
    if lowest and definition.levels[lowest] in AT_HOME:
        sentences += islice(_enough(outcome, speaker), SHOWN - len(sentences))
    return Why(sentences, [Group(name, reasons) for name, reasons in rest.items()])


def _signs_too(told: Sequence[Because], given: Given, seen: set[Because]) -> list[Because]:
    """Signs such as panic attacks, where a reason rests on mood alone: they weigh less in a rule, but were told."""
    chosen = given.choices.get(SIGNS, frozenset())
    if not chosen or not any(because.question == MOOD for because in told):
        return []
    if any(because.question == SIGNS for because in (*told, *seen)):
        return []
    return [Because(SIGNS, tuple(sorted(chosen)))]


def _sentence(definition: Definition, fired: Fired, seen: set[Because], speaker: Speaker, given: Given) -> Sentence:
    """The reason with the answers that weigh most in it, those first that no reason before it has shown."""
    weight = {
        because: max([rate for _dimension, rate in _rates(definition, because)], default=0) for because in fired.because
    }
    told = [because for because in fired.because if because.answer != NOT_SURE]
    heaviest = sorted(told, key=lambda because: -weight[because])
    fresh = [because for because in heaviest if because not in seen] or heaviest
    shown = [because for because in told if because in fresh[:ANSWERS_SHOWN]]
    shown += _signs_too(shown, given, seen)
    seen.update(shown)
    return Sentence(speaker.reason(fired).text, tuple(map(speaker.because, shown)))


def _enough(outcome: Outcome, speaker: Speaker) -> Iterator[Sentence]:
    """Why care can be had while living at home, as far as the answers say so outright.

    None of it beside a danger that is stated: there it would read as a reason to wait at home.
    """
    if is_in_danger(outcome):
        return
    given = Given(outcome)
    loved = speaker.voice == "loved"
    for key, choices, holds, text in (
        (
            "home",
            HOME_HOLDS,
            not given.has("violence-home", "afraid", "yes") and not given.has("danger-now", "violence"),
            _("Home is calm and safe enough for them to live there during care.")
            if loved
            else _("Home is calm and safe enough for you to live there during care."),
        ),
        (
            "stopping",
            MILD_STOP,
            # Days in a hospital, or a doctor before stopping: what may ask for either says the opposite.
            not outcome.first and not stopping_is_dangerous(given),
            _("Nothing they feel when they stop calls for nurses day and night.")
            if loved
            else _("Nothing you feel when you stop calls for nurses day and night."),
        ),
        (
            "support",
            SUPPORTED,
            # People to count on hold nobody at a home that is not known to be safe.
            given.has("home", *HOME_HOLDS),
            _("They have people to count on, so they may live at home during care.")
            if loved
            else _("You have people to count on, so you may live at home during care."),
        ),
    ):
        answer = next(iter(given.choices.get(key, frozenset()) & choices), None) if holds else None
        if answer is not None:
            yield Sentence(text, (speaker.because(Because(key, answer)),))


def not_more(definition: Definition, outcome: Outcome, fit: Fit, speaker: Speaker) -> str:
    """Why no stay is suggested yet, and what would make one right, as the guide to choosing has it; else empty."""
    if fit.certainty == "open" or fit.level not in AT_HOME or RESIDENTIAL not in definition.levels:
        return ""
    given = Given(outcome)
    loved = speaker.voice == "loved"
    when = (
        _(
            "%(level)s is right when home is not safe, when they need someone close by day and night, or when care "
            "with fewer hours has not been enough."
        )
        if loved
        else _(
            "%(level)s is right when home is not safe, when you need someone close by day and night, or when care "
            "with fewer hours has not been enough."
        )
    )
    parts = [when % {"level": speaker.level(RESIDENTIAL)}]
    if given.has("use-signs", "overdose"):
        parts.insert(0, _("An overdose asks for help today. By itself it does not ask for a stay."))
    above = definition.levels.index(RESIDENTIAL)
    asks = any(given.has(question, *choices) for question, choices in ASK_FOR_MORE.items()) or any(
        fired.stated and _place(definition, speaker.reason(fired)) >= above for fired in outcome.fired
    )
    # Who must not be left alone tonight has someone close by day and night.
    if not asks and not given.at_least(1, "safety"):
        parts.append(_("Your answers do not say that so far."))
    return " ".join(parts)


def _place(definition: Definition, reason: Reason) -> int:
    return definition.levels.index(reason.level)


def _leading(told: Iterable[Fired]) -> Iterable[Fired]:
    used: set[Because] = set()
    for fired in told:
        if not used.issuperset(fired.because):
            used.update(fired.because)
            yield fired


def _area(definition: Definition, fired: Fired, speaker: Speaker) -> str:
    """The area of life that the answers behind a reason rate highest."""
    names = {dimension.key: dimension.name for dimension in definition.dimensions}
    rated = [rate for because in fired.because for rate in _rates(definition, because)]
    if not rated:
        return _("Other answers")
    dimension, _rating = max(rated, key=lambda rate: rate[1])
    return names[dimension].say(speaker.language, speaker.voice)


def _rates(definition: Definition, because: Because) -> Iterable[tuple[str, int]]:
    if because.answer == NOT_SURE:
        return
    asked = definition.by_key[because.question]
    keys: Sequence[str] = [because.answer] if isinstance(because.answer, str) else because.answer
    if asked.helps is not None:
        # A helper rates nothing itself: what it left open does.
        keys = [key for one in keys for key in asked.choice(one).means]
        asked = definition.by_key[asked.helps]
    for key in keys:
        yield from asked.choice(key).rates
