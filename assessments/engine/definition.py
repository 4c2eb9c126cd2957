"""What a questionnaire is: the types that everything else in the engine reads.

A definition is made by `document.parse` and never changes. Its words are those of the whole project: dimensions are
rated 0–4, floor rules give the lowest level that fits, safety rules show the crisis page, notes tell of special care,
preferences only order the options. A helper asks what can be seen, of who was not sure about the question before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from assessments.engine.conditions import Condition
from assessments.engine.wording import Given, passages, said

ENGINE_VERSION = "3"
"""Changes whenever the same definition and answers could give another determination."""

NOT_SURE = "not_sure"
"""An answer to every question, and therefore no choice's key."""

Language: TypeAlias = Literal["en", "es"]
Voice: TypeAlias = Literal["me", "loved"]
Kind: TypeAlias = Literal["one", "many"]
Role: TypeAlias = Literal["safety", "rated", "context", "preference"]
Urgency: TypeAlias = Literal["emergency", "crisis", "prompt"]
Helpline: TypeAlias = Literal["911", "988", "domestic-violence", "poison"]

LANGUAGES: tuple[Language, ...] = ("en", "es")
VOICES: tuple[Voice, ...] = ("me", "loved")
KINDS: tuple[Kind, ...] = ("one", "many")
ROLES: tuple[Role, ...] = ("safety", "rated", "context", "preference")
URGENCIES: tuple[Urgency, ...] = ("emergency", "crisis", "prompt")
"""Call 911; call or text 988; get medical advice today. The most urgent comes first."""
HELPLINES: tuple[Helpline, ...] = ("911", "988", "domestic-violence", "poison")
"""Who a safety rule may say to reach first."""


class Voices(NamedTuple):
    """The same words said to the person, and to someone who loves them."""

    me: str
    loved: str


class Text(NamedTuple):
    """Words in both languages and both voices, with passages that follow an answer as they are written (see `wording`).

    A missing one is an empty string; the proof asks for all.
    """

    en: Voices
    es: Voices

    def say(self, language: Language, voice: Voice, answers: Given | None = None) -> str:
        """The words for a language ("en", "es") and a voice ("me", "loved"), as these answers ask for them."""
        return said(self.written(language, voice), answers)

    def written(self, language: Language, voice: Voice) -> str:
        """The words as an editor wrote them, passages and all."""
        voices = self.es if language == "es" else self.en
        return voices.loved if voice == "loved" else voices.me

    def each(self) -> tuple[str, ...]:
        """All four as they are written."""
        return (*self.en, *self.es)


@dataclass(frozen=True, slots=True)
class Dimension:
    """An area that is rated 0–4: none, mild, moderate, severe, very severe."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question.

    `rates` gives (dimension key, 1–4) pairs, sorted by key; a dimension that is not there is rated 0.
    `favours` gives the levels that a preference speaks for, in the order of the levels. `means` gives the choices of
    the helped question that a helper's choice leaves possible. `sign` says in one sentence what is seen where this is
    the answer; it is told of who was not sure.
    """

    key: str
    text: Text
    rates: tuple[tuple[str, int], ...] = ()
    favours: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    sign: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its choices, from the least to the most severe.

    kind "one" takes one choice; "many" takes any set of choices, the empty set too (none of these).
    `shows_when` speaks of earlier questions; None means that it is always asked. `helps` makes it a helper: it is asked
    exactly when the question of that key, directly before it, is answered with "not sure". `ask` says who can answer
    it, and how.
    """

    key: str
    kind: Kind
    role: Role
    text: Text
    choices: tuple[Choice, ...]
    help: Text | None = None
    shows_when: Condition | None = None
    helps: str | None = None
    ask: Text | None = None

    @property
    def is_many(self) -> bool:
        """Whether an answer is a set of choices; else it is one of them."""
        return self.kind == "many"

    def choice(self, key: str) -> Choice:
        """The choice with this key; KeyError if there is none."""
        for choice in self.choices:
            if choice.key == key:
                return choice
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class FloorRule:
    """When the condition holds, the level is at least `level`; with the reason told to families and its source.

    `first` says that this level is only the first step, for days: other rules decide about the care after it.
    """

    key: str
    level: str
    when: Condition
    reason: Text
    source: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """When the condition holds, the crisis page is shown before anything else.

    `helpline` is the line that its page puts first; None leaves that to the urgency.
    """

    key: str
    urgency: Urgency
    when: Condition
    text: Text
    helpline: Helpline | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Special care: when the condition holds, these words are shown with the result."""

    key: str
    when: Condition
    text: Text


Rule: TypeAlias = FloorRule | SafetyRule | Note


@dataclass(frozen=True, eq=False)
class Definition:
    """A whole questionnaire. `levels` are slugs from the lowest to the highest; the lowest needs no rule.

    Two definitions are the same when their `document.sha256` is; the object itself compares by identity, so that
    what is compiled from it can be kept beside it.
    """

    key: str
    title: Text
    levels: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    questions: tuple[Question, ...]
    floors: tuple[FloorRule, ...]
    safety: tuple[SafetyRule, ...] = ()
    notes: tuple[Note, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """Questions by their key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def helper_of(self) -> dict[str, Question]:
        """Helpers by the key of the question that they help with."""
        return {question.helps: question for question in self.questions if question.helps is not None}

    @cached_property
    def followed(self) -> dict[str, tuple[str, ...]]:
        """For each question whose words follow answers: the questions, by their keys, that these were given to."""
        found: dict[str, tuple[str, ...]] = {}
        for question in self.questions:
            choices = (text for choice in question.choices for text in (choice.text, choice.sign))
            texts = [text for text in (question.text, question.help, question.ask, *choices) if text]
            keys = {passage.question for text in texts for words in text.each() for passage in passages(words)}
            if keys:
                found[question.key] = tuple(sorted(keys))
        return found

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Floor rules, safety rules and notes by their key; no two share one."""
        return {rule.key: rule for _, _, rule in self.each_rule()}

    def each_rule(self) -> Iterator[tuple[str, int, Rule]]:
        """Every rule with its place: ("floors", "safety" or "notes", position, rule)."""
        for position, floor in enumerate(self.floors):
            yield "floors", position, floor
        for position, rule in enumerate(self.safety):
            yield "safety", position, rule
        for position, note in enumerate(self.notes):
            yield "notes", position, note
