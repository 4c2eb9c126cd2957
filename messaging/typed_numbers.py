"""Phone numbers and links as people type them into words, to ask where they lead. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_START, _END = r"(?<![\w/.$-])", r"(?![\w-]|[.,]\d)"
# 626-555-0100, (626) 555-0100, 626.555.0100, 6265550100, 1-800-662-4357, +1 626 555 0100, tel:+16265550100
_WHOLE = re.compile(rf"{_START}(?:\+?1[-. ]?)?(?:\(\d{{3}}\)[-. ]?|\d{{3}}[-. ]?)\d{{3}}[-. ]?\d{{4}}{_END}")
_ABROAD = re.compile(rf"(?<!\w)\+\d[\d ().-]{{6,}}\d{_END}")
# 1-800-662-HELP: letters by the keys on which they stand.
_LETTERS = re.compile(
    r"(?<![\w/.-])(?:\+?1[-. ])?\(?8(?:00|33|44|55|66|77|88)\)?[-. ](?=[A-Z0-9-]*[A-Z]{2})[A-Z0-9]+(?:-[A-Z0-9]+)*"
)
# 555-0105, without an area. Two round numbers are a range, as in 300-1000.
_LOCAL = re.compile(rf"{_START}\d{{3}}-(?!\d\d(?:00|50)(?!\d))\d{{4}}{_END}")
# A short one is a number to call or to text only where the words say so: a price has three to six digits, too.
_CALLED = re.compile(r"\b(?:call|dial|llame al|marque(?: el)?)\s+(\d{3})\b(?![-.]\d)", re.IGNORECASE)
_TEXTED = re.compile(
    r"\b(?:text|texts|texto|mensaje|send|env[ií][ea]n?)\b[^.\n]{0,40}?\b(?:to|al)\s+(\d{3,6})\b(?![-.]\d)", re.I
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\b(?:/[^\s<>\"']*)?", re.IGNORECASE)
_DASHES = dict.fromkeys(map(chr, range(0x2010, 0x2016)), "-") | {"\u2212": "-", "\ufe58": "-", "\uff0d": "-"}


def phone_numbers(text: str) -> list[str]:
    """The phone numbers in the text as they are typed, in its order, each once."""
    return _each_once(text, _numbers(_plain(text)))


def links(text: str) -> list[str]:
    """The links in the text, in its order, each once; `clinic.example/x` is one, an email address is none."""
    found = [*_LINK.finditer(text), *_HOST.finditer(_LINK.sub(_blank, text))]
    return list(dict.fromkeys(each[0].rstrip(".,;:!?)") for each in sorted(found, key=lambda each: each.start())))


def without_links(text: str) -> str:
    """The text with blanks in place of its links, so that every place in it stays the same."""
    return _HOST.sub(_blank, _LINK.sub(_blank, text))


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    """Where they begin and end."""
    for pattern in (_WHOLE, _ABROAD, _LETTERS, _LOCAL):
        yield from (found.span() for found in pattern.finditer(plain))
    for pattern in (_CALLED, _TEXTED):
        yield from (found.span(1) for found in pattern.finditer(plain))


def _each_once(text: str, spans: Iterator[tuple[int, int]]) -> list[str]:
    """The words at these places; what lies within another is told with it."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return list(dict.fromkeys(text[start:end] for start, end in found))


def _plain(text: str) -> str:
    """The text letter by letter, with hyphens, blanks and digits as a keyboard has them."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter in _DASHES:
        return _DASHES[letter]
    if letter.isspace() and letter != "\n":
        return " "
    return str(digit) if (digit := unicodedata.decimal(letter, None)) is not None else letter


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
