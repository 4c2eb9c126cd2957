"""How often one visitor may send a form, counted with a real Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import caches
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from privacy.limits import MOST_BY_ADDRESS, MOST_BY_BROWSER, minutes_to_wait
from tests.houses import kill_redis, own_redis


@pytest.fixture
def redis_url(tmp_path: Path, settings: Settings) -> Iterator[str]:
    with own_redis(tmp_path) as url:
        counts = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
        settings.CACHES = {**settings.CACHES, "counts": counts}
        yield url


def a_browser(address: str = "203.0.113.9") -> HttpRequest:
    request = RequestFactory().post("/help/", REMOTE_ADDR=address)
    request.session = SessionStore()
    return request


def another_process() -> None:
    """Forget what only this process knows."""
    caches["default"].clear()


def test_all_web_processes_count_one_browser_together(redis_url: str, now: datetime) -> None:
    browser = a_browser()
    for _ in range(MOST_BY_BROWSER):
        assert minutes_to_wait(browser, "asking", now=now) == 0
        another_process()
    assert minutes_to_wait(browser, "asking", now=now) == 30


def test_many_families_share_an_address_up_to_a_limit(redis_url: str, now: datetime) -> None:
    waits = [minutes_to_wait(a_browser(), "asking", now=now) for _ in range(MOST_BY_ADDRESS + 1)]
    assert waits == [0] * MOST_BY_ADDRESS + [30]
    assert minutes_to_wait(a_browser("203.0.113.10"), "asking", now=now) == 0


def test_without_redis_nobody_is_turned_away_and_each_process_counts_for_itself(redis_url: str, now: datetime) -> None:
    browser = a_browser()
    for _ in range(MOST_BY_BROWSER):
        minutes_to_wait(browser, "asking", now=now)
    kill_redis(redis_url)
    waits = [minutes_to_wait(browser, "asking", now=now) for _ in range(MOST_BY_BROWSER + 1)]
    assert waits == [0] * MOST_BY_BROWSER + [30]
