"""How hard a text is to read, and words that hurt. Plain Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import pyphen

MOST_GRADE = 8.0
# Szigriszt-Pazos, read on the INFLESZ scale: from 55 on a text is "normal", which is where grade 8 lies.
LEAST_EASE = 55.0
LOCALES = {"en": "en_US", "es": "es"}


@dataclass(frozen=True)
class Reading:
    """`score` on the scale of the language (a school grade in English, an ease from 0 to 100 in Spanish)."""

    score: float
    hard: bool


@lru_cache(maxsize=4096)
def reading(text: str, language: str) -> Reading | None:
    """Return how hard `text` reads, None where there are too few words to say."""
    counts = Counts.of("\n".join(_ended(line) for line in text.split("\n") if line.strip()), language)
    if counts.words < 30:
        return None
    if language == "es":
        ease = counts.szigriszt_pazos
        return Reading(round(ease, 1), ease < LEAST_EASE)
    grade = counts.flesch_kincaid
    return Reading(round(grade, 1), grade > MOST_GRADE)


MOST_WORDS = 30


def longest_sentence(text: str) -> tuple[int, str]:
    """Return (how many words, how it begins) of the longest sentence of `text`, a line being one at least."""
    sentences = [part for line in text.split("\n") for part in re.split(r"(?<=[.!?…])\s+", line)]
    longest = max(sentences, key=lambda part: len(_words(part)), default="")
    return len(_words(longest)), " ".join(longest.split()[:5])


def word_count(text: str) -> int:
    return len(_words(text))


@dataclass(frozen=True)
class Counts:
    """What the formulas weigh, and the formulas as they were published."""

    words: int
    sentences: int
    syllables: int

    @classmethod
    def of(cls, text: str, language: str) -> Counts:
        words = _words(text)
        # A sentence of one or two words is a label, as everywhere where these formulas are used.
        sentences = sum(len(_words(part)) > 2 for part in re.findall(r"\b[^.!?]+[.!?]*", text))
        return cls(len(words), max(1, sentences), sum(syllables(word, language) for word in words))

    @property
    def flesch_kincaid(self) -> float:
        """A school grade, for English (Kincaid and others 1975)."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def szigriszt_pazos(self) -> float:
        """An ease from 0 to 100, for Spanish (1993), read on the INFLESZ scale."""
        return 206.84 - 62.3 * self.syllables / self.words - self.words / self.sentences

    @property
    def fernandez_huerta(self) -> float:
        """An ease from 0 to 100, for Spanish (1959): from 60 on "normal"."""
        return 206.84 - 60 * self.syllables / self.words - 1.02 * self.words / self.sentences


def syllables(word: str, language: str) -> int:
    """How many syllables: as many as the parts that a typesetter may put on lines of their own."""
    return max(1, len(_hyphenation(language).positions(word.lower())) + 1)


def _words(text: str) -> list[str]:
    # An apostrophe and a hyphen inside a word do not make it two.
    return re.sub(r"[^\w\s]", "", text).split()


@cache
def _hyphenation(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=LOCALES[language])


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


@lru_cache(maxsize=512)
def hurtful(text: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return (words as written, better words) for each kind of wording that blames or labels a person."""
    plain = _INNOCENT[language].sub("", text) if language in _INNOCENT else text
    found = []
    for pattern, better in HURTFUL.get(language, ()):
        match = re.search(rf"\b(?:{pattern})\b", plain, re.IGNORECASE)
        if match:
            found.append((match.group(0), better))
    return tuple(found)
