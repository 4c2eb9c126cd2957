"""The proof of a questionnaire, made once in a process for each text of it: for its draft and when it is published."""

from __future__ import annotations

import json
from functools import lru_cache

from assessments.engine.definition import Definition
from assessments.engine.document import canonical_json, parse
from assessments.engine.prove import Proof, prove


def proof_of(definition: Definition) -> Proof:
    """The proof of the definition as its canonical text says it; `Proof.definition` is an equal one."""
    return _proof(canonical_json(definition))


@lru_cache(maxsize=16)
def _proof(text: str) -> Proof:
    return prove(parse(json.loads(text)))
