"""A short, seeded run of `bin/bench messaging --faults`: real workers, real kills, a mail server that drops lines."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_kills_and_dropped_lines_lose_and_double_nothing(database: str) -> None:
    try:
        multiprocessing.Semaphore()
    except OSError:
        pytest.skip("this machine has no shared memory for Celery's worker processes, some of which are to be killed")
    # pytest's own folders are closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="waymark-faults-") as folder:
        run_with_faults(database, Path(folder))


def run_with_faults(database: str, folder: Path) -> None:
    options = {"messages": 200, "kills": 6, "seed": 7, "seconds": 30}
    command = [sys.executable, "-m", "benchmarks.messaging.start", "faults", database, str(folder), json.dumps(options)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "DJANGO_"))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert report["settled"], report
    assert report["messages"] == 200
    assert report["kills"] >= 6
    for key in ("lost", "duplicates", "sent_after_stop", "sent_in_quiet_hours", "unexplained", "unknown_to_us"):
        assert report[key] == 0, (key, report)
