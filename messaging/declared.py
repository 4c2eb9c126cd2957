"""The messages that the code sends: each with the variables it may and must name, and the words it is shipped with.

The setting ``MESSAGING_TEMPLATES`` names a function that returns them by their keys. A row of `MessageTemplate` only
overrides the words of one of them; without a row, or with one that does not work, the shipped words go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

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
    names: Mapping[str, str] = field(default_factory=dict)  # by language: what those who change its words call it
    keeps: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By channel and language: what other words for it should still say, such as the number of the crisis line."""
    passes_links: bool = False
    """Whether it goes though somebody who came by a link paused it, chose other hours or stopped the address."""

    @property
    def name(self) -> str:
        """Whom it goes to and what it is about, in the language of the page."""
        return self.names.get((get_language() or "")[:2]) or self.names.get(settings.LANGUAGE_CODE) or self.key


def read(file: Path) -> Mapping[str, Declared]:
    """The messages in a JSON file, a list of

    {key, name: {<language>: text}, variables, required, passes_links, <channel>: {<language>: {subject, text, keeps}}}.
    """
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
            names=row.get("name", {}),
            keeps={
                (channel, language): tuple(words["keeps"])
                for channel in CHANNELS
                for language, words in row.get(channel, {}).items()
                if "keeps" in words
            },
            passes_links=row.get("passes_links", False),
        )
        for row in json.loads(file.read_text(encoding="utf-8"))
    }


def declared() -> Mapping[str, Declared]:
    """Every message that the code sends, by its key. Raises `ImportError` where the setting names nothing."""
    find = cast(Callable[[], Mapping[str, Declared]], import_string(settings.MESSAGING_TEMPLATES))
    return find()


def passes_links(key: str) -> bool:
    """Whether a message goes though its address was silenced by a link: it tells what such a link did."""
    template = declared().get(key)
    return template is not None and template.passes_links


def name_of(key: str) -> str:
    """What a message is called on pages; its key, if the code sends it no more."""
    template = declared().get(key)
    return template.name if template else key


def shipped(key: str, channel: str, language: str) -> Text | None:
    """The shipped words in this language, else in the project's main language."""
    template = declared().get(key)
    if template is None:
        return None
    return template.texts.get((channel, language)) or template.texts.get((channel, settings.LANGUAGE_CODE))
