"""Words that staff often write, in both languages, to begin a message with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "defaults" / "snippets.json"


@dataclass(frozen=True)
class Snippet:
    """`to` is family or program; `label` and `words` are by language."""

    key: str
    to: str
    label: Mapping[str, str]
    words: Mapping[str, str]


BEFORE_PHONE = {"en": " at {phone}", "es": " al {phone}"}


def words_of(snippet: Snippet, language: str, phone: str) -> str:
    """Its words, with the number to call; without it where the site has none."""
    before = BEFORE_PHONE[language]
    return snippet.words[language].replace(before, before.format(phone=phone) if phone else "")


@lru_cache(maxsize=1)
def snippets() -> Mapping[str, Snippet]:
    """Each by its key, in the order in which they are offered."""
    return {row["key"]: Snippet(**row) for row in json.loads(FILE.read_text(encoding="utf-8"))}
