"""Faults, injected for real while messages fall due: nothing may be lost, doubled, late without reason, or unwanted.

`run` starts a whole system, breaks it by a seeded schedule, waits for quiet, and then compares three accounts that do
not know of each other: what the mail server kept, what the database says, and when each stop was committed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from django.db import InterfaceError, OperationalError, connection

from benchmarks.messaging.owner import close, prepare_closing
from benchmarks.messaging.planning import ZONES, awake_zone, plan, prepare
from benchmarks.messaging.services import System, listens, wait_for
from config.celery import app
from messaging import actions, clock
from messaging.calendar import is_quiet
from messaging.models import Attempt, Channel, Message

SETTLE_SECONDS = 420  # without any progress
KEYS = (
    "lost",
    "duplicates",
    "resent_same_id",
    "sent_after_stop",
    "sent_in_quiet_hours",
    "unexplained",
    "kept",
    "unknown_to_us",
)
# Planned again for hours ahead, with a reason: the run does not wait for the morning.
WAITS_LONG = ["quiet_hours", "mailbox_full"]
STATES_AT_REST = {"sent", "delivered", "bounced", "cancelled", "suppressed", "expired", "dead", "review"}


@dataclass
class Account:
    """What was done to the system."""

    kills: int = 0
    done: Counter[str] = field(default_factory=Counter)
    stopped: dict[int, datetime] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)  # those of them whose reference was closed


def run(system: System, *, messages: int, kills: int, seed: int, seconds: float) -> dict[str, Any]:
    """One run; returns the keys of the report. The system is migrated and empty."""
    system.add_redis()
    switch, kept = system.folder / "faults-on", system.folder / "kept.tsv"
    smtp = [
        sys.executable,
        "-m",
        "benchmarks.messaging.flaky_smtp",
        str(system.smtp_port),
        str(kept),
        str(seed),
        str(switch),
    ]
    system.add("smtp", smtp)
    wait_for("SMTP", lambda: listens(system.smtp_port))
    account, started = Account(), time.time()
    due = _plan(messages, seed, seconds)
    switch.touch()
    names = ["worker-1", "worker-2"] if system.database == "postgresql" else ["worker-1"]
    for name in names:
        system.add_worker(name)
    for name in [f"beat-{place}" for place in range(1, len(names) + 1)]:
        system.add_beat(name)
    opposition = threading.Thread(target=_oppose, args=(due, account, seed), daemon=True)
    opposition.start()
    _break(system, account, kills=kills, seed=seed, seconds=seconds)
    switch.unlink()
    opposition.join()
    settled = _wait_until_settled()
    report = _judge(kept, account, due, settled)
    return {**report, "seconds": round(time.time() - started, 1), "faults": dict(account.done)}


def _plan(messages: int, seed: int, seconds: float) -> dict[int, datetime]:
    """Return when each message falls due, by its id."""
    prepare()
    prepare_closing()
    now = clock.now()
    # Nine in ten live where it is day; the others show whether anybody is woken up.
    zones = [awake_zone(now)] * (len(ZONES) * 9) + ZONES
    start = now + timedelta(seconds=10 + messages / 2000)
    times = [start + timedelta(seconds=seconds * number / messages) for number in range(messages)]
    ids = plan(messages, due=iter(times), now=now, zones=zones, seed=seed)
    return dict(zip(ids, times, strict=True))


def _again(call: Callable[[], Any]) -> Any:
    """Call until the database is there."""
    while True:
        try:
            return call()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.3)


def _oppose(due: dict[int, datetime], account: Account, seed: int) -> None:
    """Stop or cancel one message in twenty, as near as can be to the moment at which it is due."""
    chance = random.Random(seed + 1)
    chosen = sorted(chance.sample(list(due), len(due) // 20))

    def one(pk: int) -> bool:
        message = Message.objects.get(pk=pk)
        early = (due[pk] - clock.now()).total_seconds()  # as planned: by now it may be for the morning
        if early > 0:
            time.sleep(early + chance.uniform(-0.05, 0.6) if early > 0.05 else 0)
        if chance.random() < 0.5:
            actions.stop(address=message.address, channel="email", until=None, source="bench", now=clock.now())
        else:
            close(message.reference)
            account.closed.add(pk)
        # Committed by now, so nothing may pass the gate later than this.
        account.stopped[pk] = clock.now()
        return True

    for pk in chosen:
        _again(lambda pk=pk: one(pk))  # type: ignore[misc]
    connection.close()


def _break(system: System, account: Account, *, kills: int, seed: int, seconds: float) -> None:
    chance, until = random.Random(seed + 2), time.monotonic() + seconds + 15
    faults = {
        "kill_worker": 40,
        "kill_child": 16,
        "kill_beat": 12,
        "freeze": 10,
        "flush": 6,
        "redis_restart": 4,
        "double": 8,
        "clock_off": 4,
        "mail_away": 4,
        **({"database_restart": 3, "database_crash": 2} if system.postgres else {}),
    }
    # Long enough apart that a worker started again gets some work done: about two seconds on a busy machine.
    pause = seconds / max(kills * 1.6, 1)
    names = iter(["mail_away"])  # once at least, in however short a run
    while time.monotonic() < until or account.kills < kills:
        time.sleep(chance.uniform(0.4, 1.6) * pause)
        name = next(names, "") or chance.choices(list(faults), list(faults.values()))[0]
        _FAULTS[name](system, account, chance)
        account.done[name] += 1


def _one(system: System, chance: random.Random, kind: str) -> Any:
    return system.processes[chance.choice([name for name in system.processes if name.startswith(kind)])]


def _kill_worker(system: System, account: Account, chance: random.Random) -> None:
    process = _one(system, chance, "worker")
    process.kill()
    account.kills += 1
    system.add_worker(process.name)


def _kill_child(system: System, account: Account, chance: random.Random) -> None:
    leader = _one(system, chance, "worker").running.pid
    children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
    for child in children:
        try:
            os.kill(int(child), signal.SIGKILL)
        except ProcessLookupError:
            continue
    account.kills += bool(children)


def _kill_beat(system: System, account: Account, chance: random.Random) -> None:
    process = _one(system, chance, "beat")
    process.kill()
    account.kills += 1
    process.start()


def _freeze(system: System, _account: Account, chance: random.Random) -> None:
    process = _one(system, chance, "worker")
    process.signal(signal.SIGSTOP)
    time.sleep(chance.uniform(0.5, 25))
    process.signal(signal.SIGCONT)


def _flush(system: System, _account: Account, _chance: random.Random) -> None:
    try:
        redis.Redis(port=system.redis_port, socket_timeout=5).flushall()
    except redis.RedisError:
        pass


def _redis_restart(system: System, _account: Account, _chance: random.Random) -> None:
    system.processes["redis"].kill()
    system.processes["redis"].start()
    wait_for("Redis", lambda: listens(system.redis_port))


def _double(system: System, _account: Account, chance: random.Random) -> None:
    """Deliver the same tasks many times."""
    try:
        for _ in range(chance.randint(5, 20)):
            app.send_task("messaging.tasks.drain", ["email"])
            app.send_task("messaging.tasks.reap")
            app.send_task("messaging.tasks.reconcile")
    except Exception as error:
        print(f"could not double: {type(error).__name__}", file=sys.stderr)


def _clock_off(system: System, account: Account, chance: random.Random) -> None:
    """From now on, until it is killed, this worker believes that it is an hour later."""
    process = _one(system, chance, "worker")
    process.kill()
    account.kills += 1
    system.add_worker(process.name, clock_off=True)


def _mail_away(system: System, _account: Account, chance: random.Random) -> None:
    system.processes["smtp"].kill()
    time.sleep(chance.uniform(3, 10))
    system.processes["smtp"].start()
    wait_for("SMTP", lambda: listens(system.smtp_port))


def _database_restart(system: System, _account: Account, _chance: random.Random) -> None:
    if system.postgres:
        system.postgres.restart("fast")


def _database_crash(system: System, _account: Account, _chance: random.Random) -> None:
    if system.postgres:
        system.postgres.restart("immediate")


_FAULTS: dict[str, Callable[[System, Account, random.Random], None]] = {
    "kill_worker": _kill_worker,
    "kill_child": _kill_child,
    "kill_beat": _kill_beat,
    "freeze": _freeze,
    "flush": _flush,
    "redis_restart": _redis_restart,
    "double": _double,
    "clock_off": _clock_off,
    "mail_away": _mail_away,
    "database_restart": _database_restart,
    "database_crash": _database_crash,
}


def _wait_until_settled() -> bool:
    """Wait until every message rests: in a final state, or planned for the morning."""
    least, until = sys.maxsize, time.monotonic() + SETTLE_SECONDS

    def restless() -> int:
        moving = Message.objects.exclude(state__in=STATES_AT_REST)
        return int(moving.exclude(state="scheduled", reason__in=WAITS_LONG, due_at__gt=clock.now()).count())

    while time.monotonic() < until:
        count = _again(restless)
        if not count:
            return True
        if count < least:  # slow is not stuck: a busy machine gets the time that it needs
            least, until = count, time.monotonic() + SETTLE_SECONDS
        time.sleep(1)
    return False


def _judge(kept: Path, account: Account, due: dict[int, datetime], settled: bool) -> dict[str, Any]:
    copies: dict[str, list[float]] = defaultdict(list)
    for line in kept.read_text().splitlines():
        at, name, _to = line.split("\t")
        copies[name].append(float(at))
    channel = Channel.objects.of("email")
    tries = Attempt.objects.filter(number=1, outcome="started").order_by("-id")
    first_try = dict(tries.values_list("message__pk", "at"))
    count: Counter[str] = Counter()
    states: Counter[str] = Counter()
    lags: list[float] = []
    for message in Message.objects.defer("address").iterator():
        states[message.state] += 1
        times = copies.pop(message.message_id, [])
        count["kept"] += len(times)
        if len(times) > 1:
            count["resent_same_id" if message.resent else "duplicates"] += len(times) - 1
        rests = message.state in STATES_AT_REST or message.reason in WAITS_LONG
        if not rests or (message.state in ("sent", "delivered") and not times):
            count["lost"] += 1
        if not rests or (message.state not in ("sent", "delivered") and not message.reason):
            count["unexplained"] += 1
        for moment in times:
            instant = datetime.fromtimestamp(moment).astimezone()
            count["sent_in_quiet_hours"] += is_quiet(instant, message.zone, channel.quiet_from, channel.quiet_to)
        stopped = account.stopped.get(message.pk)
        if stopped and message.sending_at and message.sending_at > stopped:
            count["sent_after_stop"] += 1
            closed, late = message.pk in account.closed, message.sending_at - stopped
            print(f"after stop: closed {closed}, resent {message.resent}, try {message.tries}, {late}", file=sys.stderr)
        if message.pk in first_try and message.zone not in ZONES:
            lags.append((first_try[message.pk] - due[message.pk]).total_seconds())
    count["unknown_to_us"] = len(copies)
    return {
        "messages": sum(states.values()),
        "kills": account.kills,
        **{key: count[key] for key in KEYS},
        "stops_raced": len(account.stopped),
        "settled": settled,
        "states": dict(states),
        "lag_p50_s": round(quantile(lags, 0.5), 2),
        "lag_p99_s": round(quantile(lags, 0.99), 2),
    }


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
