"""The way from Redis to a worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import Celery

from runner.embedded import make_keys
from tests.systems import kill_redis, own_redis

PATIENCE = 60  # seconds


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_busy_worker_outlives_a_redis_restart(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "tests.messaging.patient", "worker", "-P", "threads", "-l", "INFO"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    make_keys(tmp_path / "data")
    with own_redis(tmp_path) as url, log.open("w") as output:
        environment = {**own, "WAYMARK_REDIS_URL": url, "WAYMARK_DATA": str(tmp_path / "data")}
        worker = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        beside = [worker]
        sender = Celery(broker=url)
        try:
            until(lambda: "ready." in log.read_text())
            sender.send_task("tests.messaging.patient.hold", [str(tmp_path)])
            until((tmp_path / "begun").exists)
            start_again = kill_redis(url)
            until(lambda: "Connection to broker lost" in log.read_text())
            beside.append(start_again())
            until(lambda: log.read_text().count("Connected to") == 2)
            (tmp_path / "may-end").touch()
            until((tmp_path / "ended").exists)
            (tmp_path / "ended").unlink()
            sender.send_task("tests.messaging.patient.hold", [str(tmp_path)])
            until((tmp_path / "ended").exists)
            assert worker.poll() is None
        finally:
            for process in beside:
                process.kill()
                process.wait()
