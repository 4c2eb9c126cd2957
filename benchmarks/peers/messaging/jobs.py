"""procrastinate: a job for each message, with its time as ``schedule_at``, looked for each second."""

from __future__ import annotations

import os
import time

import django
import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector

from benchmarks.peers.messaging import letter

LATER = 30 * 86400
URL = os.environ["BENCH_DATABASE_URL"]
app = App(connector=PsycopgConnector(conninfo=URL))


@app.task  # type: ignore[untyped-decorator]
def send(number: int) -> None:
    letter.send(number)


def prepare() -> None:
    with app.replace_connector(SyncPsycopgConnector(conninfo=URL)) as current, current.open():
        current.schema_manager.apply_schema()


def backlog(count: int, start: int) -> None:
    plan(1, time.time() + LATER, 0, start)
    with psycopg.connect(URL, autocommit=True) as line:
        # Its triggers write a line of history for each job, which nothing reads here.
        line.execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER USER")
        line.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, status, "
            "scheduled_at, attempts) SELECT queue_name, task_name, priority, lock, queueing_lock, args, status, "
            "scheduled_at + n * interval '100 milliseconds', attempts FROM (SELECT * FROM procrastinate_jobs "
            f"ORDER BY id DESC LIMIT 1) AS one, generate_series(1, {count - 1}) AS n"
        )
        line.execute("ALTER TABLE procrastinate_jobs ENABLE TRIGGER USER")
        line.execute("VACUUM ANALYZE procrastinate_jobs")


def plan(count: int, at: float, gap: float, start: int) -> None:
    with app.replace_connector(SyncPsycopgConnector(conninfo=URL)) as current, current.open():
        for place in range(count):
            when = letter.instant(at + place * gap)
            current.configure_task("benchmarks.peers.messaging.jobs.send", schedule_at=when).defer(number=start + place)


def work() -> None:
    """Send for ever."""
    django.setup()
    app.run_worker(fetch_job_polling_interval=1.0, listen_notify=True)
