"""Two versions: the matrix against counting by hand, and the changes in words."""

from __future__ import annotations

import json
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.engine.compare import compare, comparison_to_json
from assessments.engine.document import parse
from tests.engine import brute
from tests.engine.building import (
    Document,
    choice,
    conditions,
    default_document,
    document,
    floor,
    note,
    question,
    rating,
    taken,
)

ASKED = [
    question("one", choice("x"), choice("y"), choice("z"), role="context"),
    question("many", choice("x"), choice("y"), kind="many", role="context"),
]


@st.composite
def versions(draw: st.DrawFn) -> tuple[Document, Document]:
    made = []
    for levels in ("low mid high", draw(st.sampled_from(["low mid high", "low mid", "low mid high top"]))):
        rules = [
            floor(f"f{n}", draw(st.sampled_from(levels.split())), draw(conditions(ASKED, ["d", "e"])))
            for n in range(draw(st.integers(0, 3)))
        ]
        made.append(document(*ASKED, levels=levels, dimensions="d e", floors=tuple(rules)))
    return made[0], made[1]


def facts_named(*made: Document) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()

    def look(condition: Document) -> None:
        ((kind, inner),) = condition.items()
        if kind == "in":
            found.update((inner[0], key) for key in inner[1])
        elif kind != "rating":
            for part in [inner] if kind == "not" else inner:
                look(part)

    for one in made:
        for rule in one["floors"]:
            look(rule["when"])
    return found


def counted_by_hand(old: Document, new: Document) -> dict[tuple[str, str], int]:
    """Every rating of both dimensions with every combination of the facts that a rule names."""
    named = facts_named(old, new)
    singles = [("one", key) for key in ("x", "y", "z") if ("one", key) in named]
    ones: list[tuple[str, ...]] = [(), *((key,) for _, key in singles)]
    several = [key for key in ("x", "y") if ("many", key) in named]
    counts: dict[tuple[str, str], int] = {}
    raters = [question(name, *(choice(f"r{n}", **{name: n}) for n in range(5))) for name in ("d", "e")]
    for ratings in product(range(5), repeat=2):
        for one in ones:
            for pattern in product([False, True], repeat=len(several)):
                many = tuple(key for key, there in zip(several, pattern, strict=True) if there)
                walk = {"d": (f"r{ratings[0]}",), "e": (f"r{ratings[1]}",), "one": one, "many": many}
                pair = tuple(
                    made["levels"][brute.level({**made, "questions": [*raters, *ASKED]}, walk)] for made in (old, new)
                )
                counts[pair[0], pair[1]] = counts.get((pair[0], pair[1]), 0) + 1
    return counts


@settings(max_examples=25)
@given(versions())
def test_the_matrix_counts_every_rating_vector_with_every_fact(pair: tuple[Document, Document]) -> None:
    old, new = pair
    compared = compare(parse(old), parse(new))
    assert compared.moved == counted_by_hand(old, new)
    assert compared.total == sum(compared.moved.values())


@pytest.mark.slow
def test_version_compared_with_itself_has_no_difference() -> None:
    definition = parse(default_document())
    compared = compare(definition, definition)
    assert compared.differences == ()
    assert compared.moved is not None
    assert all(before == after for before, after in compared.moved)
    assert compared.total == sum(compared.moved.values()) > 5**8


def test_without_facts_the_space_is_all_rating_vectors() -> None:
    old = document(ASKED[0], dimensions="a b c", floors=(floor("f", "mid", rating("a", 3)),))
    new = document(ASKED[0], dimensions="a b c", floors=(floor("f", "mid", rating("a", 2)),))
    compared = compare(parse(old), parse(new))
    assert compared.total == 5**3
    assert compared.moved == {("low", "low"): 50, ("low", "mid"): 25, ("mid", "mid"): 50}


