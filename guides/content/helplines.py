"""The lines that a page may send people to: who answers, and how to reach them. Plain Python.

They are rows that editors keep (`guides.models.Helpline`), published with the facts. What ships stands in for them
where nothing is published yet, or the database is away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

SHIPPED = Path(__file__).parents[1] / "shipped" / "helplines.json"


class Helpline(NamedTuple):
    """A line: `sms` is the number to text, `word` what to send there when an empty text gets no answer.

    What is `urgent` is shown wherever somebody may be in danger.
    """

    key: str
    name: str
    number: str
    tel: str
    sms: str = ""
    word: str = ""
    how: str = ""
    urgent: bool = False


@cache
def shipped(language: str) -> dict[str, Helpline]:
    """Return the lines that come with Waymark, by key, in the order in which a page shows them."""
    entries: list[dict[str, Any]] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {
        entry["key"]: Helpline(**{name: entry[name] for name in ROW}, **entry[language])
        for entry in sorted(entries, key=lambda entry: int(entry["order"]))
    }


ROW = ("key", "number", "tel", "sms", "word", "urgent")
"""What is the same in every language."""


def in_danger(lines: Iterable[Helpline], first: str) -> list[Helpline]:
    """Return the urgent ones of these lines, this one first."""
    return sorted((line for line in lines if line.urgent or line.key == first), key=lambda line: line.key != first)


def texting(sms: str | None) -> tuple[str, str]:
    """The number to text, and the word to send: editors write both in one cell, such as “88788 START”."""
    number, _space, word = (sms or "").partition(" ")
    return number, word.strip()
