"""Proves a definition, for all answers at once, or finds the smallest answers that break it.

Everything is read off the decision diagrams of `model.py`, which hold each complete walk. What is true of them is true
of every walk; nothing is sampled. A definition that would need too much work is refused, never called proved.

The properties:

references_backward    conditions of questions speak of earlier questions only
helpers_sound          each answer of a helper leaves neighboring choices, at either end none less severe than the
                       answer before it leaves; together they leave all of them. (For a question of kind "many": at
                       least those that the answer before it leaves.) So with `worse_never_lower` no answer of a
                       helper widens the range that "not sure" has without it, and a worse one lowers neither end
texts_complete         no text lacks a language or a voice
questions_reachable    some walk asks each question, so each of its choices can be chosen
rules_reachable        each floor rule, safety rule and note fires on some walk
levels_reachable       each level is the result of some walk
always_a_result        each walk asks something and ends in exactly one level
worse_never_lower      changing one answer to the next more severe one never lowers the level, whatever questions that
                       hides or shows, and however those newly shown are answered; for a question of kind "many",
                       taking one more choice is more severe. Preferences are left to `preferences_neutral`
then_never_lower       nor does it lower the level of the care after a first step
preferences_neutral    changing a preference changes neither level of any walk
safety_reached         the most severe choice of a safety question (each choice, for kind "many") fires a safety rule
                       as soon as it is given, on every walk that asks it
safety_kept            a worse answer never takes the crisis page away, nor makes it less urgent
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import eq, ne

from assessments.engine.conditions import questions_of
from assessments.engine.definition import LANGUAGES, URGENCIES, VOICES, Choice, Definition, Text
from assessments.engine.diagram import FALSE, TRUE, Node, TooLarge
from assessments.engine.extent import Extent, extent
from assessments.engine.model import LIMIT, Model
from assessments.engine.reading import Place
from assessments.engine.steps import Steps

Given = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Why a property does not hold.

    `where` is the part of the definition to look at; `subject` the key concerned (a question, rule, level, or text).
    For a comparison, `before` and `after` are complete answers that differ in the answer to `subject` and in questions
    shown or hidden by it, and `outcome` their two levels (or, for `safety_kept`, urgencies; "" is none). For
    `safety_reached` there is only `before`.
    """

    property: str
    where: Place
    subject: str
    before: Given | None = None
    after: Given | None = None
    outcome: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict. `proved` is True only when each property holds and nothing was left open.

    `cases` is the number of different complete walks that the verdict speaks for; `shortest` and `longest` the fewest
    and most questions on a walk of somebody who is sure of everything. When the definition is too large, `refused` is
    True, the properties left open are False, and the three numbers are 0. `ms` is the time taken, in milliseconds.
    """

    definition: Definition
    proved: bool
    properties: dict[str, bool]
    counterexamples: tuple[Counterexample, ...]
    cases: int
    shortest: int
    longest: int
    ms: float
    refused: bool


def prove(definition: Definition, limit: int = LIMIT) -> Proof:
    """The proof of a definition, or its counterexamples. `limit` bounds the work (diagram nodes and steps)."""
    started = time.perf_counter()
    properties = dict.fromkeys([*ON_PAPER, *IN_MODEL], False)
    found: list[Counterexample] = []

    def judge(name: str, examples: Iterator[Counterexample]) -> None:
        listed = list(examples)
        properties[name] = not listed
        found.extend(listed)

    for name, check in ON_PAPER.items():
        judge(name, check(definition))
    size, refused = Extent(0, 0, 0), False
    try:
        model = Model(definition, limit)
        for name, look in IN_MODEL.items():
            judge(name, look(model))
        size = extent(model)
    except TooLarge:
        refused = True
    return Proof(
        definition,
        proved=not refused and all(properties.values()),
        properties=properties,
        counterexamples=tuple(found),
        cases=size.walks,
        shortest=size.shortest,
        longest=size.longest,
        ms=(time.perf_counter() - started) * 1000,
        refused=refused,
    )


def _references_backward(definition: Definition) -> Iterator[Counterexample]:
    earlier: set[str] = set()
    for position, question in enumerate(definition.questions):
        if question.shows_when is not None:
            for key in questions_of(question.shows_when):
                if key not in earlier:
                    yield Counterexample("references_backward", ("questions", position, "shows_when"), key)
        earlier.add(question.key)


def _helpers_sound(definition: Definition) -> Iterator[Counterexample]:
    for position, helper in enumerate(definition.questions):
        if helper.helps is None:
            continue
        helped = definition.by_key[helper.helps]
        order = [choice.key for choice in helped.choices]
        before: list[int] = []
        every = {place for choice in helper.choices for place in _places(order, choice)}
        for index, choice in enumerate(helper.choices):
            places = _places(order, choice)
            many = helped.is_many
            if not (set(before) <= set(places) if many else _rises(before, places)):
                yield Counterexample("helpers_sound", ("questions", position, "choices", index), choice.key)
            before = places
        yield from (
            Counterexample("helpers_sound", ("questions", position), key)
            for place, key in enumerate(order)
            if place not in every
        )


def _places(order: list[str], choice: Choice) -> list[int]:
    return sorted(map(order.index, choice.means))


def _rises(before: list[int], places: list[int]) -> bool:
    """Whether the places are neighbors, and at either end none comes before those of the answer before."""
    if not places or places[-1] - places[0] >= len(places):
        return False
    return not before or (before[0] <= places[0] and before[-1] <= places[-1])


def _texts_complete(definition: Definition) -> Iterator[Counterexample]:
    for where, text in _texts(definition):
        for language in LANGUAGES:
            for voice in VOICES:
                if not text.say(language, voice).strip():
                    yield Counterexample("texts_complete", (*where, language, voice), f"{language} {voice}")


def _texts(definition: Definition) -> Iterator[tuple[Place, Text]]:
    yield ("title",), definition.title
    for position, dimension in enumerate(definition.dimensions):
        yield ("dimensions", position, "name"), dimension.name
    for position, question in enumerate(definition.questions):
        yield ("questions", position, "text"), question.text
        if question.help is not None:
            yield ("questions", position, "help"), question.help
        if question.ask is not None:
            yield ("questions", position, "ask"), question.ask
        for index, choice in enumerate(question.choices):
            yield ("questions", position, "choices", index, "text"), choice.text
            if choice.sign is not None:
                yield ("questions", position, "choices", index, "sign"), choice.sign
    for position, floor in enumerate(definition.floors):
        yield ("floors", position, "reason"), floor.reason
    for position, rule in enumerate(definition.safety):
        yield ("safety", position, "text"), rule.text
    for position, note in enumerate(definition.notes):
        yield ("notes", position, "text"), note.text


def _questions_reachable(model: Model) -> Iterator[Counterexample]:
    for position, asked in enumerate(model.asked):
        if asked == FALSE and model.definition.questions[position].helps is None:
            key = model.definition.questions[position].key
            yield Counterexample("questions_reachable", ("questions", position, "shows_when"), key)


def _rules_reachable(model: Model) -> Iterator[Counterexample]:
    for name, position, rule in model.definition.each_rule():
        if model.holds(rule.when) == FALSE:
            yield Counterexample("rules_reachable", (name, position, "when"), rule.key)


def _levels_reachable(model: Model) -> Iterator[Counterexample]:
    reached = set(model.diagram.reachable(model.level))
    for position, level in enumerate(model.definition.levels):
        if position not in reached:
            yield Counterexample("levels_reachable", ("levels", position), level)


def _always_a_result(model: Model) -> Iterator[Counterexample]:
    """Every leaf of the level's diagram is a level by construction; a walk without a question would decide nothing."""
    if extent(model).shortest == 0:
        yield Counterexample("always_a_result", ("questions",), model.definition.questions[0].key)


