"""What the tests ask of the database on SQLite decides which of them are repeated on PostgreSQL.

Most tests of pages and rules run statements that a hundred others run as well. While the tests run on SQLite, a
`Recorder` notes for each one which statements it runs, and how many in all; `repeated` then chooses tests that together
run every statement, and every write after every statement that ever came before it, in as few as it can. Tests that
commit are not asked.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.db import connection

# A number is part of a savepoint's name or of a limit; a list is as long as the rows that a test made.
SAME = [(re.compile(r"\d+"), "0"), (re.compile(r"%s(, %s)+"), "%s"), (re.compile(r"\(%s\)(, \(%s\))+"), "(%s)")]
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Ran:
    """What one test ran: how many statements, and which, as numbers."""

    count: int
    kinds: frozenset[str]


class Recorder:
    """Writes a file when the tests end: by the id of each test how many statements it ran, and which."""

    def __init__(self, folder: Path, worker: str):
        self._file = folder / f"{worker}.json"
        self._of_tests: dict[str, tuple[int, list[str]]] = {}
        self._found: set[str] = set()
        self._count = self._before = 0
        connection.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        this = crc32(shape(sql).encode())
        self._found.add(f"{self._before} {this}" if sql.startswith(WRITES) else f"{this}")
        self._before = this
        self._count += 1
        return execute(sql, params, many, context)

    @contextmanager
    def notes(self, test: str) -> Iterator[None]:
        """What runs in this block is a test's."""
        self._found, self._count, self._before = set(), 0, 0
        yield
        self._of_tests[test] = self._count, sorted(self._found)

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


def recorded(folder: Path) -> dict[str, Ran]:
    """What the processes that ran the tests have noted, by the id of the test; nothing where none did."""
    return {
        test: Ran(count, frozenset(kinds))
        for file in folder.glob("*.json")
        for test, (count, kinds) in json.loads(file.read_text()).items()
    }


def repeated(tests: dict[str, Ran]) -> set[str]:
    """Tests that together run all that any of them runs.

    Each time the one that adds the most for the statements that it takes: many walk a long way to one that is new.
    At the end those are left out, the longest first, of which the others run everything as well.
    """
    chosen, covered = set(), set[str]()
    # What a test adds only ever becomes less: one that still adds the most when it is asked again does.
    waiting = [(_cost(ran, len(ran.kinds)), test) for test, ran in tests.items() if ran.kinds]
    heapify(waiting)
    while waiting:
        _before, test = heappop(waiting)
        adds = len(tests[test].kinds - covered)
        if not adds:
            continue
        cost = _cost(tests[test], adds)
        if waiting and (cost, test) > waiting[0]:
            heappush(waiting, (cost, test))
            continue
        chosen.add(test)
        covered |= tests[test].kinds
    times = Counter(kind for test in chosen for kind in tests[test].kinds)
    for test in sorted(chosen, key=lambda test: (-tests[test].count, test)):
        if all(times[kind] > 1 for kind in tests[test].kinds):
            chosen.remove(test)
            times.subtract(tests[test].kinds)
    return chosen


def _cost(ran: Ran, adds: int) -> float:
    """The statements run for each that is new; a test has a cost before its first one."""
    return (ran.count + 10) / adds
