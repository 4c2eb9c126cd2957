"""What is wrong with a draft, in sentences. An error keeps it from being published; a warning does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guides.content import html
from guides.content.documents import BLOCKS, RICH_KINDS, Block, Document, block_links, block_text, cells, text
from guides.content.drafts import paired, thin, without_names
from guides.content.labels import DRAWINGS, cell_label
from guides.content.phones import dialed, digits, numbers
from guides.content.reading import MOST_WORDS, hurtful, longest_sentence, reading
from guides.models import (
    Aspect,
    GlossaryTerm,
    Guide,
    GuideEdition,
    Helpline,
    LevelOfCare,
    Publication,
    Revision,
    StoredFile,
)
from guides.models.base import LANGUAGES, Language
from guides.publishing.helplines import helplines
from guides.publishing.published import Published
from guides.workflow.linking import is_program, program_phones
from messaging.typed_numbers import phone_numbers

BY_HAND = (Revision.Reason.SAVED, Revision.Reason.RESTORED)
# Versions of a text that are looked through for the one in which a block was written.
MOST_VERSIONS = 60
LONGEST_CYCLE = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Problem:
    """One sentence. `stops` says whether it keeps the draft from being published; `block` which block it is about."""

    sentence: str
    stops: bool
    block: int | None = None
    # Words that label a person: who approves says of each by its name that it stays.
    label: str = ""


@dataclass(frozen=True)
class Known:
    """What a link may lead to: everything that exists, and the guides that are published in the language."""

    guides: frozenset[str]
    published: frozenset[str]
    levels: frozenset[str]
    aspects: frozenset[str]
    terms: frozenset[str]
    files: frozenset[str] = frozenset()
    # Pictures of which nobody has said in the language what they show.
    undescribed: frozenset[str] = frozenset()
    helplines: frozenset[str] = frozenset()
    # What is dialed or texted at those that are public, or that somebody called (`guides.content.phones.digits`).
    phones: frozenset[str] = frozenset()

    @classmethod
    def now(cls, language: str) -> Known:
        """Ask for all keys at once: a form of a draft asks often enough."""
        called = Helpline.objects.filter(archived_at=None).exclude(checked_on=None)
        named: dict[str, QuerySet[Any]] = {
            "guides": Guide.objects.values_list("key"),
            "levels": LevelOfCare.objects.values_list("slug"),
            "aspects": Aspect.objects.values_list("key"),
            "terms": GlossaryTerm.objects.values_list("key"),
            "files": StoredFile.objects.values_list("key"),
            "undescribed": StoredFile.objects.undescribed(language).values_list("key"),
            "helplines": Helpline.objects.values_list("key"),
            "phones": called.values_list("tel"),
            "texts": called.values_list("sms"),
            "published": Publication.objects.filter(language=language).values_list("key"),
        }
        first, *rest = (rows.order_by().annotate(kind=Value(kind)) for kind, rows in named.items())
        found: dict[str, set[str]] = {kind: set() for kind in named}
        for key, kind in first.union(*rest, all=True):
            found[kind].add(key)
        public = {number for line in helplines(language).values() for number in (line.tel, line.sms)}
        own = str(Published(language).site.get("help_phone_tel", ""))
        found["phones"] = {digits(each) for each in (*public, *found.pop("phones"), *found.pop("texts"), own)} - {""}
        return cls(**{kind: frozenset(keys) for kind, keys in found.items()})


def problems(
    document: Document, about: dict[str, Any], language: str, known: Known, today: date, languages: frozenset[str]
) -> list[Problem]:
    """Return everything that is wrong, what stops first. `languages` are those that the guide is written in."""
    found = stopping(document, known)
    found += [
        Problem(_placed(place, sentence), False, place, label)
        for place, sentence, label in (
            *_words(document, language),
            *_unpublished(document, known, about["key"]),
        )
    ]
    hints = list(_review(about, today))
    if not about["sources"] and not any(block["type"] == "sources" and block["items"] for block in document["blocks"]):
        hints.append(_("It names no source."))
    for missing in sorted(set(LANGUAGES) - languages):
        hints.append(_("There is no text in %(language)s yet.") % {"language": Language(missing).label})
    return found + [Problem(sentence, False) for sentence in hints]


def _placed(place: int | None, sentence: str) -> str:
    return _("Block %(place)s: %(sentence)s") % {"place": place, "sentence": sentence} if place else sentence


def stopping(document: Document, known: Known) -> list[Problem]:
    """Return only what keeps the draft from being published."""
    return [Problem(sentence, True, block) for block, sentence in _stops(document, known)]


def edition_problems(edition: GuideEdition, document: Document, today: date) -> list[Problem]:
    """Return `problems` of a draft that lies in the database."""
    others = list(edition.guide.editions.all())
    written = frozenset(other.language for other in others)
    found = problems(document, edition.about(), edition.language, Known.now(edition.language), today, written)
    if never_compared_with(others, edition):
        sentence = _("No one has compared it with the text in the other language yet. Open “Translate beside”.")
        found.append(Problem(sentence, False))
        found += list(_changed_after(edition, max((each for each in others if each.pk < edition.pk), key=_pk)))
    originals = [other for other in others if other.pk < edition.pk or edition.follows_digest]
    beside = next((other for other in originals if other.pk != edition.pk), None)
    return found + (list(_beside(edition, beside)) if beside else [])


def _beside(edition: GuideEdition, original: GuideEdition) -> Iterator[Problem]:
    """Whether the text that this one says in another language moved on, and where this one says far less."""
    language = Language(original.language).label
    if edition.follows_digest and edition.follows_digest != original.digest:
        sentence = _("The text in %(language)s changed since both said the same. Open “Translate beside”.")
        yield Problem(sentence % {"language": language}, False)
    for place, here, there in thin(edition.blocks, original.blocks):
        sentence = ngettext(
            "it has %(here)d word, and the block in %(language)s has %(there)d. Is something missing?",
            "it has %(here)d words, and the block in %(language)s has %(there)d. Is something missing?",
            here,
        )
        said = sentence % {"here": here, "there": there, "language": language}
        yield Problem(_placed(place, said), False, place)


def _changed_after(edition: GuideEdition, original: GuideEdition) -> Iterator[Problem]:
    """Which blocks were written before the block of the other language came to say what it says now."""
    own, theirs = (list(each.revisions.all()[:MOST_VERSIONS]) for each in (edition, original))
    twins = paired(edition.blocks, original.blocks)
    for place, block in enumerate(edition.blocks, start=1):
        twin = twins.get(block["id"])
        written = _written_in(block, own) if twin else None
        then = next((each for each in theirs if written and each.pk < written.pk), None)
        if twin and then and without_names([twin])[0] not in then.document["blocks"]:
            sentence = _("the block in %(language)s changed after this one was written. Compare the two.")
            said = sentence % {"language": Language(original.language).label}
            yield Problem(_placed(place, said), False, place)


def _written_in(block: Block, versions: list[Revision]) -> Revision | None:
    """Return the version since which a block says what it says; `versions` are the newest first."""
    (exact,) = without_names([block])
    since = list(takewhile(lambda version: exact in version.document["blocks"], versions))
    return since[-1] if since else None


def _pk(edition: GuideEdition) -> int:
    return int(edition.pk)


def never_compared_with(others: list[GuideEdition], edition: GuideEdition) -> bool:
    """Whether an edition was written here after another, and nobody ever said that the two say the same."""
    before = [other for other in others if other.pk < edition.pk]
    if not before or edition.follows_digest or any(other.follows_digest for other in before):
        return False
    known = getattr(edition, "written_here", None)  # where the rows of a list were asked for it
    return bool(edition.revisions.filter(reason__in=BY_HAND).exists() if known is None else known)


def _stops(document: Document, known: Known) -> Iterator[tuple[int | None, str]]:
    if not document["title"].strip():
        yield None, _("The title is empty.")
    if not document["summary"].strip():
        yield None, _("The summary is empty.")
    if not document["blocks"]:
        yield None, _("There is no block yet. Add at least one.")
    for place, block in enumerate(document["blocks"], start=1):
        for sentence in _block(block, known):
            yield place, _placed(place, sentence)
        for link in dict.fromkeys(block_links(block)):
            if sentence := broken(link, known):
                yield place, _placed(place, sentence)
    for at, sentence in (*_heading_order(document), *_phones(document, known)):
        yield at, _placed(at, sentence)


def _block(block: Block, known: Known) -> Iterator[str]:
    kind = BLOCKS[block["type"]]
    for cell, value in cells(block):
        if cell.required and not (value or "" if not isinstance(value, str) else value.strip()):
            yield _("“%(name)s” is empty.") % {"name": cell_label(cell.name)}
        elif cell.kind == "html" and any(not words for _level, words in html.headings(value)):
            yield _("a heading has no words.")
        if cell.kind == "codes" and isinstance(value, list) and len(set(value) - {""}) < len([*filter(None, value)]):
            yield _("“%(name)s” names the same one twice. Take one out.") % {"name": cell_label(cell.name)}
        if cell.kind == "file" and value and value not in known.files:
            yield _("the file “%(key)s” is not in the library. Choose another.") % {"key": value}
        if cell.kind == "file" and value in known.undescribed:
            yield _("no one has said in this language what the picture shows. Say it in “Pictures and files”.")
        if cell.kind in RICH_KINDS and value and html.has_wordless_link(value):
            yield _("a link has no words. Write what it leads to, or take it out.")
    if kind.items and not block["items"]:
        yield _("it has no items.")
    if block["type"] == "comparison":
        if len(set(block["levels"])) < 2:
            yield _("a comparison needs at least two different levels.")
        if block["aspects"] != "all" and (unknown := set(block["aspects"]) - known.aspects):
            yield _("there is no aspect “%(key)s”.") % {"key": min(unknown)}
    if block["type"] == "drawing" and block["drawing"] and block["drawing"] not in DRAWINGS:
        yield _("there is no drawing “%(key)s”.") % {"key": block["drawing"]}
    if block["type"] == "helplines" and (unknown := set(block["lines"]) - known.helplines - {""}):
        yield _("there is no helpline “%(key)s”.") % {"key": min(unknown)}
    if block["type"] == "contacts":
        for row in block["items"]:
            if row["tel"] and not re.fullmatch(r"\+?[0-9]{3,15}", row["tel"]):
                yield _("“%(number)s” cannot be dialed. Use digits only, such as 988 or +16265550100.") % {
                    "number": row["tel"]
                }


def _heading_order(document: Document) -> Iterator[tuple[int, str]]:
    above = 1
    for place, block in enumerate(document["blocks"], start=1):
        if block.get("heading"):
            above = 2
        for level, words in html.headings(block.get("html", "") if block["type"] == "prose" else ""):
            if level > above + 1:
                yield place, _("“%(heading)s” is a small heading with no large heading above it.") % {"heading": words}
            above = level


def broken(link: str, known: Known) -> str:
    """Return what is wrong with a link, "" if nothing is."""
    found = html.inside(link)
    if found is None:
        if re.fullmatch(r"([\w-]+\.)+[a-z]{2,}(/\S*)?", link, re.IGNORECASE):
            return _("The link “%(link)s” has no https://. Write it as https://%(link)s.") % {"link": link}
        good = link.partition(":")[0] in html.OUTSIDE and len(link.partition(":")[2].strip("/")) > 0
        return (
            ""
            if good
            else _("The link “%(link)s” leads nowhere. Choose one of the links listed below.") % {"link": link}
        )
    kind, key = found
    lists = {"guide": known.guides, "level": known.levels, "file": known.files}
    lists |= dict.fromkeys(("glossary", "crisis"), known.terms | {""})
    missing = kind in lists and key not in lists[kind]
    if missing or (kind == "program" and not is_program(key)):
        return _("The link “%(link)s” leads to nothing on this site. Correct its name or take it out.") % {"link": link}
    if kind == "compare" and (len(key.split("/")) < 2 or not set(key.split("/")) <= known.levels):
        return _("The link “%(link)s” needs two levels that exist.") % {"link": link}
    return ""


def _unpublished(document: Document, known: Known, own: str) -> Iterator[tuple[int, str, str]]:
    for place, block in enumerate(document["blocks"], start=1):
        for link in dict.fromkeys(block_links(block)):
            kind, key = html.inside(link) or ("", "")
            if kind == "guide" and key in known.guides and key not in known.published | {own}:
                yield (
                    place,
                    _("“%(link)s” is not published yet: until it is, its words show without a link.") % {"link": link},
                    "",
                )


def _phones(document: Document, known: Known) -> Iterator[tuple[int | None, str]]:
    """Each number that nobody called: who follows it in danger must not reach nobody."""
    written = [
        (place, number, shown)
        for place, found in (
            *enumerate(map(numbers, document["blocks"]), start=1),
            (None, phone_numbers(f"{document['title']}\n{document['summary']}")),
        )
        for number, shown in {dialed(shown): shown for shown in found}.items()
        if number not in known.phones
    ]
    of_programs = program_phones({number for _place, number, _shown in written}) if written else frozenset()
    said = _(
        "“%(number)s” is no helpline that someone has called, and no program’s number. "
        "Add it to the helplines and call it, or write it at its program."
    )
    for place, number, shown in written:
        if number not in of_programs:
            sentence = said % {"number": shown}
            yield place, sentence if place else _("In the title or the summary: %(sentence)s") % {"sentence": sentence}


def _words(document: Document, language: str) -> Iterator[tuple[int | None, str, str]]:
    """What may be put better: the block, the sentence and, of words that label a person, those words."""
    result = reading(text(document), language)
    if result and result.hard:
        yield None, _hard(result.score, language), ""
    for sentence, label in _wording("\n".join([document["title"], document["summary"]]), language):
        yield None, sentence, label
    for place, block in enumerate(document["blocks"], start=1):
        words = block_text(block)
        part = reading(words, language)
        if part and part.hard and (not result or not result.hard):
            yield place, _hard(part.score, language), ""
        for sentence, label in _wording(words, language):
            yield place, sentence, label


def _wording(words: str, language: str) -> Iterator[tuple[str, str]]:
    for written, better in hurtful(words, language):
        said = _("“%(words)s” may hurt. Say instead: %(better)s.") % {"words": written, "better": better}
        yield said, written.casefold()
    count, begins = longest_sentence(words)
    if count > MOST_WORDS:
        said = _("“%(begins)s…” is a sentence of %(count)s words. Make two of it: 15 to 20 words read well.")
        yield said % {"begins": begins, "count": count}, ""


def labels_left(found: list[Problem]) -> str:
    """Return the words that label a person, in the order in which they stand, each once."""
    return ", ".join(dict.fromkeys(f"“{problem.label}”" for problem in found if problem.label))


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
