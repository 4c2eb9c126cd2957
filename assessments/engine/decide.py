"""Decides: which safety rules fire, how each dimension is rated, which level fits, and from which answers.

The level is that of the highest floor rule that holds, else the lowest level. With "not sure" the level lies in a
range: one reading takes the least severe answer for each "not sure", the other the most severe. For a proved
definition a worse answer never lowers the level, so these two readings bound every answer that could be meant,
also where the unsure answer decides what else is asked. What later answers prove counts in both (see `walk`). The
level itself is the upper end: as long as nobody knows, plan for the greater need. Safety rules and notes fire as soon
as "not sure" leaves them possible.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from assessments.engine.definition import ENGINE_VERSION, NOT_SURE, Definition
from assessments.engine.program import Because, Compiled, Program, compiled
from assessments.engine.walk import Answers, Step, Walk, walk


class Fired(NamedTuple):
    """A rule that fired, and from which answers. It is not certain when it hangs on an answer "not sure"."""

    rule: str
    certain: bool
    because: tuple[Because, ...]

    @property
    def stated(self) -> bool:
        """Whether it can be told as a fact: it is certain, or all that it rests on was answered outright."""
        return self.certain or all(because.answer != NOT_SURE for because in self.because)


class Outcome(NamedTuple):
    """What a definition makes of answers. Levels, questions and rules are given by their keys.

    Safety rules are those of the answers given so far, most urgent first. As long as a question is left (`complete` is
    False, `next_question` names it) there is no level, no range, no fired floor rule and no note.
    `ratings` are (lowest, highest) for each dimension, 0–4; they differ only after "not sure".
    `hidden` are questions that have an answer but are not asked after the answers before them; it does not count.
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
    safety = _possible(program, walked, program.safety)
    if walked.next is not None:
        ratings = _ratings(program, walked.sure, walked.maybe)
        return Outcome(False, walked.next.key, walked.steps, walked.hidden, ratings, safety, None, None, (), ())
    low = high = _level(program, walked.worst)
    if walked.unsure:
        low, high = sorted((_level(program, walked.least), high))
    return Outcome(
        complete=True,
        next_question=None,
        path=walked.steps,
        hidden=walked.hidden,
        ratings=_ratings(program, walked.sure, walked.maybe),
        safety=safety,
        level=definition.levels[high],
        range=(definition.levels[low], definition.levels[high]),
        fired=_met(program, walked),
        notes=_possible(program, walked, program.notes),
    )


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
    for _, holds, _, level in program.floors:
        if level > highest and holds(state, state):
            highest = level
    return highest


def _ratings(program: Program, sure: int, maybe: int) -> dict[str, tuple[int, int]]:
    return {
        dimension: (((sure & mask) >> start).bit_length(), ((maybe & mask) >> start).bit_length())
        for dimension, (start, mask) in program.ratings.items()
    }


def _met(program: Program, walked: Walk) -> tuple[Fired, ...]:
    """Floor rules that hold in at least one of the two readings of "not sure"."""
    _, _, unsure, _, sure, maybe, least, worst = walked
    fired = []
    for key, holds, cites, _ in program.floors:
        if holds(worst, worst):
            state = worst
        elif unsure and holds(least, least):
            state = least
        else:
            continue
        certain = not unsure or holds(sure, maybe)
        fired.append(Fired(key, certain, _because(program, cites(state), unsure)))
    return tuple(fired)


def _possible(program: Program, walked: Walk, rules: tuple[Compiled, ...]) -> tuple[Fired, ...]:
    """Safety rules and notes that nothing rules out: better told once too often."""
    _, _, unsure, _, sure, maybe, _, _ = walked
    return tuple(
        Fired(key, not unsure or holds(sure, maybe), _because(program, cites(maybe), unsure))
        for key, holds, cites, _ in rules
        if holds(maybe, sure)
    )


def _because(program: Program, bits: int, unsure: frozenset[str]) -> tuple[Because, ...]:
    """The answers whose choices are cited, in the order asked."""
    answers = []
    owner = program.owner
    while bits:
        own, told = owner[bits & -bits]
        answers.append(told[bits & own])
        bits &= ~own
    if unsure:
        return tuple(Because(key, NOT_SURE) if key in unsure else Because(key, answer) for key, answer in answers)
    return tuple(answers)
