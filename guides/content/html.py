"""What rich text may hold, and what its links mean. Needs nh3, not Django."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

import nh3

# Links inside the site name what they mean ("guide:residential"), never an address: addresses may change.
INSIDE = ("guide", "level", "compare", "glossary", "assessment", "directory", "help", "crisis", "program", "file")
OUTSIDE = ("https", "http", "mailto", "tel", "sms")
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}
TABLE_TAGS = {"table", "tbody", "tr", "th", "td"}
# The sanitiser would let titles through by itself; nobody reads them on a phone or aloud.
ATTRIBUTES = {"*": {"lang"}, "a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
INLINE_TAGS = {"strong", "em", "a"}

Resolve = Callable[[str], str | None]

# What tells another site from where, and by which letter, somebody came.
_tracking = re.compile(
    r"(utm_\w+|_hsenc|_hsmi|dclid|fbclid|gbraid|gclid|igshid|mc_cid|mc_eid|mkt_tok|msclkid|ttclid|twclid|wbraid|yclid)(=.*)?",
    re.IGNORECASE,
)


def without_tracking(link: str) -> str:
    """Return the address without what only follows its reader about."""
    address, _mark, rest = link.partition("?")
    query, sharp, place = rest.partition("#")
    parts = query.split("&")
    kept = [part for part in parts if not _tracking.fullmatch(part)]
    if kept == parts or "#" in address:
        return link
    return address + ("?" + "&".join(kept) if kept else "") + sharp + place


_rich = nh3.Cleaner(
    tags=TAGS | TABLE_TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=lambda _tag, name, value: without_tracking(value) if name == "href" else value,
    url_schemes={*INSIDE, *OUTSIDE},
    link_rel=None,
)
_one_paragraph = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)
# An editor keeps a line to write in under a table; a reader would see a gap.
_blank_end = re.compile(r"(?:\s*<p>(?:\s|&nbsp;|\xa0|<br>)*</p>)+$")
_empty = re.compile(r"(?:<(\w+)>(?:\s|&nbsp;|<br>)*</\1>\s*)+")


def clean(html: str) -> str:
    """Return `html` with only what rich text may hold; text that shows nothing becomes ""."""
    cleaned = _blank_end.sub("", _rich.clean(html).strip())
    return "" if _empty.fullmatch(cleaned) else cleaned


def clean_inline(html: str) -> str:
    """Return `html` cleaned, and without the paragraph that an editor puts around a single line."""
    cleaned = clean(html)
    alone = _one_paragraph.fullmatch(cleaned)
    return alone.group(1) if alone else cleaned


class _Reader(HTMLParser):
    """Collects links, headings and running text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.pieces: list[str] = []
        self.wordless = False  # whether a link shows nothing to press
        self._link: list[str] | None = None
        self._heading: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.extend(value or "" for name, value in attrs if name == "href")
            self._link = []
        elif tag in ("h2", "h3"):
            self._heading = []
        elif tag == "br":
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.wordless |= not "".join(self._link).strip()
            self._link = None
        if tag in ("h2", "h3") and self._heading is not None:
            self.headings.append((int(tag[1]), "".join(self._heading).strip()))
            self._heading = None
        if tag in ("p", "li", "h2", "h3", "blockquote", "th", "td"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        if self._link is not None:
            self._link.append(data)
        if self._heading is not None:
            self._heading.append(data)


@lru_cache(maxsize=4096)
def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def links(html: str) -> list[str]:
    """Return every href, in order."""
    return list(_read(html).links)


def has_wordless_link(html: str) -> bool:
    """Return whether a link has no words, so that nobody can see or press it."""
    return _read(html).wordless


def headings(html: str) -> list[tuple[int, str]]:
    """Return (2 or 3, text) for every heading, in order."""
    return list(_read(html).headings)


def anchored(html: str, stem: str) -> tuple[str, list[tuple[str, str]]]:
    """Give each heading of the second rank an id that begins with `stem`; return the text, and (id, words) of each."""
    found: list[tuple[str, str]] = []

    def marked(heading: re.Match[str]) -> str:
        if not (words := plain(heading[0])):
            return heading[0]
        found.append((f"{stem}-{len(found) + 1}", words))
        return f'<h2 id="{found[-1][0]}"{heading[1]}>{heading[2]}</h2>'

    return re.sub(r"<h2((?: [^>]*)?)>(.*?)</h2>", marked, html, flags=re.DOTALL), found


def plain(html: str) -> str:
    """Return the text that a reader sees, a line per paragraph, heading or list item."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in unescape("".join(_read(html).pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


def inside(link: str) -> tuple[str, str] | None:
    """Return (kind, key) of a link inside the site, None for any other link."""
    kind, colon, key = link.partition(":")
    return (kind, key.strip("/")) if colon and kind in INSIDE else None


def scheme(link: str) -> str:
    """Return what stands before the colon of a link, in lower case."""
    return link.partition(":")[0].strip().lower()


def resolved(html: str, resolve: Resolve) -> str:
    """Return `html` with every inside link replaced by its address; a link that leads nowhere keeps only its words."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name != "href":
            return value
        return resolve(value) if inside(value) else without_tracking(value)

    return nh3.clean(
        html,
        tags=TAGS | TABLE_TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={*INSIDE, *OUTSIDE},
        link_rel="noopener noreferrer",
    )


def framed(text: str, label: str) -> str:
    """Return clean `text` with each table in a frame that scrolls by itself, by keyboard too, under this label."""
    frame = f'<div class="table-wrap" tabindex="0" role="region" aria-label="{label}">'
    return text.replace("<table>", f"{frame}<table>").replace("</table>", "</table></div>")


def iter_links(texts: Iterator[str]) -> Iterator[str]:
    """Yield every link of several pieces of rich text."""
    for text in texts:
        yield from links(text)