def _worse_never_lower(model: Model) -> Iterator[Counterexample]:
    yield from _falls(model, "worse_never_lower", model.level, model.definition.levels)


def _then_never_lower(model: Model) -> Iterator[Counterexample]:
    if model.then != model.level:
        yield from _falls(model, "then_never_lower", model.then, model.definition.levels)


def _safety_kept(model: Model) -> Iterator[Counterexample]:
    yield from _falls(model, "safety_kept", model.urgency(), ("", *reversed(URGENCIES)))


def _falls(model: Model, name: str, function: Node, leaves: tuple[str, ...]) -> Iterator[Counterexample]:
    """The smallest fall of a function when an answer gets worse: fewest answers that are not the least severe."""
    diagram = model.diagram
    kept = True
    for node in diagram.reachable(function):
        if model.is_preference(diagram.variable[node]):
            continue
        children = diagram.children[node]
        kept = kept and all(map(diagram.never_above, children, children[1:]))
    if kept:
        return
    variables = [variable for variable in range(len(diagram.sizes)) if not model.is_preference(variable)]
    fall = Steps(diagram, lambda before, after: before > after, diagram.never_above).smallest(function, variables)
    if fall is not None:
        yield _compared(model, name, function, leaves, *fall)


def _preferences_neutral(model: Model) -> Iterator[Counterexample]:
    for variable, size in enumerate(model.diagram.sizes):
        if not model.is_preference(variable):
            continue
        for value in range(size - 1):
            example = _moves(model, variable, value)
            if example is not None:
                yield example
                break


