"""Brings the translation files up to date with the strings in code and templates. Runs inside the environment.

No gettext programs are needed: Django turns templates into Python, Babel finds the strings. The files carry neither
dates nor line numbers, so a change in them is always a change of words.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402
from django.utils.translation.template import templatize  # noqa: E402

SOURCES = (
    "config",
    "workspace",
    "portal",
    "referral",
    "assessments",
    "directory",
    "guides",
    "messaging",
    "privacy",
    "ui",
    "runner",
)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS.get(name) for name in ("gettext", "ngettext", "pgettext", "npgettext")},
    "gettext_noop": None,
}
HEADER = "# Translations of Waymark. Made by bin/messages; write the msgstr lines by hand."
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(?:gettext|ngettext|pgettext|npgettext|_)\(\s*{STRING}(?:\s*,\s*(?:{STRING}|\w+))*\s*\)")
TWICE = re.compile(r"(?s)(.{8,}?)\s*\1+\s*")
"""The same text again and again: what a merge of two writers leaves."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def collected() -> Catalog:
    """Every string of the project, as an empty catalogue."""
    found = Catalog(charset="utf-8")
    for file, code in _code():
        options = {"encoding": "utf-8"}
        for _line, words, _comments, context in extract("python", BytesIO(code.encode()), KEYWORDS, (), options):
            found.add(words, locations=[(str(file.relative_to(ROOT)), 0)], context=context)
    return found


def _code() -> Iterator[tuple[Path, str]]:
    for app in SOURCES:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file, file.read_text()
    for file in sorted((ROOT / "templates").rglob("*")):
        if file.suffix in (".html", ".txt"):
            # Babel reads `_('…')` as it reads Python; what stands around it is crossed out by Django.
            yield file, _one_call_per_line(templatize(file.read_text(), origin=str(file)))


def _one_call_per_line(text: str) -> str:
    """The calls in a templatized file: what Django leaves around them is no Python."""
    return "\n".join(CALL.findall(text))


def updated(language: str) -> Catalog:
    """The translations into `language` with every string that the project has now, and none that it has not."""
    file = path_of(language)
    old = read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)
    new = Catalog(locale=language, charset="utf-8", fuzzy=False)
    # One and many, as Django counts: newer rules of Babel know a third form, for whole millions.
    new._num_plurals = 2  # type: ignore[assignment]
    new._plural_expr = "(n != 1)"  # type: ignore[assignment]
    for message in sorted(collected(), key=_order):
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        # What gained or lost its plural is translated anew.
        text = known.string if known and isinstance(known.id, tuple) == isinstance(message.id, tuple) else ""
        flags = set(message.flags) | (set(known.flags) & {"fuzzy"} if known else set())
        locations = sorted({(name, 0) for name, _ in message.locations})
        new.add(message.id, text, locations=locations, flags=flags, context=message.context)
    return new


def _order(message: Message) -> tuple[str, str]:
    first = message.id[0] if isinstance(message.id, tuple) else message.id
    return str(first), str(message.context or "")


def as_bytes(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, no_location=False, omit_header=True, include_lineno=False, width=110, sort_output=False)
    header = [
        HEADER,
        'msgid ""',
        'msgstr ""',
        f'"Language: {catalogue.locale}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {catalogue.plural_forms}\\n"',
    ]
    return ("\n".join(header) + "\n\n").encode() + out.getvalue().strip() + b"\n"


def path_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def problems(language: str) -> list[str]:
    """What is missing, fuzzy, superfluous or wrongly filled in, one line each."""
    file = path_of(language)
    if not file.exists():
        return [f"{file.relative_to(ROOT)} is missing."]
    found = [
        f"{language}: {_problem(message)}: {_order(message)[0]!r}" for message in updated(language) if _problem(message)
    ]
    if not found and as_bytes(updated(language)) != file.read_bytes():
        found.append(f"{file.relative_to(ROOT)} is not what bin/messages writes: run it.")
    return found


def _problem(message: Message) -> str:
    ids, strings = _forms(message.id), _forms(message.string)
    if not ids[0]:
        return ""
    if not all(strings):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    if any(TWICE.fullmatch(words) for words in strings):
        return "says the same thing twice"
    allowed = {name for words in ids for name in PLACEHOLDER.findall(words)}
    if any(set(PLACEHOLDER.findall(words)) - allowed for words in strings):
        return "has a placeholder that the original has not"
    if set(PLACEHOLDER.findall(ids[-1])) - set(PLACEHOLDER.findall(strings[-1])):
        return "lacks a placeholder of the original"
    return ""


def _forms(words: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The singular and plural forms of an entry, or its one form."""
    return tuple(words) if isinstance(words, tuple | list) else (words or "",)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/messages")
    parser.add_argument("--check", action="store_true", help="change nothing, fail if anything is to be done")
    check = parser.parse_args().check
    languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    found = []
    for language in languages:
        if not check:
            file = path_of(language)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(as_bytes(updated(language)))
        found += problems(language)
    sys.stdout.write("".join(f"{line}\n" for line in found[:60]))
    if len(found) > 60:
        sys.stdout.write(f"… and {len(found) - 60} more.\n")
    if check:
        return 1 if found else 0
    sys.stdout.write(
        f"{len(found)} strings are still to be translated.\n" if found else "Every string is translated.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
