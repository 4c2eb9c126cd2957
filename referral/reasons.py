"""Why a placement or a referral ended or waits: kept as a code, said in the language of whoever reads it.

What a person wrote is kept as it was written; a code may stand before it.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a program chooses from when it declines.
DECLINED: dict[str, str | Promise] = {
    "full": _("No openings"),
    "level": _("Another level of care is needed"),
    "payment": _("We do not accept their insurance or form of payment"),
    "age": _("We do not serve this age group"),
    "language": _("We cannot offer their language"),
    "other": _("Another reason"),
}
CONSENT_ENDED, WITHDREW, MET = "consent_ended", "withdrew", "met"
WORDS: dict[str, str | Promise] = {
    **DECLINED,
    CONSENT_ENDED: _("The family withdrew its consent"),
    WITHDREW: _("The family closed its request"),
    MET: _("The need is met"),
}
# As they were kept before there were codes.
_OLDER = {
    "The family took back its consent": CONSENT_ENDED,
    "The family withdrew.": WITHDREW,
    "The need is met.": MET,
}
_CODED = re.compile(r"#(\w+)(?: (.*))?", re.DOTALL)


def coded(code: str, more: str = "") -> str:
    """A reason as it is kept; `more` is what somebody added in their own words."""
    return f"#{code} {more}".rstrip()


def in_words(kept: str) -> str:
    """A kept reason as it is read now."""
    found = _CODED.fullmatch(coded(_OLDER[kept]) if kept in _OLDER else kept)
    if found is None or found[1] not in WORDS:
        return kept
    return ". ".join(part for part in (str(WORDS[found[1]]), found[2] or "") if part)
