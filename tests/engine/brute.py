"""An independent reading of a questionnaire document: every complete walk, one by one, straight from the JSON.

It shares nothing with the engine, is slow, and is the judge of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

Document = dict[str, Any]
Walk = dict[str, tuple[str, ...]]
"""Question key → the choices taken (one, or any set), for each question that is asked."""

URGENCY = {"": 0, "prompt": 1, "crisis": 2, "emergency": 3}


def rated(document: Document, walk: Walk, dimension: str) -> int:
    return max(
        (
            choice.get("rates", {}).get(dimension, 0)
            for question in document["questions"]
            for choice in question["choices"]
            if choice["key"] in walk.get(question["key"], ())
        ),
        default=0,
    )


def holds(document: Document, condition: Document, walk: Walk) -> bool:
    ((kind, inner),) = condition.items()
    if kind == "all":
        return all(holds(document, part, walk) for part in inner)
    if kind == "any":
        return any(holds(document, part, walk) for part in inner)
    if kind == "not":
        return not holds(document, inner, walk)
    if kind == "in":
        return bool(set(inner[1]) & set(walk.get(inner[0], ())))
    return rated(document, walk, inner[0]) >= int(inner[1])


def answers_to(question: Document) -> list[tuple[str, ...]]:
    keys = [choice["key"] for choice in question["choices"]]
    if question["kind"] == "one":
        return [(key,) for key in keys]
    return [
        tuple(key for key, taken in zip(keys, pattern, strict=True) if taken)
        for pattern in product([False, True], repeat=len(keys))
    ]


def walks(document: Document, kept: Walk | None = None) -> Iterator[Walk]:
    """Every complete walk that gives the kept answers where it asks those questions, and any answer elsewhere."""
    kept = kept or {}

    def go(position: int, walk: Walk) -> Iterator[Walk]:
        if position == len(document["questions"]):
            yield walk
            return
        question = document["questions"][position]
        if "helps" in question:
            yield from go(position + 1, walk)
            return
        if "shows_when" in question and not holds(document, question["shows_when"], walk):
            yield from go(position + 1, walk)
            return
        given = [kept[question["key"]]] if question["key"] in kept else answers_to(question)
        for answer in given:
            yield from go(position + 1, {**walk, question["key"]: answer})

    yield from go(0, {})


def level(document: Document, walk: Walk) -> int:
    met = [rule["level"] for rule in document["floors"] if holds(document, rule["when"], walk)]
    return max(map(document["levels"].index, met), default=0)


def then(document: Document, walk: Walk) -> int:
    """The level after a first step."""
    lasting = [rule for rule in document["floors"] if not rule.get("first")]
    return level({**document, "floors": lasting}, walk)


def helpers(document: Document) -> dict[str, Document]:
    """Helpers by the question that they help."""
    return {question["helps"]: question for question in document["questions"] if "helps" in question}


def helpers_sound(document: Document) -> bool:
    """Every pair of meanings and every pair of a helper's answers, one by one, as a person might complain of them."""
    by_key = {question["key"]: question for question in document["questions"]}
    for helped, helper in helpers(document).items():
        order = [choice["key"] for choice in by_key[helped]["choices"]]
        left = [{order.index(key) for key in choice.get("means", [])} for choice in helper["choices"]]
        if set().union(*left) != set(range(len(order))):
            return False
        rises = many_rise if by_key[helped]["kind"] == "many" else one_rises
        if not all(map(rises, left, left[1:])) or not rises(left[0], left[-1]):
            return False
    return True


def many_rise(before: set[int], after: set[int]) -> bool:
    return before <= after


def one_rises(before: set[int], after: set[int]) -> bool:
    whole = all(left and left == set(range(min(left), max(left) + 1)) for left in (before, after))
    return whole and min(before) <= min(after) and max(before) <= max(after)


def urgency(document: Document, walk: Walk) -> int:
    return max(
        (URGENCY[rule["urgency"]] for rule in document["safety"] if holds(document, rule["when"], walk)), default=0
    )


