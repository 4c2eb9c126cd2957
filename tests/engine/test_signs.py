"""What to look for after "not sure", which answers would narrow a range, and how many questions are left."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE
from assessments.engine.document import parse
from assessments.engine.narrowing import narrowing, width
from assessments.engine.signs import signs
from assessments.engine.walk import left, replay
from tests.engine.building import choice, default_definition, document, floor, question, rating, safety, taken

DEFAULT = default_definition()


def test_every_possible_rule_of_the_default_has_signs() -> None:
    answers = {one.key: NOT_SURE for one in DEFAULT.questions}
    for fired in evaluate(DEFAULT, answers).safety:
        assert not fired.stated
        assert signs(DEFAULT, answers, fired), fired.rule


def test_signs_are_exactly_the_answers_that_the_rule_names() -> None:
    made = parse(
        document(
            question("a", choice("no"), choice("some", d=2), choice("much", d=3)),
            question("b", choice("x"), choice("y"), kind="many"),
            safety=(
                safety("by-rating", rating("d", 2)),
                safety("by-both", {"all": [taken("a", "much"), taken("b", "y")]}),
            ),
        )
    )
    answers = {"a": NOT_SURE, "b": NOT_SURE}
    found = {fired.rule: signs(made, answers, fired) for fired in evaluate(made, answers).safety}
    assert found == {
        "by-rating": (((("a", "some"),), ()), ((("a", "much"),), ())),
        "by-both": (((("a", "much"), ("b", "y")), ()),),
    }
    assert [fired.stated for fired in evaluate(made, {"a": "much", "b": NOT_SURE}).safety] == [True, False]


def test_either_of_two_answers_is_a_sign_alone_and_no_pair() -> None:
    made = parse(
        document(
            question("a", choice("no"), choice("yes")),
            question("b", choice("no"), choice("yes")),
            question("c", choice("no"), choice("yes")),
            safety=(safety("any", {"any": [taken("a", "yes"), {"all": [taken("b", "yes"), taken("c", "yes")]}]}),),
        )
    )
    answers = {"a": NOT_SURE, "b": NOT_SURE, "c": "yes"}
    (fired,) = evaluate(made, answers).safety
    assert signs(made, answers, fired) == (((("a", "yes"),), ()), ((("b", "yes"),), (("c", "yes"),)))


def test_outright_answer_is_stated_despite_an_unsure_condition() -> None:
    answers = {one.key: NOT_SURE for one in DEFAULT.questions} | {"stopping": "severe"}
    stated = {fired.rule for fired in evaluate(DEFAULT, answers).safety if fired.stated}
    assert stated == {"withdrawal-danger"}


def test_most_narrowing_question_comes_first() -> None:
    made = parse(
        document(
            question("idle", choice("no"), choice("yes", d=1)),
            question("some", choice("no"), choice("yes", d=2)),
            question("most", choice("no", e=1), choice("yes", e=2)),
            dimensions="d e",
            floors=(floor("f", "mid", rating("d", 2)), floor("g", "high", rating("e", 2))),
        )
    )
    answers = {"idle": NOT_SURE, "some": NOT_SURE, "most": NOT_SURE}
    assert width(made, evaluate(made, answers)) == 3
    assert narrowing(made, answers) == ["most", "some"]
    assert narrowing(made, {"idle": "no", "some": "no", "most": "no"}) == []


@st.composite
def halves(draw: st.DrawFn) -> dict[str, object]:
    """Answers to the default up to some question, "not sure" among them."""
    answers: dict[str, object] = {}
    until = draw(st.integers(0, 24))
    while len(answers) < until and (outcome := evaluate(DEFAULT, answers)).next_question:  # type: ignore[arg-type]
        asked = DEFAULT.by_key[outcome.next_question]
        key = draw(st.sampled_from([choice.key for choice in asked.choices] + [NOT_SURE]))
        answers[asked.key] = [key] if asked.kind == "many" and key != NOT_SURE else key
    return answers


@settings(max_examples=60)
@given(halves(), st.data())
def test_no_walk_asks_fewer_or_more_questions_than_are_said_to_be_left(
    answers: dict[str, object], data: st.DataObject
) -> None:
    fewest, most = left(DEFAULT, answers)  # type: ignore[arg-type]
    going: dict[str, object] = dict(answers)
    while outcome := evaluate(DEFAULT, going).next_question:  # type: ignore[arg-type]
        asked = DEFAULT.by_key[outcome]
        key = data.draw(st.sampled_from([choice.key for choice in asked.choices] + [NOT_SURE]))
        going[asked.key] = [key] if asked.kind == "many" and key != NOT_SURE else key
    assert fewest <= len(replay(DEFAULT, going)) - len(answers) <= most  # type: ignore[arg-type]


def test_the_count_is_exact_at_the_start_and_at_the_end_of_the_default() -> None:
    assert left(DEFAULT, {}) == (19, 30)
    assert left(DEFAULT, {one.key: NOT_SURE for one in DEFAULT.questions}) == (0, 0)
    almost = {one.key: NOT_SURE for one in DEFAULT.questions if one.key != DEFAULT.questions[-1].key}
    assert left(DEFAULT, almost) == (1, 1)
