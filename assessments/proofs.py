"""The proof of a questionnaire, and whether it gives anybody less than another, made once in a process for a text."""

from __future__ import annotations

import json
from functools import lru_cache

from assessments.engine.definition import Definition
from assessments.engine.document import canonical_json, parse
from assessments.engine.prove import Proof, prove
from assessments.engine.who_moves import may_lower


def proof_of(definition: Definition) -> Proof:
    """The proof of the definition as its canonical text says it; `Proof.definition` is an equal one."""
    return _proof(canonical_json(definition))


@lru_cache(maxsize=16)
def _proof(text: str) -> Proof:
    return prove(parse(json.loads(text)))


def gives_less(old: Definition, new: Definition) -> bool:
    """Whether somebody may get a lower level, or a milder warning, by the new one."""
    return _gives_less(canonical_json(old), canonical_json(new))


@lru_cache(maxsize=64)
def _gives_less(old: str, new: str) -> bool:
    return may_lower(parse(json.loads(old)), parse(json.loads(new)))
