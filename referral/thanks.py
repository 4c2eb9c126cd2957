"""Whether a reply is a thank-you and nothing more, so that it wakes nobody. Plain Python; in doubt it is more."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
# Each word of a mere thank-you is one of these.
# fmt: off
WORDS = frozenset({
    "a", "all", "appreciate", "appreciated", "at", "are", "best", "bless", "day", "god", "good", "great", "have",
    "help", "i", "it", "kind", "kindly", "lot", "many", "much", "night", "ok", "okay", "so", "thank", "thanks",
    "thanx", "that", "the", "thx", "ty", "very", "we", "welcome", "well", "will", "you", "your", "yes",
    "agradecemos", "agradecida", "agradecido", "agradezco", "amable", "ayuda", "bendiga", "bien", "buen", "buena",
    "buenas", "buenos", "de", "dia", "dias", "dios", "el", "es", "gracias", "la", "las", "les", "lo", "los", "mil",
    "muchas", "muchisimas", "mucho", "muy", "noche", "noches", "por", "que", "quedo", "si", "su", "sus", "tarde",
    "tardes", "todo", "usted", "ustedes", "vale",
})
# fmt: on
CORE = re.compile(r"\b(thank|thanks|thanx|thx|ty|appreciate|appreciated|gracias|agradec\w+|agradezco)\b")


def is_only_thanks(text: str) -> bool:
    """True for "Thank you so much!" and "Muchas gracias", false for anything that says or asks more."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    if "?" in plain or len(plain) > LONGEST or not CORE.search(plain):
        return False
    return all(word in WORDS for word in re.findall(r"[\w']+", plain))
