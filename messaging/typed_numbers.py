"""Phone numbers and links as people type them into words, to ask where they lead. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_START, _END = r"(?<![\w$€])(?<!\d[-.])(?<![a-z]/)", r"(?!-?\w|[.,]\d)"
_FREE = r"8(?:00|33|44|55|66|77|88)"
_TO_CALL = r"\b(?:call|dial|phone|telephone|ll[aá]m[ae]\w{0,2}|marque|marcar|tel[eé]fono)s?\b:?\s+"
_TO_TEXT = r"\b(?:texts?|texto|mensaje|send|env[ií][ea]\w{0,2}|mand[ea]\w{0,2})\b"
# Each finds the number as its last group, or as a whole. What lies within another is told with it.
_NUMBERS = [
    # 626-555-0100, (626) 555-0100, 626.555.0100, 6265550100, 1-800-662-4357, +1 626 555 0100
    rf"{_START}(?:\+?1[-. ]{{0,3}})?(?:\(\d{{3}}\)|\d{{3}})[-. /]{{0,3}}\d{{3}}[-. ]{{0,3}}\d{{4}}{_END}",
    # From abroad: +52 55 1234 5678
    rf"(?<!\w)\+\d[\d ().-]{{6,}}\d{_END}",
    # tel:6265550100, as a link or in words
    r"\b(?:tel|sms):(?://)?(\+?[\d().-]*\d)",
    # Letters by the keys on which they stand: 1-800-662-HELP, 1 800 KID TALK, 1-800-kid-talk, 626-555-HELP
    rf"{_START}(?:\+?1[-. ])?\(?{_FREE}\)?[-. ]{{1,2}}(?=[\d-]*[A-Z](?-i:[A-Z]|-))(?-i:[A-Z\d](?:-?[A-Z\d]){{6,11}})\b",
    rf"{_START}\+?1 \(?{_FREE}\)? (?=[\d ]*[A-Z])(?-i:[A-Z\d](?: ?[A-Z\d]){{6,11}})\b",
    rf"{_START}\+?1[-. ]\(?{_FREE}\)?[-. ](?=[\d-]*[A-Z])[A-Z\d](?:-?[A-Z\d]){{6,11}}\b",
    rf"{_START}(?:\+?1[-. ])?\(?\d{{3}}\)?[-. ]{{1,2}}\d{{3}}[-. ](?-i:[A-Z]{{4}})\b",
    # 555-0105, without an area. Two round numbers are a range, as in 300-1000.
    rf"{_START}[2-9]\d\d[-.](?!\d\d(?:00|50)(?!\d))\d{{4}}{_END}(?! ?(?:mg|mcg|ml|g|cal)\b)",
    # Fewer digits are a number only where the words say so, and none that is round: a price has three to six, too.
    rf"{_TO_CALL}(?:(?:us|at|al?|el|n[uú]mero|number|or text)\s+)*(\d{{3}}[-. ]?\d{{4}}|(?!\d00)\d(?:-?\d){{2}}){_END}",
    rf"{_TO_TEXT}[^.\n]{{0,40}}?\b(?<!up )(?:to|at|al)\s+(?!\d00\b|\d+000\b)(\d{{3}}|\d{{5,6}}){_END}",
    rf"\btext\s+(\d{{5,6}}){_END}",
]
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in _NUMBERS]
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\b(?:/[^\s<>\"']*)?", re.IGNORECASE)


def phone_numbers(text: str) -> list[str]:
    """The phone numbers in the text as they are typed, in its order, each once."""
    shown = "".join(letter for letter in text if letter.isascii() or unicodedata.category(letter) != "Cf")
    return _each_once(shown, _numbers(_LINK.sub(_blank, _plain(shown))))


def links(text: str) -> list[str]:
    """The links in the text, in its order, each once; `clinic.example/x` is one, an email address is none."""
    found = [*_LINK.finditer(text), *_HOST.finditer(_LINK.sub(_blank, text))]
    return list(dict.fromkeys(each[0].rstrip(".,;:!?)") for each in sorted(found, key=lambda each: each.start())))


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    """Where they begin and end."""
    for pattern in _PATTERNS:
        yield from (found.span(pattern.groups) for found in pattern.finditer(plain))


def _each_once(text: str, spans: Iterator[tuple[int, int]]) -> list[str]:
    """The words at these places; what lies within another is told with it."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return list(dict.fromkeys(text[start:end] for start, end in found))


def _plain(text: str) -> str:
    """The text letter by letter, with hyphens, blanks and digits as a keyboard has them."""
    return "".join(letter if letter.isascii() else _letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if unicodedata.category(letter) == "Pd" or letter in "\N{MINUS SIGN}\N{HYPHEN BULLET}":
        return "-"
    if letter.isspace() and letter != "\n":
        return " "
    return str(digit) if (digit := unicodedata.decimal(letter, None)) is not None else letter


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
