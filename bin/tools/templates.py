"""Says what is wrong with a template, without rendering it. Runs inside the environment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.template import Engine, TemplateSyntaxError, engines
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent.parent
# A tag of HTML, whose attributes may hold template tags and those in turn quotes.
TAG = re.compile(r"<(?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|{{.*?}}|{%.*?%})*>", re.DOTALL)
VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
INLINE = re.compile(r"\s(style|on[a-z]+)\s*=")
SCRIPT = re.compile(r"<script\b(?![^>]*(?:\bsrc=|application/json))")


def faults(source: str, *, mail: bool = False) -> Iterator[tuple[int, str]]:
    """Each fault as (line, sentence). Letters have their styles inline: mail programs keep no sheet."""
    for number, line in enumerate(source.split("\n"), start=1):
        if "\t" in line:
            yield number, "has a tab"
        if line != line.rstrip():
            yield number, "ends in blanks"
        if re.search(r"{%-?\s*(?:end)?(?:blocktrans|trans)\b", line):
            yield number, "uses the old name of translate or blocktranslate"
    for match in TAG.finditer(source):
        number, tag = source.count("\n", 0, match.start()) + 1, match[0]
        names = VALUE.sub("", re.sub(r"{{.*?}}|{%.*?%}", "", tag, flags=re.DOTALL))
        if not mail and (found := INLINE.search(names)):
            yield number, f"has {found[1]} inline"
        if tag.startswith("<img") and " alt" not in tag:
            yield number, "has an image without alt"
        if "_blank" in tag and "rel=" not in tag:
            yield number, "opens a new window without rel"
        if not mail and (tag.startswith("<style") or SCRIPT.match(tag)):
            yield number, "has a style or script of its own"
    yield from _syntax(source)


def _syntax(source: str) -> Iterator[tuple[int, str]]:
    engine = _engine()
    try:
        engine.from_string(source)
    except TemplateSyntaxError as error:
        yield 1, f"does not parse: {error}"
        return
    tokens = Lexer(source).tokenize()
    words = [token.contents.split() for token in tokens if token.token_type == TokenType.BLOCK]
    tags = {parts[0] for parts in words if parts}
    filters = {name for token in tokens for name in re.findall(r"\|\s*(\w+)", token.contents)}
    for token in tokens:
        parts = token.contents.split()
        if token.token_type == TokenType.BLOCK and parts[0] == "load" and "from" not in parts:
            for name in parts[1:]:
                library = engine.template_libraries[name]
                if not tags & set(library.tags) and not filters & set(library.filters):
                    yield token.lineno or 1, f"loads {name} and uses nothing of it"


def _engine() -> Engine:
    found: Engine = engines["django"].engine  # type: ignore[attr-defined]
    return found


def main() -> int:
    django.setup()
    bad = 0
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".xml"):
            mail = any(part.startswith("email") for part in path.relative_to(ROOT).parts)
            for line, sentence in faults(path.read_text(), mail=mail):
                bad += 1
                print(f"{path.relative_to(ROOT)}:{line} {sentence}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
