"""Whole systems for browser tests: every part really running, on either stack, with the demo content."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from runner.supervise import Supervisor
from tools.services import find_redis, free_port, start_redis

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 600  # a busy machine takes its time; what has failed has ended long before


@dataclass
class System:
    """A running system: where its pages are, who may sign in, and how to run a command in it."""

    url: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)
    cookies: dict[str, list[Any]] = field(default_factory=dict)  # of who is signed in, by username
    _beside: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _steps: dict[str, int] = field(default_factory=dict)  # the half minutes of the codes that were given out
    _recovery: dict[str, list[str]] = field(default_factory=dict)  # the recovery codes that were not given out yet

    @property
    def staff(self) -> dict[str, Any]:
        """What <data>/staff.json says, by username: password, totp_secret, recovery_codes."""
        loaded: dict[str, Any] = json.loads((self.data / "staff.json").read_text())
        return loaded

    def code(self, username: str) -> str:
        """What this account types as its second factor now: no code is good twice.

        The six digits of its authenticator app; where those of this half minute and the next are used up, a recovery
        code, of which an account has ten.
        """
        now = int(time.time()) // 30
        step = max(now, self._steps.get(username, 0) + 1)
        if step > now + 1:  # further ahead than the tolerance of a step
            if left := self._recovery.setdefault(username, list(self.staff[username]["recovery_codes"])):
                return left.pop()
            time.sleep(max(0.0, 30 * (step - 1) - time.time()))
        self._steps[username] = step
        return str(format_hotp_value(hotp_value(self.staff[username]["totp_secret"], step)))

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the running system and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def redis_away(self) -> Iterator[None]:
        """Take Redis away for a while, and all that it knew for good.

        A Redis beside the system is killed and started anew. The embedded one is frozen and emptied: killed, it
        would be there again at once.
        """
        if "WAYMARK_REDIS_URL" in self.environment:
            start_again = kill_redis(self.redis_url)
            yield
            self._beside.append(start_again())
            return
        away = redis.Redis.from_url(self.redis_url)
        process: int = away.info("server")["process_id"]
        os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)
            away.flushall()

    @property
    def redis_url(self) -> str:
        """Where the system's Redis answers."""
        return self.environment.get("WAYMARK_REDIS_URL", f"unix://{self.data / 'redis' / 'redis.sock'}")

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Return when it has said that it is ready."""
        until = time.monotonic() + seconds
        while not any(line.startswith("Ready ") for line in self.output):
            assert self.process.poll() is None, "".join(self.output)
            assert time.monotonic() < until, "not ready in time: " + "".join(self.output)
            time.sleep(0.1)

    def stop(self, seconds: float = 15) -> int:
        """Ask it to end, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        for program in self._beside:
            program.terminate()
            program.wait(seconds)
        return code


def start(data: Path, **variables: str) -> System:
    """Start a system on a free port; `wait` for it before use."""
    port = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    environment = {**own, **variables, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "runner.stack", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    url = f"http://127.0.0.1:{port}"
    commands = {**environment, "WAYMARK_DATA": str(data), "WAYMARK_BASE_URL": url}
    system = System(url, data, commands, process)
    threading.Thread(target=_read, args=(process, system.output), daemon=True).start()
    return system


def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
    if process.stdout:
        with process.stdout as output:
            lines.extend(output)


@contextmanager
def running(stack: str, folder: Path) -> Iterator[System]:
    """A ready system on `stack` ("sqlite" with embedded Redis, or "postgres" with a Redis of its own)."""
    if stack == "sqlite":
        system = start(folder / "data")
        try:
            system.wait()
            yield system
        finally:
            system.stop()
        return
    with own_redis(folder) as redis_url, own_database() as database_url:
        system = start(folder / "data", WAYMARK_DATABASE_URL=database_url, WAYMARK_REDIS_URL=redis_url)
        try:
            system.wait()
            yield system
        finally:
            system.stop()


def kill_redis(url: str) -> Callable[[], subprocess.Popen[bytes]]:
    """Kill the Redis server at the URL; return what starts it anew, empty, and gives the process."""
    with redis.Redis.from_url(url) as client:
        about = client.info("server")
    program = Path(f"/proc/{about['process_id']}/exe").resolve()
    os.kill(about["process_id"], signal.SIGKILL)

    def start_again() -> subprocess.Popen[bytes]:
        # The file may be known by several names; the one it is called by says what it does.
        command = ["redis-server", about["config_file"]]
        return subprocess.Popen(command, executable=program, stdout=subprocess.DEVNULL)

    return start_again


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """A Redis server of its own, beside the system, by its URL."""
    supervisor = Supervisor(folder / "redis-logs", os.environ, folder)
    try:
        url = start_redis(supervisor, folder, os.environ.get("TEST_REDIS_SERVER") or find_redis())
        supervisor.wait_until_ready(20, lambda _name: None)
        yield url
    finally:
        supervisor.stop()


@contextmanager
def own_database() -> Iterator[str]:
    """A new database on the PostgreSQL server of TEST_POSTGRES_URL, by its URL; dropped afterwards."""
    server, name = os.environ["TEST_POSTGRES_URL"], f"system_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
