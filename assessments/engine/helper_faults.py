"""Says what is wrong with an answer of a helper, and which answers to check instead, in the editor's own words."""

from __future__ import annotations

from assessments.engine.definition import Choice, Definition, Language, Question
from assessments.engine.phrases import listed, phrase
from assessments.engine.reading import Place


def helper_fault(definition: Definition, where: Place, subject: str, language: Language) -> str:
    """The sentence for a counterexample to `helpers_sound` at this place. `subject` is a key of the helped question
    that no answer leaves, or of the helper's answer at the place."""
    helper = definition.questions[int(where[1])]
    helped = definition.by_key[helper.helps or ""]
    if len(where) > 2:
        return _of_answer(helper, helped, int(where[3]), language)
    place = [choice.key for choice in helped.choices].index(subject)
    nearest = min(
        range(len(helper.choices)),
        key=lambda at: (min((abs(place - other) for other in _places(helped, at, helper)), default=place + 1), -at),
    )
    return phrase(
        "helper-left-out",
        language,
        answer=_quoted(helped.choices[place], language),
        helped=_asked(helped, language),
        at=nearest + 1,
        last=_quoted(helper.choices[nearest], language),
    )


def _of_answer(helper: Question, helped: Question, at: int, language: Language) -> str:
    before = _places(helped, at - 1, helper) if at else []
    places = _places(helped, at, helper)
    if not places:
        name, better = "helper-nothing", before or [0]
    elif helped.is_many:
        name, better = "helper-many", sorted({*before, *places})
    else:
        low, high = (max(places[end], before[end]) if before else places[end] for end in (0, -1))
        gap = places[-1] - places[0] >= len(places)
        name, better = "helper-gap" if gap else "helper-milder", list(range(low, high + 1))
    return phrase(
        name,
        language,
        at=at + 1,
        answer=_quoted(helper.choices[at], language),
        last=at,
        before=_quoted(helper.choices[at - 1], language),
        helped=_asked(helped, language),
        example=listed([_quoted(helped.choices[place], language) for place in better], language),
    )


def _places(helped: Question, at: int, helper: Question) -> list[int]:
    order = [choice.key for choice in helped.choices]
    return sorted(map(order.index, helper.choices[at].means))


def _asked(question: Question, language: Language) -> str:
    return question.text.say(language, "me") or question.key


def _quoted(choice: Choice, language: Language) -> str:
    return f"“{choice.text.say(language, 'me') or choice.key}”"
