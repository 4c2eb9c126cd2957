"""Phone numbers as they stand in texts and links. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from guides.content.documents import Block, block_links, block_text
from guides.content.helplines import texting
from messaging.typed_numbers import phone_numbers

_keys = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


def digits(number: str) -> str:
    """Return what is dialed, without the 1 of the United States: "+1 (626) 555-0100" is "6265550100"."""
    found = "".join(str(unicodedata.decimal(each)) for each in number if each.isdecimal())
    return found[1:] if len(found) == 11 and found.startswith("1") else found


def dialed(shown: str) -> str:
    """Return the digits that a number dials as it is shown, letters by the keys they stand on.

    Digits in brackets after letters, as in "1-800-662-HELP (4357)", say the same once more.
    """
    if re.search(r"[a-z]", shown, re.IGNORECASE):
        shown = re.sub(r"\(\d[\d -]*\)\s*$", "", shown)
    return digits(shown.lower().translate(_keys))


def numbers(block: Block) -> Iterator[str]:
    """Yield every phone number of a block as it is written there: dialed, texted, linked and told."""
    if block["type"] == "contacts":
        for row in block["items"]:
            yield from filter(None, (row["number"] or row["tel"], texting(row["sms"])[0]))
    yield from phone_numbers("\n".join([*block_links(block), block_text(block)]))
