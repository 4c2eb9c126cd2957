"""Reads conditions aloud: rules as sentences that an editor or a clinician can check."""

from __future__ import annotations

from assessments.engine.conditions import All, AnyOf, Condition, In, Not, Rating
from assessments.engine.definition import Definition, Language
from assessments.engine.phrases import listed, phrase


def say_condition(definition: Definition, condition: Condition, language: Language = "en") -> str:
    """A condition as part of a sentence, in the words of the person's own questionnaire."""
    match condition:
        case All(parts):
            return f" {phrase('and', language)} ".join(_inner(definition, part, language) for part in parts)
        case AnyOf(parts):
            return f" {phrase('or', language)} ".join(_inner(definition, part, language) for part in parts)
        case Not(part):
            return phrase("not", language, condition=say_condition(definition, part, language))
        case In(key, choices):
            question = definition.by_key[key]
            said = [f"“{question.choice(choice).text.say(language, 'me') or choice}”" for choice in choices]
            asked = question.text.say(language, "me") or key
            return phrase("in", language, question=asked, choices=listed(said, language, "or"))
        case Rating(key, at_least):
            name = next(one.name.say(language, "me") or key for one in definition.dimensions if one.key == key)
            return phrase("rating", language, dimension=name, degree=phrase(f"degree-{at_least}", language))


def _inner(definition: Definition, part: Condition, language: Language) -> str:
    """A part of a longer condition, in brackets when it has parts itself."""
    said = say_condition(definition, part, language)
    return f"({said})" if isinstance(part, All | AnyOf) and len(part.parts) > 1 else said
