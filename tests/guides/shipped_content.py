"""The content that ships, read as files for the tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from guides.content import documents, html

CONTENT = Path(__file__).resolve().parents[2] / "guides" / "shipped"
LANGUAGES = ("en", "es")
LEVELS = ["recovery-support", "outpatient", "iop", "php", "residential", "medically-managed"]
KEYS = sorted(path.stem for path in (CONTENT / "guides").glob("*.json"))


@cache
def load(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


def guide(key: str) -> dict[str, Any]:
    found: dict[str, Any] = load(f"guides/{key}.json")
    return found


def strings(value: Any, skip: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield every string inside `value`, leaving out the values under the keys in `skip`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, skip)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in skip:
                yield from strings(item, skip)


def words(text: str) -> int:
    return len(html.plain(text).split())


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Yield (where, text without tags) for all that a reader may see, except other names of a term."""
    for key in KEYS:
        yield key, documents.text(guide(key)[language])
    for slug, facts in load("facts.json").items():
        yield slug, "\n".join(html.plain(cell[language]) for cell in facts.values())
    for name in ("levels.json", "aspects.json", "glossary.json", "people.json"):
        for row in load(name):
            yield name, "\n".join(strings(row[language], skip=("also_called",)))
