"""The document: what is accepted, what is said of the rest, and that it has one canonical form."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.engine import document as engine_document
from assessments.engine.document import DefinitionError, canonical_json, parse, sha256, to_json
from tests.engine.building import (
    DEFAULT,
    Document,
    choice,
    default_document,
    document,
    documents,
    floor,
    question,
    rating,
    safety,
    taken,
)

SCHEMA = json.loads((Path(engine_document.__file__).parent / "schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

JUNK: list[Any] = [
    None,
    True,
    0,
    1,
    5,
    -1,
    2.0,
    2.5,
    "",
    "a b",
    "not_sure",
    "x",
    [],
    ["x"],
    [[]],
    {},
    {"all": []},
    {"in": ["x"]},
]


def small() -> Document:
    return document(
        question("a", choice("x"), choice("y", d=2)),
        question("b", choice("x", d=3), choice("y"), kind="many", when=taken("a", "y")),
        question("c", choice("x", ["low"]), role="preference"),
        floors=(floor("f", "mid", {"all": [rating("d", 2), {"not": {"any": [taken("b", "x"), taken("a", "x")]}}]}),),
    )


def faults(made: Any) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse(made)
    return str(caught.value).splitlines()


def test_the_default_questionnaire_fits_the_published_schema() -> None:
    assert list(VALIDATOR.iter_errors(default_document())) == []


@settings(max_examples=25)
@given(documents())
def test_a_document_comes_back_from_its_canonical_form(made: Document) -> None:
    definition = parse(made)
    written = canonical_json(definition)
    again = parse(json.loads(written))
    assert canonical_json(again) == written
    assert sha256(again) == hashlib.sha256(written.encode()).hexdigest()
    VALIDATOR.validate(to_json(definition))


def test_canonical_form_ignores_key_order_and_zero_ratings() -> None:
    one, other = small(), json.loads(json.dumps(small(), sort_keys=True))
    other["questions"][0]["choices"][0]["rates"] = {"d": 0}
    assert canonical_json(parse(one)) == canonical_json(parse(other))
    other["questions"][0]["choices"][0]["rates"] = {"d": 1}
    assert sha256(parse(one)) != sha256(parse(other))


def test_the_canonical_form_keeps_letters_of_every_language() -> None:
    made = small()
    made["title"]["es"]["me"] = "¿Qué nivel?"
    assert "¿Qué nivel?" in canonical_json(parse(made))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the deepest too."""
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            found += places(value[index], (*path, index))
    return found


@settings(max_examples=150)
@given(st.data())
def test_parse_accepts_a_shape_exactly_when_the_schema_does(data: st.DataObject) -> None:
    made = small()
    *steps, last = data.draw(st.sampled_from(places(made)[1:]))
    parent: Any = made
    for step in steps:
        parent = parent[step]
    act = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if act == "replace":
        parent[last] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
    elif act == "remove":
        del parent[last]
    elif isinstance(parent, dict):
        parent["surplus"] = data.draw(st.sampled_from(JUNK))
    else:
        parent.append(copy.deepcopy(data.draw(st.sampled_from(JUNK))))
    try:
        parse(made)
        shape = True
    except DefinitionError as error:
        # Keys that lead nowhere are no matter of shape; the schema cannot know them.
        shape = all(problem.phrase in REFERENCES for problem in error.problems)
        assert all(problem.message and problem.say("es") for problem in error.problems)
    assert shape == VALIDATOR.is_valid(made)


REFERENCES = {
    "twice",
    "rule-twice",
    "no-level",
    "no-dimension",
    "no-question",
    "no-choice",
    "role-rates",
    "role-favours",
    "favours-twice",
}


def test_all_faults_are_told_at_once_each_with_its_place() -> None:
    made = small()
    made["levels"] = "low"
    made["questions"][0]["kind"] = "several"
    made["questions"][1]["choices"][0]["rates"] = {"d": 7}
    made["floors"][0]["when"] = {"all": []}
    assert faults(made) == [
        "levels: This must be a list.",
        "questions[0].kind: This must be one of: one, many.",
        "questions[1].choices[0].rates.d: This must be a whole number from 0 to 4.",
        "floors[0].when.all: This needs at least 1.",
    ]


def test_keys_that_lead_nowhere_are_told_with_their_place() -> None:
    made = small()
    made["questions"][1]["shows_when"] = taken("z", "x")
    made["questions"][2]["choices"][0]["favours"] = ["low", "low", "up"]
    made["questions"][0]["choices"][0]["rates"] = {"e": 1}
    made["questions"].append(question("a", choice("x", ["low"], d=1), choice("x"), role="context"))
    made["floors"].append(floor("f", "top", {"any": [taken("b", "z"), rating("e", 1)]}))
    assert faults(made) == [
        "questions[3].key: The key “a” is used twice.",
        "questions[0].choices[0].rates.e: There is no dimension “e”.",
        "questions[1].shows_when: There is no question “z”.",
        "questions[2].choices[0].favours: There is no level “up”.",
        "questions[2].choices[0].favours: A level is named twice.",
        "questions[3].choices[1].key: The key “x” is used twice.",
        "questions[3].choices[0].rates: A context question rates nothing; change its role.",
        "questions[3].choices[0].favours: Only a preference favours levels; change the role.",
        "floors[1].level: There is no level “top”.",
        "floors[1].key: Another rule has the key “f”.",
        "floors[1].when: The question “b” has no choice “z”.",
        "floors[1].when: There is no dimension “e”.",
    ]


def test_a_condition_nested_without_end_is_refused_and_not_followed() -> None:
    condition = taken("a", "x")
    for _ in range(500):
        condition = {"not": condition}
    made = small()
    made["floors"][0]["when"] = condition
    assert faults(made) and "nested too deeply" in faults(made)[0]


@pytest.mark.parametrize("junk", [None, [], "text", 3, {}])
def test_what_is_no_questionnaire_is_refused(junk: Any) -> None:
    assert faults(junk)


def test_default_questionnaire_file_is_plain_json_with_its_key() -> None:
    assert parse(json.loads(DEFAULT.read_text())).key == DEFAULT.stem == "level-of-care"


def test_a_safety_rule_may_name_the_line_to_reach_first() -> None:
    plain = safety("danger", taken("q", "yes"))
    named = {**plain, "helpline": "domestic-violence"}
    without, with_line = (
        parse(document(question("q", choice("no"), choice("yes")), safety=(one,))) for one in (plain, named)
    )
    assert (without.safety[0].helpline, with_line.safety[0].helpline) == (None, "domestic-violence")
    assert "helpline" not in canonical_json(without), "a questionnaire from before keeps its hash"
    assert parse(json.loads(canonical_json(with_line))).safety == with_line.safety
    with pytest.raises(DefinitionError, match="domestic-violence"):
        parse(document(question("q", choice("no"), choice("yes")), safety=({**plain, "helpline": "555"},)))
