"""Finds the nearest change: the fewest answers that would have to be different for another level to fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assessments.engine.definition import NOT_SURE, Definition
from assessments.engine.diagram import Node, TooLarge
from assessments.engine.model import Model, modelled
from assessments.engine.walk import Answer, Answers, Step, Walk, choices_left, walk

Route = tuple[int, tuple[tuple[int, int], ...]]
"""Steps of severity taken, and the values changed as (variable, value) in the order of the variables."""


class Change(NamedTuple):
    """One answer that would be different. `before` is None for a question that is not asked now."""

    question: str
    before: Answer | None
    after: str | list[str]


class NearestChange(NamedTuple):
    """Answers that would be different, in the order asked, and the level that would then fit."""

    changes: tuple[Change, ...]
    level: str


def nearest_change(definition: Definition, answers: Answers, most: int | None = None) -> NearestChange | None:
    """The smallest number of answers to change for another level to fit; never more than `most` of them.

    Of several, the one that leads to the nearest level, then the one with the fewest steps of severity, then the one
    that changes the earliest questions. Safety and context (who the person is, where they are in care) are facts of
    the moment, not answers to play with, so they stay. "Not sure" stands for the least severe answer that may be meant,
    as in the level itself; a question that the change brings up is taken to get the least severe answer unless it is
    among the changes.

    None when answers are missing, when nothing leads to another level, or when the definition is too large to model.
    """
    walked = walk(definition, answers)
    if walked.next is not None:
        return None
    try:
        search = _Search(modelled(definition), walked)
        for budget in range(1, (most or len(definition.questions)) + 1):
            found = search.within(budget)
            if found is not None:
                return found
    except TooLarge:
        pass
    return None


class _Search:
    def __init__(self, model: Model, walked: Walk) -> None:
        self.model, self.diagram = model, model.diagram
        steps = walked.steps
        self.given = {step.question.key: step.answer for step in steps}
        readings = [
            model.values(
                {
                    step.question.key: tuple(_taken(step, worst, choices_left(model.definition, walked, step.question)))
                    for step in steps
                }
            )
            for worst in (False, True)
        ]
        # Only where a worse answer can lower the level, and so never in a proved definition, is it the second.
        self.base = min(readings, key=lambda values: self.diagram.value(model.level, values))
        self.current = self.diagram.value(model.level, self.base)
        self.routes: dict[tuple[Node, int, bool], dict[int, Route]] = {}

    def within(self, budget: int) -> NearestChange | None:
        """The best change of at most so many answers."""
        routes = self.route(self.model.level, budget, -1)
        best = min(
            ((abs(level - self.current), route, level) for level, route in routes.items() if level != self.current),
            default=None,
        )
        if best is None:
            return None
        _, (_, changed), level = best
        return NearestChange(tuple(self.changes(changed)), self.model.definition.levels[level])

    def route(self, node: Node, budget: int, touched: int) -> dict[int, Route]:
        """For each level that can be had from here: the best way. `touched` is the last question changed."""
        if node < self.diagram.leaves:
            return {node: (0, ())}
        variable = self.diagram.variable[node]
        position, _ = self.model.variables[variable]
        paid = position == touched
        key = (node, budget, paid)
        if key not in self.routes:
            best: dict[int, Route] = {}
            for value, child in enumerate(self.diagram.children[node]):
                step = abs(value - self.base[variable])
                left = budget if paid or not step else budget - 1
                if left < 0 or (step and self.model.definition.questions[position].role in ("safety", "context")):
                    continue
                for level, (steps, changed) in self.route(child, left, position if step or paid else touched).items():
                    route = (steps + step, ((variable, value), *changed) if step else changed)
                    best[level] = min(best.get(level, route), route)
            self.routes[key] = best
        return self.routes[key]

    def changes(self, changed: tuple[tuple[int, int], ...]) -> Iterator[Change]:
        values = list(self.base)
        for variable, value in changed:
            values[variable] = value
        for position in dict.fromkeys(self.model.variables[variable][0] for variable, _ in changed):
            question = self.model.definition.questions[position]
            first = self.model.first[position]
            after: str | list[str]
            if question.is_many:
                after = [choice.key for index, choice in enumerate(question.choices) if values[first + index]]
            else:
                after = question.choices[values[first]].key
            yield Change(question.key, self.given.get(question.key), after)


def _taken(step: Step, worst: bool, left: Sequence[str]) -> Iterator[int]:
    """Positions of the choices that an answer takes; for "not sure" those of the most or least severe that is left."""
    choices = [choice.key for choice in step.question.choices]
    if step.answer == NOT_SURE:
        places = sorted(map(choices.index, left))
        if step.question.is_many:
            yield from places if worst else ()
        else:
            yield places[-1 if worst else 0]
    elif isinstance(step.answer, str):
        yield choices.index(step.answer)
    else:
        yield from map(choices.index, step.answer)
