"""Where the time of one process goes: claim, gate and answer through a courier that carries nothing, or by mail."""

from __future__ import annotations

import cProfile
import io
import pstats
import sys
import time
from typing import Any

from django.test import override_settings

from benchmarks.messaging.planning import awake_zone, plan, prepare
from benchmarks.messaging.services import System, listens, wait_for
from messaging import clock
from messaging.delivery.drain import drain
from messaging.models import Channel

NULL = {"email": "messaging.channels.null.NullCourier"}
MAIL = {"email": "messaging.channels.mail.MailCourier"}
LINES = 45


def run(system: System, *, sends: int, mail: bool = False, lines: int = 4) -> dict[str, Any]:
    """Drain `sends` messages twice, first as it is, then under the profiler, whose table goes to the error stream."""
    if mail:
        log = system.folder / "sink.tsv"
        system.add("smtp", [sys.executable, "-m", "benchmarks.messaging.sink", str(system.smtp_port), str(log)])
        wait_for("SMTP", lambda: listens(system.smtp_port))
    prepare()
    Channel.objects.filter(pk="email").update(quiet_from="08:00", quiet_to="08:00")
    report: dict[str, Any] = {}
    for turn, profiler in enumerate([None, cProfile.Profile()]):
        now = clock.now()
        start = turn * 1_000_000
        plan(sends, due=iter([now] * sends), now=now, zones=[awake_zone(now)], seed=start, start=start)
        with override_settings(MESSAGING_COURIERS=MAIL if mail else NULL, MESSAGING_LINES={"email": lines}):
            began, cpu = time.monotonic(), time.process_time()
            if profiler:
                profiler.enable()
            sent = drain("email", seconds=600).sent
            if profiler:
                profiler.disable()
            else:
                report["gates_per_s"] = round(sent / (time.monotonic() - began), 1)
                report["cpu_ms_each"] = round((time.process_time() - cpu) / sent * 1000, 3)
    out = io.StringIO()
    stats = pstats.Stats(profiler, stream=out)
    stats.sort_stats("tottime").print_stats(LINES)
    stats.sort_stats("cumtime").print_stats(LINES)
    print(out.getvalue(), file=sys.stderr)
    return report
