"""Which tests are repeated on PostgreSQL: those that together run each statement of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from referral.models import Referral
from tests.statements import Recorder, recorded, repeated, shape

STATEMENTS = st.sets(st.sampled_from("abcdefgh"))


@given(st.dictionaries(st.sampled_from([f"test_{number}" for number in range(12)]), STATEMENTS))
def test_repeated_tests_run_every_statement(statements: dict[str, set[str]]) -> None:
    chosen = repeated(statements)
    assert set().union(*statements.values()) == set().union(*(statements[test] for test in chosen))
    assert all(statements[test] for test in chosen)


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
    assert statements["reads"] == statements["reads the other way round"]
    assert repeated({test: statements[test] for test in statements if "reads" not in test}) == {
        "writes",
        "writes after another",
    }
    assert "reads the other way round" not in repeated(statements)
