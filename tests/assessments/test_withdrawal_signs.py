"""Every text about stopping names the signs for 911 that the first question names, in both languages."""

from __future__ import annotations

import json

import pytest

from guides.content.helplines import SHIPPED

GUIDES = SHIPPED.parent / "guides"
QUESTIONS = SHIPPED.parents[2] / "assessments" / "questionnaires" / "level-of-care.json"
SIGNS = {
    "en": (("seizure",), ("strong shaking", "shakes strongly"), ("things that are not there",), ("severe confusion",)),
    "es": (("onvulsiones",), ("temblores fuertes",), ("cosas que no existen",), ("una confusión muy fuerte",)),
}


def missing(text: str, language: str) -> list[str]:
    return [words[0] for words in SIGNS[language] if not any(word in text for word in words)]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", ["me", "loved"])
def test_warnings_of_withdrawal_name_the_signs_of_the_question(language: str, voice: str) -> None:
    document = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    asked = next(question for question in document["questions"] if question["key"] == "danger-now")
    choice = next(choice for choice in asked["choices"] if choice["key"] == "withdrawal")
    warned = [rule for rule in document["safety"] if rule["key"] in ("withdrawal-danger", "do-not-stop-suddenly")]
    told = [choice["text"][language][voice], *(rule["text"][language][voice] for rule in warned)]
    assert [missing(text, language) for text in told] == [[], [], []]


@pytest.mark.parametrize("guide", ["get-help-now", "medically-managed", "choosing"])
def test_guides_name_the_same_signs_for_911(guide: str) -> None:
    lines = (GUIDES / f"{guide}.json").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if "911" in line]
    assert [line for line in told if not missing(line, "en")] and [line for line in told if not missing(line, "es")]
