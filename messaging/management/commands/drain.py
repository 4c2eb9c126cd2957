"""Sends what is due, with no broker."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from messaging.alerts import watch
from messaging.delivery.drain import STEP, TICK, drain, soon
from messaging.delivery.rescue import reap, reconcile
from messaging.models import ChannelKey
from privacy.actions import sweep
from privacy.keys import keys_fit

log = logging.getLogger(__name__)
EVERY_REAP, EVERY_WATCH, EVERY_RECONCILE, EVERY_SWEEP = 10.0, 30.0, 60.0, 3600.0


class Command(BaseCommand):
    help = (
        "Send every message that is due. With --loop, go on until stopped: the same as worker and beat, without Redis."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.stopping = False
        if not options["loop"]:
            reap()
            reconcile()
            total = sum(drain(channel, seconds=3600).sent for channel in ChannelKey.values)
            self.stdout.write(f"{total} sent")
            return
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self.stdout.write("Sending what is due, and watching for more. Ctrl-C or SIGTERM ends it.")
        self.stdout.flush()
        self._loop()
        self.stdout.write("Ended.")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _loop(self) -> None:
        reaped = reconciled = watched = time.monotonic()
        swept = -EVERY_SWEEP
        while not self.stopping:
            waits = [TICK]
            if not keys_fit():
                time.sleep(TICK)
                continue
            try:
                for channel in ChannelKey.values:
                    drain(channel, seconds=5)
                waits = [TICK, *(wait for channel in ChannelKey.values for wait in soon(channel)[:1])]
                if time.monotonic() - reaped >= EVERY_REAP:
                    reaped = time.monotonic()
                    reap()
                if time.monotonic() - watched >= EVERY_WATCH:
                    watched = time.monotonic()
                    for path in settings.WATCHES:
                        import_string(path)(timezone.now())
                if time.monotonic() - reconciled >= EVERY_RECONCILE:
                    reconciled = time.monotonic()
                    reconcile()
                    watch()
                if time.monotonic() - swept >= EVERY_SWEEP:
                    swept = time.monotonic()
                    sweep(timezone.now())
            except Exception as error:
                # Mostly the database is away or busy: it will be back, and nothing is lost meanwhile. Whatever else it
                # is, those who wait for the other messages must not wait for this one.
                log.error("messaging: drain begins again: %s", type(error).__name__, exc_info=error)
                close_old_connections()
            if not self.stopping:
                time.sleep(max(STEP, min(waits)))
