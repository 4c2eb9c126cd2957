"""Search in what is published: full text on both databases, with words that mean the same, accents or not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText, SearchQuery

from guides.content.documents import text
from guides.content.html import plain
from guides.content.words import asked, tokens
from guides.models import Publication, SearchEntry, Synonym
from guides.publishing.published import Published, address

Kind = SearchEntry.Kind
BACKENDS = {"en": "default", "es": "spanish"}
MOST = 30


def find(query: str, language: str) -> list[SearchEntry]:
    """Return up to `MOST` entries, best first: those with every word, else those with any of them."""
    groups = Synonym.objects.in_language(language).values_list("words", flat=True)
    alternatives = asked(query, groups, language)
    if not alternatives:
        return []
    entries = SearchEntry.objects.in_language(language)
    for operator in ("and", "or"):
        wanted: SearchQuery = reduce(or_, (PlainText(line, operator=operator) for line in alternatives))
        found = list(entries.search(wanted, backend=BACKENDS[language])[:MOST])
        if found:
            return sorted(found, key=lambda entry: _is_word_beside(entry, query))
    return []


def _is_word_beside(entry: SearchEntry, query: str) -> bool:
    """Whether this is a word of the glossary that was not asked for by a name of it: guides answer more than words."""
    names = tokens(f"{entry.heading} {entry.text}")
    return entry.kind == Kind.TERM and not set(tokens(query)) <= set(names)


def index_publications(publications: Iterable[Publication]) -> None:
    """Write what search finds of published guides."""
    _index(
        _written(
            row.language,
            Kind.GUIDE,
            row.key,
            path=row.path,
            heading=row.title,
            summary=row.summary,
            text=text(row.document),
        )
        for row in publications
    )


def forget_publication(publication: Publication) -> None:
    _remove(SearchEntry.objects.filter(language=publication.language, kind=Kind.GUIDE, key=publication.key))


def index_reference(published: Published) -> None:
    """Write what search finds of levels and words, and take out what is no longer there."""
    language = published.language
    entries = []
    for level in published.all_levels():
        facts = "\n".join(published.rich(fact) for fact in level["facts"].values())
        words = [*level["also_called"], *level["asam_codes"], _stripped(facts)]
        values = {"path": level["url"], "heading": level["name"], "summary": level["summary"]}
        entries.append(_written(language, Kind.LEVEL, level["slug"], **values, text="\n".join(words)))
    page = address("guides:glossary", language)
    for term in published.reference["terms"]:
        values = {"path": f"{page}#{term['key']}", "heading": term["term"], "summary": _stripped(term["definition"])}
        entries.append(_written(language, Kind.TERM, term["key"], **values, text="\n".join(term["also_called"])))
    _index(entries)
    gone = SearchEntry.objects.in_language(language)
    _remove(gone.filter(kind=Kind.LEVEL).exclude(key__in=published.levels))
    _remove(gone.filter(kind=Kind.TERM).exclude(key__in=[term["key"] for term in published.reference["terms"]]))


def _stripped(rich: str) -> str:
    return plain(rich).replace("\n", " ")


def _written(language: str, kind: str, key: str, **values: Any) -> SearchEntry:
    entry, _made = SearchEntry.objects.update_or_create(language=language, kind=kind, key=key, defaults=values)
    return entry


def _index(entries: Iterable[SearchEntry]) -> None:
    by_language: dict[str, list[SearchEntry]] = {}
    for entry in entries:
        by_language.setdefault(entry.language, []).append(entry)
    for language, rows in by_language.items():
        get_search_backend(BACKENDS[language]).add_bulk(SearchEntry, rows)


def _remove(entries: Any) -> None:
    for entry in entries:
        get_search_backend(BACKENDS[entry.language]).delete(entry)
        entry.delete()
