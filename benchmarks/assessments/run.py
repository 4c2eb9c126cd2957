"""What bin/bench calls: the engine in one process, then whole questionnaires over HTTP, each beside its peers."""

from __future__ import annotations

from typing import Any

from benchmarks.assessments import engine, over_http


def run(rounds: int) -> dict[str, Any]:
    """The figures of both parts; `ratios` are a peer's time over ours, or our steps over a peer's."""
    decided, walked = engine.run(rounds), over_http.run(min(rounds, 2))
    return {**decided, **walked, "ratios": {**decided["ratios"], **walked["ratios"]}}
