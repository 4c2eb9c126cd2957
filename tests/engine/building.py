"""Small questionnaires for tests: short documents by hand, and any number of them generated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from assessments.engine.definition import Definition
from assessments.engine.document import parse

DEFAULT = Path(__file__).parents[2] / "assessments" / "questionnaires" / "level-of-care.json"

Document = dict[str, Any]


def text(words: str) -> Document:
    return {"en": {"me": words, "loved": words}, "es": {"me": words, "loved": words}}


def choice(key: str, favours: list[str] | None = None, /, **rates: int) -> Document:
    made: Document = {"key": key, "text": text(key)}
    if rates:
        made["rates"] = rates
    if favours:
        made["favours"] = favours
    return made


def question(key: str, *choices: Document, kind: str = "one", role: str = "rated", when: Any = None) -> Document:
    made = {"key": key, "kind": kind, "role": role, "text": text(f"{key}?"), "choices": list(choices)}
    if when is not None:
        made["shows_when"] = when
    return made


def helper(helped: str, **means: list[str]) -> Document:
    """A helper of the question before it; an answer for each name, and what that leaves."""
    made = question(f"{helped}-helper", *(choice(key) for key in means), role="context")
    for one, left in zip(made["choices"], means.values(), strict=True):
        one["means"] = left
    return {**made, "helps": helped}


def floor(key: str, level: str, when: Document, first: bool = False) -> Document:
    made = {"key": key, "level": level, "when": when, "reason": text(key), "source": ""}
    return {**made, "first": True} if first else made


def safety(key: str, when: Document, urgency: str = "crisis") -> Document:
    return {"key": key, "urgency": urgency, "when": when, "text": text(key)}


def note(key: str, when: Document) -> Document:
    return {"key": key, "when": when, "text": text(key)}


def document(
    *questions: Document,
    levels: str = "low mid high",
    dimensions: str = "d",
    floors: tuple[Document, ...] = (),
    safety: tuple[Document, ...] = (),
    notes: tuple[Document, ...] = (),
) -> Document:
    return {
        "format": 1,
        "key": "small",
        "title": text("Small"),
        "levels": levels.split(),
        "dimensions": [{"key": key, "name": text(key)} for key in dimensions.split()],
        "questions": list(questions),
        "floors": list(floors),
        "safety": list(safety),
        "notes": list(notes),
    }


def rating(dimension: str, at_least: int) -> Document:
    return {"rating": [dimension, at_least]}


def taken(key: str, *choices: str) -> Document:
    return {"in": [key, list(choices)]}


def default_document() -> Document:
    loaded: Document = json.loads(DEFAULT.read_text())
    return loaded


def default_definition() -> Definition:
    return parse(default_document())


@st.composite
def conditions(draw: st.DrawFn, asked: list[Document], dimensions: list[str], depth: int = 2) -> Document:
    """Any condition over these questions and dimensions, most often a single atom."""
    kinds = ["in", "rating"] if dimensions else ["in"]
    if depth:
        kinds += ["all", "any", "not"]
    kind = draw(st.sampled_from(kinds))
    if kind == "in":
        about = draw(st.sampled_from(asked))
        keys = [one["key"] for one in about["choices"]]
        return taken(about["key"], *draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))
    if kind == "rating":
        return rating(draw(st.sampled_from(dimensions)), draw(st.integers(1, 4)))
    part = conditions(asked, dimensions, depth - 1)
    if kind == "not":
        return {"not": draw(part)}
    return {kind: draw(st.lists(part, min_size=1, max_size=2))}


@st.composite
def questions(draw: st.DrawFn, position: int, dimensions: list[str]) -> Document:
    role = draw(st.sampled_from(["rated", "rated", "rated", "safety", "context", "preference"]))
    kind = draw(st.sampled_from(["one", "one", "many"]))
    choices = []
    for index in range(draw(st.integers(1, 3 if kind == "one" else 2))):
        rates = {}
        if role in ("rated", "safety"):
            rates = draw(st.dictionaries(st.sampled_from(dimensions), st.sampled_from([0, 1, 2, 2, 3, 4]), max_size=2))
        choices.append(choice(f"c{index}", **rates))
    return question(f"q{position}", *choices, kind=kind, role=role)


@st.composite
def rising(draw: st.DrawFn, asked: list[Document], dimensions: list[str], depth: int = 1) -> Document:
    """A condition that worse answers can only make true."""
    kind = draw(st.sampled_from(["in", "rating", "rating", "all", "any"] if depth else ["in", "rating"]))
    if kind == "in" and asked:
        about = draw(st.sampled_from(asked))
        keys = [one["key"] for one in about["choices"]]
        if about["kind"] == "many":
            return taken(about["key"], *draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))
        return taken(about["key"], *keys[draw(st.integers(0, len(keys) - 1)) :])
    if kind in ("in", "rating"):
        return rating(draw(st.sampled_from(dimensions)), draw(st.integers(1, 3)))
    return {kind: draw(st.lists(rising(asked, dimensions, 0), min_size=1, max_size=2))}


@st.composite
def tame_documents(draw: st.DrawFn) -> Document:
    """Questionnaires written with care: they are often good, and the trap of a hidden question is still open."""
    levels = ["low", "mid", "high"][: draw(st.integers(1, 3))]
    asked = [draw(questions(position, ["d", "e"])) for position in range(draw(st.integers(2, 4)))]
    for one in asked:
        worst: dict[str, int] = {}
        for given in one["choices"] if one["kind"] == "one" else []:
            if given.get("rates"):
                worst = {key: max(worst.get(key, 0), given["rates"].get(key, 0)) for key in worst | given["rates"]}
            if worst:
                given["rates"] = dict(worst)
    facts = [one for one in asked if one["role"] != "preference"]
    for position, one in enumerate(asked):
        known = [other for other in asked[:position] if other["role"] != "preference"]
        conditional = draw(st.booleans())
        if known and conditional:
            one["shows_when"] = draw(rising(known, ["d", "e"], 0))
    floors = [floor(f"f{level}", level, draw(rising(facts, ["d", "e"])), draw(st.booleans())) for level in levels[1:]]
    alarms = []
    for one in asked:
        keys = [given["key"] for given in one["choices"]]
        if one["role"] == "safety":
            alarms.append(safety(f"s-{one['key']}", taken(one["key"], *(keys if one["kind"] == "many" else keys[-1:]))))
    asked = draw(with_helper(asked, sound=True))
    return document(*asked, levels=" ".join(levels), dimensions="d e", floors=tuple(floors), safety=tuple(alarms))


@st.composite
def with_helper(draw: st.DrawFn, asked: list[Document], sound: bool) -> list[Document]:
    """The questions, most often with a helper behind one of them."""
    place = draw(st.integers(0, len(asked)))
    if place == len(asked):
        return asked
    keys = [one["key"] for one in asked[place]["choices"]]
    many = asked[place]["kind"] == "many"
    left = (
        draw(sound_meanings(keys, many))
        if sound
        else draw(st.lists(st.lists(st.sampled_from(keys), unique=True), min_size=1, max_size=3))
    )
    made = helper(asked[place]["key"], **{f"h{index}": means for index, means in enumerate(left)})
    return [*asked[: place + 1], made, *asked[place + 1 :]]


@st.composite
def sound_meanings(draw: st.DrawFn, keys: list[str], many: bool) -> list[list[str]]:
    """What the answers of a sound helper leave, the last of them up to everything."""
    left: list[list[str]] = []
    low = high = 0
    for last in (False,) * draw(st.integers(0, 2)) + (True,):
        if many:
            more = draw(st.lists(st.sampled_from(keys), unique=True))
            left.append(keys if last else [key for key in keys if key in more or (left and key in left[-1])])
            continue
        low = draw(st.integers(low, min(high + 1, len(keys) - 1))) if left else 0
        high = len(keys) - 1 if last else draw(st.integers(max(low, high), len(keys) - 1))
        left.append(keys[low : high + 1])
    return left


def documents(forward: bool = True) -> st.SearchStrategy[Document]:
    """Whole small questionnaires, good and bad; with `forward`, a few conditions speak of later questions."""
    return st.one_of(wild_documents(forward), tame_documents())


@st.composite
def wild_documents(draw: st.DrawFn, forward: bool = True) -> Document:
    """Questionnaires with anything anywhere: most have something wrong."""
    dimensions = ["d", "e"][: draw(st.integers(1, 2))]
    levels = ["low", "mid", "high"][: draw(st.integers(2, 3))]
    asked = [draw(questions(position, dimensions)) for position in range(draw(st.integers(1, 4)))]
    for position, one in enumerate(asked):
        ahead = forward and draw(st.integers(0, 19)) == 0
        known = asked if ahead else asked[:position]
        conditional = draw(st.booleans())
        if known and conditional:
            one["shows_when"] = draw(conditions(known, dimensions, depth=1))
    any_condition = conditions(asked, dimensions)
    floors = [
        floor(f"f{position}", draw(st.sampled_from(levels)), draw(any_condition), draw(st.booleans()))
        for position in range(draw(st.integers(0, 3)))
    ]
    alarms = [
        safety(f"s{position}", draw(any_condition), draw(st.sampled_from(["emergency", "crisis", "prompt"])))
        for position in range(draw(st.integers(0, 2)))
    ]
    notes = [note("n", draw(any_condition))] if draw(st.booleans()) else []
    made = document(
        *draw(with_helper(asked, sound=draw(st.booleans()))),
        levels=" ".join(levels),
        dimensions=" ".join(dimensions),
        floors=tuple(floors),
        safety=tuple(alarms),
        notes=tuple(notes),
    )
    if draw(st.integers(0, 9)) == 0:
        made["title"]["es"]["loved"] = " "
    return made
