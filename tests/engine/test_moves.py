"""Who moves between two versions: every way through both is counted, and the least of those that fall is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from assessments.editor.people import ANSWERS
from assessments.engine.document import parse
from assessments.engine.joint import paired
from assessments.engine.story import moved_story
from assessments.engine.story_moves import people_moved
from assessments.engine.who_moves import may_lower, moves
from tests.engine import brute
from tests.engine.building import (
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


def asked(document: Document) -> dict[str, Document]:
    return {one["key"]: one for one in document["questions"]}


def by_one_person(old: Document, new: Document, was: brute.Walk, now: brute.Walk) -> bool:
    """Whether the same person could give these answers to both versions."""
    for key in was.keys() & now.keys():
        before, after = (asked(made)[key] for made in (old, new))
        if before["kind"] != after["kind"]:
            continue
        keys, others = ([one["key"] for one in made["choices"]] for made in (before, after))
        if before["kind"] == "many":
            if any((each in was[key]) != (each in now[key]) for each in set(keys) & set(others)):
                return False
        elif (keys.index(was[key][0]), others.index(now[key][0])) not in paired(keys, others):
            return False
    return True


def counted_by_hand(old: Document, new: Document) -> tuple[dict[Any, int], dict[Any, int], dict[str, list[int]]]:
    levels: dict[Any, int] = {}
    urgencies: dict[Any, int] = {}
    ratings: dict[str, list[int]] = {}
    after = list(brute.walks(new))
    for was in brute.walks(old):
        for now in after:
            if by_one_person(old, new, was, now):
                pair = old["levels"][brute.level(old, was)], new["levels"][brute.level(new, now)]
                levels[pair] = levels.get(pair, 0) + 1
                urgent = brute.urgency(old, was), brute.urgency(new, now)
                urgencies[urgent] = urgencies.get(urgent, 0) + 1
                for key in ("d", "e"):
                    one, other = brute.rated(old, was, key), brute.rated(new, now, key)
                    lower, higher = ratings.setdefault(key, [0, 0])
                    ratings[key] = [lower + (other < one), higher + (other > one)]
    return levels, urgencies, ratings


def as_walk(answers: dict[str, str | list[str]]) -> brute.Walk:
    return {key: (answer,) if isinstance(answer, str) else tuple(answer) for key, answer in answers.items()}


@settings(max_examples=30)
@given(documents(forward=False), documents(forward=False))
def test_the_count_is_that_of_every_way_through_both(old: Document, new: Document) -> None:
    if len(list(brute.walks(old))) * len(list(brute.walks(new))) > 20_000:
        return
    found = moves(parse(old), parse(new))
    assert found is not None
    levels, urgencies, ratings = counted_by_hand(old, new)
    assert found.walks == levels
    assert found.total == sum(levels.values())
    names = {"": 0, **{key: value for key, value in brute.URGENCY.items() if key}}
    assert {(names[one.before], names[one.after]): one.walks for one in found.warnings} == {
        pair: number for pair, number in urgencies.items() if pair[0] != pair[1]
    }
    told = {one.dimension: [one.lower, one.higher] for one in found.ratings}
    assert told == {key: counts for key, counts in ratings.items() if any(counts)}
    for move in found.levels:
        was, now = as_walk(move.example.old), as_walk(move.example.new)
        assert by_one_person(old, new, was, now)
        assert old["levels"][brute.level(old, was)] == move.before
        assert new["levels"][brute.level(new, now)] == move.after


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("a b c", "a b c", "aa bb cc"),
        ("a b c", "c a b", "aa bb cc"),
        ("a b c", "a x c", "aa bx cc"),  # renamed
        ("a b c", "a x y c", "aa bx by cc"),  # split
        ("a b c d", "a x d", "aa bx cx dd"),  # joined
        ("a b c", "a c", "aa ba bc cc"),  # taken out: whoever said b now says a or c
        ("a c", "a b c", "aa ab cb cc"),  # put in: whoever says b would have said a or c
        ("a b", "a", "aa ba"),
        ("a b", "x y", "ax ay bx by"),
    ],
)
def test_a_choice_that_one_version_has_stands_for_those_beside_it(old: str, new: str, pairs: str) -> None:
    before, after = old.split(), new.split()
    assert {before[one] + after[other] for one, other in paired(before, after)} == set(pairs.split())


def base() -> Document:
    return document(
        question("safe", choice("no"), choice("yes", d=4), role="safety"),
        question("mood", choice("well"), choice("low", d=2), choice("worst", d=3)),
        floors=(floor("some", "mid", rating("d", 2)), floor("much", "high", rating("d", 3))),
        safety=(safety("danger", taken("safe", "yes")),),
    )


def test_a_new_question_that_rates_high_moves_people() -> None:
    new = base()
    new["questions"].append(question("body", choice("fine"), choice("shakes", d=4)))
    found = moves(parse(base()), parse(new))
    assert found is not None
    assert found.walks == {("low", "low"): 1, ("low", "high"): 1, ("mid", "mid"): 1, ("mid", "high"): 1} | {
        ("high", "high"): 8
    }
    assert not found.lowers
    assert [(one.dimension, one.lower, one.higher) for one in found.ratings] == [("d", 0, 3)]


def test_the_smallest_example_has_only_what_makes_it_fall() -> None:
    new = base()
    new["questions"][1]["choices"][2]["rates"] = {"d": 2}
    new["questions"].append(question("rest", choice("fine"), choice("bad", d=1)))
    found = moves(parse(base()), parse(new))
    assert found is not None
    (move,) = found.levels
    assert (move.before, move.after, move.walks, move.lower) == ("high", "mid", 2, True)
    assert move.example.old == {"safe": "no", "mood": "worst"}
    assert move.example.new == {"safe": "no", "mood": "worst", "rest": "fine"}


@pytest.mark.parametrize(
    ("change", "lowers"),
    [
        (lambda made: None, False),
        (lambda made: made["floors"][0].update(level="high"), False),
        (lambda made: made["floors"].pop(), True),
        (lambda made: made["floors"][1].update(level="mid"), True),
        (lambda made: made["questions"].pop(), True),
        (lambda made: made["questions"][1]["choices"].pop(), True),
        (lambda made: made["questions"][1]["choices"].insert(1, choice("so-so", d=1)), True),
        (lambda made: made["questions"][1]["choices"].insert(1, choice("so-so")), True),
        (lambda made: made["questions"][1]["choices"].append(choice("beyond", d=4)), False),
        (lambda made: made["questions"][1].update(shows_when=taken("safe", "yes")), True),
        (lambda made: made["questions"][1].update(key="spirits"), True),
        (lambda made: made["safety"][0].update(urgency="prompt"), True),
        (lambda made: made["safety"][0].update(urgency="emergency"), False),
        (lambda made: made["safety"].pop(), True),
        (lambda made: made.update(levels=["low", "high", "mid"]), True),
        (lambda made: made["levels"].append("top"), False),
    ],
)
def test_it_is_told_whether_anybody_gets_less(change: Any, lowers: bool) -> None:
    new = base()
    change(new)
    assert may_lower(parse(base()), parse(new)) is lowers


def test_a_rule_that_becomes_a_first_step_lowers_the_care_after_it() -> None:
    new = base()
    new["floors"][1]["first"] = True
    found = moves(parse(base()), parse(new))
    assert found is not None
    assert not found.levels and found.lowers
    (move,) = found.then
    assert (move.before, move.after, move.walks, move.lower) == ("high", "mid", 4, True)
    back = moves(parse(new), parse(base()))
    assert back is not None and not back.lowers and [move.lower for move in back.then] == [False]


def helped(*means: list[str]) -> Document:
    made = base()
    helper = question("seen", *(choice(f"s{n}") for n in range(len(means))), role="context")
    helper["helps"] = "mood"
    for one, possible in zip(helper["choices"], means, strict=True):
        one["means"] = possible
    made["questions"].append(helper)
    return made


@pytest.mark.parametrize(
    ("old", "new", "lowers"),
    [
        (base(), helped(["well", "low"], ["low", "worst"]), False),
        (helped(["well", "low"], ["low", "worst"]), base(), True),
        (helped(["well", "low"], ["low", "worst"]), helped(["well", "low"], ["low", "worst"]), False),
        (helped(["well", "low"], ["low", "worst"]), helped(["well", "low"], ["well", "low", "worst"]), True),
        (helped(["well", "low"], ["low", "worst"]), helped(["well", "low"], ["worst"]), False),
    ],
)
def test_a_helper_that_rules_out_less_lowers_what_is_certain(old: Document, new: Document, lowers: bool) -> None:
    assert may_lower(parse(old), parse(new)) is lowers


def test_what_cannot_be_counted_may_lower() -> None:
    assert moves(parse(base()), parse(base()), limit=5) is None
    assert may_lower(parse(base()), parse(base()), limit=5)


@pytest.mark.slow
def test_the_default_is_counted_whole_after_every_kind_of_change() -> None:
    old = default_document()
    assert may_lower(parse(old), parse(old)) is False
    new = json.loads(json.dumps(old))
    rule = next(one for one in new["floors"] if one["key"] == "act-now")
    rule["level"] = "iop"
    new["questions"].insert(8, question("sleep", choice("well"), choice("badly", mental=4)))
    found = moves(parse(old), parse(new))
    assert found is not None
    assert found.total > 10**21
    assert found.lowers
    worst = found.levels[0]
    assert (worst.before, worst.lower) == ("medically-managed", True)
    assert len(worst.example.new) == len(worst.example.old) + 1


def test_who_moves_is_told_as_a_story_in_both_languages() -> None:
    new = base()
    new["questions"][1]["choices"].pop()
    new["safety"].pop()
    old_version, new_version = parse(base()), parse(new)
    found = moves(old_version, new_version)
    assert found is not None
    (fall,), (warning,) = found.levels, found.warnings
    names = {"high": "Residential", "mid": "Outpatient"}
    assert moved_story(old_version, new_version, fall, "en", names) == (
        "If someone answers “low” to “mood?” and “worst” to “mood?” in the old version, and the least severe answer to "
        "everything else, the level is Outpatient in the new version. It is Residential in the old one."
    )
    assert moved_story(old_version, new_version, warning, "en") == (
        "If someone answers “yes” to “safe?”, and the least severe answer to everything else, no crisis page is shown "
        "in the new version. In the old one, the crisis page says to reach 988."
    )
    assert moved_story(old_version, new_version, fall, "es").startswith("Si alguien responde “low” a “mood?” y ")


def test_people_of_told_answers_move_and_others_are_not_counted() -> None:
    old = parse(default_document())
    changed = default_document()
    changed["floors"] = [rule for rule in changed["floors"] if rule["level"] != "residential"]
    distance = next(one for one in changed["questions"] if one["key"] == "distance")
    distance["choices"] = [{**one, "key": f"{one['key']}-renamed"} for one in distance["choices"]]
    told = [story["known"] for story in json.loads(ANSWERS.read_text(encoding="utf-8")).values()]
    stays = people_moved(old, old, told)
    assert stays.people == len(told) and all(before == after for before, after in stays.levels)
    found = people_moved(old, parse(changed), [*told, {"another-question": "yes"}])
    assert found.people == len(told)
    lower = {pair: count for pair, count in found.levels.items() if pair[0] != pair[1]}
    assert lower and {before for before, _after in lower} == {"residential"}
