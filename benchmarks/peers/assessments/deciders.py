# mypy: disable-error-code="import-not-found, import-untyped"
"""The level-of-care decision, whole, in our engine and in three general rule engines, compiled once each.

All take the same answers (stale answers to hidden questions among them) and give the same decision: ratings, the floor
rules, safety rules and notes that fire, and the level. The peers get the questionnaire translated into their own
language, in the order that is quickest for them: what is asked, then the ratings, then all rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import celpy
import zen
from json_logic import jsonLogic

from assessments.engine.decide import evaluate
from assessments.engine.definition import Definition, Question
from assessments.engine.document import parse

Document = dict[str, Any]


class Decision(NamedTuple):
    level: str
    ratings: dict[str, int]
    fired: frozenset[str]


class Asked:
    """What the translations share: questions by key, and all rules in one list."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.by_key = {question["key"]: question for question in document["questions"]}
        self.dimensions = [dimension["key"] for dimension in document["dimensions"]]
        self.rules = [*document["floors"], *document["safety"], *document["notes"]]
        self.rank = {rule["key"]: document["levels"].index(rule["level"]) for rule in document["floors"]}
        self.conditional = [question for question in document["questions"] if "shows_when" in question]

    def raters(self, dimension: str, at_least: int) -> list[tuple[str, list[str]]]:
        found = []
        for question in self.document["questions"]:
            choices = [c["key"] for c in question["choices"] if c.get("rates", {}).get(dimension, 0) >= at_least]
            if choices:
                found.append((question["key"], choices))
        return found

    def decision(self, ratings: list[int], fired: frozenset[str]) -> Decision:
        level = max((self.rank[rule] for rule in fired if rule in self.rank), default=0)
        return Decision(self.document["levels"][level], dict(zip(self.dimensions, ratings, strict=True)), fired)

    def nothing(self, key: str) -> Any:
        return [] if self.by_key[key]["kind"] == "many" else ""


def ours(document: Document) -> Callable[[Document], Decision]:
    definition: Definition = parse(document)

    def decide(answers: Document) -> Decision:
        outcome = evaluate(definition, answers)
        fired = frozenset(one.rule for rules in (outcome.fired, outcome.safety, outcome.notes) for one in rules)
        return Decision(outcome.level or "", {key: low for key, (low, _) in outcome.ratings.items()}, fired)

    return decide


def cel(document: Document) -> Callable[[Document], Decision]:
    asked = Asked(document)
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)

    def quoted(values: list[str]) -> str:
        return f"[{', '.join(json.dumps(value) for value in values)}]"

    def taken(key: str, choices: list[str]) -> str:
        if asked.by_key[key]["kind"] == "many":
            return f'a["{key}"].exists(c, c in {quoted(choices)})'
        return f'a["{key}"] in {quoted(choices)}'

    def said(condition: Document) -> str:
        ((kind, inner),) = condition.items()
        if kind == "in":
            return taken(*inner)
        if kind == "rating":
            return f"r[{asked.dimensions.index(inner[0])}] >= {inner[1]}"
        if kind == "not":
            return f"!({said(inner)})"
        return f"({(' && ' if kind == 'all' else ' || ').join(map(said, inner))})"

    def rating(dimension: str) -> str:
        words = "0"
        for n in (1, 2, 3, 4):
            raters = asked.raters(dimension, n)
            if raters:
                words = f"({' || '.join(taken(*rater) for rater in raters)}) ? {n} : ({words})"
        return words

    def program(words: str) -> Any:
        return environment.program(environment.compile(words))

    shows = [(question["key"], program(said(question["shows_when"]))) for question in asked.conditional]
    rate = program(f"[{', '.join(map(rating, asked.dimensions))}]")
    cases = [f"{said(rule['when'])} ? {json.dumps(rule['key'])} : ''" for rule in asked.rules]
    fire = program(f"[{', '.join(cases)}]")
    empty = {question["key"]: celpy.json_to_cel(asked.nothing(question["key"])) for question in document["questions"]}

    def decide(answers: Document) -> Decision:
        context = {"a": celpy.json_to_cel(answers)}
        for key, show in shows:
            if not show.evaluate(context):
                context["a"][key] = empty[key]
        context["r"] = rate.evaluate(context)
        fired = frozenset(str(rule) for rule in fire.evaluate(context) if rule)
        return asked.decision([int(one) for one in context["r"]], fired)

    return decide


