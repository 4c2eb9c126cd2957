"""Puts an outcome into words, in a language and a voice: what fits, how sure it is, why, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assessments.engine.compiled import Because
from assessments.engine.decide import Fired, Outcome
from assessments.engine.definition import NOT_SURE, Definition, FloorRule, Language, Text, Voice
from assessments.engine.nearest import NearestChange
from assessments.engine.phrases import listed, phrase
from assessments.engine.signs import Look, Sign
from assessments.engine.walk import Answers


class Reason(NamedTuple):
    """A floor rule that fired: its key, its level, why it is there, and a sentence for each answer that it rests on.

    It is `stated` when it can be told as a fact (see `Fired`), and `first` when its level is only the first step.
    """

    rule: str
    level: str
    certain: bool
    stated: bool
    text: str
    because: tuple[str, ...]
    first: bool = False


class Explanation(NamedTuple):
    """A result in sentences. `change` is empty when nothing near would alter the result.

    `first` tells of a first step that is needed, or that is to be found out; empty when there is none.
    """

    summary: str
    sureness: str
    reasons: tuple[Reason, ...]
    change: str
    first: str = ""


class Speaker:
    """Says answers, reasons and changes in one language and voice. `level_names` gives names by slug. `of_another`:
    to somebody who did not answer. `answers` are those that words may follow: without them a text says what is so for
    everybody.
    """

    def __init__(
        self,
        definition: Definition,
        language: Language,
        voice: Voice,
        level_names: Mapping[str, str] | None = None,
        answers: Answers | None = None,
        *,
        of_another: bool = False,
    ) -> None:
        self.definition, self.language, self.voice = definition, language, voice
        self.by = phrase("by-another" if of_another else "by-own", language)
        self.level_names, self.answers = level_names or {}, answers

    def text(self, text: Text) -> str:
        """A text of the questionnaire."""
        return text.say(self.language, self.voice, self.answers)

    def level(self, slug: str) -> str:
        return self.level_names.get(slug, slug)

    def question(self, key: str) -> str:
        return self.text(self.definition.by_key[key].text)

    def ask(self, key: str) -> str:
        """Who can answer a question, and how; empty where the questionnaire does not say."""
        ask = self.definition.by_key[key].ask
        return self.text(ask) if ask else ""

    def answer(self, question: str, answer: str | Sequence[str]) -> str:
        """An answer in words, each choice in quotation marks."""
        if answer == NOT_SURE:
            return phrase("not-sure", self.language)
        keys = [answer] if isinstance(answer, str) else answer
        if not keys:
            return phrase("none-of-these", self.language)
        asked = self.definition.by_key[question]
        return listed([f"“{self.text(asked.choice(key).text)}”" for key in keys], self.language)

    def sign(self, sign: Sign) -> str:
        """What is seen where this is the answer, as a sentence without its period."""
        seen = self.definition.by_key[sign.question].choice(sign.choice).sign
        said = self.text(seen) if seen else ""
        asked = {"question": self.question(sign.question), "answer": self.answer(sign.question, [sign.choice])}
        return (said or phrase("sign", self.language, **asked)).removesuffix(".")

    def look(self, look: Look) -> str:
        """What to look for as one sentence: what tells only together is in it together."""
        first, *others = map(self.sign, (*look.signs, *look.known[:1]))
        for other in others:
            first = phrase("sign-and", self.language, one=first, other=_lowered(other))
        return f"{first}."

    def because(self, because: Because) -> str:
        """A sentence for an answer that a rule rests on."""
        answer = self.answer(because.question, because.answer)
        return phrase("because", self.language, answer=answer, question=self.question(because.question))

    def reason(self, fired: Fired) -> Reason:
        """The reason of a floor rule that fired."""
        rule = self.definition.rules[fired.rule]
        if not isinstance(rule, FloorRule):
            raise TypeError(f"{fired.rule} is no floor rule")
        text = self.text(rule.reason)
        because = tuple(map(self.because, fired.because))
        return Reason(rule.key, rule.level, fired.certain, fired.stated, text, because, rule.first)

    def change(self, nearest: NearestChange | None) -> str:
        """A sentence for the nearest change; empty when there is none."""
        if nearest is None:
            return ""
        parts = []
        for question, before, after in nearest.changes:
            values = {"question": self.question(question), "after": self.answer(question, after)}
            if before is None:
                parts.append(phrase("change-new", self.language, **values))
            else:
                parts.append(phrase("change", self.language, before=self.answer(question, before), **values))
        changes = listed(parts, self.language)
        return phrase("changes", self.language, changes=changes, level=self.level(nearest.level))

    def summary(self, outcome: Outcome) -> str:
        """What fits for certain, in one sentence; empty as long as answers are missing."""
        if outcome.range is None or outcome.then is None:
            return ""
        low, high = map(self.level, outcome.range)
        if outcome.certainty == "open":
            return phrase(f"fits-range-{self.voice}", self.language, by=self.by, low=low, high=high)
        steps = "first-" if any(fired.certain for fired in outcome.first) else ""
        exact = outcome.then[0] == outcome.then[1] if steps else outcome.certainty == "settled"
        key = f"fits-{steps}{'' if exact else 'least-'}{self.voice}"
        return phrase(key, self.language, by=self.by, first=low, low=self.level(outcome.then[0]))

    def first(self, outcome: Outcome) -> str:
        """Whether there is a first step, in one sentence; empty when there is none."""
        levels = [(fired.certain, self.definition.rules[fired.rule]) for fired in outcome.first]
        found = [(certain, rule.level) for certain, rule in levels if isinstance(rule, FloorRule)]
        if not found:
            return ""
        certain, level = max(found, key=lambda one: (one[0], self.definition.levels.index(one[1])))
        return phrase("first" if certain else "first-open", self.language, level=self.level(level))

    def sureness(self, outcome: Outcome) -> str:
        """How sure that is, in one sentence; empty as long as answers are missing."""
        if outcome.certainty is None:
            return ""
        if all(step.answer != NOT_SURE for step in outcome.path):
            return phrase("sure", self.language)
        return phrase(f"unsure-{outcome.certainty}", self.language)


def explain(
    definition: Definition,
    outcome: Outcome,
    nearest: NearestChange | None,
    language: Language,
    voice: Voice,
    level_names: Mapping[str, str] | None = None,
    answers: Answers | None = None,
) -> Explanation:
    """The outcome in sentences. Reasons of the highest level come first; those of lower levels follow."""
    speaker = Speaker(definition, language, voice, level_names, answers)
    reasons = sorted(map(speaker.reason, outcome.fired), key=lambda reason: -definition.levels.index(reason.level))
    return Explanation(
        speaker.summary(outcome),
        speaker.sureness(outcome),
        tuple(reasons),
        speaker.change(nearest),
        speaker.first(outcome),
    )


def _lowered(sentence: str) -> str:
    """A sentence to go on with inside another."""
    return sentence if sentence.startswith("I ") else sentence[:1].lower() + sentence[1:]
