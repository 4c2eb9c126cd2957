"""Where a family can turn that we cannot place: national lines, and those of its state. Plain Python.

The lines are data: a row of ``defaults/handoffs.json`` with `states` is told only there; its words are by language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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


def hand_offs(state: str, language: str) -> list[HandOff]:
    """Those of this state (two letters, ``""`` where it is not known) first, then those for all."""
    fitting = [row for row in _rows() if not row["states"] or state in row["states"]]
    ordered = sorted(fitting, key=lambda row: not row["states"])
    words = [(row, row.get(language) or row["en"]) for row in ordered]
    return [HandOff(said["name"], said["what"], row["url"], row["phone"]) for row, said in words]
