"""The messages that this app sends, with the words they are shipped with in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from messaging.declared import Declared, Text

FILE = Path(__file__).parent / "defaults" / "messages.json"
CHANNELS = ("email", "sms")


@lru_cache(maxsize=1)
def declared() -> Mapping[str, Declared]:
    """Each message by its key. What is read here can be overridden in the admin, never changed or lost."""
    return {
        row["key"]: Declared(
            key=row["key"],
            variables=frozenset(row["variables"]),
            required=frozenset(row["required"]),
            texts={
                (channel, language): Text(words.get("subject", ""), words["text"])
                for channel in CHANNELS
                for language, words in row.get(channel, {}).items()
            },
        )
        for row in json.loads(FILE.read_text(encoding="utf-8"))
    }
