"""The level-of-care questionnaire: proved, as expected in every rule, and in words that families can read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assessments.engine.decide import evaluate
from assessments.engine.definition import VOICES, FloorRule, Language, Text
from assessments.engine.prove import prove
from assessments.engine.signs import dangers_of
from guides.content.reading import Counts
from tests.engine.building import default_definition
from tests.engine.expected_floors import FLOORS
from tests.engine.expected_warnings import NOTES, SAFETY
from tests.engine.judging import faults, filled

DEFINITION = default_definition()

# Words that blame or label (after NIDA's "Words Matter"), and words of the engine that families should not meet.
UNWELCOME = {
    "en": r"addict|alcoholic|abus|junkie|\bclean\b|dirty|relaps|failed|refus|denial|non-?complian|drunkard|crazy"
    r"|committed suicide|substance dependence|sufferer|victim|\bfloor\b|dimension|triage|criteria",
    "es": r"adict|alcohólic|drogadict|abus|limpi[oa]\b|suci[oa]|recaíd|fracasó|fracasad|loc[oa]\b"
    r"|víctima|negación|dimensión",
}


def texts() -> Iterator[tuple[str, Text]]:
    yield "title", DEFINITION.title
    for dimension in DEFINITION.dimensions:
        yield dimension.key, dimension.name
    for question in DEFINITION.questions:
        yield question.key, question.text
        if question.help is not None:
            yield f"{question.key} help", question.help
        if question.ask is not None:
            yield f"{question.key} ask", question.ask
        for choice in question.choices:
            yield f"{question.key} {choice.key}", choice.text
            if choice.sign is not None:
                yield f"{question.key} {choice.key} sign", choice.sign
    for floor in DEFINITION.floors:
        yield floor.key, floor.reason
    for rule in DEFINITION.safety:
        yield rule.key, rule.text
    for note in DEFINITION.notes:
        yield note.key, note.text


@pytest.mark.slow
def test_it_is_proved() -> None:
    proof = prove(DEFINITION)
    assert proof.proved, proof.counterexamples
    assert all(proof.properties.values()) and not proof.refused


@pytest.mark.slow
def test_every_path_asks_12_to_30_questions_the_shortest_at_most_20() -> None:
    """Helpers count: the longest way is that of a family that is not sure of anything."""
    proof = prove(DEFINITION)
    assert 12 <= proof.shortest <= 20 and proof.longest + len(DEFINITION.helper_of) <= 30
    assert proof.cases > 10**18


@pytest.mark.slow
def test_it_does_what_is_expected_in_every_rule_rating_and_case() -> None:
    assert list(faults(DEFINITION)) == []


def test_every_rule_has_a_test_case_and_every_floor_a_source() -> None:
    expected = {key for lines in (*FLOORS.values(), *SAFETY.values(), NOTES) for key, _ in lines}
    assert expected == set(DEFINITION.rules)
    assert all(floor.source.strip() for floor in DEFINITION.floors)


def test_safety_comes_first_and_preferences_last() -> None:
    roles = [question.role for question in DEFINITION.questions]
    assert [role for role in roles[:5] if role != "context"] == ["safety"] * 4
    assert [question.helps for question in DEFINITION.questions[:5] if question.helps] == ["self-harm"]
    first = roles.index("preference")
    assert set(roles[first:]) == {"preference"} and len(roles) - first == 5


def test_every_level_is_reachable_and_no_preference_changes_it() -> None:
    answers = filled(DEFINITION, {"mood": "every-day"})
    level = evaluate(DEFINITION, answers).level
    for question in DEFINITION.questions:
        if question.role == "preference":
            for choice in question.choices:
                given = [choice.key] if question.kind == "many" else choice.key
                assert evaluate(DEFINITION, answers | {question.key: given}).level == level


def test_no_word_blames_or_is_jargon_in_either_language() -> None:
    for place, text in texts():
        for language in ("en", "es"):
            for voice in VOICES:
                words = text.say(language, voice).lower()
                assert not re.search(UNWELCOME[language], words), (place, words)


def test_the_words_are_said_to_the_right_person() -> None:
    """To the person: never of "them"; of a loved one: what is asked is never "you" alone."""
    for question in DEFINITION.questions:
        if question.role != "preference" and question.key not in ("danger-now",):
            assert not re.search(r"\b(they|them|their)\b", question.text.en.me.lower()), question.key
            assert re.search(r"\b(they|them|their)\b", question.text.en.loved.lower()), question.key
    for _, text in texts():
        assert not re.search(r"\b(tú|tienes|puedes|tu|te|contigo|vos)\b", text.es.me.lower()), text.es.me


def test_every_answer_that_a_safety_rule_asks_for_has_a_sign() -> None:
    asked = [(question, key) for question in DEFINITION.questions for key in dangers_of(DEFINITION, question)]
    assert [(question.key, key) for question, key in asked if question.choice(key).sign is None] == []


PERIOD = {
    "en": r"\b(?:in|for|over) the last (\w+ (?:weeks?|months?))|\blast (month)\b",
    "es": r"\b(?:las|los) últim[ao]s (\w+ (?:semanas|meses))|\búltimo (mes)\b",
}


def test_no_question_asks_about_one_time_and_offers_another() -> None:
    mixed = []
    for question in DEFINITION.questions:
        for language in ("en", "es"):
            asked = set(re.findall(PERIOD[language], question.text.say(language, "me")))
            offered = {
                found
                for choice in question.choices
                for found in re.findall(PERIOD[language], choice.text.say(language, "me"))
            }
            if asked and offered - asked:
                mixed.append((question.key, language, asked, offered))
    assert mixed == []


def grade(language: Language, words: list[str]) -> float:
    told = " ".join(word if word.endswith((".", "?", "!")) else f"{word}." for word in words)
    counts = Counts.of(told, language)
    return counts.flesch_kincaid if language == "en" else counts.fernandez_huerta


def test_every_question_and_every_rule_reads_at_grade_7_or_below() -> None:
    for voice in VOICES:
        for question in DEFINITION.questions:
            said = [question.text, *([question.help] if question.help else []), *(c.text for c in question.choices)]
            assert grade("en", [text.say("en", voice) for text in said]) <= 7, question.key
        for rule in DEFINITION.rules.values():
            text = rule.reason if isinstance(rule, FloorRule) else rule.text
            assert grade("en", [text.say("en", voice)]) <= 7, (rule.key, text.say("en", voice))


def test_the_spanish_reads_easily_too() -> None:
    """Fernández Huerta: 60 and above is "normal" to "very easy"."""
    for voice in VOICES:
        for question in DEFINITION.questions:
            said = [question.text, *([question.help] if question.help else []), *(c.text for c in question.choices)]
            assert grade("es", [text.say("es", voice) for text in said]) >= 60, question.key
