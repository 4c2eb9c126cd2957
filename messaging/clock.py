"""The one clock of this app: the database's.

Workers on many machines disagree about the time, a database agrees with itself. What decides whether a message may go
asks here, never `datetime.now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

_ASK = {
    "postgresql": "SELECT statement_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
}
_shift = timedelta(0)


def now() -> datetime:
    """The database's time in UTC, moved by `shifted` where a simulation asks for it."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK[connection.vendor])
        value: datetime | str = cursor.fetchone()[0]
    # SQLite answers with text in UTC, PostgreSQL with an instant.
    at = datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
    return at.astimezone(UTC) + _shift


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock of this process for simulations and tests."""
    global _shift
    before, _shift = _shift, by
    try:
        yield
    finally:
        _shift = before


@contextmanager
def set_to(at: datetime) -> Iterator[None]:
    """Let the clock run on from `at` for simulations and tests."""
    with shifted(timedelta(0)):
        real = now()
    with shifted(at - real):
        yield
