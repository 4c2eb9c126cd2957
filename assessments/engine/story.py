"""Tells a counterexample, or who moves, as a story that an editor can follow: if someone answers this, then that."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from assessments.engine.definition import URGENCIES, Choice, Definition, FloorRule, Language, Question
from assessments.engine.helper_faults import helper_fault
from assessments.engine.phrases import listed, phrase
from assessments.engine.prove import Counterexample, Given, Proof
from assessments.engine.who_moves import NO_WARNING, Move


def story(
    definition: Definition,
    example: Counterexample,
    language: Language = "en",
    level_names: Mapping[str, str] | None = None,
) -> str:
    """The counterexample in words, with the questions as they are put to the person; levels by slug if not named."""
    if example.property == "helpers_sound":
        return helper_fault(definition, example.where, example.subject, language)
    if example.before is None:
        subject = _called(definition, example, language, level_names or {})
        return phrase(example.property, language, where=_place(definition, example, language), subject=subject)
    teller = _Teller(definition, language)
    question = definition.by_key[example.subject]
    after = example.after or example.before
    if cure := _out_of_order(teller, question, example.before[question.key], after[question.key]):
        return cure
    outcomes = [_outcome(example, outcome, language, level_names or {}) for outcome in example.outcome or ("", "")]
    return phrase(
        example.property,
        language,
        given=teller.given(example.before),
        question=teller.ask(question),
        better=teller.answer(question, example.before[question.key]),
        worse=teller.answer(question, after[question.key]),
        path=teller.path(example.before, after),
        before=outcomes[0],
        after=outcomes[1],
    )


def proof_to_json(
    proof: Proof, language: Language = "en", level_names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The proof as plain JSON values, each counterexample with its story; `refused` is the reason, or None."""
    return {
        "proved": proof.proved,
        "properties": proof.properties,
        "counterexamples": [
            {
                "property": example.property,
                "where": list(example.where),
                "subject": example.subject,
                "before": example.before,
                "after": example.after,
                "outcome": list(example.outcome) if example.outcome else None,
                "story": story(proof.definition, example, language, level_names),
            }
            for example in proof.counterexamples
        ],
        "cases": proof.cases,
        "shortest": proof.shortest,
        "longest": proof.longest,
        "ms": round(proof.ms, 1),
        "refused": phrase("too-large", language) if proof.refused else None,
    }


def moved_story(
    old: Definition,
    new: Definition,
    move: Move,
    language: Language = "en",
    level_names: Mapping[str, str] | None = None,
) -> str:
    """The smallest example of a move in words."""
    teller, before = _Teller(new, language), _Teller(old, language)
    told = [teller.answer_to(question, answer) for question, answer in teller.not_least(move.example.new)]
    told += [
        before.answer_to(question, answer, "answer-before")
        for question, answer in before.not_least(move.example.old)
        if move.example.new.get(question.key) != answer
    ]
    ends = [move.before, move.after]
    warns = all(end in (NO_WARNING, *URGENCIES) for end in ends)
    said = [phrase(f"urgency-{end}", language) if warns else (level_names or {}).get(end, end) for end in ends]
    given = phrase("given", language, answers=listed(told, language)) if told else phrase("given-all-least", language)
    return phrase("moved-warning" if warns else "moved-level", language, given=given, before=said[0], after=said[1])


