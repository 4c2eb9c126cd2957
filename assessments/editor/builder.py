"""Conditions as an admin builds them: read from a form, changed by a button, shown as lines, said as a sentence.

A condition has the engine's JSON shape, and may be half said: a line without a question, a group without lines, a
question that is not there any more. The engine names such faults; here they are only carried along and shown.

Fields of a node called `when`: `when-is` (all, any, not, in, rating), `when-parts` (how many nodes follow as
`when-0`, `when-1`, …), `when-question`, `when-was` (the question that the choices below belong to), `when-choices`,
`when-dimension`, `when-at_least`. No `when-is`: no condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from assessments.engine.definition import Language
from assessments.engine.phrases import listed, phrase
from assessments.engine.reading import DEEPEST_CONDITION

Condition: TypeAlias = dict[str, Any]

GROUPS = ("all", "any", "not")
MOST_PARTS = 50


class Fields(Protocol):
    """What a posted form is: one value (the default if there is none), or all values, of a name."""

    def get(self, name: str, default: str, /) -> str: ...
    def getlist(self, name: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as conditions see it: its words, and its choices' words by key."""

    key: str
    label: str
    choices: dict[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a condition may speak of, with the words for it, in one language."""

    language: Language
    questions: dict[str, Asked]
    dimensions: dict[str, str]


@dataclass(slots=True)
class Node:
    """A line or a group of a condition, as the page shows it."""

    name: str
    path: str
    kind: str
    parts: list[Node] = field(default_factory=list)
    question: str = ""
    questions: list[tuple[str, str]] = field(default_factory=list)
    choices: list[tuple[str, str, bool]] = field(default_factory=list)
    dimension: str = ""
    dimensions: list[tuple[str, str]] = field(default_factory=list)
    at_least: object = ""
    degrees: list[tuple[int, str]] = field(default_factory=list)


def read(data: Fields, name: str = "when", depth: int = 0) -> Condition | None:
    """The condition that a form holds under `name`; None when it holds none."""
    kind = data.get(f"{name}-is", "")
    if kind in GROUPS and depth < DEEPEST_CONDITION:
        count = data.get(f"{name}-parts", "")
        many = min(int(count), MOST_PARTS) if count.isdecimal() else 0
        parts = [part for place in range(many) if (part := read(data, f"{name}-{place}", depth + 1))]
        if kind != "not":
            return {kind: parts}
        return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
    if kind == "in":
        question = data.get(f"{name}-question", "")
        return {"in": [question, data.getlist(f"{name}-choices") if question == data.get(f"{name}-was", "") else []]}
    if kind == "rating":
        degree = data.get(f"{name}-at_least", "")
        return {"rating": [data.get(f"{name}-dimension", ""), int(degree) if degree.isdecimal() else degree]}
    return None


def change(condition: Condition | None, command: str, path: str) -> Condition | None:
    """The condition after a button: `command` is add-in, add-rating, add-group or remove; `path` is as in `Node`."""
    if command == "remove":
        return _without(condition, _steps(path))
    new: dict[str, Condition] = {
        "add-in": {"in": ["", []]},
        "add-rating": {"rating": ["", 1]},
        "add-group": {"any": [{"in": ["", []]}]},
    }
    return _with(condition, _steps(path), new[command]) if command in new else condition


def node(condition: Condition, words: Vocabulary, name: str = "when", path: str = "") -> Node:
    """The condition as a tree of lines and groups."""
    ((kind, inner),) = condition.items()
    shown = Node(name, path, kind)
    if kind in GROUPS:
        shown.parts = [
            node(part, words, f"{name}-{place}", f"{path}-{place}".lstrip("-"))
            for place, part in enumerate(parts(condition))
        ]
    elif kind == "in":
        shown.question, chosen = inner
        asked = words.questions.get(shown.question)
        shown.questions = [(one.key, one.label) for one in words.questions.values()]
        known = asked.choices if asked else {}
        if shown.question and not asked:
            shown.questions.insert(0, (shown.question, f"“{shown.question}” ?"))
        shown.choices = [(key, label, key in chosen) for key, label in known.items()]
        shown.choices += [(key, f"“{key}” ?", True) for key in chosen if key not in known]
    else:
        shown.dimension, shown.at_least = inner
        shown.dimensions = list(words.dimensions.items())
        if shown.dimension and shown.dimension not in words.dimensions:
            shown.dimensions.insert(0, (shown.dimension, f"“{shown.dimension}” ?"))
        shown.degrees = [(degree, phrase(f"degree-{degree}", words.language)) for degree in range(1, 5)]
    return shown


def say(condition: Condition | None, words: Vocabulary) -> str:
    """The condition as part of a sentence; "always" when there is none, and a … where something is not said yet."""
    if condition is None:
        return phrase("always", words.language)
    ((kind, inner),) = condition.items()
    if kind in ("all", "any"):
        joint = phrase("and" if kind == "all" else "or", words.language)
        return f" {joint} ".join(_inner(part, words) for part in inner) or "…"
    if kind == "not":
        return phrase("not", words.language, condition=say(inner, words))
    key, value = inner
    if kind == "in":
        asked = words.questions.get(key) or Asked(key, key or "…", {})
        wording = [f"“{asked.choices.get(choice, choice)}”" for choice in value]
        return phrase("in", words.language, question=asked.label, choices=listed(wording, words.language, "or") or "…")
    degree = phrase(f"degree-{value}", words.language) if value in (1, 2, 3, 4) else str(value)
    return phrase("rating", words.language, dimension=words.dimensions.get(key, key) or "…", degree=degree)


def parts(condition: Condition) -> list[Condition]:
    """The conditions directly inside a condition."""
    ((kind, inner),) = condition.items()
    if kind == "not":
        return [inner]
    return list(inner) if kind in GROUPS else []


def same(one: Condition | None, other: Condition | None) -> bool:
    """Whether two conditions say the same: the choices of a line may stand in any order."""
    if one is None or other is None:
        return one is other
    ((kind, inner),), ((kind_of_other, others),) = one.items(), other.items()
    if kind != kind_of_other:
        return False
    if kind == "in":
        return inner[0] == others[0] and sorted(inner[1]) == sorted(others[1])
    if kind == "rating":
        return bool(inner == others)
    inside, theirs = parts(one), parts(other)
    return len(inside) == len(theirs) and all(map(same, inside, theirs))


def renamed(condition: Any, kind: str, old: str, new: str, question: str = "") -> Any:
    """The condition with a key changed: of a "question", a "dimension", or a "choice" of `question`."""
    if condition is None:
        return None
    ((name, inner),) = condition.items()
    if name == "in":
        asked, chosen = inner
        if kind == "question" and asked == old:
            return {"in": [new, chosen]}
        if kind == "choice" and asked == question:
            return {"in": [asked, [new if choice == old else choice for choice in chosen]]}
        return condition
    if name == "rating":
        return {"rating": [new, inner[1]]} if kind == "dimension" and inner[0] == old else condition
    if name == "not":
        return {"not": renamed(inner, kind, old, new, question)}
    return {name: [renamed(part, kind, old, new, question) for part in inner]}


def _inner(part: Condition, words: Vocabulary) -> str:
    wording = say(part, words)
    return f"({wording})" if len(parts(part)) > 1 else wording


def _steps(path: str) -> list[int]:
    return [int(step) for step in path.split("-") if step.isdecimal()]


def _made(kind: str, inside: list[Condition]) -> Condition | None:
    """A group of these parts; a group of one (but "not") is that one, and of none is nothing."""
    if not inside:
        return None
    if kind == "not":
        return {"not": inside[0]}
    return {kind: inside} if len(inside) > 1 else inside[0]


def _without(condition: Condition | None, steps: list[int]) -> Condition | None:
    if not steps or condition is None:
        return None
    inside, (kind,) = parts(condition), condition
    if steps[0] < len(inside):
        left = _without(inside.pop(steps[0]), steps[1:])
        if left:
            inside.insert(steps[0], left)
    return _made(kind, inside)


def _with(condition: Condition | None, steps: list[int], new: Condition) -> Condition:
    if condition is None:
        return new
    inside, (kind,) = parts(condition), condition
    if steps and steps[0] < len(inside):
        inside[steps[0]] = _with(inside[steps[0]], steps[1:], new)
        return {"not": inside[0]} if kind == "not" else {kind: inside}
    if kind in ("all", "any"):
        return {kind: [*inside, new]}
    if kind == "not" and next(iter(inside[0])) in ("all", "any"):
        return {"not": _with(inside[0], [], new)}
    return {"not": {"any": [*inside, new]}} if kind == "not" else {"all": [condition, new]}


def walk_conditions(condition: Condition | None) -> Iterator[Condition]:
    """The condition and all conditions inside it."""
    if condition is not None:
        yield condition
        for part in parts(condition):
            yield from walk_conditions(part)
