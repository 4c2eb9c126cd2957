"""Builds a system, lets Django see it, then runs one part of the benchmark in it and prints its report as JSON.

``python -m benchmarks.messaging.start PART DATABASE FOLDER OPTIONS-AS-JSON``
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import django

from benchmarks.messaging.services import System

# Short leases, so that a run of minutes sees many of them end.
EXTRA = {
    "faults": {
        "BENCH_OWNER": "Closing",
        "WAYMARK_SEND_LEASE_SECONDS": "20",
        "WAYMARK_RESOLVE_AFTER_SECONDS": "5",
        "WAYMARK_RETRY_FIRST_SECONDS": "5",
        "WAYMARK_WORKER_SHUTDOWN_SECONDS": "2",
    }
}


def main() -> None:
    part, database, folder, options = sys.argv[1], sys.argv[2], Path(sys.argv[3]), json.loads(sys.argv[4])
    system = System(folder, database, extra=EXTRA.get(part, {}))
    try:
        os.environ.update(system.environment)
        system.manage("migrate", "-v", "0")
        django.setup()
        # Models can be imported only from here on. What is printed on the way must not mix with the report.
        with redirect_stdout(sys.stderr):
            report = importlib.import_module(f"benchmarks.messaging.{part}").run(system, **options)
    finally:
        system.close()
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
