"""The page for clinicians says what the questionnaire does: every answer, rating, condition, level and source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assessments.engine.prove import prove
from assessments.engine.wording import said as as_everybody_reads
from tests.engine.building import default_definition, default_document

PAGE = (Path(__file__).parents[2] / "docs" / "questionnaire.md").read_text()
DOCUMENT = default_document()


def said(condition: dict[str, Any], inner: bool = False) -> str:
    ((kind, parts),) = condition.items()
    if kind == "in":
        return f"{parts[0]}: {' / '.join(parts[1])}"
    if kind == "rating":
        return f"{parts[0]} ≥ {parts[1]}"
    if kind == "not":
        return f"not ({said(parts)})"
    words = (" and " if kind == "all" else " or ").join(said(part, inner=True) for part in parts)
    return f"({words})" if inner else words


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def rows(heading: str) -> list[list[str]]:
    """The table rows between a heading and the next heading of the same or a higher rank."""
    start = PAGE.index(f"\n{heading}") + 1
    rank = heading.index(" ")
    after = re.search(rf"^#{{1,{rank}}} ", PAGE[start + len(heading) :], re.MULTILINE)
    part = PAGE[start : start + len(heading) + after.start()] if after else PAGE[start:]
    return [cells(line) for line in part.splitlines() if line.startswith("|") and not line.startswith("|---")][1:]


def test_every_question_stands_there_with_each_answer_and_what_it_rates() -> None:
    for question in DOCUMENT["questions"]:
        heading = f"### `{question['key']}`: {as_everybody_reads(question['text']['en']['me'])}"
        expected = []
        for choice in question["choices"]:
            rates = [f"{dimension} {rating}" for dimension, rating in sorted(choice.get("rates", {}).items())]
            counts = ", ".join(rates or choice.get("favours", [])) or "–"
            if "helps" in question:
                counts = ", ".join(choice.get("means", [])) or "none of these"
            expected.append([as_everybody_reads(choice["text"]["en"]["me"]), f"`{choice['key']}`", counts])
        assert rows(heading) == expected
        if "shows_when" in question:
            assert f"*asked when* {said(question['shows_when'])}." in PAGE[PAGE.index(heading) :][:600]
        if "helps" in question:
            told = f"Helper; *asked when* {question['helps']} is answered with “not sure”."
            assert told in PAGE[PAGE.index(heading) :][:600]


def test_every_floor_rule_stands_under_its_level_in_full() -> None:
    for level in DOCUMENT["levels"][1:]:
        expected = {rule["key"]: rule for rule in DOCUMENT["floors"] if rule["level"] == level}
        found = {row[0].strip("`"): row for row in rows(f"### At least {level}")}
        assert found.keys() == expected.keys()
        for key, (_, when, why, source) in found.items():
            assert (when, source) == (said(expected[key]["when"]), expected[key]["source"])
            assert len(why) > 20, key
            assert why.startswith("*First step.*") == expected[key].get("first", False), key


def test_every_safety_rule_and_note_stands_there_with_its_condition() -> None:
    safety = [
        [f"`{rule['key']}`", said(rule["when"]), "; ".join([rule["urgency"], *_first(rule)])]
        for rule in DOCUMENT["safety"]
    ]
    assert [row[:3] for row in rows("## Safety rules")] == safety
    notes = [[f"`{note['key']}`", said(note["when"])] for note in DOCUMENT["notes"]]
    assert [row[:2] for row in rows("## Notes on special care")] == notes


def _first(rule: dict[str, Any]) -> list[str]:
    return [f"{rule['helpline']} first"] if "helpline" in rule else []


@pytest.mark.slow
def test_what_the_page_says_of_the_proof_is_so() -> None:
    proof = prove(default_definition())
    assert f"{proof.shortest} to {proof.longest} questions" in PAGE
    assert "10²⁸" in PAGE and 10**27.5 < proof.cases < 10**28.5