def next_worse(question: Document, answer: tuple[str, ...]) -> list[tuple[str, ...]]:
    keys = [choice["key"] for choice in question["choices"]]
    if question["kind"] == "one":
        position = keys.index(answer[0])
        return [(keys[position + 1],)] if position + 1 < len(keys) else []
    return [tuple(key for key in keys if key in answer or key == more) for more in keys if more not in answer]


def cost(document: Document, walk: Walk) -> int:
    """How many answers are not the least severe; each choice taken counts for kind "many"."""
    total = 0
    for question in document["questions"]:
        answer = walk.get(question["key"], ())
        if question["kind"] == "many":
            total += len(answer)
        elif answer:
            total += answer[0] != question["choices"][0]["key"]
    return total


def changes(document: Document, role_is_preference: bool) -> Iterator[tuple[Walk, Walk]]:
    """Each complete walk, and each walk after one answer got worse: the others kept, those newly asked anything."""
    for before in walks(document):
        for question in document["questions"]:
            if question["key"] in before and (question["role"] == "preference") == role_is_preference:
                for worse in next_worse(question, before[question["key"]]):
                    for after in walks(document, {**before, question["key"]: worse}):
                        yield before, after


def smallest_fall(document: Document, function: Any) -> int | None:
    """The cost of the smallest fall of a function when an answer gets worse; None when it never falls."""
    return min(
        (
            cost(document, {**{key: value for key, value in after.items() if key not in before}, **before})
            for before, after in changes(document, role_is_preference=False)
            if function(document, after) < function(document, before)
        ),
        default=None,
    )


def _safety_reached(document: Document, walk: Walk) -> bool:
    for position, question in enumerate(document["questions"]):
        if question["role"] != "safety" or question["key"] not in walk:
            continue
        so_far = {one["key"]: walk[one["key"]] for one in document["questions"][: position + 1] if one["key"] in walk}
        keys = [choice["key"] for choice in question["choices"]]
        dire = set(keys if question["kind"] == "many" else keys[-1:])
        if dire & set(walk[question["key"]]) and urgency(document, so_far) == 0:
            return False
    return True


def _named(condition: Document) -> set[str]:
    ((kind, inner),) = condition.items()
    if kind == "in":
        return {inner[0]}
    if kind == "rating":
        return set()
    return set().union(*map(_named, [inner] if kind == "not" else inner))


def properties(document: Document) -> dict[str, bool]:
    """The verdict on each property, by trying everything."""
    everything = list(walks(document))
    rules = [*document["floors"], *document["safety"], *document["notes"]]
    keys = [question["key"] for question in document["questions"]]
    return {
        "references_backward": all(
            named in keys[:position]
            for position, question in enumerate(document["questions"])
            if "shows_when" in question
            for named in _named(question["shows_when"])
        ),
        "helpers_sound": helpers_sound(document),
        "texts_complete": all(words.strip() for words in _all_words(document)),
        "questions_reachable": all(
            any(question.get("helps", question["key"]) in walk for walk in everything)
            for question in document["questions"]
            if "helps" not in question
        ),
        "rules_reachable": all(any(holds(document, rule["when"], walk) for walk in everything) for rule in rules),
        "levels_reachable": {level(document, walk) for walk in everything} == set(range(len(document["levels"]))),
        "always_a_result": all(everything),
        "worse_never_lower": smallest_fall(document, level) is None,
        "then_never_lower": all(level(document, walk) == then(document, walk) for walk in everything)
        or smallest_fall(document, then) is None,
        "preferences_neutral": all(
            (level(document, before), then(document, before)) == (level(document, after), then(document, after))
            for before, after in changes(document, True)
        ),
        "safety_reached": all(_safety_reached(document, walk) for walk in everything),
        "safety_kept": smallest_fall(document, urgency) is None,
    }


def _all_words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.keys() == {"en", "es"}:
            yield from (words for voices in value.values() for words in voices.values())
        else:
            for inner in value.values():
                yield from _all_words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _all_words(inner)
