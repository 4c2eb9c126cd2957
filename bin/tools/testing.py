"""Runs the tests: on SQLite, then again on PostgreSQL, and beside both in a browser against whole systems."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TextIO

from runner.embedded import CannotUseDataFolder, make_keys
from runner.supervise import PartFailed, Supervisor
from tools.assets import ensure_assets
from tools.environment import PYTHON, VENV, ensure_environment
from tools.say import ROOT, Stop, step, tell
from tools.services import find_chromium, find_redis, start_postgres
from tools.steps import one_at_a_time

FINE = {0, 5}  # what pytest returns when all passed, and when nothing was collected
PARALLEL = ["--dist", "loadfile", "--no-loadscope-reorder", "-n"]
# What only works on this machine's loopback must not be sent through a proxy.
DIRECT = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}

# Playwright's own node needs a library that a bare machine has not; the one of the environment does not.
OWN_NODE = {"PLAYWRIGHT_NODEJS_PATH": str(VENV / "bin" / "node")}


def test(arguments: list[str]) -> int:
    fast = "--fast" in arguments
    chosen = [argument for argument in arguments if argument != "--fast"]
    tell("Waymark: setting up the tests")
    with one_at_a_time():
        ensure_environment(dev=True)
        ensure_assets()
    with suppress(CannotUseDataFolder):  # said when it is used: the tests have a folder of their own
        make_keys(Path(os.environ.get("WAYMARK_DATA") or ROOT / ".data").absolute())
    with _work_folder() as folder:
        make_keys(folder / "data")
        if fast:
            marks = ["-m", "not slow and not browser and not postgres"]
            found = {"TEST_REDIS_SERVER": find_redis()}
            return _pytest("SQLite, fast", [*PARALLEL, "2", *marks, *chosen], found, folder)
        return _everything(chosen, folder)


def _check() -> int:
    return subprocess.run([sys.executable, ROOT / "bin" / "check", "--no-setup"], cwd=ROOT).returncode


def _everything(chosen: Sequence[str], folder: Path) -> int:
    """Run the stages; the last lines printed are always pytest's own."""
    chromium, redis_server = find_chromium(), find_redis()
    supervisor = Supervisor(folder / "logs", os.environ, folder)
    try:
        with step("PostgreSQL for the tests"):
            postgres = start_postgres(supervisor, folder)
            supervisor.wait_until_ready(60, lambda _name: None)
        found = {"TEST_CHROMIUM": chromium, "TEST_REDIS_SERVER": redis_server, "TEST_POSTGRES_URL": postgres}
        on_postgres = {**found, "WAYMARK_DATABASE_URL": f"{postgres}/waymark"}
        databases = ["-m", "not browser", "--database-only"]
        # One worker more than the cores that are promised: some tests wait for programs that they started.
        in_turn = [
            partial(_pytest, "SQLite", [*PARALLEL, "3", "-m", "not browser and not postgres", *chosen], found, folder),
            partial(_pytest, "PostgreSQL", [*PARALLEL, "3", *databases, *chosen], on_postgres, folder),
        ]
        return _beside_the_browser([_check, *in_turn] if not chosen else in_turn, chosen, found, folder)
    except PartFailed as reason:
        raise Stop(str(reason)) from reason
    finally:
        supervisor.stop()


def _beside_the_browser(
    in_turn: Sequence[Callable[[], int]], chosen: Sequence[str], found: dict[str, str], folder: Path
) -> int:
    """Run the other stages in turn while the tests in a browser run, which wait more than they work.

    All end when one fails. What the tests in a browser print comes at the end, so that each stage is read apart.
    """
    codes = []
    options = ["--by-stack", "--no-loadscope-reorder", "-n", "2", "-m", "browser", *chosen]
    with (folder / "browser.log").open("w+") as log, _running(options, found, folder, log) as browser:
        for stage in in_turn:
            codes.append(stage())
            if codes[-1] not in FINE:
                return codes[-1]
            if browser.poll() not in (None, *FINE):
                break
        tell("\nTests: browser, on both stacks")
        code = browser.wait()
        log.seek(0)
        tell(log.read().rstrip())
    return min(*codes, code) if code in FINE else code


def _pytest(name: str, options: Sequence[str], environment: dict[str, str], folder: Path) -> int:
    tell(f"\nTests: {name}")
    with _running(options, environment, folder) as process:
        return process.wait()


@contextmanager
def _running(
    options: Sequence[str], environment: dict[str, str], folder: Path, output: TextIO | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A pytest. Where this is left before it has ended, it is told to end."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("WAYMARK_")}
    # Python starts some hundred times: what it compiled once is kept, with the assertions as pytest rewrites them.
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    everything = {**own, **DIRECT, **OWN_NODE, "WAYMARK_DATA": str(folder / "data"), **environment}
    command = [str(PYTHON), "-m", "pytest", *options]
    errors = subprocess.STDOUT if output else None
    with subprocess.Popen(command, cwd=ROOT, env=everything, stdout=output, stderr=errors) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                # pytest ends its workers and what its fixtures started.
                process.send_signal(signal.SIGINT)
                process.wait(timeout=60)


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A temporary folder that is gone afterwards, also when the tests are told to end."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    folder = Path(tempfile.mkdtemp(prefix="waymark-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