def test_too_many_rules_together_give_words_but_no_matrix() -> None:
    asked = [question(f"q{n}", choice("x"), choice("y"), role="context") for n in range(60)]
    pairs = [{"all": [taken(f"q{n}", "y"), taken(f"q{n + 30}", "y")]} for n in range(30)]
    definition = parse(document(*asked, floors=(floor("f", "mid", {"any": pairs}),)))
    compared = compare(definition, definition, limit=20_000)
    assert compared.moved is None
    assert comparison_to_json(compared)["moved"] is None


@pytest.mark.slow
def test_every_change_is_told_in_words_in_both_languages() -> None:
    old = default_document()
    new = json.loads(json.dumps(old))
    new["title"]["en"]["me"] = "New title"
    new["questions"][1]["choices"][2]["rates"] = {"safety": 3}
    new["questions"][1]["role"] = "rated"
    new["questions"][1]["help"]["es"]["loved"] = ""
    del new["questions"][3]["shows_when"]
    new["questions"][4], new["questions"][5] = new["questions"][5], new["questions"][4]
    new["questions"][-1]["choices"].append(choice("sign"))
    new["floors"][0]["level"] = "residential"
    new["floors"][1]["when"] = {"not": {"any": [taken("means", "yes"), {"all": [rating("use", 1), rating("home", 2)]}]}}
    new["safety"][0]["urgency"] = "prompt"
    new["notes"].pop()
    new["notes"].append(note("extra", rating("home", 4)))
    compared = compare(parse(old), parse(new))
    english = [change["words"] for change in comparison_to_json(compared)["changes"]]
    spanish = [change["words"] for change in comparison_to_json(compared, "es")["changes"]]
    assert len(english) == len(spanish) == 12
    title = "title: the text (English, to the person) is now “New title”; before, it was "
    assert english[0] == f"{title}“Which level of care may fit you?”."
    assert spanish[0].startswith("título: el texto (inglés, a la persona) ")
    assert any(words.endswith("?” moved from 5 to 6.") for words in english)
    assert any(words.endswith("” pasó del lugar 5 al 6.") for words in spanish)
    assert "the condition is now it is not so that " in "".join(english)
    assert "(How much and how often is at least mild (1) and Home and support is at least moderate (2))" in "".join(
        english
    )
    assert any(
        words.endswith(" (act-now): the level is now residential; before, it was medically-managed.")
        for words in english
    )
    assert any(words.startswith("Removed notes: ") and words.endswith(" (unknown-drug).") for words in english)
    (added,) = [words for words in english if words.startswith("New choices: ")]
    assert ", an answer to “" in added
    (moved,) = [one for one in compared.differences if one.where == ("floors", "act-now")]
    assert moved.say("en", {"residential": "Residential care"}).endswith(
        "is now Residential care; before, it was medically-managed."
    )
    assert all(one != other for one, other in zip(english, spanish, strict=True))


@settings(max_examples=60)
@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdef"), max_size=2))
def test_comparison_reports_the_fewest_moved_questions(order: list[str], gone: set[str]) -> None:
    def made(keys: list[str]) -> Document:
        return document(*(question(key, choice("x"), choice("y")) for key in keys))

    now = [key for key in order if key not in gone]
    changes = compare(parse(made(list("abcdef"))), parse(made(now))).differences
    moved = {one.where[-1] for one in changes if one.phrase == "moved"}
    stayed = [key for key in now if key not in moved]
    assert stayed == sorted(stayed)
    longest = max(
        len(some) for size in range(len(now) + 1) for some in combinations(now, size) if list(some) == sorted(some)
    )
    assert len(stayed) == longest
    for one in changes:
        if one.phrase == "moved":
            key = one.where[-1]
            said = f"“{key}?” moved from {'abcdef'.index(key) + 1} to {now.index(key) + 1}."
            assert one.say("en") == said


def test_levels_that_moved_are_said_with_their_places() -> None:
    one = document(question("q", choice("x"), choice("y")), levels="low mid high")
    other = document(question("q", choice("x"), choice("y")), levels="high low mid")
    (change,) = compare(parse(one), parse(other)).differences
    assert (change.say("en"), change.say("es")) == ("high moved from 3 to 1.", "high pasó del lugar 3 al 1.")
