"""Two steps of care, and what is only a question: what leads the result, told on small questionnaires."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, Definition
from assessments.engine.document import parse
from assessments.engine.explain import Speaker
from assessments.family.result.fit import fit_of, heading
from assessments.family.result.open_questions import still_open
from assessments.family.result.reasons import why
from tests.engine.building import choice, document, floor, question, rating


@pytest.fixture(scope="module")
def stepped() -> Definition:
    """The mood leads to the middle level; strong signs when stopping put some days at the highest before it."""
    return parse(
        document(
            question("mood", choice("well"), choice("low", d=2)),
            question("stopping", choice("nothing"), choice("shakes", e=3)),
            dimensions="d e",
            floors=(floor("some", "mid", rating("d", 2)), floor("days", "high", rating("e", 3), first=True)),
        )
    )


def told(definition: Definition, **answers: Any) -> list[tuple[str, str]]:
    return [(sign.word, sign.level) for sign in heading(fit_of(definition, evaluate(definition, answers)), loved=True)]


def test_two_steps_of_care_lead_as_two_steps(stepped: Definition) -> None:
    assert told(stepped, mood="low", stopping="shakes") == [("First", "high"), ("Then", "mid")]
    assert told(stepped, mood="low", stopping="nothing") == [("This may fit them now", "mid")]
    assert told(stepped, mood=NOT_SURE, stopping="shakes") == [("First", "high"), ("Then at least", "low")]


def test_a_first_step_that_is_not_known_is_a_question_not_the_plan(stepped: Definition) -> None:
    answers = {"mood": "low", "stopping": NOT_SURE}
    outcome = evaluate(stepped, answers)
    fit = fit_of(stepped, outcome)
    assert fit.steps == ("mid",) and fit.perhaps_first == "high" and not fit.least
    assert told(stepped, **answers) == [("At least", "mid")]
    (asked,) = still_open(stepped, outcome, answers, fit, Speaker(stepped, "en", "me"))
    assert asked.key == "stopping" and asked.number == 2
    assert [(change.level, change.first) for change in asked.leads] == [("high", True)]


def test_a_reason_rests_on_what_was_told_alone(stepped: Definition) -> None:
    outcome = evaluate(stepped, {"mood": "low", "stopping": NOT_SURE})
    reasons = why(stepped, outcome, ["mid"], Speaker(stepped, "en", "me"))
    assert [reason.text for reason in reasons.first] == [Speaker(stepped, "en", "me").reason(outcome.fired[0]).text]


def test_an_unanswered_questionnaire_has_no_fit(stepped: Definition) -> None:
    with pytest.raises(ValueError, match="not answered yet"):
        fit_of(stepped, evaluate(stepped, {"mood": "low"}))
