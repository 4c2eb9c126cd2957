"""The messages that this app sends, with the words they are shipped with in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from messaging.declared import Declared, read

FILE = Path(__file__).parent / "defaults" / "messages.json"


@lru_cache(maxsize=1)
def declared() -> Mapping[str, Declared]:
    """Each message by its key. What is read here can be overridden in the admin, never changed or lost."""
    return read(FILE)
