"""Words that say that somebody may die or be hurt now. Plain Python, English and Spanish, as people type them.

Three lists. What is said of now always counts; what may be told of long ago counts unless its own sentence says so ("he
overdosed in 2019"). Of either it matters who is to be called first: 911 for a life in danger at this minute, 988 for
thoughts of suicide. In doubt the words count: nobody is harmed by one call too many.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from messaging.danger_patterns import EMERGENCY, HINT, SUICIDE, TOLD_EMERGENCY, TOLD_SUICIDE


class Danger(StrEnum):
    """EMERGENCY: 911 first. SUICIDE: 988 first."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"


# Some keyboards and copied texts bring Cyrillic letters that nobody can tell from Latin ones.
_LOOKALIKES = str.maketrans("асеорхуѕіт", "aceopxysit")
# "S T O P": three letters or more that stand alone.
_SPELLED = re.compile(r"\b[a-z](?: [a-z]){2,}\b")
_SENTENCES = re.compile(r"[.!?;\n]+")


def plain(text: str) -> str:
    """Lower case, without accents, marks and emoji, single spaces, and spelled words joined."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LOOKALIKES)
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    single = " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
    return _SPELLED.sub(lambda letters: letters[0].replace(" ", ""), single)


_GOES_ON = r"(?!(?:again|now|today|tonight|just|like|since|still|and|but|ahora|hoy|otra|desde|sigue|y|pero)\b)"
_LONG_AGO = (
    r"(?:last (?:year|month|summer|winter|spring|fall)|(?:years?|months) (?:ago|back)|(?:in|en) (?:19|20)\d\d"
    r"|as a (?:child"
    r"|kid|teen\w*)|when (?:i|he|she) was (?:\d+|young\w*|little|a \w+)|hace (?:\w+ )?(?:anos?|meses)|el ano pasado)"
)
_AGO_AFTER = re.compile(rf"(?: {_GOES_ON}\w+){{0,5}} {_LONG_AGO}\b")
_AGO_BEFORE = re.compile(rf"\b{_LONG_AGO}(?: {_GOES_ON}\w+){{0,5}} $")
_DENIED = re.compile(
    r"\b(?:not|no|never|isn ?t|denies|sin|nunca)(?: (?:any|had|been|has|have|ever|a|an|ha|tenido|una|es|feeling"
    r"|currently"
    r"|actively|longer|tiene|pensamientos|ideas|thoughts of|history of)){0,6} $"
)


_LOOK_BACK = 120  # letters; no answer takes longer because a text is long


def _is_told(pattern: re.Pattern[str], sentence: str) -> bool:
    """Whether the sentence says it of now, or of a time that it does not name."""
    return any(
        not (
            _AGO_AFTER.match(sentence, match.end())
            or _AGO_BEFORE.search(before := sentence[max(0, match.start() - _LOOK_BACK) : match.start()])
            or _DENIED.search(before)
        )
        for match in pattern.finditer(sentence)
    )


def danger(text: str) -> Danger | None:
    """What the words say that may happen, by whichever way they came; None where they say nothing of the kind."""
    joined, sentences = plain(text), [plain(each) for each in _SENTENCES.split(text)]
    for always, told, kind in (
        (EMERGENCY, TOLD_EMERGENCY, Danger.EMERGENCY),
        (SUICIDE, TOLD_SUICIDE, Danger.SUICIDE),
    ):
        if always.search(joined) or any(map(always.search, sentences)):
            return kind
        if any(_is_told(told, each) for each in sentences):
            return kind
    return None


def in_danger(text: str) -> bool:
    """Whether the words say that somebody may die or be hurt. In doubt they do."""
    return danger(text) is not None


def may_be_danger(text: str) -> bool:
    """Whether any word of the text is one that danger is told with: too weak to ring, enough that nobody waits."""
    return HINT.search(plain(text)) is not None
