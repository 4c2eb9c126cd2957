"""No part of a result that opens is empty, whatever was answered."""

from __future__ import annotations

import random
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import shown
from tests.engine.building import default_definition
from tests.engine.test_range import answered

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]

DEFINITION = default_definition()
SINGLE: list[dict[str, Any]] = [
    {question.key: choice.key if question.kind == "one" else [choice.key]}
    for question in DEFINITION.questions
    for choice in question.choices
]


class Folds(HTMLParser):
    """The titles of all folds of a page that hold nothing but their title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[list[str]] = []
        self.title, self.empty = False, set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "details":
            self.open.append(["", ""])
        self.title = self.title or tag == "summary"

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary":
            self.title = False
        elif tag == "details":
            title, held = self.open.pop()
            if not held:
                self.empty.add(title)

    def handle_data(self, data: str) -> None:
        for fold in self.open[-1:] if self.title else self.open:
            fold[0 if self.title else 1] += data.strip()


def test_no_fold_of_a_result_is_empty_or_says_too_much(client: Client) -> None:
    chance = random.Random(7)
    sets: list[dict[str, Any]] = [{"danger-now": ["withdrawal"]}, {"self-harm": "past"}, *chance.sample(SINGLE, 16)]
    sets += [answered(DEFINITION, chance, unsure=(0, 0.1, 0.4)[number % 3]) for number in range(6)]
    for number, given in enumerate(sets):
        html = shown(client, given, unsure=bool(number % 2)).content.decode()
        assert not Folds(html).empty, given
        assert ("and what would change it" in html) == ('id="change"' in html), given
