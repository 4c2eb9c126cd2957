"""A worker with the settings of the system, and a task that takes as long as a test wants."""

from __future__ import annotations

import time
from pathlib import Path

from config.celery import app


@app.task
def hold(folder: str) -> None:
    """Say that it has begun, and end when it may."""
    (Path(folder) / "begun").touch()
    while not (Path(folder) / "may-end").exists():
        time.sleep(0.05)
    (Path(folder) / "ended").touch()
