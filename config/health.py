"""What machines ask: is the process alive, can it serve, and how much is there of everything."""

from __future__ import annotations

import hmac
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.metrics import Family, as_text, coarse
from messaging.models import Channel, ChannelKey, Watch
from messaging.models.channel import is_set_up
from privacy.models import KeyCheck
from runner import disk
from runner.whole import is_damage, is_writable

NOT_SET_UP = "not set up"  # a choice of whoever runs it, and no fault
WAIT = 0.5  # seconds for Redis to answer: a probe must not hang where pages do not


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 if this process can serve families, else 503. Without Redis, and while a provider of messages is not reached
    or nothing looks for what is due, it serves, degraded: they come later."""
    parts = {"database": _database(), "migrations": "unknown", "keys": "unknown"}
    if parts["database"] == "ok":
        parts["migrations"] = "ok" if _migrated() else "pending"
    if parts["migrations"] == "ok":
        parts["keys"] = _keys()
    ready = set(parts.values()) == {"ok"}
    parts["redis"] = _redis()
    if ready:
        parts |= {channel.value: _channel(channel) for channel in ChannelKey}
        parts["reminders"] = _reminders()
    status = "ready" if ready else "not ready"
    if ready and not set(parts.values()) <= {"ok", NOT_SET_UP}:
        status = "degraded"
    return JsonResponse({"status": status, **parts}, status=200 if ready else 503)


# What a proxy adds to what it hands on.
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus' text format, for who knows the token, or, without those that tell of one press of a family,
    for this machine."""
    if not _may_read_metrics(request):
        return HttpResponse(
            "Send the metrics token as 'Authorization: Bearer …'.\n", status=403, content_type="text/plain"
        )
    found = _families() if settings.METRICS_TOKEN else coarse(_families())
    return HttpResponse(as_text(found), content_type="text/plain; version=0.0.4; charset=utf-8")


def _families() -> list[Family]:
    """What every app counts; without what the database would have to say where it cannot."""
    found: list[Family] = []
    database = 1.0
    for path in settings.METRICS:
        try:
            found += import_string(path)()
        except DatabaseError:
            database = 0.0
    return [("waymark_database_up", "gauge", "Whether the database could be read.", [({}, database)]), *found]


def own_metrics() -> list[Family]:
    """What only the frame of the system knows."""
    up = _redis() == "ok"
    return [("waymark_redis_up", "gauge", "Whether Redis answers this process.", [({}, float(up))])]


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy everybody comes from the proxy's address, so only the token can tell: also where nobody told us of
    # the proxy, and it says so itself.
    forwarded = settings.BEHIND_PROXY or any(name in request.headers for name in FORWARDED)
    return not forwarded and ip_address(request.META["REMOTE_ADDR"]).is_loopback


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW transaction_read_only")
                return "ok" if cursor.fetchone()[0] == "off" else "read-only"
            cursor.execute("SELECT count(*) FROM sqlite_master")
            if not cursor.fetchone()[0]:
                return "empty"
    except (DatabaseError, OSError) as error:
        if is_damage(error):
            return "damaged"
        if connection.vendor == "sqlite" and not _file().exists():
            return "missing"
        return "its disk is full" if _disk_is_full() else "unreachable"
    if connection.vendor == "sqlite" and _file().is_file() and not is_writable(_file()):
        return "not writable"
    return "its disk is full" if _disk_is_full() else "ok"


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _disk_is_full() -> bool:
    """Whether a SQLite database has no room to write. Another machine's disk cannot be asked."""
    return connection.vendor == "sqlite" and disk.is_full(_file().parent)


def _keys() -> str:
    try:
        return "ok" if KeyCheck.objects.keys_fit() else "not those that this database was written with"
    except DatabaseError as error:  # it was there when the migrations were looked at
        return "cannot be read: the database is damaged" if is_damage(error) else "unreachable"


def _channel(channel: ChannelKey) -> str:
    """How messages on it get out. A worker that sends them has written it down; no provider is asked here."""
    if not is_set_up(channel.value):
        return NOT_SET_UP
    row = Channel.objects.filter(pk=channel.value).first()
    if row is None:
        return "ok"
    if row.paused:
        return "paused by an operator"
    return "not going out: the provider is not reached" if row.is_down(timezone.now()) else "ok"


def _reminders() -> str:
    missed = Watch.missed(timezone.now())
    return f"late: nothing has looked for {int(missed.total_seconds())} s; no beat, or no worker" if missed else "ok"


_seen_migrated = False


def _migrated() -> bool:
    """Whether nothing is left to migrate. Once seen it is not asked again: new code means a new process."""
    global _seen_migrated
    if not _seen_migrated:
        executor = MigrationExecutor(connection)
        _seen_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_migrated


@lru_cache(maxsize=1)
def _redis_client() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=WAIT, socket_connect_timeout=WAIT)


def _redis() -> str:
    if not settings.REDIS_URL:
        return "not set: reminders are drained by manage.py drain --loop"
    try:
        _redis_client().ping()
    except redis.RedisError:
        return "unreachable: reminders wait for the next drain"
    return "ok"
