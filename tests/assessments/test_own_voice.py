"""Whoever asks for themselves is spoken to: nothing that their result may quote speaks of "the person" or of "we"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from assessments.engine.definition import Language, Text
from assessments.engine.wording import BRACES
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import shown, words
from tests.engine.building import default_definition
from tests.engine.people import PEOPLE
from tests.guides.shipped_content import load, strings

# Somebody else is spoken of; whoever asks for themselves is alone on the phone, so no question to a program says "we".
OF_ANOTHER: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(the person|loved one|someone you love|help us|can we|could we|would we|do we|are we)\b", re.I
    ),
    "es": re.compile(r"\b(la persona|ser querido|nos (?:ayudan|pueden)|qué podemos|pagaríamos|podríamos)\b", re.I),
}
# A warning for whoever stands beside somebody who took too much: that is another person, whoever asks.
OTHERS = {"overdose-now"}


def spoken() -> Iterator[tuple[str, Text]]:
    """Every text of the shipped questionnaire that a result may quote, with where it stands."""
    definition = default_definition()
    for question in definition.questions:
        asked = [question.text, question.help, question.ask]
        asked += [text for choice in question.choices for text in (choice.text, choice.sign)]
        yield from ((question.key, text) for text in asked if text is not None)
    yield from ((floor.key, floor.reason) for floor in definition.floors)
    yield from ((rule.key, rule.text) for rule in definition.safety if rule.key not in OTHERS)
    yield from ((note.key, note.text) for note in definition.notes)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_questionnaire_speaks_to_who_asks_for_themselves(language: Language) -> None:
    told = [(key, BRACES.sub("", text.say(language, "me"))) for key, text in spoken()]
    assert len(told) > 200 and [one for one in told if OF_ANOTHER[language].search(one[1])] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_told_of_a_level_reads_right_in_both_voices(language: Language) -> None:
    facts = [fact[language] for level in load("facts.json").values() for fact in level.values()]
    facts += [fact["short"][language] for level in load("facts.json").values() for fact in level.values()]
    named = [one[language] for name in ("levels", "aspects") for one in load(f"{name}.json")]
    told = list(strings([facts, named]))
    assert len(told) > 100 and [one for one in told if OF_ANOTHER[language].search(one)] == []


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.usefixtures("guided")
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_whole_result_speaks_to_who_asks_for_themselves(client: Client, language: Language) -> None:
    for person in PEOPLE[::9]:
        told = words(shown(client, person.answers, voice="me", language=language))
        assert not [found[0] for found in OF_ANOTHER[language].finditer(told)], person.story
