"""The walk: what is asked, what counts, and what is said of answers that do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from assessments.engine.decide import evaluate
from assessments.engine.document import parse
from assessments.engine.walk import AnswerError, check_answers, replay, walk
from tests.engine import brute
from tests.engine.building import Document, choice, document, documents, floor, question, rating, safety, taken


def made() -> Document:
    return document(
        question("danger", choice("no"), choice("yes"), role="safety"),
        question("often", choice("some", d=1), choice("daily", d=3)),
        question("signs", choice("shakes", d=2), choice("seizure", d=4), kind="many", when=taken("often", "daily")),
        question("deep", choice("no"), choice("yes"), when=rating("d", 4)),
        floors=(floor("f", "mid", rating("d", 3)), floor("g", "high", taken("deep", "yes"))),
        safety=(safety("s", taken("danger", "yes"), "emergency"),),
    )


DEFINITION = parse(made())


def asked(answers: dict[str, object]) -> list[str]:
    return [question.key for question in replay(DEFINITION, answers)]  # type: ignore[arg-type]


def test_walk_asks_in_order_up_to_the_first_unanswered_question() -> None:
    assert asked({}) == ["danger"]
    assert asked({"often": "daily"}) == ["danger"]
    assert asked({"danger": "no"}) == ["danger", "often"]
    assert asked({"danger": "no", "often": "some"}) == ["danger", "often"]
    assert asked({"danger": "no", "often": "daily"}) == ["danger", "often", "signs"]
    assert asked({"danger": "no", "often": "daily", "signs": ["seizure"]}) == ["danger", "often", "signs", "deep"]


def test_an_answer_to_a_question_that_is_hidden_again_does_not_count() -> None:
    answers = {"danger": "no", "often": "daily", "signs": ["seizure"], "deep": "yes"}
    assert evaluate(DEFINITION, answers).level == "high"
    outcome = evaluate(DEFINITION, answers | {"often": "some"})
    assert (outcome.level, outcome.ratings["d"], outcome.hidden) == ("low", (1, 1), ("signs", "deep"))


def test_none_of_these_is_an_answer_and_a_missing_one_is_not() -> None:
    answers = {"danger": "no", "often": "daily", "signs": []}
    assert evaluate(DEFINITION, answers).complete
    outcome = evaluate(DEFINITION, {"danger": "no", "often": "daily"})
    assert (outcome.complete, outcome.next_question, outcome.level, outcome.range) == (False, "signs", None, None)
    assert outcome.fired == () and outcome.ratings == {"d": (3, 3)}


def test_a_safety_rule_fires_as_soon_as_its_answer_is_given() -> None:
    assert [fired.rule for fired in evaluate(DEFINITION, {"danger": "yes"}).safety] == ["s"]
    assert evaluate(DEFINITION, {"danger": "no"}).safety == ()


def test_not_sure_about_danger_shows_the_crisis_page() -> None:
    (fired,) = evaluate(DEFINITION, {"danger": "not_sure"}).safety
    assert (fired.rule, fired.certain, fired.because) == ("s", False, (("danger", "not_sure"),))


def test_not_sure_brings_up_whatever_it_may_bring_up() -> None:
    assert asked({"danger": "no", "often": "not_sure"})[-1] == "signs"
    walked = walk(DEFINITION, {"danger": "no", "often": "not_sure", "signs": ["shakes"]})
    assert [(step.question.key, step.certain) for step in walked.steps][-1] == ("signs", False)


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({"x": "y"}, [("x", "There is no question with this key.")]),
        ({"often": "never"}, [("often", "There is no choice “never” here.")]),
        ({"often": ["some"]}, [("often", "The answer must be the key of one choice.")]),
        ({"often": None}, [("often", "The answer must be the key of one choice.")]),
        ({"often": {"a": 1}}, [("often", "The answer must be the key of one choice.")]),
        (
            {"signs": "shakes"},
            [("signs", "The answer must be a list of choice keys; an empty list means none of these.")],
        ),
        (
            {"signs": [["shakes"]]},
            [("signs", "The answer must be a list of choice keys; an empty list means none of these.")],
        ),
        ({"signs": ["shakes", "shakes"]}, [("signs", "A choice is given twice.")]),
        ({"signs": ["no"]}, [("signs", "There is no choice “no” here.")]),
        (
            {"danger": "no", "often": "some", "signs": []},
            [("signs", "This question is not asked after the answers before it.")],
        ),
        ([], [("", "Answers must be an object of question keys and answers.")]),
        ({"danger": "no", "often": "not_sure", "signs": "not_sure"}, []),
        ({"danger": "no"}, []),
    ],
)
def test_answers_from_outside_are_checked_with_a_clear_sentence_each(
    answers: object, problems: list[tuple[str, str]]
) -> None:
    found = check_answers(DEFINITION, answers)
    assert [(problem.question, problem.message) for problem in found] == problems
    assert all(problem.say("es") != problem.message for problem in found)


@pytest.mark.parametrize("answer", ["never", ["some"], None, 3, {"a": 1}])
def test_evaluate_raises_for_an_answer_on_the_way_that_is_none(answer: object) -> None:
    if answer is None:
        assert not evaluate(DEFINITION, {"danger": "no", "often": None}).complete  # type: ignore[dict-item]
        return
    with pytest.raises(AnswerError) as caught:
        evaluate(DEFINITION, {"danger": "no", "often": answer})  # type: ignore[dict-item]
    assert caught.value.problems[0].question == "often"


@settings(max_examples=40)
@given(documents())
def test_every_walk_is_replayed_and_decided_as_by_hand(made: Document) -> None:
    definition = parse(made)
    for by_hand in list(brute.walks(made))[:40]:
        kinds = {one["key"]: one["kind"] for one in made["questions"]}
        answers = {key: list(taken) if kinds[key] == "many" else taken[0] for key, taken in by_hand.items()}
        outcome = evaluate(definition, answers)
        assert [step.question.key for step in outcome.path] == list(by_hand)
        assert outcome.level == made["levels"][brute.level(made, by_hand)]
        assert outcome.range == (outcome.level, outcome.level)
        for dimension in ("d", "e")[: len(made["dimensions"])]:
            assert outcome.ratings[dimension] == (brute.rated(made, by_hand, dimension),) * 2
        for fired, rules in ((outcome.fired, "floors"), (outcome.safety, "safety"), (outcome.notes, "notes")):
            holding = {rule["key"] for rule in made[rules] if brute.holds(made, rule["when"], by_hand)}
            assert {one.rule for one in fired} == holding
            assert all(one.certain for one in fired)
