"""The sentences of an explanation, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from directory.capacity import Opening, Standing
from directory.matching import Answer, Match, Reason
from directory.vocabulary import Concern, Language, Medication, OnlyFor, Payment, Population, Schedule, Seal

OLDEST = 120  # an age group that reaches so far has no end


@dataclass(frozen=True)
class Line:
    """One line as a page shows it. `answer` is yes, no or unknown, so that no line speaks by colour alone."""

    answer: str
    kind: str
    text: str


def explain(match: Match, level_names: Mapping[str, str]) -> list[Line]:
    """Every reason of a match as a line, in the order of the reasons. `level_names` is {slug: name}."""
    return [Line(reason.answer.value, reason.kind.value, sentence(reason, level_names)) for reason in match.reasons]


def sentence(reason: Reason, level_names: Mapping[str, str]) -> str:
    """One reason as a sentence. Raises KeyError for a reason that has no sentence."""
    if reason.key == "level":
        return _level(reason, level_names)
    return SENTENCES[reason.key](reason.answer, reason.params)


def labels(keys: Iterable[str], vocabulary: type[TextChoices]) -> str:
    """``A, B or C``: the labels of these keys in the order of the vocabulary; an unknown key stays as it is."""
    return get_text_list(_labels(keys, vocabulary), _("or"))


def listed(keys: Iterable[str], vocabulary: type[TextChoices]) -> str:
    """``A, B, C``: all that is known."""
    return ", ".join(_labels(keys, vocabulary))


def _labels(keys: Iterable[str], vocabulary: type[TextChoices]) -> list[str]:
    wanted = set(keys)
    known = [str(word.label) for word in vocabulary if word.value in wanted]
    return [*known, *sorted(wanted - set(vocabulary.values))]


def step_of(match: Match) -> str:
    """``First`` or ``Then`` where care has two steps; ``""`` where it has not."""
    return {1: _("First"), 2: _("Then")}.get(match.step, "")


def opening_sentence(opening: Opening) -> str:
    """What is known of the open places, with the age of the report."""
    age_text = ago(opening.age) if opening.age is not None else ""
    if opening.standing is Standing.OPEN and opening.spots:
        text = ngettext(
            "%(count)d opening, as reported %(ago)s.", "%(count)d openings, as reported %(ago)s.", opening.spots
        )
        return text % {"count": opening.spots, "ago": age_text}
    if opening.standing is Standing.OPEN:
        return _("No wait, as reported %(ago)s.") % {"ago": age_text}
    if opening.standing is Standing.WAIT:
        days = opening.wait_days or 0
        text = ngettext(
            "A wait of about %(count)d day, as reported %(ago)s.",
            "A wait of about %(count)d days, as reported %(ago)s.",
            days,
        )
        return text % {"count": days, "ago": age_text}
    if opening.standing is Standing.FULL:
        return _("Full now, as reported %(ago)s.") % {"ago": age_text}
    if opening.standing is Standing.STALE:
        return _("We do not know if there are openings. The last report was made %(ago)s. Call to ask.") % {
            "ago": age_text
        }
    return _("We do not know if there are openings. Call to ask.")


def ago(age: timedelta) -> str:
    """``today``, ``yesterday``, ``5 days ago``."""
    days = age.days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}


def ages(low: int | None, high: int | None) -> str:
    """``18 and older``, ``up to 17``, ``12 to 17``; ``""`` where nothing is known."""
    if low is not None and high is not None:
        return _("%(low)d to %(high)d") % {"low": low, "high": high}
    if low is not None:
        return _("%(low)d and older") % {"low": low}
    return _("up to %(high)d") % {"high": high} if high is not None else ""


def how_to_check(seal: str, licence_check: str = "") -> str:
    """What anyone can do to see whether a licence or seal is real. `licence_check` is what the site details say."""
    return {
        Seal.STATE_LICENCE: licence_check or _("Look up the number with the state agency that gave it."),
        Seal.JOINT_COMMISSION: _("Look up the name on the Joint Commission’s own list, called Quality Check."),
        Seal.CARF: _("Look up the name in CARF’s own list of providers."),
        Seal.OPIOID_PROGRAM: _("Look it up in SAMHSA’s list of opioid treatment programs."),
    }.get(Seal(seal), _("Ask who gave it, and look it up there."))


def _level(reason: Reason, names: Mapping[str, str]) -> str:
    def listed(key: str) -> str:
        slugs = reason.params[key]
        assert isinstance(slugs, list)
        return get_text_list([name for slug, name in names.items() if slug in slugs], _("and"))

    if reason.answer is Answer.YES:
        return _("Offers %(levels)s.") % {"levels": listed("found")}
    if reason.answer is Answer.NO:
        return _("Offers %(levels)s, not the level you asked for.") % {"levels": listed("have")}
    return _("We do not know which levels of care it offers. Call to ask.")


def _concern(answer: Answer, params: Mapping[str, Any]) -> str:
    if answer is Answer.UNKNOWN and not params["have"]:
        return _("We do not know what it treats. Call to ask.")
    treats = {"treats": Concern(params["have"]).label}
    if answer is Answer.UNKNOWN:
        return _("Treats: %(treats)s. Call to ask who can help with the rest.") % treats
    if answer is Answer.YES:
        return _("Treats: %(treats)s.") % treats
    return _("Treats only: %(treats)s.") % treats


def _age(answer: Answer, params: Mapping[str, Any]) -> str:
    served = ages(params["low"], params["high"])
    if not served:
        return _("We do not know which ages it serves. Call to ask.")
    youngest, oldest = params["ages"]
    words = {"ages": served, "age": youngest, "wished": ages(youngest or None, oldest if oldest < OLDEST else None)}
    if answer is Answer.YES:
        return _("Serves this age (%(ages)s).") % words
    if answer is Answer.UNKNOWN:
        if (youngest, oldest) == (0, OLDEST):
            return _("We do not know the age. It serves ages %(ages)s.") % words
        return _("Serves ages %(ages)s. Call to ask about this age.") % words
    if youngest == oldest:
        return _("Serves ages %(ages)s, not %(age)d.") % words
    return _("Serves ages %(ages)s, not %(wished)s.") % words


def _only_for(answer: Answer, params: Mapping[str, Any]) -> str:
    group = OnlyFor(params["have"]).label
    if answer is Answer.UNKNOWN:
        return _("%(group)s. Call to ask who that includes.") % {"group": group}
    return f"{group}."


def _distance(answer: Answer, params: Mapping[str, Any]) -> str:
    miles = params["miles"]
    if miles is None:
        return _("We do not know how far away it is.")
    if miles < 1:
        text = _("Less than 1 mile away.")
    else:
        text = ngettext("About %(count)d mile away.", "About %(count)d miles away.", round(miles)) % {
            "count": round(miles)
        }
    if answer is Answer.NO:
        return text + " " + _("That is farther than the %(wished)d miles you asked for.") % {"wished": params["wished"]}
    return text


def _area(answer: Answer, params: Mapping[str, Any]) -> str:
    return {
        Answer.YES: _("Serves this ZIP code."),
        Answer.NO: _("This ZIP code is not in the area it names. Ask if it makes exceptions."),
        Answer.UNKNOWN: _("Offers care by video or phone. Call to ask if that includes where you live.")
        if params["online"]
        else _("This program does not say which areas it serves. Call to ask."),
    }[answer]


def _hours(answer: Answer, params: Mapping[str, Any]) -> str:
    return _("Care day and night.") if params.get("live_in") else _said_of_hours(answer, params)


def _of(vocabulary: type[TextChoices], yes: str, no: str, unknown: str) -> Callable[[Answer, Mapping[str, Any]], str]:
    """A sentence that names the words found, or the words wished and not listed. The texts are msgids."""

    def say(answer: Answer, params: Mapping[str, Any]) -> str:
        if answer is Answer.YES:
            return _(yes) % {"words": labels(params["found"], vocabulary)}
        return _(no if answer is Answer.NO else unknown) % {"words": labels(params["wished"], vocabulary)}

    return say


_said_of_hours = _of(
    Schedule,
    yes=gettext_noop("Has these hours: %(words)s."),
    no=gettext_noop("Does not list these hours: %(words)s."),
    unknown=gettext_noop("We do not know its hours. Call to ask."),
)

SENTENCES: dict[str, Callable[[Answer, Mapping[str, Any]], str]] = {
    "concern": _concern,
    "age": _age,
    "only_for": _only_for,
    "distance": _distance,
    "area": _area,
    "opening": lambda _answer, params: opening_sentence(params["opening"]),
    "payment": _of(
        Payment,
        yes=gettext_noop("Accepts: %(words)s."),
        no=gettext_noop("Does not list %(words)s. Ask what else is possible."),
        unknown=gettext_noop("We do not know if it accepts %(words)s. Call to ask."),
    ),
    "medications": _of(
        Medication,
        yes=gettext_noop("Offers medication for opioid use: %(words)s."),
        no=gettext_noop("Does not list %(words)s."),
        unknown=gettext_noop("We do not know if it offers %(words)s. Call to ask."),
    ),
    "languages": _of(
        Language,
        yes=gettext_noop("Speaks: %(words)s."),
        no=gettext_noop("Does not list %(words)s. Ask for an interpreter."),
        unknown=gettext_noop("We do not know if staff speak %(words)s. Call to ask."),
    ),
    "schedule": _hours,
    "population": _of(
        Population,
        yes=gettext_noop("Has services for: %(words)s."),
        no=gettext_noop("Does not list services for: %(words)s."),
        unknown=gettext_noop("We do not know if it has services for: %(words)s. Call to ask."),
    ),
}