def json_logic(document: Document) -> Callable[[Document], Decision]:
    asked = Asked(document)

    def taken(key: str, choices: list[str]) -> Document:
        if asked.by_key[key]["kind"] == "many":
            return {"some": [{"var": key}, {"in": [{"var": ""}, choices]}]}
        return {"in": [{"var": key}, choices]}

    def said(condition: Document) -> Document:
        ((kind, inner),) = condition.items()
        if kind == "in":
            return taken(*inner)
        if kind == "rating":
            return {">=": [{"var": f"rating {inner[0]}"}, inner[1]]}
        if kind == "not":
            return {"!": [said(inner)]}
        return {"and" if kind == "all" else "or": [said(part) for part in inner]}

    def rating(dimension: str) -> Document:
        cases: list[Any] = []
        for n in (4, 3, 2, 1):
            raters = asked.raters(dimension, n)
            if raters:
                cases += [{"or": [taken(*rater) for rater in raters]}, n]
        return {"if": [*cases, 0]}

    shows = [(question["key"], said(question["shows_when"])) for question in asked.conditional]
    rates = [(f"rating {dimension}", rating(dimension)) for dimension in asked.dimensions]
    rules = [(rule["key"], said(rule["when"])) for rule in asked.rules]

    def decide(answers: Document) -> Decision:
        data = dict(answers)
        for key, show in shows:
            if not jsonLogic(show, data):
                data[key] = asked.nothing(key)
        for name, rule in rates:
            data[name] = jsonLogic(rule, data)
        fired = frozenset(key for key, rule in rules if jsonLogic(rule, data))
        return asked.decision([data[name] for name, _ in rates], fired)

    return decide


def zen_engine(document: Document) -> Callable[[Document], Decision]:
    asked = Asked(document)
    name = {key: key.replace("-", "_") for key in asked.by_key}

    def listed(values: list[str]) -> str:
        return f"[{', '.join(repr(value) for value in values)}]"

    def taken(key: str, choices: list[str]) -> str:
        value = f"$.{name[key]}" if "shows_when" in asked.by_key[key] else name[key]
        if asked.by_key[key]["kind"] == "many":
            return f"some({value}, # in {listed(choices)})"
        return f"{value} in {listed(choices)}"

    def said(condition: Document) -> str:
        ((kind, inner),) = condition.items()
        if kind == "in":
            return taken(*inner)
        if kind == "rating":
            return f"$.rating_{inner[0]} >= {inner[1]}"
        if kind == "not":
            return f"not ({said(inner)})"
        return f"({(' and ' if kind == 'all' else ' or ').join(map(said, inner))})"

    def rating(dimension: str) -> str:
        words = "0"
        for n in (1, 2, 3, 4):
            raters = asked.raters(dimension, n)
            if raters:
                words = f"(({' or '.join(taken(*rater) for rater in raters)}) ? {n} : {words})"
        return words

    cells = [
        (
            name[question["key"]],
            f"{said(question['shows_when'])} ? {name[question['key']]} : {asked.nothing(question['key'])!r}",
        )
        for question in asked.conditional
    ]
    cells += [(f"rating_{dimension}", rating(dimension)) for dimension in asked.dimensions]
    cells.append(
        ("rules", f"[{', '.join(f'''{said(rule['when'])} ? {rule['key']!r} : '' ''' for rule in asked.rules)}]")
    )
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(_zen_graph(cells))))

    def decide(answers: Document) -> Decision:
        result = decision.evaluate({name[key]: answer for key, answer in answers.items()})["result"]
        ratings = [int(result[f"rating_{dimension}"]) for dimension in asked.dimensions]
        return asked.decision(ratings, frozenset(rule for rule in result["rules"] if rule))

    return decide


def _zen_graph(cells: list[tuple[str, str]]) -> Document:
    """One node that computes these (name, expression), in this order."""
    expressions = [{"id": str(at), "key": key, "value": value} for at, (key, value) in enumerate(cells)]
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "decide", "type": "expressionNode", "name": "decide", "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "decide", "type": "edge"},
            {"id": "b", "sourceId": "decide", "targetId": "out", "type": "edge"},
        ],
    }


DECIDERS = {"ours": ours, "cel": cel, "zen": zen_engine, "json_logic": json_logic}


def answer_all(questions: tuple[Question, ...], choose: Callable[[int], int]) -> Document:
    """An answer to every question, also to those that will not be asked. `choose(n)` picks a number below n."""
    answers: Document = {}
    for question in questions:
        keys = [choice.key for choice in question.choices]
        if question.kind == "one":
            answers[question.key] = keys[choose(len(keys))]
        else:
            answers[question.key] = [key for key in keys if choose(3) == 0]
    return answers
