"""From documents to finished pages. No request takes part, so that a page is the same for everyone."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, override

from guides.content import html
from guides.content.documents import BLOCKS, Block, Document, links
from guides.content.helplines import texting
from guides.content.terms import Linker, names_of
from guides.models import Publication
from guides.models.base import LANGUAGES
from guides.publishing.published import CRISIS, Published, address, path_of
from guides.publishing.structured import structured


def page(template: str, published: Published, path: str | None, **context: Any) -> str:
    """Render a whole page in the language of `published`; `path` is its own address."""
    frame = {
        "site": published.site,
        "page_path": path or "",
        "base_url": settings.BASE_URL,
        "destinations": published.destinations(),
        "published": published,
        "language": published.language,
    }
    with override(published.language):
        return render_to_string(template, {**frame, **context})


def guide_page(
    document: Document,
    about: dict[str, Any],
    published: Published,
    *,
    others: dict[str, str],
    draft: bool = False,
    text_language: str = "",
) -> str:
    """Render a guide. `others` are the paths of its other languages; a draft says on the page that it is one.

    A text that is not there in the language of the page has a `text_language`, and the page says so.
    """
    language = published.language
    path = path_of(about["key"], document["slug"], language)
    level = about["level"] if about["level"] in published.levels else None
    blocks = [
        {**prepared(block, published), "id": f"part-{place}"} for place, block in enumerate(document["blocks"], 1)
    ]
    _link_terms(blocks, document, about["key"], published)
    if about["key"] == CRISIS:
        _named_by_words(blocks, published)
    same = [guide for guide in published.guides.values() if guide["section"] == about["section"]]
    return page(
        "guides/guide.html",
        published,
        path,
        document=document,
        about={**about, **{name: _day(about[name]) for name in ("last_reviewed", "review_due")}},
        blocks=blocks,
        contents=_contents(blocks),
        level=published.level(level) if level else None,
        levels=published.all_levels(),
        brief=published.brief(level) if level else [],
        week=published.week(level) if level else None,
        siblings=[guide for guide in same if guide["key"] != about["key"]],
        alternates=others if text_language else {language: path, **others},
        # Where it is not written, the other language shows this one, and says so.
        alternate_url=next(iter(others.values()), None) or path_of(about["key"], document["slug"], _other(language)),
        canonical=others.get(text_language),
        crumbs=[(_in(language, "Guides"), address("guides:index", language)), (document["title"], None)],
        draft=draft,
        text_language=text_language,
        share_title=document["title"],
        structured=structured(document, about, url=f"{settings.BASE_URL}{path}", language=text_language or language),
    )


def _contents(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is listed as on this page, each with `id` and `heading`; headings inside a text get their id here."""
    found = []
    for block in blocks:
        if block.get("heading"):
            found.append(block)
        if block["type"] == "prose":
            text, inside = html.anchored(block["html"], block["id"])
            block["html"] = mark_safe(text)  # noqa: S308 - it was sanitised, and got ids of our own since
            found += [{"id": ident, "heading": heading} for ident, heading in inside]
    return found


def _link_terms(blocks: list[dict[str, Any]], document: Document, key: str, published: Published) -> None:
    """Lead from the first use of each word to what it means; not where somebody looks for help at once."""
    if key == CRISIS:
        return
    named = [html.inside(link) or ("", "") for link in links(document)]
    seen = [word for kind, word in named if kind in ("glossary", "crisis")]
    page = address("guides:glossary", published.language) or ""
    linker = Linker(names_of(published.reference["terms"]), page, seen)
    for part in (part for block in blocks for part in (block, *block.get("rows", ()))):
        if isinstance(part, dict) and part.get("html"):
            part["html"] = mark_safe(linker.linked(part["html"]))  # noqa: S308 - it was sanitised, and only linked since


def _named_by_words(blocks: list[dict[str, Any]], published: Published) -> None:
    """Name each part by the word of the glossary that its heading has, the first such part: "crisis:naloxone".

    In the order of the words, a heading with two of them is named by the one that no part before it is named by.
    """
    names, seen = names_of(published.reference["terms"]), set[str]()
    for block in blocks:
        words = re.findall(r"\w+", str(block.get("heading", "")).casefold())
        key = next((names[word] for word in words if word in names and names[word] not in seen), None)
        if key:
            seen.add(key)
            block["id"] = key


