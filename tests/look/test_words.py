"""One word for one thing: what no page, email or admin text says, in English or Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "es" / "LC_MESSAGES" / "django.po"
NEVER_ENGLISH = (r"e-mail",)


def sayings() -> list[tuple[str, str]]:
    """Every string of code and templates with its Spanish; one with a plural is there once for each number."""
    with CATALOGUE.open("rb") as file:
        rows = [message for message in read_po(file, locale="es") if message.id]
    return [pair for row in rows for pair in zip(numbers(row.id), numbers(row.string), strict=True)]


def numbers(words: str | Sequence[str]) -> Sequence[str]:
    return [words] if isinstance(words, str) else words


def offenders(texts: Iterable[str], never: Iterable[str]) -> list[str]:
    rule = re.compile("|".join(never), re.IGNORECASE)
    return [f"{found[0]}: {text}" for text in texts if (found := rule.search(text))]


def test_no_english_text_says_a_word_that_we_gave_up() -> None:
    assert not offenders((english for english, _spanish in sayings()), NEVER_ENGLISH)
