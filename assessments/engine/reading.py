"""Reads a questionnaire document and notes every fault with its place, so that an editor can mend all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from assessments.engine.conditions import HIGHEST_RATING, All, AnyOf, Condition, In, Not, Rating
from assessments.engine.definition import (
    HELPLINES,
    KINDS,
    LANGUAGES,
    NOT_SURE,
    ROLES,
    URGENCIES,
    VOICES,
    Choice,
    Definition,
    Dimension,
    FloorRule,
    Language,
    Note,
    Question,
    SafetyRule,
    Text,
    Voices,
)
from assessments.engine.phrases import phrase

KEY = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
KEY_LENGTH = 64
DEEPEST_CONDITION = 16
BLANK = Text(Voices("", ""), Voices("", ""))

T = TypeVar("T")
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a document: where (keys and 0-based positions from the top), and a sentence that says what to do."""

    where: Place
    phrase: str
    values: dict[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.say("en")

    def say(self, language: Language) -> str:
        """The sentence in a language."""
        return phrase(self.phrase, language, **self.values)

    def __str__(self) -> str:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.where).lstrip(".")
        return f"{place or 'document'}: {self.message}"


class DefinitionError(ValueError):
    """The document is no questionnaire; `problems` holds every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Reader:
    """Turns decoded JSON into definition types. After a fault it goes on with a stand-in, to find the others."""

    problems: list[Problem] = field(default_factory=list)

    def fault(self, where: Place, phrase: str, **values: object) -> None:
        self.problems.append(Problem(where, phrase, values))

    # Shapes

    def fields(self, value: Any, where: Place, required: str, optional: str = "") -> dict[str, Any]:
        """The value if it is an object with these fields (names split by spaces) and no others, else {}."""
        if not isinstance(value, dict):
            self.fault(where, "object")
            return {}
        for name in required.split():
            if name not in value:
                self.fault(where, "missing", name=name)
        for name in value:
            if name not in required.split() and name not in optional.split():
                self.fault((*where, str(name)), "unknown-field")
        return value

    def each(self, value: Any, where: Place, read: Callable[[Any, Place], T], least: int = 0) -> tuple[T, ...]:
        if not isinstance(value, list):
            self.fault(where, "list")
            return ()
        if len(value) < least:
            self.fault(where, "too-few", least=least)
        return tuple(read(item, (*where, position)) for position, item in enumerate(value))

    def string(self, value: Any, where: Place) -> str:
        if isinstance(value, str):
            return value
        self.fault(where, "not-text")
        return ""

    def flag(self, value: Any, where: Place) -> bool:
        if not isinstance(value, bool):
            self.fault(where, "flag")
        return value is True

    def key(self, value: Any, where: Place) -> str:
        key = self.string(value, where)
        if isinstance(value, str) and not (KEY.fullmatch(key) and len(key) <= KEY_LENGTH):
            self.fault(where, "bad-key")
        return key

    def choice_key(self, value: Any, where: Place) -> str:
        key = self.key(value, where)
        if key == NOT_SURE:
            self.fault(where, "reserved-key")
        return key

    def one_of(self, value: Any, where: Place, allowed: tuple[T, ...]) -> T:
        if isinstance(value, str) and value in allowed:
            return allowed[allowed.index(value)]
        self.fault(where, "one-of", allowed=", ".join(map(str, allowed)))
        return allowed[0]

    def rating(self, value: Any, where: Place, least: int) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= HIGHEST_RATING:
            return value
        self.fault(where, "rating-range", least=least, most=HIGHEST_RATING)
        return HIGHEST_RATING

    def text(self, value: Any, where: Place) -> Text:
        languages = self.fields(value, where, " ".join(LANGUAGES))
        read = []
        for language in LANGUAGES:
            place = (*where, language)
            voices = self.fields(languages.get(language, {"me": "", "loved": ""}), place, " ".join(VOICES))
            read.append(Voices(*(self.string(voices.get(voice, ""), (*place, voice)) for voice in VOICES)))
        return Text(*read)

    def condition(self, value: Any, where: Place, depth: int = 0) -> Condition:
        stand_in = All(())
        if depth > DEEPEST_CONDITION:
            self.fault(where, "nested")
            return stand_in
        if not isinstance(value, dict) or len(value) != 1:
            self.fault(where, "condition")
            return stand_in
        ((name, inner),) = value.items()
        place = (*where, str(name))
        match name:
            case "all":
                return All(self.each(inner, place, lambda part, at: self.condition(part, at, depth + 1), least=1))
            case "any":
                return AnyOf(self.each(inner, place, lambda part, at: self.condition(part, at, depth + 1), least=1))
            case "not":
                return Not(self.condition(inner, place, depth + 1))
            case "in" if isinstance(inner, list) and len(inner) == 2:
                choices = self.each(inner[1], (*place, 1), self.choice_key, least=1)
                return In(self.key(inner[0], (*place, 0)), choices)
            case "rating" if isinstance(inner, list) and len(inner) == 2:
                return Rating(self.key(inner[0], (*place, 0)), self.rating(inner[1], (*place, 1), 1))
        self.fault(place, "condition")
        return stand_in

    # Parts of a definition

    def dimension(self, value: Any, where: Place) -> Dimension:
        read = self.fields(value, where, "key name")
        return Dimension(self.key(read.get("key", "x"), (*where, "key")), self._text(read, where, "name"))

    def choice(self, value: Any, where: Place) -> Choice:
        read = self.fields(value, where, "key text", "rates favours means sign")
        rates = read.get("rates", {})
        if not isinstance(rates, dict):
            self.fault((*where, "rates"), "object")
            rates = {}
        rated = {
            self.key(dimension, (*where, "rates", str(dimension))): self.rating(
                rating, (*where, "rates", str(dimension)), 0
            )
            for dimension, rating in rates.items()
        }
        return Choice(
            self.choice_key(read.get("key", "x"), (*where, "key")),
            self._text(read, where, "text"),
            tuple(sorted((dimension, rating) for dimension, rating in rated.items() if rating)),
            self.each(read.get("favours", []), (*where, "favours"), self.key),
            self.each(read.get("means", []), (*where, "means"), self.choice_key),
            self._text(read, where, "sign") if "sign" in read else None,
        )

    def question(self, value: Any, where: Place) -> Question:
        read = self.fields(value, where, "key kind role text choices", "help shows_when helps ask")
        return Question(
            self.key(read.get("key", "x"), (*where, "key")),
            self.one_of(read.get("kind", "one"), (*where, "kind"), KINDS),
            self.one_of(read.get("role", "rated"), (*where, "role"), ROLES),
            self._text(read, where, "text"),
            self.each(read.get("choices", [{"key": "x", "text": None}]), (*where, "choices"), self.choice, least=1),
            self._text(read, where, "help") if "help" in read else None,
            self._when(read, where, "shows_when") if "shows_when" in read else None,
            self.key(read["helps"], (*where, "helps")) if "helps" in read else None,
            self._text(read, where, "ask") if "ask" in read else None,
        )

    def floor(self, value: Any, where: Place) -> FloorRule:
        read = self.fields(value, where, "key level when reason", "source first")
        return FloorRule(
            self.key(read.get("key", "x"), (*where, "key")),
            self.key(read.get("level", "x"), (*where, "level")),
            self._when(read, where, "when"),
            self._text(read, where, "reason"),
            self.string(read.get("source", ""), (*where, "source")),
            self.flag(read.get("first", False), (*where, "first")),
        )

    def safety(self, value: Any, where: Place) -> SafetyRule:
        read = self.fields(value, where, "key urgency when text", "helpline")
        return SafetyRule(
            self.key(read.get("key", "x"), (*where, "key")),
            self.one_of(read.get("urgency", URGENCIES[0]), (*where, "urgency"), URGENCIES),
            self._when(read, where, "when"),
            self._text(read, where, "text"),
            self.one_of(read["helpline"], (*where, "helpline"), HELPLINES) if "helpline" in read else None,
        )

    def note(self, value: Any, where: Place) -> Note:
        read = self.fields(value, where, "key when text")
        return Note(
            self.key(read.get("key", "x"), (*where, "key")),
            self._when(read, where, "when"),
            self._text(read, where, "text"),
        )

    def definition(self, value: Any, version: int) -> Definition | None:
        """The definition, or None when the shape is wrong; then the faults of shape are all noted."""
        read = self.fields(value, (), "format key title levels dimensions questions floors safety notes")
        if read.get("format", version) is not version:
            self.fault(("format",), "one-of", allowed=version)
        if self.problems:
            return None
        return Definition(
            self.key(read["key"], ("key",)),
            self.text(read["title"], ("title",)),
            self.each(read["levels"], ("levels",), self.key, least=1),
            self.each(read["dimensions"], ("dimensions",), self.dimension),
            self.each(read["questions"], ("questions",), self.question, least=1),
            self.each(read["floors"], ("floors",), self.floor),
            self.each(read["safety"], ("safety",), self.safety),
            self.each(read["notes"], ("notes",), self.note),
        )

    def _text(self, read: dict[str, Any], where: Place, name: str) -> Text:
        return self.text(read[name], (*where, name)) if name in read else BLANK

    def _when(self, read: dict[str, Any], where: Place, name: str) -> Condition:
        return self.condition(read[name], (*where, name)) if name in read else All(())
