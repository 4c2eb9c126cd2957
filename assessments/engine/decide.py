"""Decides: which safety rules fire, how each dimension is rated, which level fits, and from which answers.

The level is that of the highest floor rule that holds, else the lowest level. With "not sure" the level lies in a
range: one reading takes the least severe answer for each "not sure", the other the most severe, of those that a helper
leaves. For a proved definition a worse answer never lowers the level, so these two readings bound every answer that
could be meant, also where the unsure answer decides what else is asked. What later answers prove counts in both (see
`walk`). The level itself is the lower end, which is certain; what lies above it is a question (see `unknowns`), not a
plan. Safety rules and notes fire as soon as "not sure" leaves them possible.

Floor rules that are only the first step, for days, count for the level, where care begins. Without them comes the care
after it, `then`.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

from assessments.engine.compiled import Because, Compiled, Program, compiled
from assessments.engine.definition import ENGINE_VERSION, NOT_SURE, Definition
from assessments.engine.walk import Answers, Step, Walk, walk

Certainty: TypeAlias = Literal["settled", "at-least", "open"]

WIDEST_FIT = 2
"""A range of more levels than these tells a family nothing that it could act on, where none of it is certain."""


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
    `level` is the lower end of `range`. `then` is the range of the care after a first step, and `range` itself where no
    first step is possible; `first` are the rules of first steps that lead above it, certain when they do so in the
    least severe reading, too.
    `certainty` is "settled" when nothing that was meant could lead elsewhere, "open" when nothing is certain.
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
    then: tuple[str, str] | None = None
    first: tuple[Fired, ...] = ()
    certainty: Certainty | None = None
    engine: str = ENGINE_VERSION


def evaluate(definition: Definition, answers: Answers) -> Outcome:
    """The outcome of these answers; hidden answers do not count. Raises AnswerError for an answer that fits nothing."""
    program = compiled(definition)
    walked = walk(definition, answers)
    safety = _possible(program, walked, program.safety)
    if walked.next is not None:
        ratings = _ratings(program, walked.sure, walked.maybe)
        return Outcome(False, walked.next.key, walked.steps, walked.hidden, ratings, safety, None, None, (), ())
    start, then = _range(program.floors, walked), _range(program.lasting, walked)
    fired = _met(program, walked)
    above = {floor.key: floor.holds for floor in program.floors if floor.first and floor.level > then[0]}
    return Outcome(
        complete=True,
        next_question=None,
        path=walked.steps,
        hidden=walked.hidden,
        ratings=_ratings(program, walked.sure, walked.maybe),
        safety=safety,
        level=definition.levels[start[0]],
        range=(definition.levels[start[0]], definition.levels[start[1]]),
        fired=fired,
        notes=_possible(program, walked, program.notes),
        then=(definition.levels[then[0]], definition.levels[then[1]]),
        first=tuple(
            one._replace(certain=above[one.rule](walked.least, walked.least)) for one in fired if one.rule in above
        ),
        certainty=_certainty(start, then),
    )


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain JSON values: `safety` and `notes` as rule keys, `fired` as {rule, certain, because}."""
    return {
        "complete": outcome.complete,
        "next_question": outcome.next_question,
        "path": [step.question.key for step in outcome.path],
        "level": outcome.level,
        "range": list(outcome.range) if outcome.range else None,
        "then": list(outcome.then) if outcome.then else None,
        "first": [{"rule": fired.rule, "certain": fired.certain} for fired in outcome.first],
        "certainty": outcome.certainty,
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


def _range(floors: tuple[Compiled, ...], walked: Walk) -> tuple[int, int]:
    high = _level(floors, walked.worst)
    if not walked.unsure:
        return high, high
    low = _level(floors, walked.least)
    return min(low, high), max(low, high)


def _level(floors: tuple[Compiled, ...], state: int) -> int:
    highest = 0
    for _, holds, _, level, _ in floors:
        if level > highest and holds(state, state):
            highest = level
    return highest


def _certainty(start: tuple[int, int], then: tuple[int, int]) -> Certainty:
    if start[0] == start[1] and then[0] == then[1]:
        return "settled"
    return "open" if start[0] == 0 and start[1] - start[0] >= WIDEST_FIT else "at-least"


def _ratings(program: Program, sure: int, maybe: int) -> dict[str, tuple[int, int]]:
    return {
        dimension: (((sure & mask) >> start).bit_length(), ((maybe & mask) >> start).bit_length())
        for dimension, (start, mask) in program.ratings.items()
    }


def _met(program: Program, walked: Walk) -> tuple[Fired, ...]:
    """Floor rules that hold in at least one of the two readings of "not sure"."""
    unsure, sure, maybe, least, worst = walked.unsure, walked.sure, walked.maybe, walked.least, walked.worst
    fired = []
    for key, holds, cites, _, _ in program.floors:
        if holds(worst, worst):
            state = worst
        elif unsure and holds(least, least):
            state = least
        else:
            continue
        certain = not unsure or holds(sure, maybe)
        fired.append(Fired(key, certain, _because(program, cites(state), walked, certain)))
    return tuple(fired)


def _possible(program: Program, walked: Walk, rules: tuple[Compiled, ...]) -> tuple[Fired, ...]:
    """Safety rules and notes that nothing rules out: better told once too often."""
    unsure, sure, maybe = walked.unsure, walked.sure, walked.maybe
    fired = []
    for key, holds, cites, _, _ in rules:
        if holds(maybe, sure):
            certain = not unsure or holds(sure, maybe)
            fired.append(Fired(key, certain, _because(program, cites(maybe), walked, certain)))
    return tuple(fired)


def _because(program: Program, bits: int, walked: Walk, certain: bool) -> tuple[Because, ...]:
    """The answers whose choices are cited, in the order asked.

    Where a helper was told enough, that is what is cited: it left one choice, or each that it left makes this certain.
    """
    unsure, seen = walked.unsure, walked.seen
    answers = []
    owner = program.owner
    while bits:
        own, told = owner[bits & -bits]
        answers.append(told[bits & own])
        bits &= ~own
    if not unsure and not seen:
        return tuple(answers)
    return tuple(
        seen[because.question]
        if because.question in seen and (certain or because.question not in unsure)
        else because._replace(answer=NOT_SURE)
        if because.question in unsure
        else because
        for because in answers
    )
