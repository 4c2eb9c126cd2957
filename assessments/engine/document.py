"""A definition as a JSON document: parse it, write it canonically, hash it.

`schema.json` beside this file is the published JSON Schema of the document. `parse` accepts exactly what the schema
accepts and whose keys all lead somewhere; every problem is reported with its place, not just the first one.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from assessments.engine.conditions import condition_to_json
from assessments.engine.definition import Choice, Definition, FloorRule, Note, Question, SafetyRule, Text
from assessments.engine.reading import DefinitionError, Problem, Reader
from assessments.engine.references import wrong_references

__all__ = ["DefinitionError", "Problem", "canonical_json", "parse", "sha256", "to_json"]

FORMAT = 1


def parse(document: Any) -> Definition:
    """The definition that a JSON document (already decoded: dicts, lists, strings, ints) describes.

    Raises DefinitionError, whose `problems` name every fault with its place, e.g. ("questions", 3, "choices", 0).
    """
    reader = Reader()
    definition = reader.definition(document, FORMAT)
    problems = list(wrong_references(definition)) if definition and not reader.problems else reader.problems
    if definition is None or problems:
        raise DefinitionError(problems)
    return definition


def to_json(definition: Definition) -> dict[str, Any]:
    """The definition as plain JSON values, with optional fields that are empty left out."""
    return {
        "format": FORMAT,
        "key": definition.key,
        "title": _text(definition.title),
        "levels": list(definition.levels),
        "dimensions": [{"key": dimension.key, "name": _text(dimension.name)} for dimension in definition.dimensions],
        "questions": [_question(question) for question in definition.questions],
        "floors": [_floor(rule) for rule in definition.floors],
        "safety": [_safety(rule) for rule in definition.safety],
        "notes": [{**_rule(note), "text": _text(note.text)} for note in definition.notes],
    }


def canonical_json(definition: Definition) -> str:
    """The one JSON text of a definition: keys sorted, no spaces, non-ASCII as itself; parses back to the same."""
    return json.dumps(to_json(definition), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=8)
def sha256(definition: Definition) -> str:
    """Hex SHA-256 of the canonical JSON as UTF-8; made once, as it stands in every report and no definition changes."""
    return hashlib.sha256(canonical_json(definition).encode()).hexdigest()


def _text(text: Text) -> dict[str, dict[str, str]]:
    return {"en": text.en._asdict(), "es": text.es._asdict()}


def _rule(rule: FloorRule | SafetyRule | Note) -> dict[str, Any]:
    return {"key": rule.key, "when": condition_to_json(rule.when)}


def _floor(rule: FloorRule) -> dict[str, Any]:
    written: dict[str, Any] = {**_rule(rule), "level": rule.level, "reason": _text(rule.reason), "source": rule.source}
    if rule.first:
        written["first"] = True
    return written


def _safety(rule: SafetyRule) -> dict[str, Any]:
    written: dict[str, Any] = {**_rule(rule), "urgency": rule.urgency, "text": _text(rule.text)}
    if rule.helpline is not None:
        written["helpline"] = rule.helpline
    return written


def _question(question: Question) -> dict[str, Any]:
    written: dict[str, Any] = {
        "key": question.key,
        "kind": question.kind,
        "role": question.role,
        "text": _text(question.text),
        "choices": [_choice(choice) for choice in question.choices],
    }
    if question.help is not None:
        written["help"] = _text(question.help)
    if question.shows_when is not None:
        written["shows_when"] = condition_to_json(question.shows_when)
    if question.helps is not None:
        written["helps"] = question.helps
    if question.ask is not None:
        written["ask"] = _text(question.ask)
    return written


def _choice(choice: Choice) -> dict[str, Any]:
    written: dict[str, Any] = {"key": choice.key, "text": _text(choice.text)}
    if choice.rates:
        written["rates"] = dict(choice.rates)
    if choice.favours:
        written["favours"] = list(choice.favours)
    if choice.means:
        written["means"] = list(choice.means)
    if choice.sign is not None:
        written["sign"] = _text(choice.sign)
    return written
