from __future__ import annotations

import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from config import health
from config.metrics import Family, as_text, coarse
from config.sqlite3.base import DatabaseWrapper
from messaging import alerts, clock, metrics
from messaging.models import Channel
from runner import disk

pytestmark = pytest.mark.django_db
LINE = re.compile(r"^(# (HELP|TYPE) .+|[a-z][a-z0-9_]+(\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\})? [0-9.e+-]+)$")


@pytest.fixture(autouse=True)
def _forget() -> None:
    health._redis_client.cache_clear()
    health._seen_migrated = False


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    with mock.patch("config.health.connection.cursor", side_effect=OperationalError):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_without_redis_is_degraded_but_serves(client: Client, settings: Any) -> None:
    settings.REDIS_URL = ""
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "database": "ok",
        "migrations": "ok",
        "keys": "ok",
        "redis": "not set: reminders are drained by manage.py drain --loop",
        "email": "ok",
        "sms": "ok",
        "reminders": "ok",
    }


def test_a_beat_that_died_is_said_after_five_minutes(client: Client, settings: Any) -> None:
    with clock.set_to(timezone.now() - timedelta(minutes=4)):
        alerts.watch()
    assert client.get("/readyz").json()["reminders"] == "ok" and "beat" not in {each.key for each in alerts.current()}
    with clock.set_to(timezone.now() - timedelta(minutes=6)):
        alerts.watch()
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["status"] == "degraded"
    assert re.match("late: nothing has looked for 36[0-9] s; no beat", answer.json()["reminders"])
    assert next(each.sentence for each in alerts.current() if each.key == "beat").startswith("For 6 minutes nothing")
    assert any(name == "waymark_watch_age_seconds" and rows for name, _kind, _help, rows in metrics.families())
    alerts.watch()
    assert client.get("/readyz").json()["reminders"] == "ok"


def test_a_redis_that_is_gone_is_said_within_a_second(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz").json()
    assert (answer["status"], answer["redis"]) == ("degraded", "unreachable: reminders wait for the next drain")


def test_a_mail_server_that_is_gone_is_said_and_serves(client: Client, settings: Any) -> None:
    settings.MESSAGING_CHANNELS = ["email"]
    Channel.objects.create(key="email", failures=2)
    answer = client.get("/readyz")
    said = answer.json()
    assert (answer.status_code, said["status"]) == (200, "degraded")
    assert (said["email"], said["sms"]) == ("not going out: the provider is not reached", "not set up")
    assert 'waymark_channel_down{channel="email"} 1' in client.get("/metrics").content.decode()
    assert 'waymark_channel_set_up{channel="sms"} 0' in client.get("/metrics").content.decode()


def test_not_ready_without_a_database(client: Client) -> None:
    with mock.patch("config.health.connection.cursor", side_effect=OperationalError("host db user=secret")):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
    assert b"secret" not in answer.content


@pytest.mark.parametrize(("left", "said"), [(False, "missing"), (True, "empty")])
def test_a_sqlite_file_that_is_gone_is_said_and_not_made(
    client: Client, tmp_path: Path, left: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "waymark.sqlite3"
    if left:
        file.touch()
    other = DatabaseWrapper({**connection.settings_dict, "ENGINE": "config.sqlite3", "NAME": str(file), "OPTIONS": {}})
    monkeypatch.setattr(health, "connection", other)
    answer = client.get("/readyz")
    other.close()
    assert (answer.status_code, answer.json()["database"]) == (503, said)
    assert file.exists() is left


@pytest.mark.parametrize("fault", ["damaged", "not writable"])
def test_a_sqlite_file_that_is_damaged_or_read_only_is_said(
    client: Client, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "waymark.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE people (name)")
    if fault == "damaged":
        file.write_bytes(b"garbage\n" * 2000)
    else:
        monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != file)
    other = DatabaseWrapper({**connection.settings_dict, "ENGINE": "config.sqlite3", "NAME": str(file), "OPTIONS": {}})
    monkeypatch.setattr(health, "connection", other)
    answer = client.get("/readyz")
    other.close()
    assert (answer.status_code, answer.json()["database"]) == (503, fault)


def test_not_ready_while_migrations_are_pending(client: Client) -> None:
    with mock.patch("config.health.MigrationExecutor.migration_plan", return_value=["one"]):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "pending")


