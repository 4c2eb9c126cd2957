"""Where a family can turn that we cannot place: national lines, and those of its state. Plain Python.

The lines are data: a row of ``defaults/handoffs.json`` with `states` is told only there; its words are by language. The
number of a row with a `line` is that of the helpline of this key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from guides.content.helplines import Helpline, shipped

FILE = Path(__file__).parent / "defaults" / "handoffs.json"


@dataclass(frozen=True)
class HandOff:
    """One place to turn to: by `url`, by `phone`, or both."""

    name: str
    what: str
    url: str
    phone: str


@cache
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return rows


def hand_offs(state: str, language: str, published: Mapping[str, Helpline] | None = None) -> list[HandOff]:
    """Those of this state (two letters, ``""`` where it is not known) first, then those for all.

    The numbers are those of the `published` helplines, else of those that ship.
    """
    fitting = [row for row in _rows() if not row["states"] or state in row["states"]]
    ordered = sorted(fitting, key=lambda row: not row["states"])
    words = [(row, row.get(language) or row["en"]) for row in ordered]
    lines = published or shipped(language)
    phones = [lines[row["line"]].number if row.get("line") in lines else row["phone"] for row, _said in words]
    return [
        HandOff(said["name"], said["what"], row["url"], phone) for (row, said), phone in zip(words, phones, strict=True)
    ]
