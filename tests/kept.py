"""What many tests begin with is made once in a process, and put in again as the rows that it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from typing import Any, NamedTuple

from django.db import connection, transaction

Rows = list[tuple[Any, ...]]
# Filled by triggers on SQLite, as the rows of another table come.
FILLED = {"modelsearch_indexentry_fts"}


class Kept(NamedTuple):
    """What a `make` added, by table, and all that was before in these tables and in those that they point to."""

    before: dict[str, Rows]
    added: dict[str, Rows]


_kept: dict[str, Kept] = {}


def once(name: str, make: Callable[[], object]) -> None:
    """Do to the database what `make` does: by `make`, or from memory where `name` was done on the same rows before.

    Only added rows can be put in from memory: a `make` that changes rows does so itself every time.
    """
    kept = _kept.get(name)
    if kept and kept.before == _read(kept.before):
        with transaction.atomic():
            for table, rows in kept.added.items():
                _write(table, rows)
        return
    before = _read(set(connection.introspection.django_table_names(only_existing=True)) - FILLED)
    make()
    after = _read(before)
    changed = [table for table, rows in before.items() if after[table] != rows]
    added = {table: [row for row in after[table] if row not in before[table]] for table in changed}
    if all(len(after[table]) == len(before[table]) + len(added[table]) for table in changed):
        _kept[name] = Kept({table: before[table] for table in {*changed, *_pointed_at(added)} & before.keys()}, added)


def _read(tables: Iterable[str]) -> dict[str, Rows]:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def _pointed_at(added: dict[str, Rows]) -> Iterator[str]:
    """Tables to whose rows these point: where they were made anew, with other keys, so must what points to them."""
    with connection.cursor() as cursor:
        for table, rows in added.items():
            columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
            for column, (_key, other) in connection.introspection.get_relations(cursor, table).items():
                if any(row[columns.index(column)] is not None for row in rows):
                    yield other


def _write(table: str, rows: Rows) -> None:
    if connection.vendor == "sqlite":
        rows = [tuple(str(value) if isinstance(value, date | time) else value for value in row) for row in rows]
    places = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
