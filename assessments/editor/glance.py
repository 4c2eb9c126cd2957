"""What the page of a draft says at once of its changes: who gets less, and which texts changed without the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessments.editor.drafts import MODELS, TEXT_OF, Document
from assessments.engine.definition import Language
from assessments.engine.phrases import listed
from assessments.models.draft import WORDS, Draft

TEXTS = ("title", "name", "text", "reason", "help", "ask", "sign")


class Alone(NamedTuple):
    """A text of which some boxes changed and others did not: where its part stands, and a sentence."""

    section: str
    place: int
    sentence: str


def same_rules(before: Document, after: Document) -> bool:
    """Whether nothing but words differs, so that nobody gets another level."""
    return bool(_without_words(before) == _without_words(after))


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_words(each) for name, each in value.items() if name not in TEXTS}
    return [_without_words(each) for each in value] if isinstance(value, list) else value


def changed_alone(before: Document, after: Document, language: Language) -> list[Alone]:
    """Every text that was changed in one language or one voice, and not in the others."""
    found = [Alone("title", 0, said) for said in _alone(before, after, after["title"], language)]
    for section in MODELS:
        was = {part["key"]: part for part in before[section]}
        for place, part in enumerate(after[section]):
            if part["key"] in was:
                said = _alone(was[part["key"]], part, part[TEXT_OF[section]], language)
                found += [Alone(section, place, each) for each in said]
    return found


def _alone(before: Document, after: Document, name: Document, language: Language) -> Iterator[str]:
    for aspect in TEXTS:
        if aspect in before and aspect in after and (boxes := _boxes(before[aspect], after[aspect])):
            words = name[language]["me"] or name["en"]["me"]
            said = _("“%(words)s”: only %(boxes)s changed. Do the other texts still say the same?")
            yield said % {"words": words, "boxes": listed(boxes, language)}
    was = {choice["key"]: choice for choice in before.get("choices", ())}
    for choice in after.get("choices", ()):
        if choice["key"] in was:
            yield from _alone(was[choice["key"]], choice, choice["text"], language)


def _boxes(before: Document, after: Document) -> list[str]:
    """The boxes that changed, as the form calls them; none where all did."""
    changed = [name for name in WORDS if before[name[:2]][name[3:]] != after[name[:2]][name[3:]]]
    if len(changed) == len(WORDS):
        return []
    return [f"“{Draft._meta.get_field(name).verbose_name}”" for name in changed]  # type: ignore[union-attr]
