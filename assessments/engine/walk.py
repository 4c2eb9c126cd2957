"""Replays answers from the first question on: what is asked, what counts, what comes next.

Nothing is stored but the answers, so going back, changing and coming again just work: an answer to a question that is
no longer asked is kept by whoever keeps it, and does not count here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from assessments.engine.compiled import Asked, Because, Open, compiled
from assessments.engine.definition import NOT_SURE, Definition, Language, Question
from assessments.engine.phrases import phrase

Answer: TypeAlias = str | Sequence[str]
"""A choice's key for a question of kind "one"; a list of keys for "many" ([] is: none of these); or "not_sure"."""

Answers: TypeAlias = Mapping[str, Answer]
"""Question key → answer. A question with no answer is missing from it, which is not the same as "not sure"."""


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """An answer that cannot be used: the question's key, and a sentence that says why."""

    question: str
    phrase: str
    values: dict[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.say("en")

    def say(self, language: Language) -> str:
        """The sentence in a language."""
        return phrase(self.phrase, language, **self.values)


class AnswerError(ValueError):
    """Answers that do not fit the definition; `problems` holds every reason."""

    def __init__(self, problems: Iterable[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.question}: {problem.message}" for problem in self.problems))


class Step(NamedTuple):
    """One question that is asked, with its answer. It is not certain when only an unsure answer may bring it up."""

    question: Question
    answer: Answer
    certain: bool


class Walk(NamedTuple):
    """A replay. `next` is the first question without an answer; None when there is none left.

    `unsure` are the keys of questions of which more than one choice is left, `seen` what the helpers of those answered
    with "not sure" were told, `hidden` the questions that have an answer but are not asked.
    The states are bits of the definition's program: what is certain (`sure`) and possible (`maybe`) under the answers
    given, and what holds when every "not sure" stands for its least severe (`least`) or most severe (`worst`) answer.
    """

    steps: tuple[Step, ...]
    next: Question | None
    unsure: frozenset[str]
    hidden: tuple[str, ...]
    sure: int
    maybe: int
    least: int
    worst: int
    seen: dict[str, Because]


def walk(definition: Definition, answers: Answers) -> Walk:
    """Replays the answers and stops at the first question that has none.

    A question is asked when its condition holds, or may hold because an earlier answer is "not sure". Who is not sure
    which of several, and then tells more than the least of them, is sure that it is one: that answer counts in each
    reading. A helper comes after "not sure" only; its answer says which choices are left. Raises AnswerError for an
    answer on the way that is no answer to its question; answers off the way are not looked at.
    """
    sure = maybe = least = worst = 0
    unsure: frozenset[str] = frozenset()
    steps: list[Step] = []
    hidden: tuple[str, ...] = ()
    seen: dict[str, Because] = {}
    for asked in compiled(definition).asked:
        certain = at_least = at_worst = True
        question, shows, helps = asked.question, asked.shows, asked.question.helps
        if helps is not None:
            may = bool(steps) and steps[-1].answer == NOT_SURE and steps[-1].question.key == helps
            certain = may and steps[-1].certain
        else:
            may = shows is None or shows(maybe, sure)
            if unsure and may and shows is not None:
                certain, at_least, at_worst = shows(sure, maybe), shows(least, least), shows(worst, worst)
        if not may:
            hidden += (question.key,) if question.key in answers else ()
            continue
        answer = answers.get(question.key)
        if answer is None:
            return Walk(tuple(steps), question, unsure, hidden, sure, maybe, least, worst, seen)
        steps.append(Step(question, answer, certain))
        if answer != NOT_SURE:
            bits = _taken(asked, answer)
            if not unsure:
                sure = maybe = least = worst = sure | bits
                continue
            given = Open(bits, bits, bits, bits)
        elif helps is None:
            given = _left_open(asked, answers, seen)
            unsure |= frozenset() if given.exact else {question.key}
        else:
            continue
        if asked.follows_any and given.least != asked.unsure.least:
            certain = at_least = at_worst = True
        sure |= certain and given.certain
        maybe |= given.possible
        least |= at_least and given.least
        worst |= at_worst and given.worst
    return Walk(tuple(steps), None, unsure, hidden, sure, maybe, least, worst, seen)


def _left_open(asked: Asked, answers: Answers, seen: dict[str, Because]) -> Open:
    """What "not sure" leaves open; with the answer of its helper, which is put down in `seen`, where there is one."""
    told = answers.get(asked.helper) if asked.helper is not None else None
    if asked.helper is None or not isinstance(told, str) or told not in asked.seen:
        return asked.unsure
    seen[asked.question.key] = Because(asked.helper, told)
    return asked.seen[told]


def choices_left(definition: Definition, walked: Walk, question: Question) -> tuple[str, ...]:
    """The choices that may be meant by "not sure": those that the helper's answer leaves, else all of them."""
    told = walked.seen.get(question.key)
    if told is None or not isinstance(told.answer, str):
        return tuple(choice.key for choice in question.choices)
    means = definition.by_key[told.question].choice(told.answer).means
    return tuple(choice.key for choice in question.choices if choice.key in means)


def replay(definition: Definition, answers: Answers) -> list[Question]:
    """The questions that these answers ask, in order, ending with the next one to answer (if any is left)."""
    walked = walk(definition, answers)
    asked = [step.question for step in walked.steps]
    return asked if walked.next is None else [*asked, walked.next]


def left(definition: Definition, answers: Answers) -> tuple[int, int]:
    """The fewest and the most questions that can still come after these answers, the next one among them.

    What is not answered yet may make anything true that one of its choices does. A question surely comes when the
    answers given bring it up and nothing ahead can hide it; it may come when something ahead can bring it up. A helper
    may come when its question may.
    """
    walked = walk(definition, answers)
    if walked.next is None:
        return 0, 0
    program = compiled(definition).asked
    start = [asked.question.key for asked in program].index(walked.next.key)
    fewest = most = ahead = 0
    helped = ""
    for asked in program[start:]:
        shows, helps = asked.shows, asked.question.helps
        if helps is not None:
            surely = asked.question.key == walked.next.key
            may = surely or helps == helped
        else:
            surely = shows is None or shows(walked.maybe, walked.sure | ahead)
            may = surely or (shows is not None and shows(walked.maybe | ahead, walked.sure))
            helped = asked.question.key if may else ""
        if may:
            fewest += surely
            most += 1
            ahead |= asked.unsure.possible
    return fewest, most


def check_answers(definition: Definition, answers: object) -> list[AnswerProblem]:
    """Everything wrong with answers from outside: not an object, unknown question, unknown choice, wrong type, hidden.

    An empty list means that `evaluate` takes them, and that each of them counts. Missing answers are no fault here.
    """
    if not isinstance(answers, Mapping):
        return [AnswerProblem("", "answers-object")]
    by_key = {asked.question.key: asked for asked in compiled(definition).asked}
    problems = []
    for key, answer in answers.items():
        if key not in by_key:
            problems.append(AnswerProblem(str(key), "unknown-question"))
        elif answer != NOT_SURE:
            problems += _problems(by_key[key], answer)
    if problems:
        return problems
    return [AnswerProblem(key, "hidden-answer") for key in walk(definition, answers).hidden]


def _taken(asked: Asked, answer: Answer) -> int:
    """Bits of the choices that an answer takes."""
    if not asked.is_many:
        if isinstance(answer, str) and answer in asked.sets:
            return asked.sets[answer]
    elif isinstance(answer, list | tuple):
        try:
            bits = 0
            for choice in answer:
                bits |= asked.sets[choice]
            return bits
        except (KeyError, TypeError):
            pass
    raise AnswerError(_problems(asked, answer))


def _problems(asked: Asked, answer: object) -> list[AnswerProblem]:
    """Why this is no answer to the question; empty when it is one."""
    key = asked.question.key
    if not asked.is_many:
        if not isinstance(answer, str):
            return [AnswerProblem(key, "answer-one")]
        return [] if answer in asked.sets else [AnswerProblem(key, "answer-choice", {"key": answer})]
    if not isinstance(answer, list | tuple) or not all(isinstance(choice, str) for choice in answer):
        return [AnswerProblem(key, "answer-many")]
    unknown = [choice for choice in answer if choice not in asked.sets]
    if unknown:
        return [AnswerProblem(key, "answer-choice", {"key": unknown[0]})]
    return [AnswerProblem(key, "answer-twice")] if len(set(answer)) < len(answer) else []
