"""Celery alone: one task for each message, with its time as ``eta``, on Redis with the broker's defaults."""

from __future__ import annotations

import os
import time

import django
from celery import Celery
from celery.signals import worker_process_init

from benchmarks.peers.messaging import letter

LATER = 30 * 86400
app = Celery("eta", broker=os.environ["BENCH_REDIS_URL"])
app.conf.task_ignore_result = True
worker_process_init.connect(lambda **_: django.setup(), weak=False)


@app.task
def send(number: int) -> None:
    letter.send(number)


def prepare() -> None:
    """Nothing: the broker is the only store."""


def backlog(count: int, start: int) -> None:
    plan(count, time.time() + LATER, 0.1, start)


def plan(count: int, at: float, gap: float, start: int) -> None:
    with app.producer_pool.acquire(block=True) as producer:
        for place in range(count):
            send.apply_async((start + place,), eta=letter.instant(at + place * gap), producer=producer)
