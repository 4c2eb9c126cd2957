"""The closed grammar of conditions: all, any, not, in, rating at least.

In JSON each condition is an object with exactly one key:

    {"all": [condition, …]}                      {"any": [condition, …]}      {"not": condition}
    {"in": ["question", ["choice", …]]}          an asked question was answered with one of these choices
    {"rating": ["dimension", 3]}                 the dimension's rating is at least 3

An answer that is hidden or missing is in nothing, and rates nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

HIGHEST_RATING = 4


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is not."""

    part: Condition


@dataclass(frozen=True, slots=True)
class In:
    """True when the question is asked and its answer has one of the choices."""

    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """True when the dimension is rated at least so high (1–4) by the answers before it."""

    dimension: str
    at_least: int


Condition: TypeAlias = All | AnyOf | Not | In | Rating


def atoms(condition: Condition) -> Iterator[In | Rating]:
    """Every `in` and `rating` of a condition, in the order they are written."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case In() | Rating():
            yield condition


def questions_of(condition: Condition) -> list[str]:
    """Keys of the questions that a condition names, each once, in the order they are written."""
    return list(dict.fromkeys(atom.question for atom in atoms(condition) if isinstance(atom, In)))


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """The condition as a JSON object."""
    match condition:
        case All(parts):
            return {"all": [condition_to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_to_json(part) for part in parts]}
        case Not(part):
            return {"not": condition_to_json(part)}
        case In(question, choices):
            return {"in": [question, list(choices)]}
        case Rating(dimension, at_least):
            return {"rating": [dimension, at_least]}
