"""Files for calendars (iCalendar, RFC 5545). Plain Python: instants are aware datetimes, and are written in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WIDTH = 75  # octets of a line, without its end; more is folded


@dataclass(frozen=True)
class Event:
    """One entry. `uid` stays the same when the entry is fetched anew; `url` may be empty.

    One with a `day` stands above the hours of that day, and its time does not count.
    """

    uid: str
    at: datetime
    lasts: timedelta
    summary: str
    stamped: datetime
    url: str = ""
    day: date | None = None


def calendar(events: Iterable[Event], *, name: str = "") -> str:
    """The file. Its entries are private: others who may see the calendar see that somebody is busy, not why."""
    named = [f"X-WR-CALNAME:{escaped(name)}"] if name else []
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//EN", *named]
    lines = [*head, *(line for event in events for line in _entry(event)), "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{_utc(event.stamped)}"
    if event.day:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(event.at)}"
        yield f"DTEND:{_utc(event.at + event.lasts)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a value: commas, semicolons and ends of lines would end it."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """A line in pieces of at most `WIDTH` octets, each but the first behind a space; no letter is cut in two."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])
