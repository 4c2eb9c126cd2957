"""``python -m benchmarks.messaging [--faults] [--json FILE]``: speed beside its peers, or faults injected for real."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
ADDED = (
    "messages",
    "kills",
    "lost",
    "duplicates",
    "resent_same_id",
    "sent_after_stop",
    "sent_in_quiet_hours",
    "unexplained",
)


def part(name: str, database: str, options: dict[str, Any]) -> dict[str, Any]:
    """Run one part in a process of its own and return its report. Raises `subprocess.CalledProcessError`."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.messaging.start", name, database, folder, json.dumps(options)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def faults(arguments: argparse.Namespace) -> dict[str, Any]:
    """Both databases, one after the other; the figures on top are sums, and the worst of the two lags."""
    options = {key: getattr(arguments, key) for key in ("messages", "kills", "seed", "seconds")}
    reports = {database: part("faults", database, options) for database in arguments.databases}
    total: dict[str, Any] = {key: sum(report[key] for report in reports.values()) for key in ADDED}
    total["lag_p99_s"] = max(report["lag_p99_s"] for report in reports.values())
    return {**total, "seed": arguments.seed, "databases": reports}


def speed(arguments: argparse.Namespace) -> dict[str, Any]:
    """Ours and the peers on PostgreSQL, with each backlog."""
    options = {
        "backlogs": arguments.backlogs,
        "sends": arguments.sends,
        "claims": arguments.claims,
        "seconds": arguments.lag_seconds,
        "peers": not arguments.alone,
    }
    return part("speed", "postgresql", options)


def parsed(words: list[str]) -> argparse.Namespace:
    """The options, with the full sizes where nothing else is said."""
    parser = argparse.ArgumentParser(prog="bin/bench messaging", description=__doc__)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"], choices=["postgresql", "sqlite"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=20_000, help="for --faults, on each database")
    parser.add_argument("--kills", type=int, default=50, help="for --faults, on each database, at least")
    parser.add_argument("--seconds", type=float, default=300, help="for --faults: over which messages fall due")
    parser.add_argument("--backlogs", type=int, nargs="+", default=[0, 1_000_000, 5_000_000], help="messages waiting")
    parser.add_argument("--sends", type=int, default=1000, help="messages sent in each measurement of speed")
    parser.add_argument("--claims", type=int, default=10_000, help="messages claimed in each measurement of speed")
    parser.add_argument("--alone", action="store_true", help="measure speed without the peers")
    parser.add_argument("--lag-seconds", type=float, default=30, help="for how long lag is measured")
    return parser.parse_args(words)


def main() -> None:
    arguments = parsed(sys.argv[1:])
    report = faults(arguments) if arguments.faults else speed(arguments)
    text = json.dumps(report, indent=2)
    if arguments.json:
        arguments.json.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