def _moves(model: Model, variable: int, value: int) -> Counterexample | None:
    for function in dict.fromkeys((model.level, model.then)):
        if not model.diagram.depends(function, variable):
            continue
        values = Steps(model.diagram, ne, eq).values(function, variable, value)
        if values is not None:
            return _compared(model, "preferences_neutral", function, model.definition.levels, variable, value, values)
    return None


def _compared(
    model: Model, name: str, function: Node, leaves: tuple[str, ...], variable: int, value: int, values: list[int]
) -> Counterexample:
    worse = list(values)
    worse[variable] = value + 1
    position, _ = model.variables[variable]
    return Counterexample(
        name,
        ("questions", position),
        model.definition.questions[position].key,
        model.answers(values),
        model.answers(worse),
        (leaves[model.diagram.value(function, values)], leaves[model.diagram.value(function, worse)]),
    )


def _safety_reached(model: Model) -> Iterator[Counterexample]:
    diagram, definition = model.diagram, model.definition
    for position, question in enumerate(definition.questions):
        if question.role != "safety":
            continue
        fires = reduce(
            diagram.either, (model.holds(rule.when, before=position + 1) for rule in definition.safety), FALSE
        )
        choices = range(len(question.choices)) if question.is_many else [len(question.choices) - 1]
        for choice in choices:
            missed = diagram.both(model.answered(position, {choice}), diagram.negate(fires))
            values = diagram.cheapest((missed,), lambda leaf: leaf == (TRUE,))
            if values is not None:
                where = ("questions", position, "choices", choice)
                yield Counterexample("safety_reached", where, question.key, before=model.answers(values))


ON_PAPER: dict[str, Callable[[Definition], Iterator[Counterexample]]] = {
    "references_backward": _references_backward,
    "helpers_sound": _helpers_sound,
    "texts_complete": _texts_complete,
}
IN_MODEL: dict[str, Callable[[Model], Iterator[Counterexample]]] = {
    "questions_reachable": _questions_reachable,
    "rules_reachable": _rules_reachable,
    "levels_reachable": _levels_reachable,
    "always_a_result": _always_a_result,
    "worse_never_lower": _worse_never_lower,
    "then_never_lower": _then_never_lower,
    "preferences_neutral": _preferences_neutral,
    "safety_reached": _safety_reached,
    "safety_kept": _safety_kept,
}
