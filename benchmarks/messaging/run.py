"""What bin/bench calls."""

from __future__ import annotations

from typing import Any

from benchmarks.messaging.__main__ import faults as broken
from benchmarks.messaging.__main__ import parsed, speed


def run(rounds: int) -> dict[str, Any]:
    """Speed. Rounds are not repeated: each backlog is a measurement of its own, and takes minutes."""
    return {**speed(parsed([])), "rounds": min(rounds, 1)}


def full() -> dict[str, Any]:
    """The same with 5 and 50 million waiting, too."""
    return {**speed(parsed(["--full"])), "rounds": 1}


def faults() -> dict[str, Any]:
    """Faults at full size, on both databases."""
    return broken(parsed([]))
