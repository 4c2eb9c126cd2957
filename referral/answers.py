"""A family's answers to the questionnaire in words, for a navigator, and for a program that may see them."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.engine.definition import NOT_SURE, Language, Question
from assessments.engine.explain import Speaker
from assessments.models import Response
from referral.models import Patient

PAYING = "paying"  # the question of how care could be paid for
# Questions whose answers the form for asking need not ask again, with what its own choices call them.
PERSON, LANGUAGE = "person", "language"
AGES = {"under-18": Patient.Age.MINOR, "older": Patient.Age.OLDER}
LANGUAGES = {"english": "en", "spanish": "es"}


def answer_lines(response: Response, language: str, unsure: str, nothing: str) -> list[tuple[str, str]]:
    """(question, answer) in the order in which they were asked; hidden answers do not count and do not show.

    `unsure` and `nothing` are the words for "not sure" and for a choice of none.
    """
    return [(question, answer) for _key, question, answer in _lines(response, language, unsure, nothing)]


def payment_line(response: Response, language: str, unsure: str, nothing: str) -> str:
    """How care could be paid for, in the family's answer; ``""`` where it was not asked."""
    lines = _lines(response, language, unsure, nothing)
    return next((answer for key, _question, answer in lines if key == PAYING), "")


def age_of(response: Response) -> str:
    """The age group, where the answers say one."""
    return _one_of(response, PERSON, AGES)


def language_of(response: Response) -> str:
    """The language that is best for care, where the answers name one that we speak."""
    return _one_of(response, LANGUAGE, LANGUAGES)


def _one_of(response: Response, key: str, known: Mapping[str, str]) -> str:
    given = next((step.answer for step in response.outcome().path if step.question.key == key), ())
    found = [known[each] for each in ([given] if isinstance(given, str) else given) if each in known]
    return str(found[0]) if len(found) == 1 else ""


def _lines(response: Response, language: str, unsure: str, nothing: str) -> list[tuple[str, str, str]]:
    """(key, question, answer)."""
    spoken: Language = "es" if language == "es" else "en"
    speaker = Speaker(response.version.definition, spoken, response.spoken_to, answers=response.answers)
    lines = []
    for step in response.outcome().path:
        given = [step.answer] if isinstance(step.answer, str) else list(step.answer)
        words = [unsure if key == NOT_SURE else _choice(step.question, key, speaker) for key in given]
        lines.append((step.question.key, speaker.text(step.question.text), "; ".join(words) or nothing))
    return lines


def _choice(question: Question, key: str, speaker: Speaker) -> str:
    return next((speaker.text(choice.text) for choice in question.choices if choice.key == key), key)
