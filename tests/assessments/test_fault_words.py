"""What is wrong with a draft is told in the words of its questions, answers, rules and levels, not by their keys."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from assessments.editor.review import review
from assessments.engine import prove, references
from assessments.engine.definition import Language
from assessments.engine.document import DefinitionError, parse
from tests.engine.building import Document, choice, document, floor, helper, question, rating, safety, taken

LEVELS = {"k-low": "Few hours", "k-mid": "Some hours", "k-high": "Many hours", "k-other": "Another one"}
Change = Callable[[Document], Any]


def made() -> Document:
    """Its keys begin with “k-”, and all of its words are others."""
    shaky = question("k-shakes", choice("k-none"), choice("k-some", d=2), choice("k-many", d=3), role="rated")
    unsure = helper("k-shakes", **{"k-calm": ["k-none", "k-some"], "k-loud": ["k-some", "k-many"]})
    wish = question("k-wish", choice("k-home", ["k-low"]), choice("k-away"), role="preference")
    safe = question("k-safe", choice("k-no"), choice("k-yes", d=3), role="safety")
    small = document(
        safe,
        shaky,
        unsure,
        wish,
        levels="k-low k-mid k-high",
        floors=(floor("k-rule", "k-mid", rating("d", 2)), floor("k-top", "k-high", rating("d", 3))),
        safety=(safety("k-danger", taken("k-safe", "k-yes")),),
    )
    for part in [*small["questions"], *small["floors"], *small["safety"]]:
        _reword(part)
        for each in part.get("choices", ()):
            _reword(each)
    return small


def _reword(part: Document) -> None:
    words = part["key"].removeprefix("k-").title() + " words"
    for name in {"text", "reason"} & set(part):
        part[name] = {"en": {"me": words, "loved": words}, "es": {"me": words, "loved": words}}


def says(change: Change, language: Language = "en") -> list[str]:
    small = made()
    change(small)
    return [trouble.words for trouble in review(small, language, LEVELS).troubles]


def _means(at: int, *keys: str) -> Change:
    return lambda small: small["questions"][2]["choices"][at].update(means=list(keys))


def _level(slug: str) -> Change:
    return lambda small: small["floors"][0].update(level=slug)


def _moved(small: Document) -> None:
    small["questions"].insert(1, small["questions"].pop(2))


def _hidden(small: Document) -> None:
    small["questions"][3]["shows_when"] = {"all": [taken("k-safe", "k-yes"), taken("k-safe", "k-no")]}


FAULTS: dict[str, Change] = {
    "no-level": _level("k-other"),
    "rule-twice": lambda small: small["floors"][1].update(key="k-rule"),
    "no-dimension": lambda small: small["questions"][1]["choices"][1].update(rates={"gone": 2}),
    "role-rates": lambda small: small["questions"][3]["choices"][0].update(rates={"d": 1}),
    "favours-twice": lambda small: small["questions"][3]["choices"][0].update(favours=["k-low", "k-low"]),
    "role-favours": lambda small: small["questions"][1]["choices"][0].update(favours=["k-low"]),
    "helps-before": _moved,
    "helps-plain": lambda small: small["questions"][2].update(role="rated"),
    "means-nothing": lambda small: small["questions"][1]["choices"][0].update(means=["k-no"]),
    "means-twice": _means(0, "k-none", "k-none"),
    "no-choice": lambda small: small["floors"][0].update(when=taken("k-safe", "gone")),
    "names-helper": lambda small: small["floors"][0].update(when=taken("k-shakes-helper", "k-calm")),
    "no-question": lambda small: small["floors"][0].update(when=taken("gone", "gone")),
    "passage": lambda small: small["questions"][0]["text"]["en"].update(me="{{gone}}"),
    "twice": lambda small: small["questions"][3]["choices"][1].update(key="k-home"),
    "references_backward": lambda small: small["questions"][0].update(shows_when=taken("k-wish", "k-away")),
    "helpers_sound": _means(1, "k-none", "k-many"),
    "texts_complete": lambda small: small["questions"][0]["choices"][0]["text"]["en"].update(me=""),
    "questions_reachable": _hidden,
    "rules_reachable": lambda small: small["floors"][0].update(
        when={"all": [taken("k-safe", "k-yes"), taken("k-safe", "k-no")]}
    ),
    "levels_reachable": _level("k-high"),
    "always_a_result": lambda small: [
        small["questions"][at].update(shows_when=taken(key, "k-no"))
        for at, key in ((0, "k-safe"), (1, "k-safe"), (3, "k-safe"))
    ],
    "worse_never_lower": lambda small: small["questions"][1]["choices"][2].update(rates={}),
    "then_never_lower": lambda small: [
        small["floors"].append({**floor("k-first", "k-high", taken("k-shakes", "k-many"), first=True)}),
        small["questions"][1]["choices"][2].update(rates={}),
    ],
    "preferences_neutral": lambda small: small["floors"][1].update(when=taken("k-wish", "k-away")),
    "safety_reached": lambda small: small["safety"][0].update(when=taken("k-shakes", "k-many")),
    "safety_kept": lambda small: small["safety"][0].update(when=taken("k-safe", "k-no")),
}
"""A change that makes the draft have this fault, for each that the engine can find."""


def _named(change: Change) -> set[str]:
    """The faults of the draft after this change, by their names in the engine."""
    small = made()
    change(small)
    try:
        return {example.property for example in prove.prove(parse(small)).counterexamples}
    except DefinitionError as error:
        return {problem.phrase for problem in error.problems}


ABOUT_KEYS = ("twice", "rule-twice")
"""Two have one key: that is what is to be changed."""


def test_every_fault_of_the_engine_is_looked_at_here() -> None:
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(references))) if isinstance(node, ast.Call)]
    found = {
        str(node.args[1].value)
        for node in calls
        if isinstance(node.func, ast.Name) and node.func.id == "Problem" and isinstance(node.args[1], ast.Constant)
    }
    assert {*found, *prove.ON_PAPER, *prove.IN_MODEL} == set(FAULTS)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", [name for name in FAULTS if name not in ABOUT_KEYS])
def test_a_fault_names_no_key_of_what_has_words(name: str, language: Language) -> None:
    said = says(FAULTS[name], language)
    assert name in _named(FAULTS[name]), _named(FAULTS[name])
    assert said and not [sentence for sentence in said if "k-" in sentence], said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            _means(1, "k-none", "k-many"),
            "Answer 2, “Loud words”: what is checked under “leaves possible” skips an answer to “Shakes words”. Check "
            "those in between, too. For example: “None words”, “Some words” and “Many words”.",
        ),
        (_means(1), "Answer 2, “Loud words”: check under “leaves possible” which answers to “Shakes words” may still"),
        (
            lambda small: (_means(0, "k-some", "k-many")(small), _means(1, "k-none", "k-some")(small)),
            "Answer 2, “Loud words”, stands below answer 1, “Calm words”, so it may not leave milder answers to "
            "“Shakes words” possible. Check instead, for example: “Some words” and “Many words”. Or move it up",
        ),
        (
            _means(1, "k-some"),
            "No answer here leaves “Many words” to “Shakes words” possible. Check it under “leaves possible” where it "
            "may be true, for example at answer 2, “Loud words”.",
        ),
    ],
)
def test_an_answer_of_a_helper_is_told_what_to_check(change: Change, said: str) -> None:
    assert any(sentence.startswith(said) for sentence in says(change)), says(change)


def test_what_a_helper_is_told_to_check_mends_it() -> None:
    def followed(small: Document) -> None:
        _means(1, "k-none", "k-many")(small)
        _means(1, "k-none", "k-some", "k-many")(small)  # as the sentence above says

    assert says(lambda small: None) == [] and says(followed) == []
