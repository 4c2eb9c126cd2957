"""The way from Redis to a worker."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis

from config.celery import app
from tests.houses import own_redis


@pytest.mark.slow
def test_a_connection_that_breaks_while_a_task_is_in_hand_ends_no_worker(tmp_path: Path) -> None:
    with own_redis(tmp_path) as url:
        connection = app.connection(url)
        queue = connection.SimpleQueue("tests")
        queue.put({"in": "hand"})
        assert queue.get(timeout=10).payload == {"in": "hand"}
        os.kill(redis.Redis.from_url(url).info("server")["process_id"], signal.SIGKILL)
        # As a worker does: it lets go of the transport, and then closes what is left.
        connection.transport.client = None
        connection.close()
