"""How a name is found again: partly typed, misspelt, in any order of its words; how it is greeted. Plain Python.

A name has keys: what stands in each of its words, from three letters on, and how each word sounds; a phone number has
one, its last four digits. A question has keys of the same kind, so that equal keys are all that a database must
compare, and they can be hashed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

SHORTEST, LONGEST = 3, 6
MOST_WORDS = 6
ENDING = 4  # digits of a phone number
PLURAL = 7  # letters of a word from which on an s at its end may say that it is several
SLIPS = 5  # letters of a word from which on one of them may be wrong: shorter ones are many words then
LETTERS = 24  # of a word; what is longer differs before
_SOUNDS = (
    (r"[^a-z]", ""),
    (r"^(?:wr|rr)", "r"),
    (r"^(?:kn|gn|pn)", "n"),
    (r"^ps", "s"),
    (r"ph", "f"),
    (r"tch|sch|sh|ch", "x"),
    (r"ll", "y"),
    (r"qu|ck|c(?=[aouklrt])|c$|q", "k"),
    (r"g(?=[ei])|dg", "j"),
    (r"c|z", "s"),
    (r"v|w(?=[ou])", "b"),
    (r"h", ""),
    (r"x$", "s"),
)
_VOWELS = re.compile(r"(?<!^)[aeiou]")
_TWICE = re.compile(r"(.)\1+")
GREETED = 20  # letters of a word that is greeted
_JOINS = "-\u2010\u2011'\u2019\u02bc"
# What looks like a dot or a slash, and is none to NFKC.
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u3002\u06d4\u0701\u0702\u0660\u06f0\u2022\u2027\u2219\u22c5\u30fb\ua4f8\ua60e\U00010a50", ".")
    | dict.fromkeys("\u2044\u2215\u29f8", "/")
)
_ADDRESS = re.compile(r"[/\\@]|www\.|\w\.[^\W\d_]{2}")


def words_of(name: str) -> list[str]:
    """The words of a name as they are compared: small letters without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return [word[:LETTERS] for word in re.findall(r"\w+", plain)][:MOST_WORDS]


def sound(word: str) -> str:
    """How a word sounds, in English or Spanish: Gonzáles and Gonsalez alike; ``""`` where it is too short to tell."""
    heard, bare = _heard(word), _consonants(word)
    # The consonants of a short word are those of many: Rosa is not Ruiz.
    told = bare if len(bare) > SHORTEST else heard
    return told if len(told) >= SHORTEST else ""


def _heard(word: str) -> str:
    for pattern, letter in _SOUNDS:
        word = re.sub(pattern, letter, word)
    return _TWICE.sub(r"\1", word.replace("y", "i"))


def _consonants(word: str) -> str:
    return _TWICE.sub(r"\1", _VOWELS.sub("", _heard(word)))


def parts_of(word: str) -> set[str]:
    """Every part of three to six letters; of a word of two letters and more also how it begins."""
    sizes = range(SHORTEST, min(LONGEST, len(word)) + 1)
    parts = {word[start : start + size] for size in sizes for start in range(len(word) - size + 1)}
    return parts | ({f"^{word[:2]}"} if len(word) > 1 else set())


def keys_of(name: str) -> set[str]:
    """All keys of a name."""
    keys: set[str] = set()
    for word in words_of(name):
        keys |= parts_of(word)
        if heard := sound(word):
            keys.add(f"~{heard}")
    return keys


def one_of_them(word: str) -> str:
    """The name of one of "the Ortegas"; a shorter word stays as it is, as Andres does."""
    if len(word) < PLURAL or not word.endswith("s"):
        return word
    return word[:-2] if re.search(r"(?:[szx]|[cs]h)es$", word) else word[:-1]


def asked_parts(word: str) -> list[str]:
    """The keys that a name must have, all of them, to have this in one of its words, or what it is several of."""
    word = one_of_them(word)
    if len(word) < SHORTEST:
        return [f"^{word}"] if len(word) == SHORTEST - 1 else []
    return list(dict.fromkeys([word[:LONGEST], word[-LONGEST:]]))


def asked_sound(word: str) -> list[str]:
    """The key that a name must have to have a word that sounds like this."""
    heard = sound(word)
    return [f"~{heard}"] if heard else []


def ending_of(phone: str) -> str:
    """The key of the end of a phone number; ``""`` where it has too few digits."""
    digits = re.sub(r"[^0-9]", "", phone)
    return f"#{digits[-ENDING:]}" if len(digits) >= ENDING else ""


def asked_half(word: str) -> list[str]:
    """The key that a name must have to have a word of which this may be the misspelt beginning."""
    return [f"^{word[:2]}"] if len(word) > SHORTEST else []


def asked_slips(word: str) -> list[str]:
    """Keys of which a name has one, as a rule, where a word of it is this with one slip: a slip leaves an end whole."""
    if len(word) < SLIPS:
        return []
    half = min(max(SHORTEST, len(word) // 2), LONGEST)
    return [word[-half:], *([word[:half]] if len(word) > SLIPS else []), f"^{word[:2]}"]


def has_slip(asked: str, name: str) -> bool:
    """Whether a word of the name is this one with a letter more, less or other, or two that changed places."""
    return len(asked) >= SLIPS and any(OSA.distance(asked, word, score_cutoff=1) <= 1 for word in words_of(name))


def may_begin(asked: str, name: str) -> bool:
    """Whether one of the words of a name begins as this does, but for its vowels and the letters that sound alike."""
    half = _consonants(asked)
    return len(half) >= SHORTEST - 1 and any(_consonants(word).startswith(half) for word in words_of(name))


def closeness(asked: Iterable[str], name: str) -> int | None:
    """How well a name answers words, 0 best: whole words, then beginnings, parts, sounds; None not at all."""
    words = words_of(name)
    ranks = [min((_rank(one, word) for word in words), default=9) for one in asked]
    return None if not ranks or max(ranks) > 3 else sum(ranks)


def _rank(asked: str, word: str) -> int:
    if word == asked:
        return 0
    if word.startswith(asked):
        return 1
    if len(asked) >= SHORTEST and asked in word:
        return 2
    several = len(asked) >= PLURAL and one_of_them(asked) in word
    return 3 if several or (sound(asked) and sound(asked) == sound(word)) else 9


def greeted(name: str) -> str:
    """What an automatic message calls somebody: the first word of the name, where it is one that a name has, else
    ``""``. Anybody can type a name for anybody's address, so no sentence and no number may fit in."""
    first = unicodedata.normalize("NFC", next(iter(name.split()), ""))
    fits = len(first) <= GREETED and all(each in _JOINS or unicodedata.category(each)[0] in "LM" for each in first)
    return first if fits and first[:1].isalpha() else ""


def has_address(name: str) -> bool:
    """Whether something in a name reads like a web or email address, also in letters that only look like it."""
    seen = "".join(each for each in name if unicodedata.category(each) != "Cf")
    return bool(_ADDRESS.search(unicodedata.normalize("NFKC", seen).translate(_LOOKALIKES)))
