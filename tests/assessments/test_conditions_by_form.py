"""The condition builder: what a form shows is what it reads, whatever the condition."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from assessments.editor import builder
from assessments.editor.builder import Asked, Node, Vocabulary
from assessments.engine.document import parse
from assessments.engine.readable import say_condition
from tests.engine.building import choice, conditions, document, question

QUESTIONS = [question("a", choice("x"), choice("y")), question("b", choice("x"), choice("z"), kind="many")]
WORDS = Vocabulary(
    "en",
    {
        one["key"]: Asked(one["key"], f"{one['key']}?", {each["key"]: each["key"] for each in one["choices"]})
        for one in QUESTIONS
    },
    {"d": "d", "e": "e"},
)
ANY = conditions(QUESTIONS, ["d", "e"], 3)


def posted(node: Node) -> QueryDict:
    """What a browser posts for the fields that the page shows."""
    data = QueryDict(mutable=True)

    def fill(shown: Node) -> None:
        data[f"{shown.name}-is"] = shown.kind
        if shown.kind in builder.GROUPS:
            data[f"{shown.name}-parts"] = str(len(shown.parts))
            for part in shown.parts:
                fill(part)
        elif shown.kind == "in":
            data[f"{shown.name}-question"] = data[f"{shown.name}-was"] = shown.question
            chosen = [key for key, _label, ticked in shown.choices if ticked]
            data.setlist(f"{shown.name}-choices", chosen)
        else:
            data[f"{shown.name}-dimension"] = shown.dimension
            data[f"{shown.name}-at_least"] = str(shown.at_least)

    fill(node)
    return data


def in_order(condition: Any) -> Any:
    """The condition with the choices of each line in the order of their question."""
    ((name, inner),) = condition.items()
    if name == "in":
        return {"in": [inner[0], [key for key in WORDS.questions[inner[0]].choices if key in inner[1]]]}
    if name == "rating":
        return condition
    return {"not": in_order(inner)} if name == "not" else {name: [in_order(part) for part in inner]}


@given(ANY)
def test_a_form_gives_back_the_condition_that_it_shows(condition: Any) -> None:
    assert builder.read(posted(builder.node(condition, WORDS))) == in_order(condition)


@given(ANY)
def test_the_editor_says_a_condition_as_the_engine_does(condition: Any) -> None:
    definition = parse(document(*QUESTIONS, dimensions="d e", levels="low"))
    asked = parse(
        document(*QUESTIONS, question("c", choice("x"), when=condition), dimensions="d e", levels="low")
    ).by_key["c"]
    assert asked.shows_when is not None
    assert builder.say(condition, WORDS) == say_condition(definition, asked.shows_when)


@given(ANY, st.sampled_from(["add-in", "add-rating", "add-group", "remove"]), st.data())
def test_a_button_changes_one_place_and_leaves_a_condition(condition: Any, command: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(paths(builder.node(condition, WORDS))))
    before = len(list(builder.walk_conditions(condition)))
    changed = builder.change(condition, command, path)
    if command == "remove":
        assert changed is None or len(list(builder.walk_conditions(changed))) < before
        assert changed is None or path
    else:
        assert changed is not None
        assert len(list(builder.walk_conditions(changed))) > before


def paths(node: Node) -> list[str]:
    return [node.path, *(path for part in node.parts for path in paths(part))]


def test_another_question_drops_the_answers_of_the_one_before() -> None:
    data = QueryDict("when-is=in&when-was=a&when-question=b&when-choices=x&when-choices=y")
    assert builder.read(data) == {"in": ["b", []]}


def test_a_broken_reference_is_shown_and_kept() -> None:
    gone = {"in": ["gone", ["away"]]}
    shown = builder.node(gone, WORDS)
    assert ("gone", "“gone” ?") in shown.questions
    assert builder.read(posted(shown)) == gone
    assert builder.say(gone, WORDS) == "“gone” is answered with “away”"


def test_a_line_that_is_not_said_yet_reads_as_dots() -> None:
    assert builder.say(builder.change(None, "add-in", ""), WORDS) == "“…” is answered with …"


def test_none_of_several_becomes_not_any() -> None:
    data = QueryDict(
        "when-is=not&when-parts=2&when-0-is=rating&when-0-dimension=d&when-0-at_least=1"
        "&when-1-is=rating&when-1-dimension=e&when-1-at_least=2"
    )
    assert builder.read(data) == {"not": {"any": [{"rating": ["d", 1]}, {"rating": ["e", 2]}]}}


def test_renaming_reaches_every_depth() -> None:
    condition = {"all": [{"not": {"in": ["a", ["x"]]}}, {"any": [{"in": ["b", ["x"]]}, {"rating": ["d", 2]}]}]}
    assert builder.renamed(condition, "question", "a", "n")["all"][0] == {"not": {"in": ["n", ["x"]]}}
    assert builder.renamed(condition, "choice", "x", "n", "b")["all"][1]["any"][0] == {"in": ["b", ["n"]]}
    assert builder.renamed(condition, "choice", "x", "n", "b")["all"][0] == {"not": {"in": ["a", ["x"]]}}
    assert builder.renamed(condition, "dimension", "d", "n")["all"][1]["any"][1] == {"rating": ["n", 2]}


def test_a_form_nested_beyond_measure_does_no_harm() -> None:
    data = QueryDict(mutable=True)
    name = "when"
    for _depth in range(100):
        data[f"{name}-is"], data[f"{name}-parts"] = "all", "1"
        name += "-0"
    read: Any = builder.read(data)
    assert len(list(builder.walk_conditions(read))) < 20
