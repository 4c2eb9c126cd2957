"""How fast messages go, with nothing and with a million others waiting, or fifty; and how late they are.

Ours and the peers in turn, on the same machine in the same run: PostgreSQL with fsync, Redis, and an aiosmtpd server
whose own log says when each message arrived and to whom. So "sent" and "late" mean the same for everybody.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import override_settings

from benchmarks.messaging.couriers import Dated
from benchmarks.messaging.faults import quantile
from benchmarks.messaging.planning import awake_zone, plan
from benchmarks.messaging.rivals import Ours, Peer, Rival
from benchmarks.messaging.services import System, listens, wait_for
from messaging import clock
from messaging.delivery.claim import claim
from messaging.delivery.drain import drain
from messaging.models import Message

BATCH = 200
LEAD = 3.0  # seconds between the planning of what is measured and its time
PATIENCE = 25.0  # seconds after which what has not arrived is counted as it is
PEERS = {"post": "vs_post_office", "eta": "vs_eta", "jobs": "vs_procrastinate"}
# Celery keeps every task with an ETA in its workers' memory, about 9 kB each: a million would be more than the machine.
ETA_MOST = 20_000


def run(system: System, *, backlogs: list[int], sends: int, claims: int, seconds: float, peers: bool) -> dict[str, Any]:
    """Measure with each backlog in turn; the figures on top are ours with the largest."""
    log = system.folder / "sink.tsv"
    system.add_redis()
    system.add("smtp", [sys.executable, "-m", "benchmarks.messaging.sink", str(system.smtp_port), str(log)])
    wait_for("SMTP", lambda: listens(system.smtp_port))
    rivals: dict[str, Rival] = {"waymark": Ours(system)}
    rivals |= {name: Peer(system, name) for name in PEERS} if peers else {}
    for rival in rivals.values():
        rival.prepare()
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in rivals}
    for place, size in enumerate(sorted(backlogs), 1):
        for turn, (name, rival) in enumerate(rivals.items()):
            waiting = min(size, ETA_MOST) if name == "eta" else size
            rival.fill(waiting)
            start = place * 10_000_000 + turn * 500_000  # whoever is written to is written to once
            inside = _inside(start, claims, sends) if name == "waymark" else {}
            row = {"backlog": waiting, **inside, **_measure(rival, log, start + 5_000_000, sends, seconds)}
            rows[name].append(row)
            print(name, row, file=sys.stderr, flush=True)
    ours = rows["waymark"]
    return {
        **{key: value for key, value in ours[-1].items() if key != "backlog"},
        "growth": round(ours[-1]["claim_ms"] / ours[0]["claim_ms"], 2),
        "ratios": {key: _ratio(ours[-1], rows[name][-1], sends) for name, key in PEERS.items() if name in rows},
        "subjects": rows,
    }


def _ratio(ours: Mapping[str, Any], theirs: Mapping[str, Any], sends: int) -> float | None:
    """Messages a second, ours over theirs; None where one of the two did not get half of them there in time."""
    if min(ours["arrived"], theirs["arrived"]) < sends / 2:
        return None
    return round(float(ours["sends_per_s"] / theirs["sends_per_s"]), 2)


def _inside(start: int, claims: int, sends: int) -> dict[str, float]:
    """What only ours can be asked: claiming alone, and everything but the provider, in one process."""
    claim_ms, claims_per_s = _claims(start, claims)
    gates = _drained(start + 1_000_000, sends, "messaging.channels.null.NullCourier")
    Dated.ages.clear()
    _drained(start + 2_000_000, sends // 2, "benchmarks.messaging.couriers.Dated")
    return {
        "claim_ms": claim_ms,
        "claims_per_s": claims_per_s,
        "gates_per_s": gates["per_s"],
        "gate_cpu_ms": gates["cpu_ms"],
        "gate_to_handover_p50_s": round(quantile(Dated.ages, 0.5), 3),
        "gate_to_handover_most_s": round(max(Dated.ages), 3),
    }


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


def _drained(start: int, count: int, courier: str) -> dict[str, float]:
    """Claim, gate and answer in this process, through that courier: messages a second, and CPU time for each."""
    _due_now(count, start)
    with override_settings(MESSAGING_COURIERS={"email": courier}):
        began, used = time.monotonic(), time.process_time()
        sent = drain("email", seconds=600).sent
        taken, used = time.monotonic() - began, time.process_time() - used
    connection.close()
    return {"per_s": round(sent / taken, 1), "cpu_ms": round(used / sent * 1000, 3)}


def _measure(rival: Rival, log: Path, start: int, count: int, seconds: float) -> dict[str, Any]:
    """All at once, then ten a second, with workers that are warm."""
    rival.start()
    try:
        rival.plan(20, time.time(), 0, start)
        _arrivals(log, start, 20)
        burst = _burst(rival, log, start + 100_000, count)
        if burst["arrived"] < count / 2:
            return burst  # what is late behind the rest of these says nothing
        return {**burst, **_lag(rival, log, start + 200_000, seconds)}
    finally:
        rival.stop()


def _burst(rival: Rival, log: Path, start: int, count: int) -> dict[str, Any]:
    at = time.time() + LEAD + count / 200  # the slowest needs so long to plan them
    rival.plan(count, at, 0, start)
    spare = at - time.time()
    cpu_before, _ = _use(rival)
    time.sleep(max(spare, 0))
    arrived = _arrivals(log, start, count)
    cpu, memory = _use(rival)
    late = sorted(when - at for when in arrived.values())
    passed = (max(arrived.values(), default=at) if len(arrived) == count else time.time()) - at
    return {
        "sends_per_s": round(len(arrived) / passed, 1),
        "arrived": len(arrived),
        "first_s": round(min(late, default=0.0), 2),
        "steady_per_s": _steady(late),
        "load": round(os.getloadavg()[0], 1),
        "cpu_s_per_1000": round((cpu - cpu_before) / max(len(arrived), 1) * 1000, 2),
        "rss_mb": round(memory, 1),
        **({"planned_late_s": round(-spare, 1)} if spare < 0 else {}),
    }


def _steady(late: list[float]) -> float | None:
    """Messages a second between the first tenth and the last, so without the wait for whoever looks next."""
    if len(late) < 10:
        return None
    first, last = len(late) // 10, len(late) * 9 // 10
    return round((last - first) / (late[last] - late[first]), 1)


def _lag(rival: Rival, log: Path, start: int, seconds: float) -> dict[str, Any]:
    """Ten messages a second fall due; how long after its time does each arrive?"""
    count = int(seconds * 10)
    at = time.time() + LEAD + count / 200
    rival.plan(count, at, 0.1, start)
    arrived = _arrivals(log, start, count, seconds)
    lags = [when - (at + (number - start) / 10) for number, when in arrived.items()]
    quantiles = {"lag_p50_s": round(quantile(lags, 0.5), 2), "lag_p99_s": round(quantile(lags, 0.99), 2)}
    return {**quantiles, **({"missed": count - len(arrived)} if len(arrived) < count else {})}


def _use(rival: Rival) -> tuple[float, float]:
    parts = [process.cpu_and_memory() for process in rival.workers()]
    return sum(cpu for cpu, _ in parts), sum(memory for _, memory in parts)


def _arrivals(log: Path, start: int, count: int, more: float = 0.0) -> dict[int, float]:
    """When the message to each receiver from number `start` on arrived, as soon as all have, or patience is over."""
    until = time.monotonic() + PATIENCE + more
    numbers = range(start, start + count)
    while True:
        lines = [line.partition("\tsample") for line in log.read_text().splitlines()]
        found = {int(to.partition("@")[0]): float(when) for when, _, to in lines if to.endswith(".org")}
        arrived = {number: found[number] for number in numbers if number in found}
        if len(arrived) == count or time.monotonic() > until:
            return arrived
        time.sleep(0.5)
