"""Finds keys in a definition that are used twice, that name nothing, or that stand where their role forbids them."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.engine.conditions import Condition, Rating, atoms
from assessments.engine.definition import LANGUAGES, VOICES, Definition, FloorRule, Question, Text
from assessments.engine.reading import Place, Problem
from assessments.engine.wording import NONE, passages


def wrong_references(definition: Definition) -> Iterator[Problem]:
    """Every key that does not lead where it should. Forward references are not among them: the proof names those."""
    yield from _twice(definition.levels, "levels", tail=())
    yield from _twice([dimension.key for dimension in definition.dimensions], "dimensions")
    yield from _twice([question.key for question in definition.questions], "questions")
    for position, question in enumerate(definition.questions):
        yield from _of_question(definition, question, ("questions", position))
    for position, floor in enumerate(definition.floors):
        if floor.level not in definition.levels:
            yield Problem(("floors", position, "level"), "no-level", {"key": floor.level})
    yield from _of_rules(definition)


def _of_rules(definition: Definition) -> Iterator[Problem]:
    used: set[str] = set()
    for name, position, rule in definition.each_rule():
        if rule.key in used:
            yield Problem((name, position, "key"), "rule-twice", {"key": rule.key})
        used.add(rule.key)
        yield from _of_condition(definition, rule.when, (name, position, "when"))
        said = "reason" if isinstance(rule, FloorRule) else "text"
        yield from _of_text(
            definition, rule.reason if isinstance(rule, FloorRule) else rule.text, (name, position, said)
        )


def _of_question(definition: Definition, question: Question, where: Place) -> Iterator[Problem]:
    yield from _twice([choice.key for choice in question.choices], *where, "choices")
    if question.shows_when is not None:
        yield from _of_condition(definition, question.shows_when, (*where, "shows_when"))
    for said, text in (("text", question.text), ("help", question.help), ("ask", question.ask)):
        yield from _of_text(definition, text, (*where, said))
    dimensions = {dimension.key for dimension in definition.dimensions}
    for position, choice in enumerate(question.choices):
        place = (*where, "choices", position)
        yield from _of_text(definition, choice.text, (*place, "text"))
        yield from _of_text(definition, choice.sign, (*place, "sign"))
        for dimension, _ in choice.rates:
            if dimension not in dimensions:
                yield Problem((*place, "rates", dimension), "no-dimension", {"key": dimension})
        if choice.rates and question.role not in ("safety", "rated"):
            yield Problem((*place, "rates"), "role-rates", {"role": question.role})
        for level in choice.favours:
            if level not in definition.levels:
                yield Problem((*place, "favours"), "no-level", {"key": level})
        if len(set(choice.favours)) < len(choice.favours):
            yield Problem((*place, "favours"), "favours-twice")
        if choice.favours and question.role != "preference":
            yield Problem((*place, "favours"), "role-favours")
    yield from _of_helper(definition, question, where)


def _of_helper(definition: Definition, question: Question, where: Place) -> Iterator[Problem]:
    """A helper stands right after its question, is plain, and leaves choices of it; others leave nothing."""
    helped = _before(definition, question) if question.helps is not None else None
    if question.helps is not None:
        if helped is None or helped.key != question.helps or helped.helps is not None:
            yield Problem((*where, "helps"), "helps-before", {"key": question.helps})
            return
        if question.is_many or question.role != "context" or question.shows_when is not None:
            yield Problem((*where, "helps"), "helps-plain")
    known = {choice.key for choice in helped.choices} if helped else set()
    for position, choice in enumerate(question.choices):
        place = (*where, "choices", position, "means")
        if helped is None and choice.means:
            yield Problem(place, "means-nothing")
            continue
        for key in choice.means:
            if helped and key not in known:
                yield Problem(place, "no-choice", {"question": helped.key, "key": key})
        if len(set(choice.means)) < len(choice.means):
            yield Problem(place, "means-twice")


def _before(definition: Definition, question: Question) -> Question | None:
    position = definition.questions.index(question)
    return definition.questions[position - 1] if position else None


def _of_condition(definition: Definition, condition: Condition, where: Place) -> Iterator[Problem]:
    for atom in atoms(condition):
        if isinstance(atom, Rating):
            if all(dimension.key != atom.dimension for dimension in definition.dimensions):
                yield Problem(where, "no-dimension", {"key": atom.dimension})
        elif atom.question not in definition.by_key:
            yield Problem(where, "no-question", {"key": atom.question})
        elif definition.by_key[atom.question].helps is not None:
            yield Problem(where, "names-helper", {"key": atom.question})
        else:
            known = {choice.key for choice in definition.by_key[atom.question].choices}
            for choice in atom.choices:
                if choice not in known:
                    yield Problem(where, "no-choice", {"question": atom.question, "key": choice})


def _of_text(definition: Definition, text: Text | None, where: Place) -> Iterator[Problem]:
    """Passages that are none, or that follow a question or a choice that is not there."""
    if text is None:
        return
    for language in LANGUAGES:
        for voice in VOICES:
            yield from _of_words(definition, text.written(language, voice), (*where, language, voice))


def _of_words(definition: Definition, words: str, where: Place) -> Iterator[Problem]:
    try:
        found = list(passages(words))
    except ValueError as error:
        yield Problem(where, "passage", {"passage": str(error)})
        return
    for passage in found:
        asked = definition.by_key.get(passage.question)
        if asked is None:
            yield Problem(where, "no-question", {"key": passage.question})
            continue
        known = {NONE, *(choice.key for choice in asked.choices)}
        for key in (key for case in passage.cases for key in case.choices if key not in known):
            yield Problem(where, "no-choice", {"question": asked.key, "key": key})


def _twice(keys: list[str] | tuple[str, ...], *where: str | int, tail: Place = ("key",)) -> Iterator[Problem]:
    for position, key in enumerate(keys):
        if key in keys[:position]:
            yield Problem((*where, position, *tail), "twice", {"key": key})
