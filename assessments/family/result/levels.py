"""Levels of care as the result tells them: published words, the picture of a week, and short facts side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from assessments.engine.definition import Definition, Language
from guides.publishing.cache import page_cache
from guides.publishing.published import Published, address
from ui.pictures import Stone, WeekPicture, cairn

FAMILIES, PAYING = "families-and-friends", "paying-for-care"
HOSPITAL = "medically-managed"
GIVES, ASKS, COSTS = ("structure", "support"), ("time", "living"), ("cost",)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡“])")


class Fact(NamedTuple):
    """One aspect of a level, with its label."""

    label: str
    text: str


class Levels:
    """The levels of a questionnaire in one language; one that is not published goes by its key.

    `no_detox`: the highest goes by its hospital alone, for who has nothing to be detoxed from.
    """

    def __init__(self, definition: Definition, language: Language, *, no_detox: bool = False) -> None:
        self.definition, self.language = definition, language
        shown: Published = page_cache.value(("published", language), lambda: Published(language))
        self.published = shown
        self.labels = {aspect["key"]: str(aspect["label"]) for aspect in shown.reference["aspects"]}
        self.names = {slug: str(level["name"]) for slug, level in shown.levels.items()}
        self.short_names = {slug: str(level["short_name"]) for slug, level in shown.levels.items()}
        if no_detox and HOSPITAL in self.names:
            self.names[HOSPITAL] = _("Medically managed care (hospital)")
            self.short_names[HOSPITAL] = _("Hospital")

    def name(self, slug: str) -> str:
        return self.names.get(slug, slug)

    def short_name(self, slug: str) -> str:
        return self.short_names.get(slug) or slug

    def summary(self, slug: str) -> str:
        return str(self._said(slug, "summary"))

    def url(self, slug: str) -> str:
        return address("guides:level", self.language, slug) or ""

    def compare_url(self, slugs: Sequence[str]) -> str:
        return self.published.compare_path(list(slugs)) or ""

    def guide(self, key: str) -> dict[str, str]:
        """Title and path of a published guide; empty where there is none."""
        row = self.published.guides.get(key)
        return {"title": row["title"], "path": row["path"]} if row else {}

    def stones(self, slug: str, *, upto: str | None = None, here: bool = True) -> tuple[Stone, ...]:
        """The cairn of a level, marked where it fits; dashed above it what is open up to another."""
        place = self.definition.levels.index(slug)
        still_open = self.definition.levels.index(upto) - place if upto else 0
        return cairn(place + 1, max(still_open, 0), here=here)

    def week(self, slug: str) -> WeekPicture | None:
        """What a week there can look like; None where nobody has told."""
        return self.published.week(slug) if slug in self.published.levels else None

    def facts(self, slug: str, aspects: Sequence[str]) -> list[Fact]:
        """These aspects of a level in full."""
        found = [(key, self._fact(slug, key)) for key in aspects]
        return [Fact(self.labels.get(key, key), text) for key, text in found if text]

    def short_fact(self, slug: str, aspect: str) -> str:
        """The first sentence of an aspect."""
        return SENTENCE_END.split(self._fact(slug, aspect), maxsplit=1)[0]

    def _fact(self, slug: str, aspect: str) -> str:
        facts = self._said(slug, "facts")
        return strip_tags(facts.get(aspect, "")).strip() if isinstance(facts, dict) else ""

    def _said(self, slug: str, name: str) -> object:
        return self.published.levels.get(slug, {}).get(name, "")
