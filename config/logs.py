"""Log lines that name nobody: no secret link, no query string, no e-mail address, no text of an exception."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType
from typing import Any

# The first letters of secret links: a referral, a program's answer, a check-in, a message, saved answers, a shared
# result.
SECRET_LINK = re.compile(r"(/[rpcmast]/)[A-Za-z0-9_\-~.%=]+")
QUERY = re.compile(r"(?<=[^\s?])\?[^\s'\"<>]+")
# It begins only where a word does, or every letter of a long word would be tried as the first.
EMAIL = re.compile(r"(?<![^\s@<>\"'(),;:=])[^\s@<>\"'(),;:=]++@[^\s@<>\"'(),;:=]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"\+\d{8,15}\b")
# Visitors choose how long an address is, and every process of a server waits while one line is read.
LONGEST_LINE = 2_000


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


class QuietFormatter(logging.Formatter):
    """Formats a record, then takes out what could name a person.

    Of an exception the class and the places in the code are kept: its text may quote what a family typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        # Another formatter may have left its own rendering, text included, on the record.
        record.exc_text = None
        return without_people(shortened(super().format(record)))

    def formatException(  # noqa: N802 - the name is logging's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, error, _ = ei
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
    "filters": {"without_ticks": {"()": "config.logs.WithoutTicks"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_ticks"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers would print, or mail, a request with everything in it.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
