"""Words of the glossary lead to what they mean where a page first uses them. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

# More than this on one page would be noise.
MOST = 8
_tags = re.compile(r"(<[^>]+>)")
_short = re.compile(r"\s*\(([^)]*)\)")
# Inside these nothing is linked: a link in a link is none, and a heading is read by itself.
CLOSED = ("a", "h2", "h3")


def names_of(terms: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return how each word is written, in lower case, with its key: "Residential care (rehab)" in two ways."""
    found: dict[str, str] = {}
    for term in terms:
        for name in (_short.sub("", term["term"]), *_short.findall(term["term"])):
            if len(name) > 2:
                found.setdefault(name.strip().casefold(), term["key"])
    return found


class Linker:
    """Links the words of one page. `seen` are the keys that the page links to already, or has linked."""

    def __init__(self, names: Mapping[str, str], page: str, seen: Iterable[str] = ()):
        self.names, self.page, self.seen, self.left = names, page, set(seen), MOST
        longest_first = sorted(names, key=len, reverse=True)
        words = "|".join(re.escape(escape(name)) for name in longest_first)
        self.pattern = re.compile(rf"\b({words})(?:e?s)?\b", re.IGNORECASE) if words else None

    def linked(self, html: str) -> str:
        """Return cleaned rich text with the first use of each word as a link to ``page#key``."""
        if self.pattern is None or not self.left:
            return html
        closed, pieces = 0, []
        for piece in _tags.split(html):
            if piece.startswith("<"):
                name = piece.strip("</>").split(" ")[0]
                if name in CLOSED:
                    closed += -1 if piece.startswith("</") else 1
                pieces.append(piece)
            else:
                pieces.append(piece if closed else self.pattern.sub(self._link, piece))
        return "".join(pieces)

    def _link(self, found: re.Match[str]) -> str:
        key = self.names[found[1].casefold()]
        if key in self.seen or not self.left:
            return found[0]
        self.seen.add(key)
        self.left -= 1
        return f'<a class="term" href="{self.page}#{key}">{found[0]}</a>'
