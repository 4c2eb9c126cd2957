"""Which word was meant: the nearest one that is known, for a word that is not. Plain Python."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA


@dataclass(frozen=True)
class Vocabulary:
    """The folded words that are known, each with how often it is written."""

    counts: Mapping[str, int]

    def nearest(self, word: str) -> str | None:
        """Return the known word that a folded one was most likely meant to be, None where none is near.

        One slip is forgiven in a word of four letters or more, two from seven letters on: a letter too many, one
        missing, another one, or two that changed places. Of equally near words the one with the same first letter
        is taken, then the one that is written most often.
        """
        slips = 0 if len(word) < 4 or word.isdigit() else 1 if len(word) < 7 else 2
        if not slips or word in self.counts:
            return None
        found = process.extract(word, self.counts.keys(), scorer=OSA.distance, score_cutoff=slips, limit=20)
        near = [(far, known[0] != word[0], -self.counts[known], known) for known, far, _place in found]
        return min(near)[3] if near else None


def corrected(words: list[str], known: Vocabulary, found: Collection[str]) -> list[str]:
    """Return the words, each that is not among the `found` ones as the nearest known one."""
    return [word if word in found else known.nearest(word) or word for word in words]


def is_slip(typed: str, meant: str) -> bool:
    """Whether one word is so like another that it may be offered for it: a longer one with the same first letter, and
    one slip. What is less like it is another word, such as "cutting" beside "getting"."""
    return len(typed) > 4 and typed[0] == meant[0] and OSA.distance(typed, meant) == 1
