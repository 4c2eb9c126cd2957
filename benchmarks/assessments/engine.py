"""The decision engine beside cel-python, zen-engine and json-logic; the proof beside trying everything.

All run in one process of the peers' own environment (our engine needs nothing but Python), in interleaved rounds, on
the same answers, with equal decisions checked first. See benchmarks/peers/assessments/.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.frame import ROOT, peer

QUESTIONNAIRE = ROOT / "assessments" / "questionnaires" / "level-of-care.json"


def run(rounds: int) -> dict[str, Any]:
    """Medians: evaluate_us, prove_ms, peers_us, ratios (peer's time over ours), brute_force, growth_ms by size."""
    module = "benchmarks.peers.assessments.measure"
    command: list[str | Path] = [peer("assessments"), "-m", module, QUESTIONNAIRE, str(rounds)]
    measured = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(measured.stdout)
    return figures
