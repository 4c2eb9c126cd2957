"""Which tests are repeated on PostgreSQL: those that together run each statement of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from referral.models import Referral
from tests.statements import Ran, Recorder, recorded, repeated, shape

RAN = st.builds(Ran, st.integers(0, 500), st.frozensets(st.sampled_from("abcdefgh")))


@given(st.dictionaries(st.sampled_from([f"test_{number}" for number in range(12)]), RAN))
def test_repeated_tests_run_every_statement(tests: dict[str, Ran]) -> None:
    chosen = repeated(tests)
    assert set().union(*(ran.kinds for ran in tests.values())) == set().union(*(tests[test].kinds for test in chosen))
    assert all(tests[test].kinds for test in chosen)


def test_short_tests_are_repeated_before_a_long_walk() -> None:
    walk = {"walks": Ran(4000, frozenset("abcd")), "first": Ran(9, frozenset("abc")), "then": Ran(20, frozenset("cd"))}
    assert repeated(walk) == {"first", "then"}
    assert repeated({**walk, "walks": Ran(4000, frozenset("abcde"))}) == {"walks"}


def test_lists_and_numbers_of_any_length_are_one_statement() -> None:
    assert shape('SAVEPOINT "s1405_x12"') == shape('SAVEPOINT "s7_x3"')
    assert shape("INSERT INTO a VALUES (%s, %s), (%s, %s)") == shape("INSERT INTO a VALUES (%s, %s)")
    assert shape("SELECT 1 WHERE a IN (%s, %s)") != shape("SELECT 1 WHERE b IN (%s, %s)")


@pytest.mark.django_db
def test_a_write_is_noted_with_what_came_before(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "one")
    rows = Referral.objects.filter(pk=0)
    try:
        with recorder.notes("reads"):
            rows.exists()
            rows.count()
        with recorder.notes("reads the other way round"):
            rows.count()
            rows.exists()
        with recorder.notes("writes"):
            rows.exists()
            rows.update(concern="")
        with recorder.notes("writes after another"):
            rows.count()
            rows.update(concern="")
    finally:
        connection.execute_wrappers.remove(recorder._note)
    recorder.pytest_sessionfinish()
    statements = recorded(tmp_path)
    assert statements["reads"] == statements["reads the other way round"] == Ran(2, statements["reads"].kinds)
    assert repeated({test: statements[test] for test in statements if "reads" not in test}) == {
        "writes",
        "writes after another",
    }
    assert "reads the other way round" not in repeated(statements)
