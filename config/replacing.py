"""One web process that cannot start must not take along those that serve.

granian gives up, and ends all of them, when one that it has just replaced ends again within 5.5 seconds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

YOUNG = 10.0  # seconds; where the server itself starts, what is wrong is to end it at once
REST = 6.0  # seconds
CANNOT_START = "This web process cannot start: "


@contextmanager
def slow_to_fail() -> Iterator[None]:
    """Say why the block failed, and let the failure rest where other processes serve."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if _age_of_server() > YOUNG:
            sys.stderr.write(f"{CANNOT_START}{error}\n")
            sys.stderr.flush()
            time.sleep(REST)
        raise


def _age_of_server() -> float:
    """How many seconds the granian that started this process has run; 0 where there is none, or nobody can tell."""
    server = Path("/proc") / str(os.getppid())
    try:
        if b"granian" not in (server / "cmdline").read_bytes():
            return 0.0
        # What follows the name in brackets; the start is the twentieth of it, in ticks since the machine's.
        ticks = int((server / "stat").read_text().rpartition(")")[2].split()[19])
        running = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0.0
    return running - ticks / os.sysconf("SC_CLK_TCK")
