"""Words that follow an answer: a text may hold a passage in braces, with words for each case.

    how often did you {substances: alcohol = drink | sedatives = take pills | * = drink, or take pills}?

A passage names a question, and in each case choices of it (“/” between two), or “*” for none. Of the choices that it
names, look at those that were taken: the first case that names all of them is said. The last case is said otherwise:
where none was taken, or several of different cases, or nobody is sure. It may name choices of its own: whoever took one
of these is always told the last case. A case may also name “none_of_these”: the question was answered, with no choice.
No passage stands inside another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

BRACES = re.compile(r"\{([^{}]*)\}")
KEY = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
CHOICES = rf"{KEY}(?: / {KEY})*"
PASSAGE = re.compile(rf"({KEY}): ((?:{CHOICES} = [^|=]*\| )+(?:{CHOICES}|\*) = [^|=]*)")

NONE = "none_of_these"
"""What a case names where it is said to who chose nothing of several."""

Given: TypeAlias = Mapping[str, object]
"""Answers by question: a choice's key, a list of keys, or "not_sure"."""


class Case(NamedTuple):
    """The choices that a case names, and its words."""

    choices: tuple[str, ...]
    words: str


class Passage(NamedTuple):
    """The question that a passage follows, and its cases; the last one is said where no other is."""

    question: str
    cases: tuple[Case, ...]

    def say(self, answers: Given) -> str:
        """The words of the case that these answers ask for."""
        answer = answers.get(self.question)
        if isinstance(answer, str) or not isinstance(answer, Collection):
            answer = [answer]
        given = set(answer) or {NONE}
        taken = given & {choice for case in self.cases for choice in case.choices}
        fitting = (case.words for case in self.cases[:-1] if taken and taken <= set(case.choices))
        return next(fitting, self.cases[-1].words)


def said(written: str, answers: Given | None = None) -> str:
    """A text with the words that these answers ask for; with those of every last case where none are given."""
    if "{" not in written:
        return written
    words = "".join(part if isinstance(part, str) else part.say(answers or {}) for part in _parts(written))
    return " ".join(words.split())


def renamed(written: str, kind: str, old: str, new: str, question: str = "") -> str:
    """A text in whose passages a key is changed: of a "question", or of a "choice" of `question`."""

    def change(found: re.Match[str]) -> str:
        passage = _passage(found[1])
        if passage is None or passage.question != (old if kind == "question" else question):
            return found[0]
        if kind == "question":
            return "{" + new + found[1].removeprefix(old) + "}"
        cases = [
            f"{' / '.join(new if key == old else key for key in case.choices) or '*'} = {case.words}"
            for case in passage.cases
        ]
        return f"{{{question}: {' | '.join(cases)}}}"

    return BRACES.sub(change, written) if "{" in written else written


def passages(written: str) -> Iterator[Passage]:
    """The passages of a text. Raises ValueError with the braces that hold none."""
    for braced in BRACES.findall(written):
        if (passage := _passage(braced)) is None:
            raise ValueError("{" + braced + "}")
        yield passage
    rest = BRACES.sub("", written)
    if "{" in rest or "}" in rest:
        raise ValueError(rest.strip())


@lru_cache(maxsize=1024)
def _parts(written: str) -> tuple[str | Passage, ...]:
    """The plain words and the passages in their order; braces that hold no passage stay as they are."""
    return tuple(
        part if place % 2 == 0 else _passage(part) or "{" + part + "}"
        for place, part in enumerate(BRACES.split(written))
    )


def _passage(braced: str) -> Passage | None:
    """What braces hold; None if it is no passage."""
    found = PASSAGE.fullmatch(braced)
    if found is None:
        return None
    cases = []
    for case in found[2].split("| "):
        choices, _, words = case.partition(" = ")
        cases.append(Case(() if choices == "*" else tuple(choices.split(" / ")), words.strip()))
    return Passage(found[1], tuple(cases))
