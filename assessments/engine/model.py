"""A definition as functions of its answers: what is asked, what fires, which level fits, for all answers at once.

The variables are the answers. A question of kind "one" is one variable whose values are its choices, least severe
first; a question of kind "many" has a variable for each choice: 0 not taken, 1 taken. A combination of values gives
an answer to every question, also to those that are not asked; these do not count, so each complete walk is there,
with every answer that the questions not asked might have been given. Nobody is unsure here, so no helper is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce

from assessments.engine.conditions import All, AnyOf, Condition, In, Not, Rating
from assessments.engine.definition import URGENCIES, Definition, FloorRule
from assessments.engine.diagram import FALSE, LEAF, TRUE, Diagram, Node, TooLarge

# Nodes and remembered steps of one proof. The shipped questionnaire needs a million (135 MB, 6 s); editors need room.
LIMIT = 2_000_000
MOST_VARIABLES = 250


def translate(
    diagram: Diagram, condition: Condition, taken: Callable[[In], Node], rated: Callable[[Rating], Node]
) -> Node:
    """The diagram of a condition, given those of its atoms."""
    match condition:
        case All(parts):
            return reduce(diagram.both, [translate(diagram, part, taken, rated) for part in parts], TRUE)
        case AnyOf(parts):
            return reduce(diagram.either, [translate(diagram, part, taken, rated) for part in parts], FALSE)
        case Not(part):
            return diagram.negate(translate(diagram, part, taken, rated))
        case In():
            return taken(condition)
        case Rating():
            return rated(condition)


class Model:
    """The functions of one definition. Raises TooLarge when it needs more than `limit` nodes and steps."""

    def __init__(self, definition: Definition, limit: int = LIMIT) -> None:
        self.definition = definition
        self.variables: list[tuple[int, int | None]] = []
        """For each variable: its question's position, and the choice's (None for a question of kind "one")."""
        self.first: list[int] = []
        """The first variable of each question."""
        sizes: list[int] = []
        for position, question in enumerate(definition.questions):
            self.first.append(len(sizes))
            if not question.is_many:
                self.variables.append((position, None))
                sizes.append(len(question.choices))
            else:
                self.variables.extend((position, choice) for choice in range(len(question.choices)))
                sizes.extend([2] * len(question.choices))
        if len(sizes) > MOST_VARIABLES:
            raise TooLarge
        self.diagram = Diagram(sizes, max(2, len(definition.levels), len(URGENCIES) + 1), limit)
        self.position = {question.key: position for position, question in enumerate(definition.questions)}
        self._rated: dict[tuple[str, int, int], Node] = {}
        self.asked: list[Node] = []
        """For each question, when it is asked."""
        for position, question in enumerate(definition.questions):
            shows = question.shows_when
            always = FALSE if question.helps is not None else TRUE
            self.asked.append(always if shows is None else self.holds(shows, before=position))
        self.level = self._highest(self._floors(definition.floors))
        """The position of the level that fits."""
        self.then = self._highest(self._floors(rule for rule in definition.floors if not rule.first))
        """The position of the level after a first step."""

    def holds(self, condition: Condition, before: int | None = None) -> Node:
        """When a condition holds, by the answers to the questions before a position (default: all of them)."""
        until = len(self.definition.questions) if before is None else before
        return translate(
            self.diagram,
            condition,
            lambda atom: self._taken(atom, until),
            lambda atom: self.rated(atom.dimension, atom.at_least, until),
        )

    def urgency(self, before: int | None = None) -> Node:
        """How urgent the safety rules that fire are: 0 none fires, then from the least to the most urgent."""
        ranks = {urgency: len(URGENCIES) - position for position, urgency in enumerate(URGENCIES)}
        return self._highest([(rule.when, ranks[rule.urgency]) for rule in self.definition.safety], before)

    def answered(self, position: int, choices: set[int]) -> Node:
        """When a question is asked and its answer has one of the choices (by position)."""
        first = self.first[position]
        if not self.definition.questions[position].is_many:
            given = self.diagram.among(first, choices)
        else:
            given = reduce(self.diagram.either, [self.diagram.among(first + choice, {1}) for choice in choices], FALSE)
        return self.diagram.both(self.asked[position], given)

    def rated(self, dimension: str, at_least: int, until: int) -> Node:
        """When the questions before a position rate a dimension at least so high."""
        key = (dimension, at_least, until)
        if key not in self._rated:
            found = FALSE
            for position, question in enumerate(self.definition.questions[:until]):
                raters = {
                    index
                    for index, choice in enumerate(question.choices)
                    if dict(choice.rates).get(dimension, 0) >= at_least
                }
                if raters:
                    found = self.diagram.either(found, self.answered(position, raters))
            self._rated[key] = found
        return self._rated[key]

    def answers(self, values: Sequence[int]) -> dict[str, str | list[str]]:
        """The answers of the questions that a combination of values asks, as they would be given."""
        given: dict[str, str | list[str]] = {}
        for position, question in enumerate(self.definition.questions):
            if self.diagram.value(self.asked[position], values) == TRUE:
                first = self.first[position]
                if not question.is_many:
                    given[question.key] = question.choices[values[first]].key
                else:
                    given[question.key] = [
                        choice.key for index, choice in enumerate(question.choices) if values[first + index]
                    ]
        return given

    def variables_of(self, position: int) -> range:
        """The variables of the question at a position."""
        end = self.first[position + 1] if position + 1 < len(self.first) else len(self.variables)
        return range(self.first[position], end)

    def is_preference(self, variable: int) -> bool:
        """Whether a variable belongs to a preference (a leaf's does not)."""
        return variable < LEAF and self.definition.questions[self.variables[variable][0]].role == "preference"

    def values(self, chosen: Mapping[str, Sequence[int]]) -> list[int]:
        """A combination of values from the positions of the choices taken; the least severe where there are none."""
        values = [0] * len(self.variables)
        for key, choices in chosen.items():
            first = self.first[self.position[key]]
            for choice in choices:
                if not self.definition.by_key[key].is_many:
                    values[first] = choice
                else:
                    values[first + choice] = 1
        return values

    def _floors(self, rules: Iterable[FloorRule]) -> list[tuple[Condition, int]]:
        return [(rule.when, self.definition.levels.index(rule.level)) for rule in rules]

    def _taken(self, atom: In, until: int) -> Node:
        position = self.position[atom.question]
        if position >= until:
            return FALSE
        keys = [choice.key for choice in self.definition.questions[position].choices]
        return self.answered(position, {keys.index(choice) for choice in atom.choices})

    def _highest(self, rules: list[tuple[Condition, int]], before: int | None = None) -> Node:
        highest = 0
        for condition, leaf in sorted(rules, key=lambda rule: rule[1]):
            highest = self.diagram.choose(self.holds(condition, before), leaf, highest)
        return highest


@lru_cache(maxsize=8)
def modelled(definition: Definition) -> Model:
    """The model of a definition, made once. Raises TooLarge."""
    return Model(definition)
