"""The code that opens saved answers again: six words to write down, read back however they were typed. Plain Python."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

WORDS = 6
FOLDER = Path(__file__).parent / "words"


@lru_cache(maxsize=4)
def words_of(language: str) -> tuple[str, ...]:
    """The words that a code in this language is made of: short, concrete, and about nothing that hurts."""
    return tuple((FOLDER / f"{language}.txt").read_text(encoding="utf-8").split())


def new_code(language: str) -> str:
    """A new code as it is written down."""
    return " ".join(secrets.choice(words_of(language)) for _ in range(WORDS))


def folded(typed: str) -> list[str]:
    """The words in what was typed: case, accents, commas and numbers in front of them make no difference."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", typed) if unicodedata.category(each) != "Mn")
    return re.findall("[a-z]+", plain.casefold())


def unknown(words: list[str]) -> list[str]:
    """Those of the words that are in no list, so that a slip of the pen is found; this tells nothing of any code."""
    known = _known()
    return [word for word in dict.fromkeys(words) if word not in known]


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(word for language in ("en", "es") for each in words_of(language) for word in folded(each))
