"""Questionnaires of 10 to 40 questions of one pattern, to see how the time of a proof grows."""

from __future__ import annotations

from typing import Any

SIZES = (10, 20, 30, 40)


def grown(size: int) -> dict[str, Any]:
    """`size` questions with five choices each, in areas of five; the last two of an area are shown by its first.

    Each area has a dimension; floor rules look at each dimension alone and at each with its neighbour, and at a
    fact; so every rating acts together with others all along the questionnaire.
    """
    areas = size // 5
    questions = [_question(area, place) for area in range(areas) for place in range(5)]
    floors = []
    for area in range(areas):
        here, there = f"d{area}", f"d{(area + 1) % areas}"
        floors += [
            _floor(f"low-{area}", "low", {"rating": [here, 1]}),
            _floor(f"mid-{area}", "mid", {"all": [{"rating": [here, 2]}, {"rating": [there, 2]}]}),
            _floor(f"high-{area}", "high", {"all": [{"rating": [here, 3]}, {"rating": [there, 3]}]}),
            _floor(f"top-{area}", "top", {"all": [{"rating": [here, 4]}, {"in": ["q0-0", ["c3", "c4"]]}]}),
        ]
    return {
        "format": 1,
        "key": f"grown-{size}",
        "title": _text("Grown"),
        "levels": ["none", "low", "mid", "high", "top"],
        "dimensions": [{"key": f"d{area}", "name": _text(f"d{area}")} for area in range(areas)],
        "questions": questions,
        "floors": floors,
        "safety": [],
        "notes": [],
    }


def _question(area: int, place: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": f"q{area}-{place}",
        "kind": "one",
        "role": "rated",
        "text": _text(f"Question {place} of area {area}"),
        "choices": [
            {"key": f"c{n}", "text": _text(f"Choice {n}"), "rates": {f"d{area}": n} if n else {}} for n in range(5)
        ],
    }
    if place >= 3:
        made["shows_when"] = {"in": [f"q{area}-0", ["c2", "c3", "c4"]]}
    return made


def _floor(key: str, level: str, when: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "level": level, "when": when, "reason": _text(key), "source": ""}


def _text(words: str) -> dict[str, dict[str, str]]:
    return {"en": {"me": words, "loved": words}, "es": {"me": words, "loved": words}}
