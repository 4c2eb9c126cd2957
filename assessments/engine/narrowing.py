"""Which answers would narrow the range most: questions answered with "not sure", the most telling first."""

from __future__ import annotations

from fractions import Fraction

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import NOT_SURE, Definition, Question
from assessments.engine.walk import Answer, Answers


def width(definition: Definition, outcome: Outcome) -> int:
    """How many levels lie in the range; 0 as long as answers are missing."""
    if outcome.range is None:
        return 0
    low, high = (definition.levels.index(level) for level in outcome.range)
    return high - low + 1


def narrowing(definition: Definition, answers: Answers) -> list[str]:
    """Keys of the questions whose answer would narrow the range, by how many levels each leaves on average.

    Each choice counts alike, and so does "none of these": which one is true is not known. What is equally telling
    stays in the order asked; a question that no answer of its own makes any narrower is left out.
    """
    outcome = evaluate(definition, answers)
    now = width(definition, outcome)
    found = []
    for step in outcome.path:
        if step.answer == NOT_SURE:
            left = _left(definition, answers, step.question)
            if left < now:
                found.append((left, step.question.key))
    return [key for _, key in sorted(found, key=lambda pair: pair[0])]


def _left(definition: Definition, answers: Answers, question: Question) -> Fraction:
    """The levels that are left on average when this question is answered."""
    widths = [
        width(definition, evaluate(definition, {**answers, question.key: answer})) for answer in _possible(question)
    ]
    return Fraction(sum(widths), len(widths))


def _possible(question: Question) -> list[Answer]:
    if question.kind == "one":
        return [choice.key for choice in question.choices]
    return [[], *([choice.key] for choice in question.choices)]
