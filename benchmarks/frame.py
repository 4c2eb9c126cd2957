"""The frame of every benchmark: peers beside us in the same run, interleaved rounds, medians, one JSON object.

A benchmark is a module here, or a package with a module ``run``, that has ``run(rounds: int) -> dict``. Run it with
``bin/bench NAME [--json FILE] [--rounds N]``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "bin"))

from tools.environment import find_uv, uv_environment  # noqa: E402
from tools.steps import Step, fingerprint, run  # noqa: E402

Figures = Mapping[str, float]


def interleaved(subjects: Mapping[str, Callable[[], Figures]], rounds: int) -> dict[str, dict[str, float]]:
    """Measure each subject once a round, in turn, so that a slow minute of the machine meets them all.

    Returns the median of every figure, and its spread over the rounds as ``<figure>_spread`` (largest − smallest).
    """
    measured: dict[str, list[Figures]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, measure in subjects.items():
            measured[name].append(measure())
    return {name: _summary(rows) for name, rows in measured.items()}


def _summary(rows: list[Figures]) -> dict[str, float]:
    summary: dict[str, float] = {}
    for figure in rows[0]:
        values = [row[figure] for row in rows]
        summary[figure] = statistics.median(values)
        summary[f"{figure}_spread"] = max(values) - min(values)
    return summary


def peer(name: str) -> Path:
    """The Python of a peer's own environment, made from benchmarks/peers/<name>.txt in .bench/<name>."""
    home, lock = ROOT / ".bench" / name, ROOT / "benchmarks" / "peers" / f"{name}.txt"
    python = home / "bin" / "python"

    def make() -> None:
        uv, env = find_uv(), uv_environment()
        run([uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, home], doing=name, env=env)
        run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock], doing=name, env=env)

    Step(f"Peer {name}", home / ".waymark", lambda: fingerprint([lock], sys.version), python.exists, make).ensure()
    return python


def cpu_seconds(pid: int) -> float:
    """CPU time used so far by a process and its living descendants."""
    ticks, parents = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        ticks[int(entry.name)] = int(fields[11]) + int(fields[12])
    family, grown = {pid}, True
    while grown:
        grown = False
        for child, parent in parents.items():
            if parent in family and child not in family:
                family.add(child)
                grown = True
    return sum(ticks.get(one, 0) for one in family) / os.sysconf("SC_CLK_TCK")


def _machine() -> dict[str, Any]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit.strip(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result to FILE")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds to take the median of (default: 5)")
    parser.add_argument("--faults", action="store_true", help="messaging: inject faults instead of measuring speed")
    parser.add_argument("--full", action="store_true", help="messaging: with 5 and 50 million waiting, too")
    options = parser.parse_args()
    before = _machine()
    package = (ROOT / "benchmarks" / options.name).is_dir()
    module = import_module(f"benchmarks.{options.name}{'.run' if package else ''}")
    chosen = module.faults if options.faults else module.full if options.full else partial(module.run, options.rounds)
    figures = chosen()
    result = json.dumps({"benchmark": options.name, "rounds": options.rounds, "machine": before, **figures})
    if options.json:
        options.json.write_text(f"{result}\n")
    print(result)


if __name__ == "__main__":
    main()
