"""The staff's pages on PostgreSQL with many referrals: how long the server takes, how many queries, how both grow.

``bin/bench workspace`` asks each page in its own process, with 10,000 and with 100,000 referrals, so that only the work
of the server is measured; ``--full`` has 1,000,000 as well. ``BENCH_ROWS="1000 100000"`` names others. The
rows are made once and kept in ``.bench/workspace``; whoever is killed while filling goes on there next time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from benchmarks.frame import ROOT
from runner.supervise import Supervisor
from tools.services import start_postgres

KEPT = ROOT / ".bench" / "workspace"
QUICK, FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)


def run(rounds: int) -> dict[str, Any]:
    """`p95_ms` {page: {rows: ms}}; at the most rows `queries` {page: n} and `ratios.vs_admin` {page: the stock admin
    list's time by ours}; `growth` {page: most rows by fewest}."""
    named = os.environ.get("BENCH_ROWS", "").split()
    return measured([int(each) for each in named] or QUICK, rounds)


def full() -> dict[str, Any]:
    return measured(FULL, 5)


def measured(sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    KEPT.chmod(0o755)
    supervisor = Supervisor(KEPT / "logs", dict(os.environ), KEPT)
    try:
        url = start_postgres(supervisor, KEPT)
        supervisor.wait_until_ready(60, lambda _name: None)
        found = {size: _one_size(size, rounds, url) for size in sorted(sizes)}
    finally:
        supervisor.stop()
    return summary(found)


def _one_size(size: int, rounds: int, url: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "WAYMARK_DATA": str(KEPT / "data"),
        "WAYMARK_DATABASE_URL": f"{url}/rows_{size}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with _connected(f"{url}/postgres") as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"rows_{size}"]).fetchone():
            server.execute(f"CREATE DATABASE rows_{size}")
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, cwd=ROOT, check=True, env=environment, stdout=sys.stderr)
    pages = [sys.executable, "-m", "benchmarks.workspace.pages", str(size), str(max(rounds, 1) * 10)]
    done = subprocess.run(pages, cwd=ROOT, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _connected(url: str) -> psycopg.Connection[Any]:
    """A connection, as soon as the server has recovered from how it was left."""
    for _each in range(120):
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.5)
    raise RuntimeError("PostgreSQL did not come up again. Remove .bench/workspace, and the rows are made anew.")


def summary(found: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The figures of each size, side by side by page."""
    least, *_between, most = found if len(found) > 1 else [*found, *found]
    pages = list(found[most]["p95_ms"])
    p95 = {page: {str(size): found[size]["p95_ms"][page] for size in found} for page in pages}
    growth = {page: round(found[most]["p95_ms"][page] / found[least]["p95_ms"][page], 2) for page in pages}
    admin = found[most]["admin_ms"]
    ratios = {page: round(admin[page] / found[most]["p95_ms"][page], 2) for page in admin}
    return {"p95_ms": p95, "growth": growth, "queries": found[most]["queries"], "ratios": {"vs_admin": ratios}}