@pytest.mark.parametrize("changed", ["ENCRYPTION_KEYS", "BLIND_INDEX_KEY"])
def test_not_ready_with_keys_of_another_database(client: Client, settings: Any, changed: str) -> None:
    other = {"ENCRYPTION_KEYS": [Fernet.generate_key().decode()], "BLIND_INDEX_KEY": "another" * 6}
    setattr(settings, changed, other[changed])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["keys"]) == (503, "not those that this database was written with")


def test_ready_with_a_new_key_before_the_old_one(client: Client, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert client.get("/readyz").status_code == 200


def test_not_ready_where_nothing_can_be_written(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
    monkeypatch.setattr(disk, "is_full", lambda _folder: True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) in ((503, "its disk is full"), (503, "read-only"))


def test_not_ready_once_the_tables_are_gone(client: Client) -> None:
    client.get("/readyz")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE privacy_keycheck")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["keys"]) == (503, "unreachable")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_balancer_may_ask_by_any_name(client: Client, path: str) -> None:
    assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_metrics_are_prometheus_text(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert "waymark_redis_up 0" in lines
    assert [line for line in lines if not LINE.match(line)] == []


def test_metrics_without_a_database_say_so_and_what_else_is_known(client: Client) -> None:
    assert "waymark_database_up 1" in client.get("/metrics").content.decode().splitlines()
    with mock.patch("messaging.metrics.Message.objects.backlog", side_effect=OperationalError("disk I/O error")):
        answer = client.get("/metrics")
    lines = answer.content.decode().splitlines()
    assert (answer.status_code, "waymark_database_up 0" in lines, "waymark_redis_up 0" in lines) == (200, True, True)


def test_a_database_that_fails_for_want_of_room_is_said_to(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "is_full", lambda _folder: True)
    with mock.patch("config.health.connection.cursor", side_effect=OperationalError("disk I/O error")):
        said = client.get("/readyz").json()["database"]
    assert said == ("unreachable" if connection.vendor == "postgresql" else "its disk is full")


def test_metrics_are_for_this_machine(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403


def test_behind_a_proxy_only_the_token_opens_metrics(client: Client, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "t" * 40
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"authorization": f"Bearer {'x' * 40}"}).status_code == 403
    assert client.get("/metrics", headers={"authorization": f"Bearer {'t' * 40}"}).status_code == 200


def test_large_counts_keep_every_digit() -> None:
    assert as_text([("a_total", "counter", "A", [({}, 12345678.0)])]).endswith("a_total 12345678\n")


def test_labels_are_escaped() -> None:
    page = as_text([("a_total", "counter", "Of\nall", [({"b": 'say "x"\\\n', "a": "1"}, 2.5)])])
    assert page == '# HELP a_total Of\\nall\n# TYPE a_total counter\na_total{a="1",b="say \\"x\\"\\\\\\n"} 2.5\n'


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path)["Cache-Control"] or "max-age=0" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("header", ["forwarded", "via", "x-forwarded-for", "x-real-ip"])
def test_what_a_proxy_handed_on_is_not_this_machine(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_without_the_token_no_figure_tells_of_one_press(client: Client, settings: Any) -> None:
    plain = client.get("/metrics").content.decode()
    assert "waymark_messages_due" in plain
    assert "waymark_suppressions" not in plain and "waymark_attempts_24h" not in plain
    settings.METRICS_TOKEN = "t" * 40
    told = client.get("/metrics", headers={"authorization": f"Bearer {'t' * 40}"}).content.decode()
    assert "waymark_suppressions" in told and "waymark_attempts_24h" in told


def test_counts_are_told_in_steps_without_the_token() -> None:
    told: list[Family] = [
        ("waymark_messages_due", "gauge", "Due", [({}, 19.0)]),
        ("waymark_messages_lag_seconds", "gauge", "Lag", [({}, 119.5)]),
        ("waymark_database_up", "gauge", "Up", [({}, 1.0)]),
    ]
    assert [value for _name, _kind, _text, samples in coarse(told) for _labels, value in samples] == [10, 60, 1]
