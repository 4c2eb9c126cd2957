"""Whether an error means that the database or Redis is there for nobody: away, unreadable, without room. Plain Python.

A statement that is wrong, a lock that was not had in time and a deadlock are no outage.
"""

from __future__ import annotations

# SQLite's result codes: read-only, I/O error, corrupt, full, cannot be opened, not a database.
SQLITE = frozenset({8, 10, 11, 13, 14, 26})
# PostgreSQL's classes: connection lost, no resources, shut down; and a standby that takes no writes.
POSTGRES = ("08", "53", "57P", "25006")
REDIS = frozenset({"ConnectionError", "TimeoutError"})
DATABASE = "the database is not reached or takes no writes"


def outage(error: object) -> str:
    """What is not there, in a few words, as `error` or one that it was raised from says; else nothing."""
    while isinstance(error, BaseException):
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE or _of_postgres(error):
            return DATABASE
        if type(error).__module__.startswith("redis.") and not REDIS.isdisjoint(_kinds(error)):
            return "Redis is not reached"
        error = error.__cause__ or error.__context__
    return ""


def _of_postgres(error: BaseException) -> bool:
    if not type(error).__module__.startswith("psycopg"):
        return False
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return str(state).startswith(POSTGRES)
    # Without a state it comes from this side: no connection was made, or it broke.
    return not _kinds(error).isdisjoint({"OperationalError", "InterfaceError"})


def _kinds(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}
