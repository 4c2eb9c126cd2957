"""Looks at a document while it is edited: what is wrong with it, where, and what would mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from assessments.drafts import Document, written
from assessments.engine.definition import Definition, Language
from assessments.engine.document import DefinitionError, parse
from assessments.engine.phrases import phrase
from assessments.engine.prove import Proof, prove
from assessments.engine.reading import Place
from assessments.engine.story import story


class Trouble(NamedTuple):
    """Something to mend: its place in the document, and a sentence that says what and how."""

    where: Place
    words: str

    def concerns(self, *where: str | int) -> bool:
        """Whether it lies in this part of the document."""
        return self.where[: len(where)] == where


class Review(NamedTuple):
    """What is known of a document. Without a definition it cannot be answered; without a proof, not published."""

    definition: Definition | None
    proof: Proof | None
    troubles: tuple[Trouble, ...]

    @property
    def proved(self) -> bool:
        return self.proof is not None and self.proof.proved

    def about(self, *where: str | int) -> list[Trouble]:
        """The troubles that lie in this part of the document."""
        return [trouble for trouble in self.troubles if trouble.concerns(*where)]


def review(document: Document, language: Language, level_names: Mapping[str, str]) -> Review:
    """Read the document and, if it can be read, prove it; every fault in the admin's language."""
    try:
        proof = _proof(written(document))
    except DefinitionError as error:
        return Review(None, None, tuple(Trouble(one.where, one.say(language)) for one in error.problems))
    troubles = [
        Trouble(example.where, story(proof.definition, example, language, level_names))
        for example in proof.counterexamples
    ]
    if proof.refused:
        troubles.append(Trouble((), phrase("too-large", language)))
    return Review(proof.definition, proof, tuple(troubles))


@lru_cache(maxsize=16)
def _proof(text: str) -> Proof:
    """The proof of a document's text. A page is looked at more often than its draft changes."""
    return prove(parse(json.loads(text)))
