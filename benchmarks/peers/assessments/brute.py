"""Proving by trying everything: what a proof costs without factoring, on a part of the questionnaire small enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assessments.engine.decide import evaluate
from assessments.engine.definition import Definition, Question
from assessments.engine.walk import Answer, walk

KEPT = {"self-harm", "means", "mood", "daily-life", "home", "care-result"}

Given = dict[str, Answer]


def cut(document: dict[str, Any]) -> dict[str, Any]:
    """The questionnaire with the questions KEPT alone, and the rules that these can still make fire; what rules say is
    their key, as their texts may speak of questions that are gone."""
    questions = [question for question in document["questions"] if question["key"] in KEPT]
    highest: dict[str, int] = {}
    for question in questions:
        for choice in question["choices"]:
            for dimension, rating in choice.get("rates", {}).items():
                highest[dimension] = max(rating, highest.get(dimension, 0))

    def alive(condition: dict[str, Any]) -> bool:
        ((kind, inner),) = condition.items()
        if kind == "in":
            return inner[0] in KEPT
        if kind == "rating":
            return bool(highest.get(inner[0], 0) >= inner[1])
        return all(map(alive, inner))

    def left(condition: dict[str, Any]) -> dict[str, Any]:
        ((kind, inner),) = condition.items()
        if kind == "any":
            return {"any": [left(part) for part in inner if alive(part)] or inner}
        return {kind: [left(part) for part in inner]} if kind == "all" else condition

    part = {**document, "questions": questions}
    for name in ("floors", "safety", "notes"):
        rules = [{**rule, "when": left(rule["when"])} for rule in document[name] if alive(left(rule["when"]))]
        part[name] = [{**rule, "text": _said(rule["key"])} if "text" in rule else rule for rule in rules]
    return part


def _said(key: str) -> dict[str, dict[str, str]]:
    return {language: dict.fromkeys(("me", "loved"), key) for language in ("en", "es")}


def walks(definition: Definition, kept: Given) -> Iterator[Given]:
    """Every complete walk that keeps the given answers."""
    asked = walk(definition, kept).next
    if asked is None:
        yield kept
        return
    for choice in asked.choices:
        yield from walks(definition, {**kept, asked.key: choice.key})


def brute_force(definition: Definition) -> bool:
    """Whether each level, rule and question comes up, and no worse answer lowers the level, by trying all walks.

    For questions of kind "one" only. The level of each walk is remembered, so each is decided once.
    """
    levels: dict[frozenset[tuple[str, Answer]], int] = {}
    seen: set[str] = set()
    every = list(walks(definition, {}))
    for answers in every:
        outcome = evaluate(definition, answers)
        levels[frozenset(answers.items())] = definition.levels.index(outcome.level or "")
        seen.update(answers, [outcome.level or ""], (one.rule for one in outcome.fired))
    wanted = {*definition.levels, *definition.by_key, *(floor.key for floor in definition.floors)}
    if not wanted <= seen:
        return False
    for answers in every:
        level = levels[frozenset(answers.items())]
        for key, answer in answers.items():
            for after in _worse(definition, answers, definition.by_key[key], answer):
                if levels[frozenset(after.items())] < level:
                    return False
    return True


def _worse(definition: Definition, answers: Given, question: Question, answer: Answer) -> Iterator[Given]:
    keys = [choice.key for choice in question.choices]
    position = keys.index(str(answer))
    if position + 1 < len(keys):
        changed = {**answers, question.key: keys[position + 1]}
        for after in walks(definition, changed):
            asked = {step.question.key for step in walk(definition, after).steps}
            yield {key: value for key, value in after.items() if key in asked}