def _in(language: str, message: str) -> str:
    with override(language):
        return gettext(message)


def _other(language: str) -> str:
    return next(code for code in LANGUAGES if code != language)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def prepared(block: Block, published: Published) -> dict[str, Any]:
    """Return a block as its template takes it: rich text safe and its links resolved."""
    kind = BLOCKS[block["type"]]
    ready = {**block, "template": f"guides/blocks/{block['type']}.html"}
    for cell in kind.cells:
        if cell.kind in ("html", "inline"):
            ready[cell.name] = published.rich(block[cell.name])
    if kind.items:
        # Not "items": in a template that name would find the method of the dictionary only where the key is missing.
        ready["rows"] = [_prepared_item(kind.items, item, published) for item in block["items"]]
    if block["type"] == "comparison":
        ready["table"] = published.comparison(block["levels"], block["aspects"])
        ready["url"] = published.compare_path([column["slug"] for column in ready["table"]["columns"]])
    elif block["type"] == "contacts":
        for row in ready["rows"]:
            row["sms"], row["word"] = texting(row["sms"])
    elif block["type"] == "level_cards":
        slugs = [slug for slug in block["levels"] if slug in published.levels]
        ready["rows"] = [{**published.level(slug), "brief": published.brief(slug)} for slug in slugs]
    elif block["type"] == "drawing":
        ready |= published.drawing(block["drawing"]) or {"heading": ""}
    elif block["type"] == "helplines":
        ready["rows"] = [published.helplines[key] for key in block["lines"] if key in published.helplines]
    elif block["type"] == "sources":
        for row in ready["rows"]:
            # A draft may hold what cannot be published yet: no address of a kind that we do not know is ever a link.
            row["url"] = (
                published.href(row["url"]) if html.scheme(row["url"]) in (*html.OUTSIDE, *html.INSIDE) else None
            )
    elif block["type"] == "image":
        ready["image"] = published.picture(block["picture"])
    elif block["type"] == "download":
        ready["file"] = published.takeaway(block["document"])
    elif block["type"] == "call_to_action":
        ready["url"] = published.href(block["to"] if ":" in block["to"] else f"{block['to']}:")
    return ready


def _prepared_item(cells: tuple[Any, ...], item: Any, published: Published) -> Any:
    if len(cells) == 1:
        return published.rich(item) if cells[0].kind == "inline" else item
    return {c.name: published.rich(item[c.name]) if c.kind in ("html", "inline") else item[c.name] for c in cells}


def publication_page(publication: Publication, published: Published) -> str:
    """Render a publication as it is now."""
    others = Publication.objects.filter(key=publication.key).exclude(language=publication.language)
    paths = {row.language: row.path for row in others}
    return guide_page(publication.document, publication.about, published, others=paths)


def borrowed_page(publication: Publication, published: Published) -> str:
    """Render a guide that is published in another language alone, in the frame of the language of `published`."""
    others = {publication.language: publication.path}
    language = publication.language
    return guide_page(publication.document, publication.about, published, others=others, text_language=language)


@cache
def render_fingerprint() -> str:
    """Return a fingerprint of everything besides content that shapes a page. A stored page with another is stale."""
    parts = hashlib.sha256()
    templates: Any = settings.TEMPLATES[0]["DIRS"]
    folders = [Path(folder) for folder in templates]
    files = [file for folder in folders for name in ("base.html", "parts", "guides") for file in _files(folder / name)]
    files += [file for folder in settings.LOCALE_PATHS for file in Path(folder).rglob("*.mo")]
    for file in sorted(files):
        parts.update(file.read_bytes())
    for language in LANGUAGES:
        # An empty page brings in the addresses of the navigation and the hashed names of the static files.
        frame = {"site": {}, "page_path": "/", "alternate_url": "/"}
        with override(language):
            parts.update(render_to_string("base.html", frame).encode())
    return parts.hexdigest()


def _files(path: Path) -> list[Path]:
    return list(path.rglob("*.html")) if path.is_dir() else [path]
