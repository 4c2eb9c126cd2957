from __future__ import annotations

import io
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from celery.beat import SchedulingError
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as RedisError

from config.logs import LONGEST_LINE, OutagesOnceAMinute, QuietFormatter, WithoutTicks, shortened, without_people
from privacy.tokens import new_token

TOKEN = "hT3k9-_dfgHJKlqwertyuiop1234567890"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the root logger writes with the handler and formatter of the settings."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("letter", "rpcm")
def test_a_secret_link_never_reaches_a_log(client: Client, lines: io.StringIO, letter: str) -> None:
    client.get(f"/{letter}/{TOKEN}/nothing-here?email=ana@example.org")
    logging.getLogger("django.request").warning("Not Found: %s", f"/{letter}/{TOKEN}/nothing-here")
    assert f"/{letter}/…" in lines.getvalue()
    assert TOKEN not in lines.getvalue()
    assert "ana@" not in lines.getvalue()


@pytest.mark.django_db
def test_a_failed_sign_in_is_logged_without_its_address(client: Client, lines: io.StringIO) -> None:
    client.post("/accounts/login/", {"login": "nobody", "password": "x" * 12}, REMOTE_ADDR="203.0.113.77")
    assert "axes" in lines.getvalue() and "203.0.113.77" not in lines.getvalue()


@pytest.mark.django_db
def test_a_missing_page_is_logged_without_its_query(client: Client, lines: io.StringIO) -> None:
    client.get("/no-such-page/?name=Ana")
    assert "/no-such-page/" in lines.getvalue()
    assert "Ana" not in lines.getvalue()


def test_a_line_says_its_time_with_the_distance_to_utc() -> None:
    record = logging.makeLogRecord({"msg": "here", "created": 1_772_640_000.25})
    said = QuietFormatter("%(asctime)s %(message)s").format(record).removesuffix(" here")
    assert datetime.fromisoformat(said) == datetime(2026, 3, 4, 16, 0, 0, 250_000, tzinfo=UTC)


def test_an_exception_is_logged_without_its_text(lines: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError("the family typed: Ana, 626-555-0101")

    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError("Ana again") from error
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/referral/")
    written = lines.getvalue()
    assert "builtins.RuntimeError" in written
    assert "builtins.ValueError" in written
    assert "in fail" in written
    assert "Ana" not in written.replace('raise ValueError("the family typed: Ana, 626-555-0101")', "").replace(
        'raise RuntimeError("Ana again") from error', ""
    )


def _fail_to_open(log: logging.Logger, statement: str = "") -> None:
    try:
        try:
            file = ":memory:" if statement else "/nowhere/at-all?mode=rw"
            sqlite3.connect(f"file:{file}", uri=True).execute(statement)
        except sqlite3.Error as error:
            raise OperationalError("as Django has it") from error
    except OperationalError:
        log.exception("Task %s failed", "messaging.tasks.drain")


def test_an_outage_is_told_once_a_minute_in_two_lines(lines: io.StringIO) -> None:
    now, log = [0.0], logging.getLogger("celery.app.trace")
    handler = next(each for each in logging.getLogger().handlers if getattr(each, "stream", None) is lines)
    handler.addFilter(OutagesOnceAMinute(lambda: now[0]))
    for second in range(125):
        now[0] = float(second)
        _fail_to_open(log)
    written = lines.getvalue()
    assert written.count("Task messaging.tasks.drain failed\ndjango.db.utils.OperationalError: the database") == 3
    assert written.count("\n") == 6
    for _probe in range(9):
        logging.getLogger("django.request").error("Not ready: /readyz", extra={"status_code": 503})
    assert lines.getvalue().count("Not ready") == 1
    for _twice in range(2):
        _fail_to_open(log, "SELECT 1 FROM nothing_of_this_name")  # a mistake of ours is told each time, with its place
    assert lines.getvalue().count("in _fail_to_open") == 4


def _fail_to_nudge() -> None:
    """As Celery's beat does it where Redis is away."""
    try:
        try:
            raise RedisError("Error 111 connecting to 127.0.0.1:6391. Connection refused.")
        except RedisError as error:
            raise SchedulingError("Couldn't apply scheduled task nudge texts") from error
    except SchedulingError as error:
        logging.getLogger("celery.beat").error("Message Error: %s\n%s", error, ["a stack"] * 90, exc_info=True)


def test_a_redis_that_is_away_is_told_once_a_minute(lines: io.StringIO) -> None:
    now = [0.0]
    handler = next(each for each in logging.getLogger().handlers if getattr(each, "stream", None) is lines)
    handler.addFilter(OutagesOnceAMinute(lambda: now[0]))
    for second in range(120):
        now[0] = float(second)
        _fail_to_nudge()
        lost = RedisError("Error 111")
        logging.getLogger("celery.worker.consumer").error("Cannot connect to %s: %s. %s", "redis://", lost, "Again")
    written = lines.getvalue()
    told = (
        "Message Error: Couldn't apply scheduled task nudge texts\ncelery.beat.SchedulingError: Redis is not reached."
    )
    assert written.count(told) == 2
    assert written.count("Cannot connect to redis://") == 2
    assert written.count("\n") == 6
    logging.getLogger("celery.beat").error("Message Error: %s", KeyError("ours"))
    logging.getLogger("celery.beat").error("Message Error: %s", KeyError("ours"))
    assert lines.getvalue().count("\n") == 8, "a mistake of ours is told each time"


@given(
    st.sampled_from("rpcm"),
    st.sampled_from(["GET ", "(", "http://h", "'", "/es"]),
    st.sampled_from(["/", " ", "'", "?a=b", ""]),
)
def test_any_token_is_taken_out_wherever_it_stands(letter: str, before: str, after: str) -> None:
    token, _ = new_token()
    cleaned = without_people(f"{before}/{letter}/{token}{after}")
    assert token not in cleaned
    assert "a=b" not in cleaned


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /guides/paying-for-care/",
        "Is it ready? yes",
        "Task messaging.tasks.drain[1c6e] failed",
        "12:30:01,5 INFO",
    ],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert without_people(line) == line


def test_ticks_are_dropped_and_trouble_is_kept() -> None:
    keep = WithoutTicks().filter
    make = logging.makeLogRecord
    assert not keep(make({"name": "celery.app.trace", "levelno": logging.INFO, "msg": "Task %s succeeded"}))
    assert not keep(make({"name": "celery.beat", "levelno": logging.INFO, "msg": "Scheduler: Sending due task %s"}))
    assert keep(make({"name": "celery.beat", "levelno": logging.INFO, "msg": "beat: Starting..."}))
    assert keep(make({"name": "celery.app.trace", "levelno": logging.ERROR, "msg": "Task %s raised"}))


@pytest.mark.django_db
def test_a_long_address_is_cut_in_the_log(client: Client, lines: io.StringIO) -> None:
    client.get(f"/{'a' * 60_000}/")
    assert "Not Found" in lines.getvalue()
    assert max(map(len, lines.getvalue().splitlines())) < 2 * LONGEST_LINE


@given(st.integers(0, 40))
def test_a_cut_line_keeps_no_half_of_an_address(before: int) -> None:
    written = without_people(shortened(f"{'x' * (LONGEST_LINE - before)} ana.b@example.org said"))
    assert "ana" not in written
