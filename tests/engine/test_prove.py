"""The proof against brute force: it accepts no bad questionnaire and refuses no good one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from assessments.engine.definition import URGENCIES
from assessments.engine.document import parse
from assessments.engine.prove import Proof, prove
from assessments.engine.story import proof_to_json, story
from assessments.engine.walk import replay
from tests.engine import brute
from tests.engine.building import (
    Document,
    choice,
    default_definition,
    default_document,
    document,
    documents,
    floor,
    question,
    rating,
    safety,
    taken,
)


def agrees(made: Document) -> Proof:
    """The proof of a document, after it was held against every walk, one by one."""
    proof = prove(parse(made))
    judged = brute.properties(made)
    assert proof.properties == judged
    assert proof.proved == all(judged.values())
    assert proof.proved == (not proof.counterexamples)
    everything = list(brute.walks(made))
    assert (proof.cases, proof.shortest, proof.longest) == (
        len(everything),
        min(map(len, everything)),
        max(map(len, everything)),
    )
    for example in proof.counterexamples:
        assert_true_story(made, example.property, proof)
    return proof


def assert_true_story(made: Document, name: str, proof: Proof) -> None:
    """A counterexample about a change is a real walk, falls as told, and none is smaller."""
    functions = {
        "worse_never_lower": brute.level,
        "then_never_lower": brute.then,
        "safety_kept": brute.urgency,
    }
    if name not in functions:
        return
    (example,) = [example for example in proof.counterexamples if example.property == name]
    assert example.before is not None and example.after is not None and example.outcome is not None
    function = functions[name]
    ranks = ["", *reversed(URGENCIES)] if name == "safety_kept" else list(made["levels"])
    before, after = (
        {key: (answer,) if isinstance(answer, str) else tuple(answer) for key, answer in answers.items()}
        for answers in (example.before, example.after)
    )
    assert before in list(brute.walks(made)) and after in list(brute.walks(made))
    assert (ranks[function(made, before)], ranks[function(made, after)]) == example.outcome
    assert function(made, after) < function(made, before)
    shared = before.keys() & after.keys() - {example.subject}
    assert all(before[key] == after[key] for key in shared)
    new = {key: answer for key, answer in after.items() if key not in before}
    assert brute.cost(made, {**new, **before}) == brute.smallest_fall(made, function)


@settings(max_examples=60)
@given(documents())
def test_the_proof_agrees_with_brute_force_on_any_small_questionnaire(made: Document) -> None:
    assert agrees(made).cases > 0


@pytest.mark.slow
def test_proof_agrees_with_brute_force_on_every_property(thorough: bool) -> None:
    seen: Counter[tuple[str, bool]] = Counter()

    @settings(max_examples=2000 if thorough else 1000, derandomize=True)
    @given(documents())
    def many(made: Document) -> None:
        proof = agrees(made)
        seen.update(proof.properties.items())
        seen.update([("proved", proof.proved)])

    many()
    # A walk that asks nothing needs every question hidden for good: too rare to count on, and tested by hand below.
    for name in set(proof_names()) - {"always_a_result"}:
        assert min(seen[name, True], seen[name, False]) >= 10, (name, seen)
    assert min(seen["proved", True], seen["proved", False]) >= 100, seen


def proof_names() -> list[str]:
    return list(prove(default_definition()).properties)


def trap() -> Document:
    """A worse answer hides the question that would have raised the rating."""
    return document(
        question("often", choice("some", d=1), choice("daily", d=2)),
        question("signs", choice("no"), choice("yes", d=4), when=taken("often", "some")),
        floors=(floor("f-mid", "mid", rating("d", 2)), floor("f-high", "high", rating("d", 4))),
    )


def test_an_answer_in_a_wrong_place_is_told_with_its_cure() -> None:
    choices = [choice("well"), choice("pain", d=1), choice("ill", d=2), choice("grave", d=4), choice("ache", d=1)]
    made = document(question("body", *choices), floors=(floor("f-high", "high", rating("d", 4)),))
    proof = prove(parse(made))
    assert {story(proof.definition, example) for example in proof.counterexamples if example.before} == {
        "Answer 5 to “body?”, “ache”, is milder than answer 4, “grave”: move it up with the arrow, above answer 3."
    }


def test_a_worse_answer_that_hides_a_question_is_found_and_told() -> None:
    proof = prove(parse(trap()))
    assert not proof.proved
    (example,) = proof.counterexamples
    assert story(proof.definition, example) == (
        "If someone answers “yes” to “signs?”, and the least severe answer to everything else, the level is high. "
        "But if the answer to “often?” is worse, “daily” instead of “some”, which hides “signs?”, "
        "the level falls to mid."
    )
    assert "baja a media" in story(proof.definition, example, "es", {"mid": "media", "high": "alta"})
    assert replay(proof.definition, example.after or {})[-1].key == "often"


def test_a_worse_answer_that_shows_a_harmless_question_is_proved() -> None:
    made = document(
        question("often", choice("some", d=1), choice("daily", d=3)),
        question("signs", choice("no"), choice("yes", d=4), when=taken("often", "daily")),
        floors=(floor("f-mid", "mid", rating("d", 3)), floor("f-high", "high", rating("d", 4))),
    )
    assert agrees(made).proved


def test_question_shown_by_a_worse_answer_may_lower_nothing() -> None:
    made = document(
        question("often", choice("some"), choice("daily")),
        question("well", choice("no"), choice("yes"), when=taken("often", "daily")),
        floors=(floor("f", "mid", {"not": taken("well", "yes")}), floor("g", "high", taken("often", "daily"))),
    )
    made["floors"][1]["when"] = {"all": [taken("often", "daily"), {"not": taken("well", "yes")}]}
    proof = agrees(made)
    assert not proof.properties["worse_never_lower"]
    told = story(proof.definition, next(e for e in proof.counterexamples if e.property == "worse_never_lower"))
    assert "brings up “well?” (answered with “yes”)" in told


def test_proof_finds_a_preference_that_changes_the_level() -> None:
    made = document(
        question("when", choice("any"), choice("evenings"), role="preference"),
        question("more", choice("no"), choice("yes", d=2), when=taken("when", "evenings")),
        levels="low mid",
        floors=(floor("f", "mid", rating("d", 2)),),
    )
    proof = agrees(made)
    assert [name for name, holds in proof.properties.items() if not holds] == ["preferences_neutral"]


def test_a_safety_answer_without_a_rule_is_found() -> None:
    made = document(
        question("harm", choice("no"), choice("thoughts"), choice("plan"), role="safety"),
        levels="low",
        safety=(safety("s", taken("harm", "thoughts")),),
    )
    proof = agrees(made)
    assert not proof.properties["safety_reached"]
    assert not proof.properties["safety_kept"]


def test_a_safety_rule_that_waits_for_a_later_answer_is_found() -> None:
    made = document(
        question("harm", choice("no"), choice("plan"), role="safety"),
        question("alone", choice("no"), choice("yes")),
        levels="low",
        safety=(safety("s", {"all": [taken("harm", "plan"), taken("alone", "no", "yes")]}),),
    )
    proof = agrees(made)
    assert [name for name, holds in proof.properties.items() if not holds] == ["safety_reached"]


def test_a_reference_to_a_later_question_is_found() -> None:
    made = document(question("a", choice("x"), when=taken("b", "x")), question("b", choice("x")), levels="low")
    proof = agrees(made)
    assert not proof.properties["references_backward"]
    assert not proof.properties["questions_reachable"]


def test_a_questionnaire_that_asks_nothing_is_found() -> None:
    made = document(question("a", choice("x"), when=rating("d", 1)), levels="low")
    assert not agrees(made).properties["always_a_result"]


def test_every_counterexample_has_a_story_in_both_languages() -> None:
    made = trap()
    made["questions"].append(question("never", choice("x"), when=taken("never", "x")))
    made["levels"].append("top")
    made["title"]["es"]["me"] = ""
    made["notes"].append({"key": "n", "when": rating("d", 3) | {}, "text": made["title"]})
    made["safety"].append(safety("s", taken("never", "x")))
    proof = agrees(made)
    for language in ("en", "es"):
        told = proof_to_json(proof, language)
        assert len(told["counterexamples"]) == len(proof.counterexamples) >= 6
        assert all(example["story"].endswith((".", "loved", "me")) for example in told["counterexamples"])
    assert told["refused"] is None


def wide(questions: int) -> Document:
    """A rule that looks at each question of the first half with its partner in the second: nothing can be factored."""
    asked = [question(f"q{n}", *(choice(f"c{v}") for v in range(2))) for n in range(2 * questions)]
    pairs = [{"all": [taken(f"q{n}", "c1"), taken(f"q{n + questions}", "c1")]} for n in range(questions)]
    return document(*asked, levels="low mid", floors=(floor("f", "mid", {"any": pairs}),))


def test_too_large_a_questionnaire_is_refused_not_proved() -> None:
    assert prove(parse(wide(5))).proved
    proof = prove(parse(wide(30)), limit=50_000)
    assert proof.refused and not proof.proved and proof.cases == 0
    assert not proof.properties["worse_never_lower"]
    assert proof_to_json(proof)["refused"].startswith("This questionnaire is too large to prove")


def test_a_questionnaire_with_too_many_answers_is_refused() -> None:
    asked = [question(f"q{n}", *(choice(f"c{v}") for v in range(30)), kind="many") for n in range(30)]
    assert prove(parse(document(*asked, levels="low"))).refused


@pytest.mark.slow
def test_the_refusal_comes_also_at_the_usual_limit() -> None:
    assert prove(parse(wide(40))).refused


@pytest.mark.slow
def test_mild_answer_after_the_worst_one_is_told_not_called_too_large() -> None:
    """The shipped questionnaire, whose proof is the largest there is."""
    made = default_document()
    body = next(one for one in made["questions"] if one["key"] == "body")
    body["choices"].append({**body["choices"][1], "key": "extra"})
    proof = prove(parse(made))
    assert not proof.refused and not proof.proved
    assert {(one.property, one.subject) for one in proof.counterexamples} == {
        ("worse_never_lower", "body"),
        ("then_never_lower", "body"),
        ("safety_kept", "body"),
    }
