"""Words as search and the checks of a draft see them. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """Return `text` in lower case without accents, so that "recuperacion" finds "recuperación"."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def tokens(text: str) -> list[str]:
    """Return the folded words of `text`."""
    return re.findall(r"\w+", folded(text))


_EN = """
a about am an and are as at be by can do does for from get have how i if in is it me my of on or our should so some
that the there they this to us was we what when where which who why will with you your
"""
_ES = """
a al como con cual cuales cuando de del donde el ella en es esta este esto hay la las lo los me mi mis muy no o para
pero por porque que quien se ser si sin sobre son su sus un una uno y yo
"""
STOPWORDS = {"en": frozenset(_EN.split()), "es": frozenset(_ES.split())}


def asked(query: str, language: str) -> list[str]:
    """Return the words of a query that carry meaning, all of them where none does."""
    words = tokens(query)
    return [word for word in words if word not in STOPWORDS.get(language, ())] or words


def variants(words: list[str], groups: Iterable[list[str]], most: int = 12) -> list[str]:
    """Return the query, then the query with each known phrase replaced by those that mean the same, `most` in all.

    A phrase is matched as whole words: "rehab" is not found in "rehabilitation".
    """
    query = f" {' '.join(words)} "
    found = [query]
    for group in groups:
        phrases = [f" {' '.join(tokens(phrase))} " for phrase in group]
        for phrase in phrases:
            if phrase.strip() and phrase in query:
                found.extend(query.replace(phrase, other) for other in phrases if other.strip())
    return list(dict.fromkeys(variant.strip() for variant in found))[:most]
