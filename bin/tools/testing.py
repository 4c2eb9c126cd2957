"""Runs the tests: on SQLite, again on PostgreSQL, then in a browser against the whole system on both."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from runner.embedded import CannotUseDataFolder, make_keys
from runner.supervise import PartFailed, Supervisor
from tools.assets import ensure_assets
from tools.environment import PYTHON, VENV, ensure_environment
from tools.say import ROOT, Stop, step, tell
from tools.services import find_chromium, find_redis, start_postgres
from tools.steps import one_at_a_time

NOTHING_COLLECTED = 5
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
        if not chosen and _check():
            return 1
        return _everything(chosen, folder)


def _check() -> int:
    return subprocess.run([sys.executable, ROOT / "bin" / "check", "--no-setup"], cwd=ROOT).returncode


def _everything(chosen: Sequence[str], folder: Path) -> int:
    """Run each stage until one fails; the last lines printed are always pytest's own."""
    chromium, redis_server = find_chromium(), find_redis()
    supervisor = Supervisor(folder / "logs", os.environ, folder)
    try:
        with step("PostgreSQL for the tests"):
            postgres = start_postgres(supervisor, folder)
            supervisor.wait_until_ready(60, lambda _name: None)
        found = {"TEST_CHROMIUM": chromium, "TEST_REDIS_SERVER": redis_server, "TEST_POSTGRES_URL": postgres}
        on_postgres = {**found, "WAYMARK_DATABASE_URL": f"{postgres}/waymark"}
        # All is repeated with --thorough, and what was chosen always.
        note = [] if chosen else [f"--statements={folder / 'statements'}"]
        # One worker more than the cores that are promised: some tests wait for programs that they started.
        stages = [
            ("SQLite", [*PARALLEL, "3", "-m", "not browser and not postgres", *note], found),
            ("PostgreSQL", [*PARALLEL, "3", "-m", "not browser", "--database-only", *note], on_postgres),
            ("browser, on both stacks", ["--by-stack", "--no-loadscope-reorder", "-n", "2", "-m", "browser"], found),
        ]
        codes = set()
        for name, options, environment in stages:
            code = _pytest(name, [*options, *chosen], environment, folder)
            if code not in (0, NOTHING_COLLECTED):
                return code
            codes.add(code)
        return min(codes)
    except PartFailed as reason:
        raise Stop(str(reason)) from reason
    finally:
        supervisor.stop()


def _pytest(name: str, options: Sequence[str], environment: dict[str, str], folder: Path) -> int:
    tell(f"\nTests: {name}")
    data = folder / "data"
    own = {key: value for key, value in os.environ.items() if not key.startswith("WAYMARK_")}
    # Python starts some hundred times: what it compiled once is kept, with the assertions as pytest rewrites them.
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [str(PYTHON), "-m", "pytest", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env={**own, **DIRECT, **OWN_NODE, "WAYMARK_DATA": str(data), **environment}
    ) as process:
        try:
            return process.wait()
        except BaseException:
            # pytest ends its workers and what its fixtures started.
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
            raise


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A temporary folder that is gone afterwards, also when the tests are told to end."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)  # a shell starts what runs in the background without: pytest needs it to end
    folder = Path(tempfile.mkdtemp(prefix="waymark-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
