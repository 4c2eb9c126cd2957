"""Words that follow an answer: the case that fits is said, and the words for everybody where nobody is sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assessments.engine.definition import LANGUAGES, NOT_SURE, VOICES, Definition, FloorRule, Text
from assessments.engine.differences import differences
from assessments.engine.document import DefinitionError, parse, to_json
from assessments.engine.wording import said
from tests.engine.building import default_definition
from tests.engine.test_default import grade, texts

DEFINITION = default_definition()
OFTEN = "how often did you {substances: alcohol = drink | sedatives = take pills | unknown = drink, or take pills}?"
ONE_OF_MANY = (["alcohol"], ["sedatives"], ["opioids"], ["alcohol", "sedatives"], ["cannabis"], ["unknown"])
PILLS = {"en": ("pills", "GHB", "pregabalin"), "es": ("pastillas", "GHB", "pregabalina")}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["alcohol"], "drink"),
        (["sedatives", "cannabis"], "take pills"),
        (["alcohol", "sedatives"], "drink, or take pills"),
        (["alcohol", "unknown"], "drink, or take pills"),
        (["cannabis"], "drink, or take pills"),
        ([], "drink, or take pills"),
        (NOT_SURE, "drink, or take pills"),
    ],
)
def test_the_first_case_that_names_all_that_was_taken_is_said(given: Any, words: str) -> None:
    assert said(OFTEN, {"substances": given}) == f"how often did you {words}?"


def test_none_of_these_can_have_words_of_its_own() -> None:
    asked = "when you {substances: none_of_these = skip the pills | * = stop}?"
    given: tuple[Any, ...] = ([], ["alcohol"], NOT_SURE)
    assert [said(asked, {"substances": one}) for one in given] == ["when you skip the pills?", *["when you stop?"] * 2]
    assert said(asked) == "when you stop?"


def test_without_answers_everybody_reads_the_last_case() -> None:
    assert said(OFTEN) == said(OFTEN, {}) == "how often did you drink, or take pills?"
    assert (
        said("Wait. {substances: cannabis = | * = It is dangerous.} Ask.", {"substances": ["cannabis"]}) == "Wait. Ask."
    )


BROKEN = [
    ("{substances}", "passage"),
    ("a { b", "passage"),
    ("{substances: alcohol = drink}", "passage"),
    ("{nothing: alcohol = drink | * = take}", "no-question"),
    ("{substances: water = drink | * = take}", "no-choice"),
]


@pytest.mark.parametrize(("words", "fault"), BROKEN)
def test_a_passage_that_leads_nowhere_is_refused_with_its_place(words: str, fault: str) -> None:
    document = to_json(DEFINITION)
    document["safety"][0]["text"]["es"]["me"] = words
    with pytest.raises(DefinitionError) as refused:
        parse(document)
    (problem,) = refused.value.problems
    assert (problem.phrase, problem.where) == (fault, ("safety", 0, "text", "es", "me"))
    assert problem.say("en") and problem.say("es")


def test_a_change_in_any_case_shows_among_the_differences() -> None:
    document = to_json(DEFINITION)
    rule = next(one for one in document["safety"] if one["key"] == "do-not-stop-suddenly")
    rule["text"]["en"]["me"] = rule["text"]["en"]["me"].replace("alcohol = drink every day", "alcohol = drink daily")
    (changed,) = differences(DEFINITION, parse(document))
    assert "drink daily" in changed.say("en")


def of_drinking(definition: Definition) -> Iterator[tuple[str, Text]]:
    """The texts that a person meets who drinks and takes nothing else."""
    for key in ("drink-often", "stopping"):
        asked = definition.by_key[key]
        yield from (
            (key, text) for text in (asked.text, asked.help, *(choice.text for choice in asked.choices)) if text
        )
        yield from ((key, choice.sign) for choice in asked.choices if choice.sign)
    told = ("do-not-stop-suddenly", "alcohol-sedatives", "pregnant-and-using", "withdrawal-danger")
    reasons = ("alcohol-sedative-withdrawal", "drinking-and-shakes", "alcohol-sedative-check", "daily-and-shakes")
    for rule in (definition.rules[key] for key in (*told, *reasons)):
        yield rule.key, rule.reason if isinstance(rule, FloorRule) else rule.text


def test_who_only_drinks_reads_no_word_of_pills() -> None:
    for language in LANGUAGES:
        for voice in VOICES:
            for place, text in of_drinking(DEFINITION):
                words = text.say(language, voice, {"substances": ["alcohol"]})
                assert words and not [word for word in PILLS[language] if word in words], (place, words)
    warned = DEFINITION.rules["do-not-stop-suddenly"]
    assert not isinstance(warned, FloorRule)
    for given in (["alcohol", "sedatives"], ["alcohol", "unknown"], ["unknown"], NOT_SURE):
        assert "pills" in warned.text.say("en", "me", {"substances": given}), given


@pytest.mark.parametrize("given", ONE_OF_MANY, ids="+".join)
def test_every_case_is_plain_and_easy_to_read(given: list[str]) -> None:
    answers = {"substances": given}
    for place, text in texts():
        for voice in VOICES:
            for language in LANGUAGES:
                if text.written(language, voice) == (words := text.say(language, voice, answers)):
                    continue
                assert words and not set("{}|=") & set(words) and "  " not in words, (place, words)
                assert " ." not in words and " ," not in words, (place, words)
    for voice in VOICES:
        for question in DEFINITION.questions:
            told = [question.text, *([question.help] if question.help else []), *(one.text for one in question.choices)]
            assert grade("en", [text.say("en", voice, answers) for text in told]) <= 7, question.key
            assert grade("es", [text.say("es", voice, answers) for text in told]) >= 60, question.key
        for rule in DEFINITION.rules.values():
            text = rule.reason if isinstance(rule, FloorRule) else rule.text
            assert grade("en", [text.say("en", voice, answers)]) <= 7, rule.key
