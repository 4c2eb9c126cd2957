"""Helpers: asked after "not sure" only, they narrow what was meant, and never widen it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import NOT_SURE, Definition
from assessments.engine.document import DefinitionError, canonical_json, parse
from assessments.engine.narrowing import narrowing
from assessments.engine.nearest import nearest_change
from assessments.engine.open_questions import Lead, unknowns
from assessments.engine.prove import prove
from assessments.engine.walk import check_answers, left, replay
from tests.engine import brute
from tests.engine.building import (
    Document,
    choice,
    document,
    documents,
    floor,
    helper,
    note,
    question,
    rating,
    safety,
    taken,
)
from tests.engine.test_range import ORDER, answered


def made() -> Document:
    """Use is daily; what happens on stopping may need a medical first step; illness may need more."""
    return document(
        question("use", choice("some", d=1), choice("daily", d=2)),
        question("stop", choice("nothing"), choice("shakes", w=2), choice("sick", w=3), choice("seizure", w=4)),
        helper("stop", calm=["nothing"], shaky=["shakes", "sick"], fits=["seizure"]),
        question("signs", choice("sad", d=1), choice("voices", d=3), kind="many"),
        helper("signs", fine=[], low=["sad"], odd=["sad", "voices"]),
        dimensions="d w",
        floors=(
            floor("f-use", "mid", rating("d", 2)),
            floor("f-mind", "high", rating("d", 3)),
            floor("f-stop", "high", rating("w", 2), first=True),
        ),
        safety=(safety("s-stop", taken("stop", "sick", "seizure"), "prompt"),),
        notes=(note("n", taken("stop", "shakes", "sick")),),
    )


DEFINITION = parse(made())


def outcome(**answers: Any) -> Outcome:
    given = {key.replace("_", "-"): answer for key, answer in answers.items()}
    return evaluate(DEFINITION, {"use": "daily", "stop": "nothing", "signs": [], **given})


def test_helper_is_asked_right_after_not_sure_and_never_otherwise() -> None:
    assert prove(DEFINITION).proved
    answers: dict[str, Any] = {"use": "daily", "stop": NOT_SURE}
    assert replay(DEFINITION, answers)[-1].key == "stop-helper"
    assert [one.key for one in replay(DEFINITION, {**answers, "stop": "sick"})] == ["use", "stop", "signs"]
    told = {**answers, "stop-helper": "calm", "signs": []}
    assert [step.question.key for step in evaluate(DEFINITION, told).path] == ["use", "stop", "stop-helper", "signs"]
    assert evaluate(DEFINITION, {**told, "stop": "sick"}).hidden == ("stop-helper",)
    (problem,) = check_answers(DEFINITION, {**told, "stop": "sick"})
    assert (problem.question, problem.phrase) == ("stop-helper", "hidden-answer")


def test_what_a_helper_is_told_narrows_the_range() -> None:
    assert outcome(stop=NOT_SURE, stop_helper=NOT_SURE).ratings["w"] == (0, 4)
    assert outcome(stop=NOT_SURE, stop_helper="shaky").ratings["w"] == (2, 3)
    assert outcome(stop=NOT_SURE, stop_helper="calm").ratings["w"] == (0, 0)
    assert outcome(signs=NOT_SURE, signs_helper=NOT_SURE).range == ("mid", "high")
    assert outcome(signs=NOT_SURE, signs_helper="low").range == ("mid", "mid")
    assert outcome(signs=NOT_SURE, signs_helper="fine").certainty == "settled"


def test_a_helper_that_leaves_one_answer_states_it() -> None:
    (fired,) = outcome(stop=NOT_SURE, stop_helper="fits").safety
    assert (fired.certain, fired.stated, fired.because) == (True, True, (("stop-helper", "fits"),))
    (fired,) = outcome(stop=NOT_SURE, stop_helper="shaky").safety
    assert (fired.certain, fired.stated, fired.because) == (False, False, (("stop", NOT_SURE),))


def test_one_of_two_is_certain_where_neither_of_the_two_is() -> None:
    told = outcome(stop=NOT_SURE, stop_helper="shaky")
    (fired,) = told.notes
    assert fired.certain and fired.because == (("stop-helper", "shaky"),)
    assert [(one.rule, one.certain) for one in told.first] == [("f-stop", True)]
    assert told.first[0].because == (("stop-helper", "shaky"),)


def test_a_helper_of_several_proves_one_of_what_it_adds() -> None:
    told = outcome(signs=NOT_SURE, signs_helper="odd")
    assert told.ratings["d"] == (3, 3) and told.range == ("high", "high")
    assert [(one.rule, one.certain, one.because) for one in told.fired if one.rule == "f-mind"] == [
        ("f-mind", True, (("signs-helper", "odd"),))
    ]
    assert outcome(signs=NOT_SURE, signs_helper="low").ratings["d"] == (2, 2)
    assert outcome(use="some", signs=NOT_SURE, signs_helper="fine").ratings["d"] == (1, 1)


def test_a_first_step_stands_beside_the_care_after_it() -> None:
    told = outcome(stop="sick")
    assert (told.level, told.range, told.then, told.certainty) == ("high", ("high", "high"), ("mid", "mid"), "settled")
    assert [(one.rule, one.certain) for one in told.first] == [("f-stop", True)]
    open_still = outcome(stop=NOT_SURE, stop_helper=NOT_SURE)
    assert (open_still.level, open_still.range, open_still.then) == ("mid", ("mid", "high"), ("mid", "mid"))
    assert [(one.rule, one.certain) for one in open_still.first] == [("f-stop", False)]
    both = outcome(stop="sick", signs=["voices"])
    assert (both.level, both.then, both.first) == ("high", ("high", "high"), ())


def test_only_nothing_certain_and_many_levels_is_open() -> None:
    assert outcome(use="some", stop=NOT_SURE, stop_helper=NOT_SURE).certainty == "open"
    assert outcome(use="daily", stop=NOT_SURE, stop_helper=NOT_SURE).certainty == "at-least"
    assert outcome(use="some").certainty == "settled"
    assert evaluate(DEFINITION, {"use": "some"}).certainty is None


def test_each_unknown_says_where_its_answers_would_lead() -> None:
    answers = {"use": "daily", "stop": NOT_SURE, "stop-helper": NOT_SURE, "signs": NOT_SURE, "signs-helper": NOT_SURE}
    stop, signs = unknowns(DEFINITION, answers)
    assert (stop.question, stop.helper, stop.raises, stop.alone) == ("stop", "stop-helper", True, ("mid", "high"))
    assert stop.leads == (
        Lead(("nothing",), ("mid", "mid"), ("mid", "mid"), None),
        Lead(("shakes", "sick", "seizure"), ("high", "high"), ("mid", "mid"), "high"),
    )
    assert [lead.choices for lead in signs.leads] == [("sad",), ("voices", "sad")]
    assert unknowns(DEFINITION, {**answers, "stop": "nothing", "signs": []}) == []
    assert "stop-helper" not in narrowing(DEFINITION, answers)


def test_a_helper_counts_among_the_questions_that_may_come() -> None:
    assert left(DEFINITION, {}) == (3, 5)
    assert left(DEFINITION, {"use": "daily", "stop": NOT_SURE}) == (2, 3)
    assert left(DEFINITION, {"use": "daily", "stop": "sick"}) == (1, 2)


def test_the_nearest_change_starts_from_what_the_helper_leaves() -> None:
    answers = {"use": "daily", "stop": NOT_SURE, "stop-helper": "shaky", "signs": []}
    nearest = nearest_change(DEFINITION, answers)
    assert nearest and [change.question for change in nearest.changes] == ["stop"]
    assert (nearest.changes[0].after, nearest.level) == ("nothing", "mid")


@pytest.mark.slow
@settings(max_examples=60)
@given(documents(forward=False), st.integers(0, 2**32))
def test_no_answer_to_a_helper_widens_and_no_worse_one_lowers(made: Document, seed: int) -> None:
    definition = parse(made)
    assume(definition.helper_of)
    assume(all(prove(definition).properties[name] for name in ORDER))
    chance = random.Random(seed)
    answers = answered(definition, chance, unsure=0.6)
    for helped, helping in definition.helper_of.items():
        if answers.get(helped) != NOT_SURE or helping.key not in answers:
            continue
        wide = ends(definition, {**answers, helping.key: NOT_SURE})
        before = None
        for one in helping.choices:
            now = ends(definition, {**answers, helping.key: one.key})
            assert all(low <= a <= b <= high for (low, high), (a, b) in zip(wide, now, strict=True))
            if before is not None:
                assert all(a <= c and b <= d for (a, b), (c, d) in zip(before, now, strict=True))
            before = now


def ends(definition: Definition, answers: dict[str, Any]) -> list[tuple[int, int]]:
    """The ends of the level and of the care after it; what the narrowing hides or shows is answered least severely."""
    told = dict(answers)
    while (asked := evaluate(definition, told).next_question) is not None:
        told[asked] = [] if definition.by_key[asked].kind == "many" else definition.by_key[asked].choices[0].key
    found = evaluate(definition, told)
    place = definition.levels.index
    return [(place(one[0]), place(one[1])) for one in (found.range, found.then) if one]


@pytest.mark.slow
@settings(max_examples=60)
@given(documents(forward=False), st.integers(0, 2**32))
def test_a_worse_answer_lowers_neither_end_while_others_are_not_sure(made: Document, seed: int) -> None:
    definition = parse(made)
    assume(all(prove(definition).properties[name] for name in ORDER))
    answers = answered(definition, random.Random(seed), unsure=0.4)
    by_key = {one["key"]: one for one in made["questions"] if "helps" not in one and one["role"] != "preference"}
    for key, asked in by_key.items():
        if key not in answers or answers[key] == NOT_SURE or asked.get("kind") == "many":
            continue
        for worse in brute.next_worse(asked, (answers[key],)):
            now = ends(definition, {**answers, key: worse[0]})
            assert all(a <= c and b <= d for (a, b), (c, d) in zip(ends(definition, answers), now, strict=True))


@pytest.mark.slow
@settings(max_examples=60)
@given(documents(forward=False), st.integers(0, 2**32))
def test_what_is_open_always_has_an_unknown_that_leads_elsewhere(made: Document, seed: int) -> None:
    definition = parse(made)
    answers = answered(definition, random.Random(seed), unsure=0.5)
    found = evaluate(definition, answers)
    told = unknowns(definition, answers)
    assert bool(told) <= (found.certainty != "settled")
    if all(prove(definition).properties[name] for name in ORDER):
        assert bool(told) == (found.certainty != "settled")
    for one in told:
        assert len(one.leads) > 1 and answers[one.question] == NOT_SURE


def faults(changed: Document) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse(changed)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made["questions"].insert(2, made["questions"].pop(3)), "directly before this one"),
        (lambda made: made["questions"][2].update(role="rated"), "takes one answer, is a fact"),
        (lambda made: made["questions"][2].update(kind="many"), "takes one answer, is a fact"),
        (lambda made: made["questions"][2].update(shows_when=taken("use", "daily")), "no condition of its own"),
        (lambda made: made["questions"][2].update(helps="use"), "directly before this one"),
        (lambda made: made["questions"][2]["choices"][0].update(means=["shivers"]), "has no choice “shivers”"),
        (lambda made: made["questions"][2]["choices"][0].update(means=["sick", "sick"]), "named twice"),
        (lambda made: made["questions"][0]["choices"][0].update(means=["some"]), "Only a helper says"),
        (lambda made: made["floors"][0].update(when=taken("stop-helper", "calm")), "name the question that it helps"),
        (lambda made: made["floors"][2].update(first="yes"), "true or false"),
    ],
)
def test_a_helper_in_the_wrong_place_is_refused_with_a_sentence(change: Any, said: str) -> None:
    changed = made()
    change(changed)
    assert any(said in fault for fault in faults(changed)), faults(changed)


@pytest.mark.parametrize(
    "means",
    [
        {"a": ["nothing", "sick"], "b": ["shakes", "sick", "seizure"]},  # a gap
        {"a": ["shakes"], "b": ["nothing", "shakes", "sick", "seizure"]},  # the lower end falls
        {"a": ["nothing", "shakes", "sick", "seizure"], "b": ["shakes", "sick"]},  # the upper end falls
        {"a": ["nothing"], "b": ["shakes", "sick"]},  # nothing leaves the worst
        {"a": [], "b": ["nothing", "shakes", "sick", "seizure"]},  # leaves nothing
    ],
)
def test_unsound_helper_is_noticed_by_the_proof_with_a_story(means: dict[str, list[str]]) -> None:
    changed = made()
    changed["questions"][2] = helper("stop", **means)
    proof = prove(parse(changed))
    assert not proof.properties["helpers_sound"] and not proof.proved
    assert not brute.helpers_sound(changed)
    assert {example.property for example in proof.counterexamples} == {"helpers_sound"}


def test_a_document_without_helpers_is_written_as_before() -> None:
    plain = document(question("a", choice("x"), choice("y", d=2)), floors=(floor("f", "mid", rating("d", 2)),))
    written = canonical_json(parse(plain))
    assert not any(f'"{name}"' in written for name in ("helps", "means", "ask", "first"))
    assert parse(json.loads(canonical_json(DEFINITION))).by_key["stop-helper"].helps == "stop"
