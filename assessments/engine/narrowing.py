"""Which answers would narrow the range most: questions answered with "not sure", the most telling first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assessments.engine.compiled import added
from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import Definition, Question
from assessments.engine.walk import Answer, Answers, Walk, choices_left, walk


def width(definition: Definition, outcome: Outcome) -> int:
    """How many levels lie in the range; 0 as long as answers are missing."""
    if outcome.range is None:
        return 0
    low, high = (definition.levels.index(level) for level in outcome.range)
    return high - low + 1


def narrowing(definition: Definition, answers: Answers) -> list[str]:
    """Keys of the questions whose answer would narrow the range, by how many levels each leaves on average.

    Each choice that may be meant counts alike, and so does "none of these": which one is true is not known. What is
    equally telling stays in the order asked; a question that no answer of its own makes any narrower is left out. A
    helper is never among them: the question that it helps is.
    """
    walked = walk(definition, answers)
    now = width(definition, evaluate(definition, answers))
    found = []
    for question in (step.question for step in walked.steps if step.question.key in walked.unsure):
        possible = meanings(definition, walked, question)
        left = levels_left(definition, answers, question.key, possible)
        if left < now:
            found.append((left, question.key))
    return [key for _, key in sorted(found, key=lambda pair: pair[0])]


def levels_left(definition: Definition, answers: Answers, question: str, possible: Sequence[Answer]) -> Fraction:
    """The levels that are left on average when this question is answered with one of these."""
    widths = [width(definition, evaluate(definition, {**answers, question: answer})) for answer in possible]
    return Fraction(sum(widths), len(widths))


def meanings(definition: Definition, walked: Walk, question: Question) -> list[Answer]:
    """The answers that may be meant by "not sure"; of several: none, each alone, and all together.

    Where the helper was told that one of some is true, each of these alone, and all together.
    """
    left = choices_left(definition, walked, question)
    if not question.is_many:
        return list(left)
    told = walked.seen.get(question.key)
    proof = added(definition.by_key[told.question], str(told.answer)) if told else ()
    together = [list(left)] if len(left) > 1 else []
    return [*([] if proof else [[]]), *([choice] for choice in left if not proof or choice in proof), *together]
