"""PostgreSQL, Redis and the processes of a run, each of which can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.guarded import Guard
from benchmarks.messaging.find import postgres_programs, redis_program
from runner.embedded import make_keys

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what: str, ready: object, seconds: float = 30) -> None:
    """Call `ready` until it says True. Raises `TimeoutError`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come up")


class Postgres:
    """A cluster of its own, with fsync on, under `folder`. `more` are further lines of its settings."""

    def __init__(self, folder: Path, guard: Guard, *, more: str = ""):
        self.guard = guard
        self.programs, self.folder, self.port = postgres_programs(), folder / "postgres", free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        folder.chmod(0o755)
        self.folder.mkdir()
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", str(self.folder), "-U", "bench", "--auth=trust", "-E", "UTF8", "--no-locale")
        with (self.folder / "postgresql.conf").open("a") as out:
            out.write(f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\n")
            out.write(f"shared_buffers='512MB'\nmax_wal_size='4GB'\n{more}")
        self.start()
        self.url = f"postgres://bench@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), *arguments],
            check=True,
            user=self.user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    def start(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"), "-w", "start")
        self._watch()

    def _watch(self) -> None:
        # Its own children end when they notice that it is gone.
        self.leader = int((self.folder / "postmaster.pid").read_text().split()[0])
        self.guard.watch(self.leader)

    def restart(self, mode: str = "fast") -> None:
        """`immediate` is what a power cut does."""
        self.guard.let_go(self.leader)
        self._run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"), "-m", mode, "-w", "restart")
        self._watch()

    def create(self, name: str) -> str:
        """Make another database, and return its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", name)
        return f"postgres://bench@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop")
        self.guard.let_go(self.leader)


class Process:
    """A program in a session of its own."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, guard: Guard):
        self.name, self.command, self.environment, self.log = name, list(command), dict(environment), log
        self.guard = guard
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )
        self.guard.watch(self.running.pid)

    def signal(self, number: int) -> None:
        """To the program and everything that it started."""
        try:
            os.killpg(self.running.pid, number)
        except ProcessLookupError:
            pass

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.running.wait()
        self.guard.let_go(self.running.pid)

    def stop(self, seconds: float = 15) -> None:
        self.signal(signal.SIGCONT)
        self.running.terminate()
        try:
            self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def cpu_and_memory(self) -> tuple[float, float]:
        """Seconds of CPU, and MB of memory now, over the program and its children; CPU of dead children, too."""
        cpu, memory = 0.0, 0.0
        for pid in _group(self.running.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            cpu += sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
            memory += pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        return cpu, memory


def _group(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


class System:
    """Everything of one run: database, Redis, an SMTP server, workers and beats."""

    def __init__(self, folder: Path, database: str, *, extra: Mapping[str, str] | None = None):
        self.folder, self.database = folder, database
        folder.mkdir(parents=True, exist_ok=True)
        make_keys(folder / "data")
        self.guard = Guard()
        self.postgres = Postgres(folder, self.guard) if database == "postgresql" else None
        self.redis_port, self.smtp_port = free_port(), free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")},
            "DJANGO_SETTINGS_MODULE": "benchmarks.messaging.settings",
            "PYTHONPATH": str(ROOT),
            "WAYMARK_DATA": str(folder / "data"),
            "WAYMARK_REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "WAYMARK_EMAIL_PORT": str(self.smtp_port),
            **({"WAYMARK_DATABASE_URL": self.postgres.url} if self.postgres else {}),
            **(extra or {}),
        }
        self.processes: dict[str, Process] = {}

    def add(self, name: str, command: Sequence[str], **more: str) -> Process:
        process = Process(name, command, {**self.environment, **more}, self.folder / f"{name}.log", self.guard)
        self.processes[name] = process
        return process

    def add_redis(self) -> None:
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        options = ["--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        self.add("redis", [redis_program(), *options, "--maxmemory-policy", "noeviction"])
        wait_for("Redis", lambda: listens(self.redis_port))

    def add_worker(self, name: str, *, clock_off: bool = False) -> Process:
        start = ["-m", "benchmarks.messaging.off_clock"] if clock_off else ["-m", "celery"]
        options = ["-A", "config.celery", "worker", "-c", "1", "-n", f"{name}@%h", "-l", "WARNING"]
        return self.add(name, [sys.executable, *start, *options, "--without-gossip", "--without-mingle"])

    def add_beat(self, name: str) -> Process:
        return self.add(
            name, [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "-l", "WARNING", "--pidfile="]
        )

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True)

    def close(self) -> None:
        for process in reversed(list(self.processes.values())):
            process.stop(5)
        if self.postgres:
            self.postgres.stop()
        self.guard.close()
