"""Those whose speed is compared, each with its own store, workers and way to plan: ourselves and the peers."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from typing import Any

from benchmarks.frame import peer
from benchmarks.messaging.planning import awake_zone, backlog, plan, prepare
from benchmarks.messaging.services import ROOT, Process, System
from messaging import clock
from messaging.models import Channel

WORKERS = 2


class Ours:
    """This project: beat, two workers, PostgreSQL."""

    def __init__(self, system: System):
        self.system = system
        self.present = 0

    def prepare(self) -> None:
        prepare()
        Channel.objects.filter(pk="email").update(quiet_from="08:00", quiet_to="08:00")  # night is not what is measured

    def fill(self, size: int) -> None:
        """Let `size` messages wait that are due in a month."""
        if size > self.present:
            backlog(size - self.present, now=clock.now(), start=self.present)
            self.present = size

    def start(self) -> None:
        for number in range(1, WORKERS + 1):
            self.system.add_worker(f"worker-{number}")
        self.system.add_beat("beat-1")

    def plan(self, count: int, at: float, gap: float, start: int) -> None:
        """Plan `count` messages, to the receivers from number `start` on, due from the epoch `at`, `gap` apart."""
        now = clock.now()
        times = iter(datetime.fromtimestamp(at + place * gap, UTC) for place in range(count))
        plan(count, due=times, now=now, zones=[awake_zone(now)], seed=start, start=start)

    def workers(self) -> list[Process]:
        return [process for name, process in self.system.processes.items() if name.startswith("worker")]

    def stop(self) -> None:
        for name in [name for name in self.system.processes if name.startswith(("worker", "beat"))]:
            self.system.processes.pop(name).stop(20)


class Peer:
    """One of `benchmarks.peers.messaging`, in an environment of its own."""

    def __init__(self, system: System, name: str):
        self.system, self.name, self.present = system, name, 0
        self.python = peer("messaging")
        assert system.postgres is not None
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("WAYMARK_", "DJANGO_"))},
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "benchmarks.peers.messaging.settings",
            "BENCH_DATABASE_URL": system.postgres.create(name),
            "BENCH_REDIS_URL": f"redis://127.0.0.1:{system.redis_port}/1",
            "BENCH_EMAIL_PORT": str(system.smtp_port),
        }
        self.running: list[Process] = []

    def _call(self, *words: Any) -> None:
        command = [str(self.python), "-m", "benchmarks.peers.messaging", self.name, *map(str, words)]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def prepare(self) -> None:
        self._call("prepare")

    def fill(self, size: int) -> None:
        if size > self.present:
            self._call("backlog", size - self.present, 80_000_000 + self.present)
            self.present = size

    def start(self) -> None:
        if self.name == "eta":
            app = ["-A", "benchmarks.peers.messaging.eta", "worker", "-c", "1", "-l", "ERROR"]
            commands = [["-m", "celery", *app, "-n", f"eta-{number}@%h"] for number in range(WORKERS)]
        else:
            # django-post-office starts as many processes of its own, and lets only one of these run.
            count = 1 if self.name == "post" else WORKERS
            commands = [["-m", "benchmarks.peers.messaging", self.name, "work"]] * count
        log = self.system.folder / f"{self.name}.log"
        self.running = [
            Process(self.name, [str(self.python), *words], self.environment, log, self.system.guard)
            for words in commands
        ]

    def plan(self, count: int, at: float, gap: float, start: int) -> None:
        self._call("plan", count, at, gap, start)

    def workers(self) -> list[Process]:
        return self.running

    def stop(self) -> None:
        for process in self.running:
            process.stop(5)
        self.running = []


Rival = Ours | Peer
