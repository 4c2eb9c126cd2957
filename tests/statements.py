"""What the tests ask of the database on SQLite decides which of them are repeated on PostgreSQL.

Most tests of pages and rules run statements that a hundred others run as well. While the tests run on SQLite, a
`Recorder` notes for each one which statements it runs; `repeated` then chooses tests that together run every
statement, and every write after every statement that ever came before it. Tests that commit are not asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.db import connection

# A number is part of a savepoint's name or of a limit; a list is as long as the rows that a test made.
SAME = [(re.compile(r"\d+"), "0"), (re.compile(r"%s(, %s)+"), "%s"), (re.compile(r"\(%s\)(, \(%s\))+"), "(%s)")]
WRITES = ("INSERT", "UPDATE", "DELETE")


class Recorder:
    """Writes a file when the tests end: the statements of each test by its id, as numbers."""

    def __init__(self, folder: Path, worker: str):
        self._file = folder / f"{worker}.json"
        self._of_tests: dict[str, list[str]] = {}
        self._found: set[str] = set()
        self._before = 0
        connection.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        this = crc32(shape(sql).encode())
        self._found.add(f"{self._before} {this}" if sql.startswith(WRITES) else f"{this}")
        self._before = this
        return execute(sql, params, many, context)

    @contextmanager
    def notes(self, test: str) -> Iterator[None]:
        """What runs in this block is a test's."""
        self._found, self._before = set(), 0
        yield
        self._of_tests[test] = sorted(self._found)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        with self.notes(item.nodeid):
            return (yield)

    def pytest_sessionfinish(self) -> None:
        self._file.parent.mkdir(exist_ok=True)
        self._file.write_text(json.dumps(self._of_tests))


def shape(sql: str) -> str:
    """A statement without what differs from test to test."""
    for pattern, same in SAME:
        sql = pattern.sub(same, sql)
    return sql


def recorded(folder: Path) -> dict[str, set[str]]:
    """What the processes that ran the tests have noted, by the id of the test; nothing where none did."""
    return {
        test: set(found)
        for file in folder.glob("*.json")
        for test, found in json.loads(file.read_text()).items()
    }  # fmt: skip


def repeated(statements: dict[str, set[str]]) -> set[str]:
    """The tests that together run all that any of them runs; those that run the most are asked first."""
    chosen, covered = set(), set[str]()
    for test, found in sorted(statements.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if not found <= covered:
            chosen.add(test)
            covered |= found
    return chosen
