"""What safety rests on changes in no word without being named; what it does not rest on is not named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from assessments.engine.conditions import questions_of
from assessments.engine.document import canonical_json, parse
from assessments.engine.safety_changes import safety_changes
from tests.engine.building import default_definition

DEFAULT = default_definition()
BOXES = [(language, voice) for language in ("en", "es") for voice in ("me", "loved")]


def texts(part: Any) -> Iterator[dict[str, Any]]:
    """Every text of a part of the document, its choices' too."""
    if isinstance(part, dict):
        if {"en", "es"} <= part.keys():
            yield part
        for each in part.values():
            yield from texts(each)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)


def of_safety(section: str, part: dict[str, Any]) -> bool:
    rests = {key for rule in DEFAULT.safety for key in questions_of(rule.when)}
    return section == "safety" or (section == "questions" and (part["key"] in rests or part["role"] == "safety"))


@pytest.mark.parametrize("section", ["questions", "safety", "floors", "notes", "dimensions"])
def test_every_changed_text_is_named_where_safety_rests_on_it(section: str) -> None:
    boxes, checked = cycle(BOXES), 0
    document = json.loads(canonical_json(DEFAULT))
    for part in document[section]:
        for text in texts(part):
            language, voice = next(boxes)
            words = text[language][voice]
            if not isinstance(words, str) or not words:
                continue
            text[language][voice] = f"{words} Not so."
            named = list(safety_changes(DEFAULT, parse(document)))
            assert bool(named) is of_safety(section, part), (part["key"], language, voice)
            assert all("Not so." in one.say("en") for one in named)
            text[language][voice] = words
            checked += 1
    assert checked


def test_a_rule_and_an_answer_that_go_are_named() -> None:
    document = json.loads(canonical_json(DEFAULT))
    del document["safety"][-1]
    assert list(safety_changes(DEFAULT, parse(document)))
    assert not list(safety_changes(DEFAULT, DEFAULT))
