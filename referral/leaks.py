"""Whether words say who somebody is, or what care it is about. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SHORTEST_NAME = 3  # "Jo" is also a part of many words
SHORTEST_PHONE = 7  # a number without its area code is known, too

# How words begin, in English and Spanish, that tell whoever sees a screen what it is about; without accents.
_OF_CARE = re.compile(
    r"\b(?:(?:rehab|detox|desintoxic|treatment|tratamiento|drug|droga|alcohol|addict|adicci|adict|sober|sobri|relaps"
    r"|recaida|overdos|sobredosis|withdrawal|abstinencia|methadon|metadona|suboxon|buprenor|naltrex|naloxon|narcan"
    r"|therap|terap|psych|psiq|psicol|counsel|consejeri|clinic|hospital|residential|residencial|outpatient|ambulatori"
    r"|heroin|fentan|cocain|methamphet|metanfet|opioid|opiat|opiac|marihuana|marijuana|cannabis"
    r"|recovery|recuperaci|diagnos|depress|depresi|anxiety|ansiedad|bipolar|suicid|mental)\w*|(?:iop|php|mat|meth)\b)"
)


def tells_care(text: str) -> list[str]:
    """The words of the text that name treatment or what it is for, as they were written, each once."""
    plain = _plain(text)
    if len(plain) != len(text):  # letters that fall apart into several: the plain ones stand for them
        text = plain
    return list(dict.fromkeys(text[found.start() : found.end()] for found in _OF_CARE.finditer(plain)))


def _plain(text: str) -> str:
    """Lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def tells(text: str, *, names: Iterable[str], phone: str = "", email: str = "") -> list[str]:
    """What in the text says who somebody is: parts of these names, the phone number, the email; as they are known."""
    plain = _plain(text)
    words = set(re.findall(r"\w+", plain))
    parts = dict.fromkeys(part for name in names for part in re.findall(r"\w+", name))
    found = [part for part in parts if len(part) >= SHORTEST_NAME and _plain(part) in words]
    digits, number = re.sub(r"\D", "", text), re.sub(r"\D", "", phone)[-SHORTEST_PHONE:]
    if len(number) == SHORTEST_PHONE and number in digits:
        found.append(phone)
    if email and _plain(email) in plain:
        found.append(email)
    return found
