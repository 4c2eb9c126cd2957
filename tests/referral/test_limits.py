"""How often one visitor may send a form, counted with a real Redis and with the database behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import caches
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from privacy import shared_cache
from privacy.limits import BY_ADDRESS, BY_BROWSER, Pace, seconds_to_wait
from privacy.models import SharedValue
from privacy.shared_cache import forget_shared_values
from tests.systems import kill_redis, own_redis

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_url(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(shared_cache, "_rests_until", 0.0)
    with own_redis(tmp_path) as url:
        shared = {"BACKEND": "privacy.shared_cache.RedisElseDatabase", "LOCATION": url}
        settings.CACHES = {**settings.CACHES, "default": shared}
        yield url


@pytest.fixture
def in_database(settings: Settings) -> None:
    settings.CACHES = {**settings.CACHES, "default": settings.CACHES["database"]}


def a_browser(address: str = "203.0.113.9") -> HttpRequest:
    request = RequestFactory().post("/help/", REMOTE_ADDR=address)
    request.session = SessionStore("a-key")
    return request


def waits_of_families(count: int, address: str = "203.0.113.9") -> list[int]:
    moment = datetime.now(UTC)
    return [seconds_to_wait(a_browser(address), "asking", now=moment) for _ in range(count)]


@pytest.mark.parametrize("store", ["redis_url", "in_database"])
def test_a_browser_slows_down_after_six_and_is_never_refused(store: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(store)
    browser, moment = a_browser(), datetime.now(UTC)
    waits = [seconds_to_wait(browser, "asking", now=moment) for _ in range(BY_BROWSER.free + 2)]
    # The seventh is taken, and keeps the eighth waiting for some seconds.
    assert waits == [0] * (BY_BROWSER.free + 1) + [BY_BROWSER.first]


@pytest.mark.parametrize("store", ["redis_url", "in_database"])
def test_the_31st_family_of_a_hospital_waits_for_seconds(store: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(store)
    assert waits_of_families(BY_ADDRESS.free + 2) == [0] * (BY_ADDRESS.free + 1) + [BY_ADDRESS.first]
    assert waits_of_families(1, "203.0.113.10") == [0]


def test_after_its_wait_the_next_family_is_taken(in_database: None) -> None:
    with time_machine.travel(datetime(2026, 3, 4, 17, 30, tzinfo=UTC), tick=False) as clock:
        wait = waits_of_families(BY_ADDRESS.free + 2)[-1]
        clock.shift(timedelta(seconds=wait + 1))
        assert waits_of_families(2) == [0, BY_ADDRESS.first]


def test_one_who_is_told_to_wait_does_not_wait_longer_for_asking_again(in_database: None) -> None:
    assert waits_of_families(BY_ADDRESS.free + 20)[-1] == BY_ADDRESS.first


def test_pauses_grow_and_end_at_the_longest() -> None:
    pace = Pace(free=2, within=60, first=10, longest=50, step=2)
    assert [pace.pause(count) for count in range(3, 10)] == [10, 10, 20, 20, 40, 40, 50]
    assert pace.pause(10_000_000) == 50


def test_a_household_counts_as_one_address_in_ipv6(in_database: None) -> None:
    moment = datetime.now(UTC)
    hers = [a_browser(f"2001:db8:1:2::{number:x}") for number in range(BY_ADDRESS.free + 2)]
    assert [seconds_to_wait(each, "asking", now=moment) for each in hers][-1] == BY_ADDRESS.first
    assert seconds_to_wait(a_browser("2001:db8:1:3::1"), "asking", now=moment) == 0


def test_without_redis_all_processes_count_in_the_database(redis_url: str) -> None:
    kill_redis(redis_url)
    assert waits_of_families(BY_ADDRESS.free + 2) == [0] * (BY_ADDRESS.free + 1) + [BY_ADDRESS.first]
    assert SharedValue.objects.exists()
    assert not any("203.0.113" in row.key for row in SharedValue.objects.all())


def test_what_is_over_is_deleted(in_database: None) -> None:
    caches["default"].set("old", 1, 10)
    caches["default"].set("new", 1, 1000)
    assert forget_shared_values(now=datetime.now(UTC) + timedelta(seconds=60)) == 1
    assert caches["default"].get("new") == 1


def test_what_has_no_end_is_kept(in_database: None) -> None:
    caches["default"].set("for-ever", 1, None)
    forget_shared_values(now=datetime.now(UTC) + timedelta(days=3650))
    assert caches["default"].get("for-ever") == 1
