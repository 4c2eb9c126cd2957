"""Words as search and the checks of a draft see them. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable


def folded(text: str) -> str:
    """Return `text` in lower case without accents, so that "recuperacion" finds "recuperación"."""
    if text.isascii():  # most English text: twenty times as fast
        return text.lower()
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def tokens(text: str) -> list[str]:
    """Return the folded words of `text`."""
    return re.findall(r"\w+", folded(text))


def stem(word: str, language: str) -> str:
    """Return a folded word without the endings that tell one from many: SQLite's index knows no grammar."""
    if len(word) <= 3 or word.isdigit():
        return word
    if language == "en" and word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def stems(text: str, language: str) -> list[str]:
    """Return the words of `text` as they are indexed and looked for."""
    return [stem(word, language) for word in tokens(text)]


_EN = """
a about again am an and any are as at be by can do does for from get go going have he her him his how i if in is it me
much my not of on or our she should so some that the there they this to us was we what when where which who why will
with you your
"""
_ES = """
a al como con cual cuales cuando cuanto de del donde el ella en es esta este esto hay ir la las le les lo los me mi mis
muy no nos o otra otro para pero por porque que quien se ser si sin sobre son su sus un una uno vez y yo
"""
STOPWORDS = {"en": frozenset(_EN.split()), "es": frozenset(_ES.split())}


STOPSTEMS = {language: frozenset(stem(word, language) for word in words) for language, words in STOPWORDS.items()}


def meant(words: list[str], language: str) -> list[str]:
    """Return those of these stems that carry meaning, all of them where none does."""
    return [word for word in words if word not in STOPSTEMS.get(language, ())] or words


def asked(query: str, groups: Iterable[list[str]], language: str) -> list[str]:
    """Return what to look for: the words of a query that carry meaning, and so for each way to say the same.

    Phrases that mean the same are found before small words go, because "how much" and "will not go" are made of them.
    """
    spellings = variants(stems(query, language)[:12], groups, language, most=30)
    return list(dict.fromkeys(" ".join(meant(line.split(), language)) for line in spellings if line))


def variants(words: list[str], groups: Iterable[list[str]], language: str, most: int = 12) -> list[str]:
    """Return the query, then the query with each known phrase replaced by those that mean the same, `most` in all.

    `words` are stems. A phrase is matched as whole words: "rehab" is not found in "rehabilitation".
    """
    query = f" {' '.join(words)} "
    found = [query]
    for group in groups:
        phrases = [f" {' '.join(stems(phrase, language))} " for phrase in group]
        for phrase in phrases:
            if phrase.strip() and phrase in query:
                found.extend(query.replace(phrase, other) for other in phrases if other.strip())
    return list(dict.fromkeys(variant.strip() for variant in found))[:most]


def other_names(query: str, groups: Iterable[list[str]], language: str) -> list[set[str]]:
    """Return the stems of every phrase that means the same as a phrase in the query: of two words or more, or all of
    it."""
    whole = " ".join(stems(query, language))
    asked_for = f" {whole} "
    found = []
    for group in groups:
        phrases = [stems(phrase, language) for phrase in group]
        spoken = [" ".join(words) for words in phrases]
        if any(phrase == whole or (" " in phrase and f" {phrase} " in asked_for) for phrase in spoken):
            found += [set(words) for words in phrases if words]
    return found


def pieces(text: str, wanted: Collection[str], language: str) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it is a word whose stem is among the `wanted` ones."""
    found: list[tuple[str, bool]] = []
    for part in re.split(r"(\w+)", text):
        hit = bool(part) and stem(folded(part), language) in wanted
        if found and found[-1][1] == hit:
            found[-1] = (found[-1][0] + part, hit)
        elif part:
            found.append((part, hit))
    return found
