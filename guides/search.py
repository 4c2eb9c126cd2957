"""Search in what is published: full text on both databases, with words that mean the same, accents or not."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText, SearchQuery

from guides.documents import text
from guides.html import plain
from guides.models import Publication, SearchEntry, Synonym
from guides.published import Published, address
from guides.words import asked, variants

Kind = SearchEntry.Kind
BACKENDS = {"en": "default", "es": "spanish"}
MOST = 30


def find(query: str, language: str) -> list[SearchEntry]:
    """Return up to `MOST` entries, best first: those with every word, else those with any of them."""
    words = asked(query, language)[:12]
    if not words:
        return []
    groups = Synonym.objects.in_language(language).values_list("words", flat=True)
    alternatives = variants(words, groups, language)
    entries = SearchEntry.objects.in_language(language)
    for operator in ("and", "or"):
        wanted: SearchQuery = reduce(or_, (PlainText(line, operator=operator) for line in alternatives))
        found = list(entries.search(wanted, backend=BACKENDS[language])[:MOST])
        if found:
            return found
    return []


def index_publication(publication: Publication) -> None:
    """Write what search finds of a published guide."""
    _write(
        publication.language,
        Kind.GUIDE,
        publication.key,
        path=publication.path,
        heading=publication.title,
        summary=publication.summary,
        text=text(publication.document),
    )


def forget_publication(publication: Publication) -> None:
    _remove(SearchEntry.objects.filter(language=publication.language, kind=Kind.GUIDE, key=publication.key))


def index_reference(published: Published) -> None:
    """Write what search finds of levels and words, and take out what is no longer there."""
    language = published.language
    for level in published.all_levels():
        facts = "\n".join(published.rich(fact) for fact in level["facts"].values())
        words = [*level["also_called"], *level["asam_codes"], _stripped(facts)]
        _write(
            language,
            Kind.LEVEL,
            level["slug"],
            path=level["url"],
            heading=level["name"],
            summary=level["summary"],
            text="\n".join(words),
        )
    page = address("guides:glossary", language)
    for term in published.reference["terms"]:
        _write(
            language,
            Kind.TERM,
            term["key"],
            path=f"{page}#{term['key']}",
            heading=term["term"],
            summary=_stripped(term["definition"]),
            text="\n".join(term["also_called"]),
        )
    gone = SearchEntry.objects.in_language(language)
    _remove(gone.filter(kind=Kind.LEVEL).exclude(key__in=published.levels))
    _remove(gone.filter(kind=Kind.TERM).exclude(key__in=[term["key"] for term in published.reference["terms"]]))


def _stripped(rich: str) -> str:
    return plain(rich).replace("\n", " ")


def _write(language: str, kind: str, key: str, **values: Any) -> None:
    entry, _made = SearchEntry.objects.update_or_create(language=language, kind=kind, key=key, defaults=values)
    get_search_backend(BACKENDS[language]).add(entry)


def _remove(entries: Any) -> None:
    for entry in entries:
        get_search_backend(BACKENDS[entry.language]).delete(entry)
        entry.delete()
