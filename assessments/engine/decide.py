"""Decides: which safety rules fire, how each dimension is rated, which level fits, and from which answers.

The level is that of the highest floor rule that holds, else the lowest level. With "not sure" the level lies in a
range: one reading takes the least severe answer for each "not sure", the other the most severe. For a proved
definition a worse answer never lowers the level, so these two readings bound every answer that could be meant,
also where the unsure answer decides what else is asked. The level itself is then the upper end: as long as nobody
knows, plan for the greater need.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from assessments.engine.definition import ENGINE_VERSION, NOT_SURE, Definition
from assessments.engine.program import Program, Test, compiled
from assessments.engine.walk import Answers, Step, Walk, walk


class Because(NamedTuple):
    """An answer that made a rule fire: a choice's key, the keys of those choices that did, or "not_sure"."""

    question: str
    answer: str | tuple[str, ...]


class Fired(NamedTuple):
    """A rule that fired, and from which answers. It is not certain when it hangs on an answer "not sure"."""

    rule: str
    certain: bool
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a definition makes of answers. Levels, questions and rules are given by their keys.

    Safety rules are those of the answers given so far, most urgent first. As long as a question is left (`complete` is
    False, `next_question` names it) there is no level, no range, no fired floor rule and no note.
    `ratings` are (lowest, highest) for each dimension, 0–4; they differ only after "not sure".
    `hidden` are questions that have an answer which does not count.
    """

    complete: bool
    next_question: str | None
    path: tuple[Step, ...]
    hidden: tuple[str, ...]
    ratings: dict[str, tuple[int, int]]
    safety: tuple[Fired, ...]
    level: str | None
    range: tuple[str, str] | None
    fired: tuple[Fired, ...]
    notes: tuple[Fired, ...]
    engine: str = ENGINE_VERSION


def evaluate(definition: Definition, answers: Answers) -> Outcome:
    """The outcome of these answers; hidden answers do not count. Raises AnswerError for an answer that fits nothing."""
    program = compiled(definition)
    walked = walk(definition, answers)
    counted = len(walked.steps)
    hidden: tuple[str, ...] = ()
    if counted < len(answers):
        on_the_way = {step.question.key for step in walked.steps}
        hidden = tuple(question.key for question in definition.questions if question.key in answers.keys() - on_the_way)
    safety = _fired(program, walked, program.safety)
    if walked.next is not None:
        ratings = _ratings(program, walked.sure, walked.maybe)
        return Outcome(False, walked.next.key, walked.steps, hidden, ratings, safety, None, None, (), ())
    low, high = sorted((_level(program, walked.least), _level(program, walked.worst)))
    return Outcome(
        complete=True,
        next_question=None,
        path=walked.steps,
        hidden=hidden,
        ratings=_ratings(program, walked.sure, walked.maybe),
        safety=safety,
        level=definition.levels[high],
        range=(definition.levels[low], definition.levels[high]),
        fired=_fired(program, walked, program.floors),
        notes=_fired(program, walked, program.notes),
    )


def level_of(definition: Definition, state: int) -> int:
    """Position of the level that fits a state of the definition's program."""
    return _level(compiled(definition), state)


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain JSON values: `safety` and `notes` as rule keys, `fired` as {rule, certain, because}."""
    return {
        "complete": outcome.complete,
        "next_question": outcome.next_question,
        "path": [step.question.key for step in outcome.path],
        "level": outcome.level,
        "range": list(outcome.range) if outcome.range else None,
        "safety": [fired.rule for fired in outcome.safety],
        "notes": [fired.rule for fired in outcome.notes],
        "ratings": {dimension: list(bounds) for dimension, bounds in outcome.ratings.items()},
        "fired": [
            {
                "rule": fired.rule,
                "certain": fired.certain,
                "because": [
                    {"question": because.question, "answer": _plain(because.answer)} for because in fired.because
                ],
            }
            for fired in outcome.fired
        ],
        "engine": outcome.engine,
    }


def _plain(answer: str | tuple[str, ...]) -> str | list[str]:
    return answer if isinstance(answer, str) else list(answer)


def _level(program: Program, state: int) -> int:
    highest = 0
    for _, test, level in program.floors:
        if level > highest and test.certain(state, state):
            highest = level
    return highest


def _ratings(program: Program, sure: int, maybe: int) -> dict[str, tuple[int, int]]:
    return {
        dimension: (((sure & mask) >> start).bit_length(), ((maybe & mask) >> start).bit_length())
        for dimension, (start, mask) in program.ratings.items()
    }


def _fired(program: Program, walked: Walk, rules: Iterable[tuple[Any, ...]]) -> tuple[Fired, ...]:
    """Rules that hold in at least one of the two readings of "not sure"."""
    fired = []
    unsure: set[str] | None = None
    for rule, test, *_ in rules:
        state = walked.worst
        if not test.certain(state, state):
            state = walked.least
            if state == walked.worst or not test.certain(state, state):
                continue
        if unsure is None:
            unsure = {step.question.key for step in walked.steps if step.answer == NOT_SURE}
        certain = not unsure or test.certain(walked.sure, walked.maybe)
        fired.append(Fired(rule.key, certain, _because(program, test, state, unsure)))
    return tuple(fired)


def _because(program: Program, test: Test, state: int, unsure: set[str]) -> tuple[Because, ...]:
    """The answers, in the order asked, whose choices the rule cites in this state."""
    bits = test.cites(state, True)
    cited: dict[str, list[str]] = {}
    while bits:
        lowest = bits & -bits
        question, choice = program.choices[lowest.bit_length() - 1]
        cited.setdefault(question, []).append(choice)
        bits ^= lowest
    return tuple(
        Because(
            question, NOT_SURE if question in unsure else tuple(choices) if question in program.many else choices[0]
        )
        for question, choices in cited.items()
    )
