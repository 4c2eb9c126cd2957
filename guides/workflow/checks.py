"""What is wrong with a draft, in sentences. An error keeps it from being published; a warning does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guides.content import html
from guides.content.documents import BLOCKS, Block, Document, block_text, cells, links, text
from guides.content.labels import cell_label
from guides.content.reading import hurtful, reading
from guides.models import Aspect, GlossaryTerm, Guide, GuideEdition, LevelOfCare, Publication
from guides.models.base import LANGUAGES, Language

LONGEST_CYCLE = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Problem:
    """One sentence. `stops` says whether it keeps the draft from being published; `block` which block it is about."""

    sentence: str
    stops: bool
    block: int | None = None


@dataclass(frozen=True)
class Known:
    """What a link may lead to: everything that exists, and the guides that are published in the language."""

    guides: frozenset[str]
    published: frozenset[str]
    levels: frozenset[str]
    aspects: frozenset[str]
    terms: frozenset[str]

    @classmethod
    def now(cls, language: str) -> Known:
        return cls(
            guides=frozenset(Guide.objects.values_list("key", flat=True)),
            published=frozenset(Publication.objects.filter(language=language).values_list("key", flat=True)),
            levels=frozenset(LevelOfCare.objects.values_list("slug", flat=True)),
            aspects=frozenset(Aspect.objects.values_list("key", flat=True)),
            terms=frozenset(GlossaryTerm.objects.values_list("key", flat=True)),
        )


def problems(
    document: Document, about: dict[str, Any], language: str, known: Known, today: date, languages: frozenset[str]
) -> list[Problem]:
    """Return everything that is wrong, what stops first. `languages` are those that the guide is written in."""
    hints = [*_words(document, language), *_unpublished(document, known, about["key"]), *_review(about, today)]
    for missing in sorted(set(LANGUAGES) - languages):
        hints.append(_("There is no text in %(language)s yet.") % {"language": Language(missing).label})
    return stopping(document, known) + [Problem(sentence, False) for sentence in hints]


def stopping(document: Document, known: Known) -> list[Problem]:
    """Return only what keeps the draft from being published."""
    return [Problem(sentence, True, block) for block, sentence in _stops(document, known)]


def edition_problems(edition: GuideEdition, document: Document, today: date) -> list[Problem]:
    """Return `problems` of a draft that lies in the database."""
    written = frozenset(GuideEdition.objects.filter(guide=edition.guide).values_list("language", flat=True))
    return problems(document, edition.about(), edition.language, Known.now(edition.language), today, written)


def _stops(document: Document, known: Known) -> Iterator[tuple[int | None, str]]:
    if not document["title"].strip():
        yield None, _("The title is empty.")
    if not document["summary"].strip():
        yield None, _("The summary is empty.")
    if not document["blocks"]:
        yield None, _("There is no block yet. Add at least one.")
    for place, block in enumerate(document["blocks"], start=1):
        for sentence in _block(block, known):
            yield place, _("Block %(place)s: %(sentence)s") % {"place": place, "sentence": sentence}
    for sentence in _heading_order(document):
        yield None, sentence
    for link in dict.fromkeys(links(document)):
        if sentence := broken(link, known):
            yield None, sentence


def _block(block: Block, known: Known) -> Iterator[str]:
    kind = BLOCKS[block["type"]]
    for cell, value in cells(block):
        if cell.required and not (value or "" if not isinstance(value, str) else value.strip()):
            yield _("“%(name)s” is empty.") % {"name": cell_label(cell.name)}
        elif cell.kind == "html" and any(not words for _level, words in html.headings(value)):
            yield _("a heading has no words.")
    if kind.items and not block["items"]:
        yield _("it has no items.")
    if block["type"] == "comparison":
        if len(set(block["levels"])) < 2:
            yield _("a comparison needs at least two different levels.")
        if block["aspects"] != "all" and (unknown := set(block["aspects"]) - known.aspects):
            yield _("there is no aspect “%(key)s”.") % {"key": min(unknown)}
    if block["type"] == "contacts":
        for row in block["items"]:
            if row["tel"] and not re.fullmatch(r"\+?[0-9]{3,15}", row["tel"]):
                yield _("“%(number)s” cannot be dialed. Use digits only, such as 988 or +16265550100.") % {
                    "number": row["tel"]
                }


def _heading_order(document: Document) -> Iterator[str]:
    above = 1
    for block in document["blocks"]:
        if block.get("heading"):
            above = 2
        for level, words in html.headings(block.get("html", "") if block["type"] == "prose" else ""):
            if level > above + 1:
                yield _("“%(heading)s” is a small heading with no large heading above it.") % {"heading": words}
            above = level


def broken(link: str, known: Known) -> str:
    """Return what is wrong with a link, "" if nothing is."""
    found = html.inside(link)
    if found is None:
        good = link.partition(":")[0] in html.OUTSIDE and len(link.partition(":")[2].strip("/")) > 0
        return (
            ""
            if good
            else _("The link “%(link)s” leads nowhere. Choose one of the links listed below.") % {"link": link}
        )
    kind, key = found
    lists = {"guide": known.guides, "level": known.levels, "glossary": known.terms | {""}}
    if kind in lists and key not in lists[kind]:
        return _("The link “%(link)s” leads to nothing on this site. Correct its name or take it out.") % {"link": link}
    if kind == "compare" and (len(key.split("/")) < 2 or not set(key.split("/")) <= known.levels):
        return _("The link “%(link)s” needs two levels that exist.") % {"link": link}
    return ""


def _unpublished(document: Document, known: Known, own: str) -> Iterator[str]:
    for link in dict.fromkeys(links(document)):
        kind, key = html.inside(link) or ("", "")
        if kind == "guide" and key in known.guides and key not in known.published | {own}:
            yield _("“%(link)s” is not published yet: until it is, its words show without a link.") % {"link": link}


def _words(document: Document, language: str) -> Iterator[str]:
    result = reading(text(document), language)
    if result and result.hard:
        yield _hard(result.score, language)
    for place, block in enumerate(document["blocks"], start=1):
        part = reading(block_text(block), language)
        if part and part.hard and (not result or not result.hard):
            yield _("Block %(place)s: %(sentence)s") % {"place": place, "sentence": _hard(part.score, language)}
    for words, better in hurtful(text(document), language):
        yield _("“%(words)s” may hurt. Say instead: %(better)s.") % {"words": words, "better": better}


def _hard(score: float, language: str) -> str:
    if language == "es":
        return _("the text is hard to read (%(score)s; aim for 55 or more). Use shorter sentences and words.") % {
            "score": score
        }
    return _("the text reads at grade %(score)s; aim for 8 or below. Use shorter sentences and words.") % {
        "score": score
    }


def _review(about: dict[str, Any], today: date) -> Iterator[str]:
    last, due = (date.fromisoformat(about[name]) if about[name] else None for name in ("last_reviewed", "review_due"))
    if not about["reviewer"]:
        yield _("No reviewer is named.")
    if not last or not due:
        yield _("The dates of the last and the next review are not both set.")
    elif due - last > LONGEST_CYCLE:
        yield _("The next review is more than three years after the last.")
    elif due <= today:
        days = (today - due).days
        yield ngettext(
            "Its review has been due for %(days)s day.", "Its review has been due for %(days)s days.", days
        ) % {"days": days}
    if not about["sources"]:
        yield _("It names no source.")
