"""Search in what is published: full text on both databases, words that mean the same, accents or not, and slips."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils.module_loading import import_string
from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText, SearchQuery

from guides.content.documents import text
from guides.content.html import plain
from guides.content.spelling import Vocabulary, corrected, is_slip
from guides.content.words import asked, other_names, stem, stems, tokens
from guides.models import Publication, SearchEntry, Synonym
from guides.publishing.cache import page_cache
from guides.publishing.published import Published, address

Kind = SearchEntry.Kind
BACKENDS = {"en": "default", "es": "spanish"}
MOST = 30
MOST_PROGRAMS = 10
FEW = 3  # so many programs are what was looked for; more share an everyday word


class Found(NamedTuple):
    """What a search found, and the words that were looked for: other than those typed where only those are found.

    `offered` are words that may have been meant; `language` is another than the reader's where only that has them."""

    entries: list[SearchEntry]
    words: str
    offered: str = ""
    language: str = ""


def look_for(query: str, language: str) -> Found:
    """Find what was typed, in this language or else in another; what may have been meant is offered, and looked for
    only where nothing is found."""
    found, meant = find(query, language), _meant(query, language)
    if found:
        typed = tokens(query)
        unlike = any(not is_slip(one, other) for one, other in zip(typed, tokens(meant), strict=True) if one != other)
        return Found(found, query, "" if unlike or meant == " ".join(typed) else meant)
    for other in BACKENDS:
        if other != language and (entries := find(query, other)):
            return Found(entries, query, language=other)
    return Found(entries, meant) if (entries := find(meant, language)) else Found([], query)


def _meant(query: str, language: str) -> str:
    """The words of a query, each that no page has as the nearest one that the pages have."""
    typed = tokens(query)
    known: Vocabulary = page_cache.value(("vocabulary", language), lambda: _vocabulary(language))
    there = {word for word in typed if word in known.counts or _is_written(word, language)}
    return " ".join(corrected(typed, known, there))


def _vocabulary(language: str) -> Vocabulary:
    """The words of all entries and of synonyms; of a long text its beginning, which says what it is about."""
    entries = SearchEntry.objects.in_language(language).annotate(begin=Left("text", 2000))
    written = [" ".join(row) for row in entries.values_list("heading", "summary", "begin")]
    written += [" ".join(words) for words in Synonym.objects.in_language(language).values_list("words", flat=True)]
    written += import_string(f"{settings.GUIDE_PROGRAMS}.names")()
    return Vocabulary(Counter(word for text in written for word in tokens(text)))


def _is_written(word: str, language: str) -> bool:
    wanted = PlainText(stem(word, language), operator="and")
    found = SearchEntry.objects.in_language(language).search(wanted, backend=BACKENDS[language])
    return bool(list(found[:1])) or bool(_programs([word], language))


def find(query: str, language: str) -> list[SearchEntry]:
    """Return up to `MOST` entries, best first: pages with every word, else those with any of them; and the programs
    that have every word in their name: first where they are few, last where many share such a word."""
    programs, pages = _programs(tokens(query), language), _pages(query, language)
    return [*programs, *pages][:MOST] if len(programs) <= FEW else [*pages, *programs][:MOST]


def _programs(words: Sequence[str], language: str) -> list[SearchEntry]:
    if not any(len(word) > 2 for word in words):  # one or two letters alone name nothing
        return []
    found = import_string(f"{settings.GUIDE_PROGRAMS}.described")(words, language, MOST_PROGRAMS)
    return [
        SearchEntry(language=language, kind=Kind.PROGRAM, key=slug, path=path, heading=name, summary=summary)
        for slug, path, name, summary in found
    ]


def _pages(query: str, language: str) -> list[SearchEntry]:
    groups = list(Synonym.objects.in_language(language).values_list("words", flat=True))
    alternatives = asked(query, groups, language)
    if not alternatives:
        return []
    entries, names = SearchEntry.objects.in_language(language), other_names(query, groups, language)
    found: list[SearchEntry] = []
    for operator in ("and", "or"):
        wanted: SearchQuery = reduce(or_, (PlainText(line, operator=operator) for line in alternatives))
        more = list(entries.search(wanted, backend=BACKENDS[language])[:MOST])
        found += [entry for entry in more if entry not in found]
        # A number, such as an age, may stand by chance on a page: what has the other words is shown, too.
        if found and not any(word.isdigit() for word in tokens(query)):
            break
    if names:  # what was asked in other words leads, also where a word beside them is not on its page
        found += _called(names, language, found)
    return sorted(found, key=lambda entry: (_is_word_beside(entry, query), not _is_called(entry, names)))


def _called(names: Sequence[set[str]], language: str, found: Sequence[SearchEntry]) -> QuerySet[SearchEntry]:
    """The guides beside those `found` whose titles say one of these names."""
    titled: dict[str, set[int]] = page_cache.value(("titled", language), lambda: _titled(language))
    called = set().union(*(set.intersection(*(titled.get(word, set()) for word in name)) for name in names))
    return SearchEntry.objects.filter(pk__in=sorted(called - {entry.pk for entry in found})[:MOST])


def _titled(language: str) -> dict[str, set[int]]:
    """The guides, by the stems of their titles."""
    titled: dict[str, set[int]] = defaultdict(set)
    for pk, heading in SearchEntry.objects.in_language(language).filter(kind=Kind.GUIDE).values_list("pk", "heading"):
        for word in stems(heading, language):
            titled[word].add(pk)
    return dict(titled)


def _is_word_beside(entry: SearchEntry, query: str) -> bool:
    """Whether this is a word of the glossary that was not asked for by a name of it: guides answer more than words."""
    if entry.kind != Kind.TERM:
        return False
    return not set(tokens(query)) <= set(tokens(f"{entry.heading} {entry.text}"))


def _is_called(entry: SearchEntry, names: Sequence[set[str]]) -> bool:
    """Whether the title of this guide says one of these names: then it is about what was asked in other words."""
    title = set(entry.title.split()) if names and entry.kind == Kind.GUIDE else set()
    return any(name <= title for name in names)


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
