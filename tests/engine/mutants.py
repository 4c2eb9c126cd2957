"""Every small change to a questionnaire's rules: one threshold, one condition, one rating, one level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Document = dict[str, Any]


class Mutant(NamedTuple):
    what: str
    about: str
    """The key of the rule or question that was changed."""
    document: Document


def mutants(document: Document) -> Iterator[Mutant]:
    """Each mutant of a document."""
    for kind in ("floors", "safety", "notes"):
        for position, rule in enumerate(document[kind]):
            for what, condition in changed(document, rule["when"]):
                yield _with(document, (kind, position, "when"), condition, f"{rule['key']}: {what}", rule["key"])
    for position, question in enumerate(document["questions"]):
        if "shows_when" in question:
            for what, condition in changed(document, question["shows_when"]):
                shows = ("questions", position, "shows_when")
                yield _with(document, shows, condition, f"{question['key']} shows: {what}", question["key"])
        for index, choice in enumerate(question["choices"]):
            for dimension, rating in choice.get("rates", {}).items():
                place = ("questions", position, "choices", index, "rates", dimension)
                name = f"{question['key']} {choice['key']} rates {dimension}"
                for other in {rating - 1, rating + 1, 0} & set(range(5)):
                    yield _with(document, place, other, f"{name} {rating} → {other}", question["key"])
    for position, floor in enumerate(document["floors"]):
        rank = document["levels"].index(floor["level"])
        for other in {rank - 1, rank + 1} & set(range(len(document["levels"]))):
            level = document["levels"][other]
            yield _with(document, ("floors", position, "level"), level, f"{floor['key']} → {level}", floor["key"])
    for position, rule in enumerate(document["safety"]):
        for urgency in {"emergency", "crisis", "prompt"} - {rule["urgency"]}:
            what = f"{rule['key']} → {urgency}"
            yield _with(document, ("safety", position, "urgency"), urgency, what, rule["key"])


def changed(document: Document, condition: Document) -> Iterator[tuple[str, Document]]:
    """Each condition that differs from this one in one place."""
    ((kind, inner),) = condition.items()
    yield f"not {kind}", {"not": condition}
    if kind == "rating":
        dimension, at_least = inner
        for other in {at_least - 1, at_least + 1} & set(range(1, 5)):
            yield f"{dimension} {at_least} → {other}", {"rating": [dimension, other]}
        for other in document["dimensions"]:
            if other["key"] != dimension:
                yield f"{dimension} → {other['key']}", {"rating": [other["key"], at_least]}
    elif kind == "in":
        question, taken = inner
        keys = [choice["key"] for one in document["questions"] if one["key"] == question for choice in one["choices"]]
        for key in keys:
            other = [one for one in taken if one != key] if key in taken else [*taken, key]
            if other:
                yield f"{question} {'without' if key in taken else 'with'} {key}", {"in": [question, other]}
    elif kind == "not":
        yield "without not", inner
    else:
        yield f"{kind} swapped", {"any" if kind == "all" else "all": inner}
        for position, part in enumerate(inner):
            rest = [*inner[:position], *inner[position + 1 :]]
            if rest:
                yield f"{kind} without part {position}", {kind: rest}
            for what, other in changed(document, part):
                yield what, {kind: [*inner[:position], other, *inner[position + 1 :]]}


def _with(document: Document, place: tuple[Any, ...], value: Any, what: str, about: str) -> Mutant:
    return Mutant(what, about, _changed_at(document, place, value))


def _changed_at(part: Any, place: tuple[Any, ...], value: Any) -> Any:
    """A copy of the part, with the value at its place; all beside the way there is shared."""
    if not place:
        return value
    copied = part.copy()
    copied[place[0]] = _changed_at(part[place[0]], place[1:], value)
    return copied
