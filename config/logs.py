"""Log lines that name nobody: no secret link, no query string, no e-mail address, no text of an exception. A database
or a Redis that is away fills no disk with them."""

from __future__ import annotations

import logging
import re
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any

from config.outages import outage

# The first letters of secret links: a referral, a program's answer, a check-in, a message, saved answers, a shared
# result.
SECRET_LINK = re.compile(r"(/[rpcmast]/)[A-Za-z0-9_\-~.%=]+")
QUERY = re.compile(r"(?<=[^\s?])\?[^\s'\"<>]+")
# It begins only where a word does, or every letter of a long word would be tried as the first.
EMAIL = re.compile(r"(?<![^\s@<>\"'(),;:=])[^\s@<>\"'(),;:=]++@[^\s@<>\"'(),;:=]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"\+\d{8,15}\b")
# Visitors choose how long an address is, and every process of a server waits while one line is read.
LONGEST_LINE = 2_000
REPEATED = "This is told once a minute."


def shortened(text: str) -> str:
    """`text` with every line cut to what anybody reads, at the end of a word: half an address is one, too."""
    return "\n".join(map(_cut, text.split("\n")))


def _cut(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE].rpartition(' ')[0]} …"


def without_people(text: str) -> str:
    """`text` with tokens, query strings, e-mail addresses and phone numbers replaced by an ellipsis."""
    text = SECRET_LINK.sub(r"\1…", text)
    text = QUERY.sub("?…", text)
    text = EMAIL.sub("…@…", text)
    return PHONE.sub("+…", text)


class WithoutTicks(logging.Filter):
    """Drops what Celery says about every nudge of every second, unless something is wrong."""

    TICKERS = ("celery.app.trace", "celery.worker.strategy")

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            return True
        tick = record.name == "celery.beat" and "Sending due task" in str(record.msg)
        return not tick and record.name not in self.TICKERS


class OutagesOnceAMinute(logging.Filter):
    """Lets each place in the code tell of a database or Redis that is away once a minute; what else goes wrong always.

    "Not ready", 503, is what a probe asked for, and it asks many times a minute.
    """

    EVERY = 60.0  # seconds

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self._clock = clock
        self._again: dict[tuple[str, int, bool], float] = {}  # by file, line and whether it is "not ready"

    def filter(self, record: logging.LogRecord) -> bool:
        not_ready = getattr(record, "status_code", 0) == HTTPStatus.SERVICE_UNAVAILABLE
        if not (not_ready or any(map(outage, _errors(record)))):
            return True
        place, now = (record.pathname, record.lineno, not_ready), self._clock()
        if now < self._again.get(place, float("-inf")):
            return False
        self._again[place] = now + self.EVERY
        return True


def _errors(record: logging.LogRecord) -> list[object]:
    """What a record tells of: the error that it was logged with, and those that its line quotes."""
    quoted = record.args if isinstance(record.args, tuple) else ()
    return [record.exc_info[1] if record.exc_info else None, *quoted]


class QuietFormatter(logging.Formatter):
    """Formats a record, then takes out what could name a person.

    Of an exception the class and the places in the code are kept: its text may quote what a family typed. Where the
    database or Redis is away the places say nothing.
    """

    def format(self, record: logging.LogRecord) -> str:
        # Another formatter may have left its own rendering, text included, on the record.
        record.exc_text = None
        return without_people(shortened(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Where the database or Redis is away, its first line alone: Celery's beat writes its stack below it."""
        if record.exc_info and outage(record.exc_info[1]):
            record.message = record.message.partition("\n")[0]
        return super().formatMessage(record)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - as below
        """With the distance to UTC, so that lines can be laid beside those of other machines."""
        return datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")

    def formatException(  # noqa: N802 - the name is logging's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, error, _ = ei
        if kind is not None and (away := outage(error)):
            return f"{kind.__module__}.{kind.__qualname__}: {away}. {REPEATED}"
        lines = []
        while kind is not None and error is not None:
            frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
            lines.append(f"{kind.__module__}.{kind.__qualname__}\n{''.join(frames)}".rstrip())
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
            kind = type(error) if error else None
        return "\nduring:\n".join(lines)


# No address, name, answer or token is ever a log argument.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.QuietFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "filters": {
        "without_ticks": {"()": "config.logs.WithoutTicks"},
        "outages_once": {"()": "config.logs.OutagesOnceAMinute"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_ticks", "outages_once"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers would print, or mail, a request with everything in it.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
