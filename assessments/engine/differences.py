"""Says in words what changed between two versions of a questionnaire, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from assessments.engine.definition import (
    LANGUAGES,
    VOICES,
    Choice,
    Definition,
    Dimension,
    FloorRule,
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


KEYED = ("kind", "role", "level", "urgency", "helpline", "favours")
"""The aspects whose values are keys that the document has no words for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `where` names the part by its keys, e.g. ("questions", "mood", "choices", "some-days")."""

    where: Where
    phrase: str
    values: dict[str, Saying]
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of the values those that are keys of the document, such as levels: a page may know names for them."""

    def say(self, language: Language, names: Mapping[str, str] | None = None) -> str:
        """The change as a sentence, with these names for keys."""
        said = {name: saying(language) for name, saying in self.values.items()}
        for name, keys in self.keys.items():
            said[name] = ", ".join((names or {}).get(key, key) for key in keys)
        return phrase(self.phrase, language, **said)


def differences(old: Definition, new: Definition) -> Iterator[Difference]:
    """Every change from the old to the new version, in the order of the document."""
    yield from _Differences(old, new).all()


class _Differences:
    def __init__(self, old: Definition, new: Definition) -> None:
        self.old, self.new = old, new

    def all(self) -> Iterator[Difference]:
        yield from self.text(("title",), _phrase("part-title"), "text", self.old.title, self.new.title)
        if self.old.levels != self.new.levels:
            yield from self.levels()
        for name in ("dimensions", "questions", "floors", "safety", "notes"):
            yield from self.parts((name,), name, getattr(self.old, name), getattr(self.new, name))

    def parts(self, where: Where, name: str, before: Sequence[Part], after: Sequence[Part]) -> Iterator[Difference]:
        """Parts added, removed, moved and changed; the same key is the same part."""
        was = {part.key: part for part in before}
        now = {part.key: part for part in after}
        values = {"part": _phrase(f"part-{name}")}
        for key in was:
            if key not in now:
                yield Difference((*where, key), "removed", {**values, "name": self.name(where, was[key])})
        for key in now:
            if key not in was:
                yield Difference((*where, key), "added", {**values, "name": self.name(where, now[key])})
        for key, old, new in _moved(tuple(was), tuple(now)):
            yield _move((*where, key), _name(now[key], shown_key=False), old, new)
        for key in (key for key in now if key in was):
            yield from self.part((*where, key), was[key], now[key])

    def levels(self) -> Iterator[Difference]:
        """Levels added, removed and moved; they have no more than their slug here."""
        was, now = self.old.levels, self.new.levels
        for slug in (*was, *now):
            if (slug in was) != (slug in now):
                kind = "removed" if slug in was else "added"
                values = {"part": _phrase("part-levels"), "name": _as_is(slug)}
                yield Difference(("levels", slug), kind, values, {"name": (slug,)})
        for slug, old, new in _moved(was, now):
            yield replace(_move(("levels", slug), _as_is(slug), old, new), keys={"name": (slug,)})

    def part(self, where: Where, was: Part, now: Part) -> Iterator[Difference]:
        name = self.name(where[:-1], now)
        for aspect in (
            "kind",
            "role",
            "level",
            "urgency",
            "helpline",
            "source",
            "first",
            "helps",
            "means",
            "rates",
            "favours",
            "shows_when",
            "when",
        ):
            before, after = getattr(was, aspect, None), getattr(now, aspect, None)
            if before != after:
                told = {"before": self.value(self.old, aspect, before), "after": self.value(self.new, aspect, after)}
                values = {"name": name, "aspect": _phrase(f"aspect-{aspect}"), **told}
                keys = {
                    when: _keys(value)
                    for when, value in (("before", before), ("after", after))
                    if aspect in KEYED and value
                }
                yield Difference(where, "changed", values, keys)
        for aspect in ("text", "name", "help", "ask", "sign", "reason"):
            yield from self.text(where, name, aspect, getattr(was, aspect, None), getattr(now, aspect, None))
        if isinstance(was, Question) and isinstance(now, Question):
            yield from self.parts((*where, "choices"), "choices", was.choices, now.choices)

    def name(self, where: Where, part: Part) -> Saying:
        """What people see of a part; of a choice also the question that it answers."""
        name = _name(part, shown_key=not isinstance(part, Choice))  # the question tells it from others
        if not isinstance(part, Choice):
            return name
        version = self.new if where[1] in self.new.by_key else self.old
        asked = _name(version.by_key[where[1]], shown_key=False)
        return lambda language: phrase("choice-of", language, name=name(language), question=asked(language))

    def text(self, where: Where, name: Saying, aspect: str, was: Text | None, now: Text | None) -> Iterator[Difference]:
        for language in LANGUAGES:
            for voice in VOICES:
                before = was.written(language, voice) if was else ""
                after = now.written(language, voice) if now else ""
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
            called = {dimension.key: dimension.name for dimension in definition.dimensions}
            return lambda language: ", ".join(
                f"{called[dimension].say(language, 'me') or dimension} {rating}" for dimension, rating in value
            )
        if value is True:
            return _phrase("yes")
        return lambda _: value if isinstance(value, str) else ", ".join(value)


def _keys(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _moved(was: Sequence[str], now: Sequence[str]) -> list[tuple[str, int, int]]:
    """The fewest keys of both that have to move for the order to change, with their places (from 1) before and now."""
    both = set(was) & set(now)
    old, new = ([key for key in keys if key in both] for keys in (was, now))
    stay: list[list[str]] = []
    for key in new:
        longest = max((run for run in stay if old.index(run[-1]) < old.index(key)), key=len, default=[])
        stay.append([*longest, key])
    kept = max(stay, key=len, default=[])
    return [(key, was.index(key) + 1, now.index(key) + 1) for key in new if key not in kept]


def _move(where: Where, name: Saying, before: int, after: int) -> Difference:
    return Difference(where, "moved", {"name": name, "before": _as_is(str(before)), "after": _as_is(str(after))})


def _as_is(words: str) -> Saying:
    return lambda _: words


def _phrase(key: str) -> Saying:
    return lambda language: phrase(key, language)


def _aspect(aspect: str, tongue: Language, voice: Voice) -> Saying:
    return lambda language: phrase(
        f"aspect-{aspect}",
        language,
        tongue=phrase(f"tongue-{tongue}", language),
        voice=phrase(f"voice-{voice}", language),
    )


def _quoted(text: str) -> Saying:
    return (lambda _: f"“{text}”") if text else _phrase("nothing")


def _name(part: Part, shown_key: bool = True) -> Saying:
    """What people see of a part, and its key; only its key where it has no words of its own."""
    text = part.name if isinstance(part, Dimension) else part.reason if isinstance(part, FloorRule) else part.text
    if not text.say("en", "me"):
        return _as_is(part.key)
    return lambda language: f"“{text.say(language, 'me')}”" + (f" ({part.key})" if shown_key else "")
