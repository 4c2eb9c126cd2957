"""How hard a text is to read, and words that hurt. Plain Python."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textstat.textstat import textstatistics

MOST_GRADE = 8.0
# Szigriszt-Pazos, read on the INFLESZ scale: from 55 on a text is "normal", which is where grade 8 lies.
LEAST_EASE = 55.0
LOCALES = {"en": "en_US", "es": "es"}


@dataclass(frozen=True)
class Reading:
    """`score` on the scale of the language (a school grade in English, an ease from 0 to 100 in Spanish)."""

    score: float
    hard: bool


def reading(text: str, language: str) -> Reading | None:
    """Return how hard `text` reads, None where there are too few words to say."""
    sentences = "\n".join(_ended(line) for line in text.replace("’", "'").split("\n") if line.strip())
    if len(re.findall(r"\w+", sentences)) < 30:
        return None
    if language == "es":
        ease = float(_statistics("es").szigriszt_pazos(sentences))
        return Reading(round(ease, 1), ease < LEAST_EASE)
    grade = float(_statistics("en").flesch_kincaid_grade(sentences))
    return Reading(round(grade, 1), grade > MOST_GRADE)


@cache
def _statistics(language: str) -> textstatistics:
    # Only editors need it, and it takes long to import for programs that start together.
    with warnings.catch_warnings():
        # Its import of an old packaging module says so on every start; the version is pinned for another reason.
        warnings.simplefilter("ignore")
        statistics: textstatistics = import_module("textstat.textstat").textstatistics()
    statistics.set_lang(LOCALES[language])
    return statistics


def _ended(line: str) -> str:
    # A heading or list item without a full stop is a sentence of its own, not the start of the next.
    return line if re.search(r"[.!?:…]\s*$", line) else f"{line}."


# Person-first words, after NIDA's "Words Matter". Quoted old names ("rehab") are fine and are not here.
HURTFUL: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"(?:drug |former |recovering )?addicts?", "person with a substance use disorder"),
        (r"alcoholics?(?! anonymous)", "person with an alcohol use disorder"),
        (r"junk(?:ie|y|ies)", "person who uses drugs"),
        (r"(?:drug|substance|alcohol) abuse(?! and mental health)", "substance use"),
        (r"(?:drug|substance|alcohol) abusers?", "person who uses drugs"),
        (r"drunks?", "person who drinks too much"),
        (r"(?:stay|staying|get|getting) clean", "not using; in recovery"),
        (r"(?:clean|dirty) (?:urine|test|tests|drug test)", "tested negative; tested positive"),
        (r"committ?(?:ed|s|ing)? suicide", "died by suicide"),
        (r"(?:the )?mentally ill", "people with a mental illness"),
        (r"relapsed", "returned to use"),
        (r"crazy|insane|psycho", "say what is seen or felt"),
    ),
    "es": (
        (r"adict[oa]s?", "persona con un trastorno por consumo de sustancias"),
        (r"alcohólic[oa]s?(?! anónimos)(?=[\s.,;:!?]|$)", "persona con un trastorno por consumo de alcohol"),
        (r"drogadict[oa]s?", "persona que consume drogas"),
        (r"toxicóman[oa]s?", "persona que consume drogas"),
        (r"borrach[oa]s?", "persona que bebe demasiado"),
        (r"abuso de (?:drogas|sustancias|alcohol)", "consumo de sustancias"),
        (r"loc[oa]s?", "diga lo que se ve o se siente"),
        (r"cometi[óoe]\w* suicidio", "murió por suicidio"),
    ),
}
# Where "bebidas alcohólicas" describes a drink and not a person.
_INNOCENT = {
    "es": re.compile(r"bebidas? alcohólicas?", re.IGNORECASE),
    "en": re.compile(r"alcoholic (?:drink|beverage)s?", re.I),
}


def hurtful(text: str, language: str) -> list[tuple[str, str]]:
    """Return (words as written, better words) for each kind of wording that blames or labels a person."""
    plain = _INNOCENT[language].sub("", text) if language in _INNOCENT else text
    found = []
    for pattern, better in HURTFUL.get(language, ()):
        match = re.search(rf"\b(?:{pattern})\b", plain, re.IGNORECASE)
        if match:
            found.append((match.group(0), better))
    return found
