"""Looks at a document while it is edited: what is wrong with it, where, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.editor.drafts import Document
from assessments.engine.definition import Definition, Language
from assessments.engine.document import DefinitionError, parse
from assessments.engine.phrases import listed, phrase
from assessments.engine.prove import Proof
from assessments.engine.reading import Place, Problem
from assessments.engine.story import story
from assessments.models.draft import WORDS, Draft
from assessments.proofs import proof_of

EMPTY = "texts_complete"
"""The property that an empty text breaks."""


NAMED = {"no-level": "key", "no-choice": "question", "names-helper": "key", "helps-before": "key"}
"""The faults that name by its key what has words, and which of their values that is. What is gone has none."""


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
        definition = parse(document)
    except DefinitionError as error:
        return Review(None, None, _faults(error.problems, document, language, level_names))
    proof = proof_of(definition)
    told = [
        Trouble(example.where, story(definition, example, language, level_names))
        for example in proof.counterexamples
        if example.property != EMPTY
    ]
    troubles = list(dict.fromkeys(told))  # one answer in a wrong place breaks several properties, with one cure
    empty = [example.where for example in proof.counterexamples if example.property == EMPTY]
    troubles += [Trouble(where, unwritten(where, boxes, language)) for where, boxes in _by_text(empty).items()]
    if proof.refused:
        troubles.append(Trouble((), phrase("too-large", language)))
    return Review(definition, proof, tuple(troubles))


def unwritten(where: Place, boxes: Sequence[str], language: Language) -> str:
    """A text that lacks words, as the form calls it, with the boxes that are empty."""
    match where:
        case ("questions", _, "choices", int(at), "text"):
            what = _("Answer %(number)s") % {"number": at + 1}
        case ("questions", _, "choices", int(at), "sign"):
            what = _("What is seen at answer %(number)s") % {"number": at + 1}
        case ("questions", _, "help"):
            what = _("Help text")
        case ("questions", _, "ask"):
            what = _("Who can answer it")
        case _:
            what = _("Text")
    if len(boxes) == len(WORDS):
        return _("%(what)s: nothing is written yet.") % {"what": what}
    names = [f"“{Draft._meta.get_field(box).verbose_name}”" for box in boxes]  # type: ignore[union-attr]
    return _("%(what)s: nothing is written in %(boxes)s.") % {"what": what, "boxes": listed(names, language)}


def _by_text(empty: Iterable[Place]) -> dict[Place, list[str]]:
    """The place of each text with the columns of it that are empty."""
    found: dict[Place, list[str]] = {}
    for *where, spoken, voice in empty:
        found.setdefault(tuple(where), []).append(f"{spoken}_{voice}")
    return found


def _faults(
    problems: Iterable[Problem], document: Document, language: Language, level_names: Mapping[str, str]
) -> tuple[Trouble, ...]:
    """The faults of a document that is none, with its questions and levels by their words."""
    asked = {one["key"]: one["text"][language]["me"] for one in document["questions"]}
    told = []
    for one in problems:
        named = NAMED.get(one.phrase, "")
        words = (level_names if one.phrase == "no-level" else asked).get(str(one.values.get(named)))
        values = one.values | {named: words} if words else one.values
        told.append(Trouble(one.where, mending(one, values, language)))
    return tuple(told)


def mending(problem: Problem, values: Mapping[str, object], language: Language) -> str:
    """What an admin has to do about a fault. The engine's own sentence speaks of JSON, which no admin sees."""
    in_condition = "shows_when" in problem.where or "when" in problem.where
    match problem.phrase:
        case "missing" if values.get("name") == "when":
            return _("Say when this rule holds.")
        case "too-few" if "in" in problem.where:
            return _("A line of the condition has no answer checked. Check at least one, or remove the line.")
        case "too-few" if in_condition:
            return _("A group of the condition is empty. Add a line to it, or remove it.")
        case "too-few" if problem.where[-1] == "choices":
            return _("There is no answer to choose. Add at least one.")
        case "too-few" if problem.where == ("questions",):
            return _("There is no question yet. Add one.")
        case "too-few" if problem.where == ("levels",):
            return _("There is no level yet. Choose at least one.")
        case "bad-key" if in_condition:
            return _("A line of the condition is not finished. Choose what it is about, or remove the line.")
        case "no-question":
            return (
                _("It looks at the question “%(key)s”, which is gone. Choose another one, or remove the line.") % values
            )
        case "no-choice":
            return _("It looks at the answer “%(key)s” to “%(question)s”, which is gone. Check another one.") % values
        case "no-dimension":
            return (
                _("It names the dimension “%(key)s”, which is gone. Choose another one, or remove the line.") % values
            )
        case "no-level":
            return (
                _("It names the level “%(key)s”, which this questionnaire does not use. Choose another one.") % values
            )
        case "role-rates":
            return _("Only safety and rated questions rate. Change what the question is for, or take the ratings away.")
    return phrase(problem.phrase, language, **values)
