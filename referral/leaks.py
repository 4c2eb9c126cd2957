"""Whether words say who somebody is. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SHORTEST_NAME = 3  # "Jo" is also a part of many words
SHORTEST_PHONE = 7  # a number without its area code is known, too


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
