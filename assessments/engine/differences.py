"""Says in words what changed between two versions of a questionnaire, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assessments.engine.definition import (
    LANGUAGES,
    VOICES,
    Choice,
    Definition,
    Dimension,
    Language,
    Question,
    Rule,
    Text,
    Voice,
)
from assessments.engine.phrases import phrase
from assessments.engine.readable import say_condition

Saying: TypeAlias = Callable[[Language], str]
"""Words that depend on the language they are asked in."""

Where: TypeAlias = tuple[str, ...]
Part: TypeAlias = Dimension | Question | Choice | Rule


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `where` names the part by its keys, e.g. ("questions", "mood", "choices", "some-days")."""

    where: Where
    phrase: str
    values: dict[str, Saying]

    def say(self, language: Language) -> str:
        """The change as a sentence."""
        return phrase(self.phrase, language, **{name: saying(language) for name, saying in self.values.items()})


def differences(old: Definition, new: Definition) -> Iterator[Difference]:
    """Every change from the old to the new version, in the order of the document."""
    yield from _Differences(old, new).all()


class _Differences:
    def __init__(self, old: Definition, new: Definition) -> None:
        self.old, self.new = old, new

    def all(self) -> Iterator[Difference]:
        yield from self.text(("title",), _phrase("part-title"), "text", self.old.title, self.new.title)
        if self.old.levels != self.new.levels:
            yield _reordered(("levels",), "levels", self.new.levels)
        for name in ("dimensions", "questions", "floors", "safety", "notes"):
            yield from self.parts((name,), name, getattr(self.old, name), getattr(self.new, name))

    def parts(self, where: Where, name: str, before: Sequence[Part], after: Sequence[Part]) -> Iterator[Difference]:
        """Parts added, removed, moved and changed; the same key is the same part."""
        was = {part.key: part for part in before}
        now = {part.key: part for part in after}
        values = {"part": _phrase(f"part-{name}")}
        for key in was:
            if key not in now:
                yield Difference((*where, key), "removed", {**values, "name": _name(was[key])})
        for key in now:
            if key not in was:
                yield Difference((*where, key), "added", {**values, "name": _name(now[key])})
        kept = [key for key in now if key in was]
        if kept != [key for key in was if key in now]:
            yield _reordered(where, name, tuple(now))
        for key in kept:
            yield from self.part((*where, key), was[key], now[key])

    def part(self, where: Where, was: Part, now: Part) -> Iterator[Difference]:
        name = _name(now)
        for aspect in ("kind", "role", "level", "urgency", "source", "rates", "favours", "shows_when", "when"):
            before, after = getattr(was, aspect, None), getattr(now, aspect, None)
            if before != after:
                told = {"before": self.value(self.old, aspect, before), "after": self.value(self.new, aspect, after)}
                yield Difference(where, "changed", {"name": name, "aspect": _phrase(f"aspect-{aspect}"), **told})
        for aspect in ("text", "name", "help", "reason"):
            yield from self.text(where, name, aspect, getattr(was, aspect, None), getattr(now, aspect, None))
        if isinstance(was, Question) and isinstance(now, Question):
            yield from self.parts((*where, "choices"), "choices", was.choices, now.choices)

    def text(self, where: Where, name: Saying, aspect: str, was: Text | None, now: Text | None) -> Iterator[Difference]:
        for language in LANGUAGES:
            for voice in VOICES:
                before = was.say(language, voice) if was else ""
                after = now.say(language, voice) if now else ""
                if before != after:
                    values = {"before": _quoted(before), "after": _quoted(after)}
                    values["name"], values["aspect"] = name, _aspect(aspect, language, voice)
                    yield Difference(where, "changed", values)

    def value(self, definition: Definition, aspect: str, value: Any) -> Saying:
        if aspect in ("shows_when", "when"):
            if value is None:
                return _phrase("always")
            return lambda language: say_condition(definition, value, language)
        if not value:
            return _phrase("nothing")
        if aspect == "rates":
            return lambda _: ", ".join(f"{dimension} {rating}" for dimension, rating in value)
        return lambda _: value if isinstance(value, str) else ", ".join(value)


def _reordered(where: Where, name: str, keys: tuple[str, ...]) -> Difference:
    return Difference(where, "reordered", {"part": _phrase(f"part-{name}"), "after": lambda _: ", ".join(keys)})


def _phrase(key: str) -> Saying:
    return lambda language: phrase(key, language)


def _aspect(aspect: str, tongue: Language, voice: Voice) -> Saying:
    return lambda language: phrase(f"aspect-{aspect}", language, tongue=tongue, voice=voice)


def _quoted(text: str) -> Saying:
    return (lambda _: f"“{text}”") if text else _phrase("nothing")


def _name(part: Part) -> Saying:
    """What people see of a part, and its key."""
    text = part.text if isinstance(part, Question | Choice) else part.name if isinstance(part, Dimension) else None
    return lambda language: f"“{text.say(language, 'me')}” ({part.key})" if text else part.key
