"""``python -m benchmarks.messaging [--faults] [--json FILE]``: speed beside its peers, or faults injected for real."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.guarded import run, work_folder

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


QUICK = [0, 1_000_000]
FULL = [*QUICK, 5_000_000, 50_000_000]


def part(name: str, database: str, options: dict[str, Any]) -> dict[str, Any]:
    """Run one part in a process of its own and return its report. Raises `subprocess.CalledProcessError`."""
    with work_folder() as (folder, guard):
        command = [sys.executable, "-m", "benchmarks.messaging.start", name, database, str(folder), json.dumps(options)]
        report: dict[str, Any] = json.loads(run(command, guard, cwd=ROOT))
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
        "backlogs": arguments.backlogs or (FULL if arguments.full else QUICK),
        "sends": arguments.sends,
        "claims": arguments.claims,
        "seconds": arguments.lag_seconds,
        "peers": not arguments.alone,
    }
    return part("speed", "postgresql", options)


def parsed(words: list[str]) -> argparse.Namespace:
    """The options; what is not said is the quick run."""
    parser = argparse.ArgumentParser(prog="bin/bench messaging", description=__doc__)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"], choices=["postgresql", "sqlite"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=20_000, help="for --faults, on each database")
    parser.add_argument("--kills", type=int, default=50, help="for --faults, on each database, at least")
    parser.add_argument("--seconds", type=float, default=300, help="for --faults: over which messages fall due")
    parser.add_argument("--full", action="store_true", help="speed with 5 and 50 million waiting, too: takes hours")
    parser.add_argument("--backlogs", type=int, nargs="+", help="messages waiting; 0 and 1 million if not said")
    parser.add_argument("--sends", type=int, default=600, help="messages sent in each measurement of speed")
    parser.add_argument("--claims", type=int, default=10_000, help="messages claimed in each measurement of speed")
    parser.add_argument("--alone", action="store_true", help="measure speed without the peers")
    parser.add_argument("--lag-seconds", type=float, default=10, help="for how long lag is measured")
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
