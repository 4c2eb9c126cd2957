"""How fast messages go, with nothing, a million and five million others waiting; and how late they are.

Everything is measured on the same machine in the same run, through the same aiosmtpd server, on PostgreSQL with fsync.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import override_settings

from benchmarks.messaging.faults import quantile
from benchmarks.messaging.planning import awake_zone, backlog, plan, prepare
from benchmarks.messaging.services import House, listens, wait_for
from messaging import clock
from messaging.delivery.claim import claim
from messaging.delivery.drain import drain
from messaging.models import Attempt, Channel, Message

WORKERS = 2
BATCH = 200


def run(house: House, *, backlogs: list[int], sends: int, claims: int, seconds: float) -> dict[str, Any]:
    """Measure with each backlog in turn; the figures on top are those of the largest."""
    prepare()
    Channel.objects.filter(pk="email").update(quiet_from="08:00", quiet_to="08:00")  # what is measured is not the night
    house.add_redis()
    house.add("smtp", [sys.executable, "-m", "benchmarks.messaging.sink", str(house.smtp_port)])
    wait_for("SMTP", lambda: listens(house.smtp_port))
    rows: list[dict[str, Any]] = []
    present = 0
    for size in sorted(backlogs):
        if size > present:
            backlog(size - present, now=clock.now(), start=present)
            present = size
        rows.append({"backlog": size, **_measure(house, rows=len(rows), sends=sends, claims=claims, seconds=seconds)})
    last = rows[-1]
    return {
        **{key: value for key, value in last.items() if key != "backlog"},
        "growth": round(last["claim_ms"] / rows[0]["claim_ms"], 2),
        "backlogs": rows,
    }


def _measure(house: House, *, rows: int, sends: int, claims: int, seconds: float) -> dict[str, Any]:
    start = (rows + 1) * 10_000_000
    claim_ms, claims_per_s = _claims(start, claims)
    gates = _null(start + 1_000_000, sends)
    full = _sends(house, start + 2_000_000, sends)
    lag = _lag(house, start + 3_000_000, seconds)
    return {"claims_per_s": claims_per_s, "claim_ms": claim_ms, "gates_per_s": gates, **full, **lag}


def _due_now(count: int, start: int) -> list[int]:
    now = clock.now()
    return plan(count, due=iter([now] * count), now=now, zones=[awake_zone(now)], seed=start, start=start)


def _claims(start: int, count: int) -> tuple[float, float]:
    """Claim everything in batches; return the median milliseconds of a batch and the claims per second."""
    ids = _due_now(count, start)
    times, began, taken = [], time.monotonic(), 0
    while True:
        before = time.monotonic()
        got = len(claim("email", BATCH))
        if not got:
            break
        taken += got
        times.append((time.monotonic() - before) * 1000)
    rate = taken / (time.monotonic() - began)
    Message.objects.filter(pk__in=ids).update(state="cancelled")
    return round(statistics.median(times), 2), round(rate, 1)


def _null(start: int, count: int) -> float:
    """Claim, gate and result through a courier that carries nothing, in one process."""
    _due_now(count, start)
    with override_settings(MESSAGING_COURIERS={"email": "messaging.channels.null.NullCourier"}):
        began = time.monotonic()
        sent = drain("email", seconds=600).sent
    return round(sent / (time.monotonic() - began), 1)


def _start(house: House) -> None:
    for number in range(1, WORKERS + 1):
        house.add_worker(f"worker-{number}")
    house.add_beat("beat-1")


def _stop(house: House) -> None:
    for name in [name for name in house.processes if name.startswith(("worker", "beat"))]:
        house.processes.pop(name).stop(20)


def _workers(house: House) -> tuple[float, float]:
    parts = [house.processes[name].cpu_and_memory() for name in house.processes if name.startswith("worker")]
    return sum(cpu for cpu, _ in parts), sum(memory for _, memory in parts)


def _left(ids: list[int]) -> int:
    rows = Message.objects.filter(pk__gte=ids[0], pk__lte=ids[-1])
    return rows.exclude(state__in=["sent", "dead"]).count()


def _sends(house: House, start: int, count: int) -> dict[str, float]:
    """Beat, workers and the mail server: everything is due at once."""
    _start(house)
    warm = _due_now(50, start + 500_000)
    wait_for("the workers", lambda: not _left(warm), 180)
    Channel.objects.filter(pk="email").update(paused=True)
    ids = _due_now(count, start)
    time.sleep(2)
    cpu_before, _ = _workers(house)
    began = time.monotonic()
    Channel.objects.filter(pk="email").update(paused=False)
    wait_for("the last message", lambda: not _left(ids), 900)
    seconds = time.monotonic() - began
    cpu, memory = _workers(house)
    _stop(house)
    return {
        "sends_per_s": round(count / seconds, 1),
        "cpu_s_per_1000": round((cpu - cpu_before) / count * 1000, 2),
        "rss_mb": round(memory, 1),
    }


def _lag(house: House, start: int, seconds: float) -> dict[str, float]:
    """Ten messages a second fall due; how long after its time does each pass the gate?"""
    _start(house)
    warm = _due_now(10, start + 500_000)
    wait_for("the workers", lambda: not _left(warm), 180)
    count, now = int(seconds * 10), clock.now()
    times = [now + timedelta(seconds=5 + number / 10) for number in range(count)]
    ids = plan(count, due=iter(times), now=now, zones=[awake_zone(now)], seed=start, start=start)
    wait_for("the last message", lambda: not _left(ids), seconds + 120)
    _stop(house)
    due = dict(zip(ids, times, strict=True))
    rows = Attempt.objects.filter(message__in=ids, outcome="started").values_list("message__pk", "at")
    lags = [(at - due[pk]).total_seconds() for pk, at in rows]
    connection.close()
    return {"lag_p50_s": round(quantile(lags, 0.5), 2), "lag_p99_s": round(quantile(lags, 0.99), 2)}
