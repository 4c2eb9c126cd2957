"""What became of each question of a version, as a page shows it: rounded, so that nobody can be found in it."""

from __future__ import annotations

from typing import NamedTuple

from assessments.editor.sheet import page_language
from assessments.models import QuestionnaireVersion, Tally

ROUNDED_TO = 10
"""Numbers are told in tens. Two rounded numbers do not tell a small one by their difference; none under ten is told."""
BAR = 300
"""The longest bar, in units of the picture."""
MOST_COSTLY = 3


def about(number: int) -> int | None:
    """The number in tens; None where it is under ten."""
    if number < ROUNDED_TO:
        return None
    return (number + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


class Part(NamedTuple):
    """A part of a bar: what it stands for, where it begins, and how long it is."""

    kind: str
    start: int
    length: int


class Line(NamedTuple):
    """One question, with its numbers in tens."""

    number: int
    words: str
    seen: int | None
    answered: int | None
    not_sure: int | None
    left: int | None
    widened: int | None
    bar: list[Part]


class CountsPage(NamedTuple):
    """The page of one version. `costly` are the questions whose "not sure" most often left the result open."""

    began: int | None
    finished: int | None
    lines: list[Line]
    costly: list[Line]


def page_of(version: QuestionnaireVersion) -> CountsPage:
    rows = {tally.question: tally for tally in Tally.objects.filter(version=version)}
    began = max((tally.seen for tally in rows.values()), default=0)
    lines = [
        _line(number, question.text.say(page_language(), "me"), rows.get(question.key) or Tally(), about(began) or 0)
        for number, question in enumerate(version.definition.questions, 1)
    ]
    dear = sorted((line for line in lines if line.widened), key=lambda line: -(line.widened or 0))
    left = sum(tally.left for tally in rows.values())
    return CountsPage(about(began), about(began - left), lines, dear[:MOST_COSTLY])


def _line(number: int, words: str, tally: Tally, most: int) -> Line:
    counts = {name: about(getattr(tally, name)) for name in ("seen", "answered", "not_sure", "left", "widened")}
    bar, start = [], 0
    for kind in ("answered", "not_sure", "left"):
        if length := BAR * (counts[kind] or 0) // (most or 1):
            bar.append(Part(kind.replace("_", "-"), start, length))
            start += length
    return Line(number, words, **counts, bar=bar)
