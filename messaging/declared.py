"""The messages that the code sends: each with the variables it may and must name, and the words it is shipped with.

The setting ``MESSAGING_TEMPLATES`` names a function that returns them by their keys. A row of `MessageTemplate` only
overrides the words of one of them; without a row, or with one that does not work, the shipped words go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

CHANNELS = ("email", "sms")
WORDS = "words"  # the variable of a message whose words staff write themselves


@dataclass(frozen=True)
class Text:
    """What one message says in one language on one channel."""

    subject: str
    text: str
    html: str = ""

    @cached_property
    def digest(self) -> str:
        """The name of exactly these words."""
        return sha256("\0".join([self.subject, self.text, self.html]).encode()).hexdigest()


@dataclass(frozen=True)
class Declared:
    """One kind of message. `required` are those of its `variables` without which it would be of no use."""

    key: str
    variables: frozenset[str]
    required: frozenset[str]
    texts: Mapping[tuple[str, str], Text]  # by channel and language


def read(file: Path) -> Mapping[str, Declared]:
    """The messages in a JSON file: [{key, variables, required, <channel>: {<language>: {subject, text}}}]."""
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
        for row in json.loads(file.read_text(encoding="utf-8"))
    }


def declared() -> Mapping[str, Declared]:
    """Every message that the code sends, by its key. Raises `ImportError` where the setting names nothing."""
    find = cast(Callable[[], Mapping[str, Declared]], import_string(settings.MESSAGING_TEMPLATES))
    return find()


def shipped(key: str, channel: str, language: str) -> Text | None:
    """The shipped words in this language, else in the project's main language."""
    template = declared().get(key)
    if template is None:
        return None
    return template.texts.get((channel, language)) or template.texts.get((channel, settings.LANGUAGE_CODE))