class _Teller:
    def __init__(self, definition: Definition, language: Language) -> None:
        self.definition, self.language = definition, language

    def ask(self, question: Question) -> str:
        return question.text.say(self.language, "me") or question.key

    def answer(self, question: Question, answer: str | list[str]) -> str:
        keys = [answer] if isinstance(answer, str) else answer
        if not keys:
            return phrase("none-of-these", self.language)
        said = [question.choice(key).text.say(self.language, "me") or key for key in keys]
        return listed([f"“{text}”" for text in said], self.language)

    def answer_to(self, question: Question, answer: str | list[str], words: str = "answer-to") -> str:
        return phrase(words, self.language, answer=self.answer(question, answer), question=self.ask(question))

    def given(self, answers: Given) -> str:
        """The answers that matter; the one that changes is one of them, unless it is the least severe."""
        told = [self.answer_to(question, answer) for question, answer in self.not_least(answers)]
        if not told:
            return phrase("given-all-least", self.language)
        return phrase("given", self.language, answers=listed(told, self.language))

    def path(self, before: Given, after: Given) -> str:
        """What the change hides and shows, as far as the answers to it matter."""
        hidden = [question for question, _ in self.not_least(before) if question.key not in after]
        shown = [(question, answer) for question, answer in self.not_least(after) if question.key not in before]
        changes = []
        if hidden:
            changes.append(phrase("no-longer-asked", self.language, questions=self.quoted(hidden)))
        if shown:
            answers = listed([self.answer(question, answer) for question, answer in shown], self.language)
            asked = self.quoted([question for question, _ in shown])
            changes.append(phrase("newly-asked", self.language, questions=asked, answers=answers))
        return phrase("path", self.language, changes=listed(changes, self.language)) if changes else ""

    def not_least(self, answers: Given) -> list[tuple[Question, str | list[str]]]:
        """The answers that are not the least severe ones; a smallest counterexample needs each of them."""
        asked = [(self.definition.by_key[key], answer) for key, answer in answers.items()]
        return [(question, answer) for question, answer in asked if answer not in (question.choices[0].key, [])]

    def quoted(self, questions: list[Question]) -> str:
        return listed([f"“{self.ask(question)}”" for question in questions], self.language)


def _out_of_order(teller: _Teller, question: Question, better: str | list[str], worse: str | list[str]) -> str | None:
    """What mends it where the answer that stands lower rates nothing higher, and something less: its place."""
    if not isinstance(better, str) or not isinstance(worse, str):  # any set of choices has no order
        return None
    keys = [choice.key for choice in question.choices]
    at, last = keys.index(worse), keys.index(better)
    if at <= last or not _is_milder(question.choices[at], question.choices[last]):
        return None
    place = next(i for i, choice in enumerate(question.choices) if _is_milder(question.choices[at], choice))
    return phrase(
        "out-of-order",
        teller.language,
        at=at + 1,
        last=last + 1,
        place=place + 1,
        question=teller.ask(question),
        worse=teller.answer(question, worse),
        better=teller.answer(question, better),
    )


def _is_milder(one: Choice, other: Choice) -> bool:
    rates, others = dict(one.rates), dict(other.rates)
    return rates != others and all(value <= others.get(name, 0) for name, value in rates.items())


def _outcome(example: Counterexample, outcome: str, language: Language, level_names: Mapping[str, str]) -> str:
    if example.property == "safety_kept":
        return phrase(f"urgency-{outcome}", language)
    return level_names.get(outcome, outcome)


def _called(definition: Definition, example: Counterexample, language: Language, level_names: Mapping[str, str]) -> str:
    """The question, rule or level that the example is about, by its words; by its key where it has none."""
    key = example.subject
    if example.property == "rules_reachable":
        rule = definition.rules[key]
        said = (rule.reason if isinstance(rule, FloorRule) else rule.text).say(language, "me")
    elif example.property == "levels_reachable":
        said = level_names.get(key, "")
    else:
        said = definition.by_key[key].text.say(language, "me") if key in definition.by_key else ""
    return shorten(said, 100, placeholder=" …") or key


def _place(definition: Definition, example: Counterexample, language: Language) -> str:
    """The question that the place lies in, by its words; any other place by its keys."""
    match example.where:
        case ("questions", int(position), *_) if example.property != "texts_complete":
            question = definition.questions[position]
            return question.text.say(language, "me") or question.key
        case ("questions", int(position), *rest):
            return " ".join([definition.questions[position].key, *map(str, rest)])
        case (str(kind), int(position), *rest):
            part = getattr(definition, kind)[position]
            return " ".join([kind, getattr(part, "key", str(part)), *map(str, rest)])
    return " ".join(map(str, example.where))
