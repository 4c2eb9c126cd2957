"""A short, seeded run of `bin/bench messaging --faults`: real workers, real kills, a mail server that drops lines."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from benchmarks.messaging.services import wait_for

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
    assert report["faults"]["mail_away"] >= 1
    for key in ("lost", "duplicates", "sent_after_stop", "sent_in_quiet_hours", "unexplained", "unknown_to_us"):
        assert report[key] == 0, (key, report)


def of_the_run(folder: Path) -> list[int]:
    """The processes that have this folder in their environment: whatever a run starts inherits it."""
    mark, found = f"TMPDIR={folder}".encode(), []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_leaves_no_process_and_no_file(number: signal.Signals) -> None:
    # pytest's own folders are closed to the user that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="waymark-killed-"))
    folder.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "DJANGO_"))}
    command = [sys.executable, "-m", "benchmarks.messaging", "--faults", "--databases", "postgresql"]
    with subprocess.Popen(command, cwd=ROOT, env={**own, "TMPDIR": str(folder)}, stderr=subprocess.DEVNULL) as run:
        try:
            wait_for("PostgreSQL", lambda: list(folder.glob("*/postgres/postmaster.pid")), 60)
            assert len(of_the_run(folder)) > 4  # the run, what it started, PostgreSQL, and two guards
        finally:
            run.send_signal(number)
    try:
        wait_for("the end", lambda: not of_the_run(folder) and not list(folder.iterdir()), 30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
