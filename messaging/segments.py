"""How many parts a text message is sent in, and why. Plain Python.

A text travels in 140 bytes at a time. Written in the GSM 7-bit alphabet (3GPP TS 23.038) that is 160 characters, or
153 in each part of a longer one; one character outside it, such as "í", and the whole text is written in UCS-2: 70
characters, or 67 in each part. A carrier counts and charges each part.
"""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each
GSM, UCS2 = "GSM-7", "UCS-2"
_ALONE = {GSM: 160, UCS2: 70}
_JOINED = {GSM: 153, UCS2: 67}


@dataclass(frozen=True)
class Segments:
    """`count` parts in this `encoding`; `places` that the text takes; `because` of these characters it is UCS-2."""

    count: int
    encoding: str
    places: int
    because: str = ""


def segments(text: str) -> Segments:
    """The parts of this text."""
    odd = "".join(dict.fromkeys(each for each in text if each not in _BASIC and each not in _EXTENDED))
    encoding = UCS2 if odd else GSM
    widths = [_width(each, encoding) for each in text]
    places = sum(widths)
    return Segments(_parts(widths, encoding), encoding, places, odd)


def _width(character: str, encoding: str) -> int:
    if encoding == GSM:
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(widths: list[int], encoding: str) -> int:
    """How many parts; a character of two places is never cut in two, so a part may end one place early."""
    if sum(widths) <= _ALONE[encoding]:
        return 1 if widths else 0
    parts, used = 1, 0
    for width in widths:
        if used + width > _JOINED[encoding]:
            parts, used = parts + 1, 0
        used += width
    return parts
