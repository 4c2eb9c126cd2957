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
# Why a place that a program gave, or care there, came to nothing.
ENDED: dict[str, str | Promise] = {
    "left": _("They left early"),
    "moved": _("They moved to another level or program"),
    "not_reached": _("The program could not reach them"),
    "no_show": _("They did not come"),
    "place_gone": _("The opening is gone"),
    "ended_other": _("Another reason"),
}
CONSENT_ENDED, WITHDREW, MET, RESTS = "consent_ended", "withdrew", "met", "rests"
ACCEPTED_ELSEWHERE, CARE_ELSEWHERE, NO_ANSWER = "accepted_elsewhere", "care_elsewhere", "no_answer"
MERGED, CLOSED = "merged", "closed"
MARKED_BY_LINK, ENDED_BY_LINK, ASK_WAYS = "marked_by_link", "ended_by_link", "ask_ways"
PROGRAM_STOPPED, OTHERS_SAID = "program_stopped", "others_said"
# What somebody who came by a link wants, and one of us asks the family about first.
END_WISHED, ERASURE_WISHED, ADDRESS_WISHED = "end_wished", "erasure_wished", "address_wished"
REACH_WISHED, SIGN_WISHED, MET_WISHED = "reach_wished", "sign_wished", "met_wished"
# What somebody who came by a link did at once.
REVOKED_BY_LINK, NARROWED_BY_LINK = "revoked_by_link", "narrowed_by_link"
STOPPED_BY_LINK, CALL_ONCE, CALL_CAREFULLY = "stopped_by_link", "call_once", "call_carefully"
NO_TEXTS = "no_texts"
SAID_NOW = "said_now"  # who wrote to us checked the box
# By the number that the answers of a family to the questions send to at once: how their call for help is kept.
ANSWERS = {"911": "answers_911", "988": "answers_988"}
WORDS: dict[str, str | Promise] = {
    **DECLINED,
    **ENDED,
    **dict.fromkeys(ANSWERS.values(), _("Their answers to the questions show danger")),
    ACCEPTED_ELSEWHERE: _("Another program accepted"),
    CARE_ELSEWHERE: _("Care has started with another program"),
    NO_ANSWER: _("The program did not answer"),
    CONSENT_ENDED: _("The family withdrew its consent"),
    WITHDREW: _("The family closed its request"),
    MET: _("The need is met"),
    RESTS: _("The family asked for a pause"),
    CLOSED: _("We closed the request"),
    MERGED: _("The family asked twice, and another request goes on"),
    MARKED_BY_LINK: _(
        "Said by someone who came by a link that we sent. It may be who reads there: ask the family before you believe"
        " it."
    ),
    OTHERS_SAID: _(
        "In another request with the same address, someone said that others read or hear what comes there. No one has"
        " shown that it is so, and nothing is stopped here. Ask this family, and write as if others might read."
    ),
    ENDED_BY_LINK: _(
        "Someone who came by a link that we sent ended the request while a program had accepted. Ask the family if it"
        " was them."
    ),
    PROGRAM_STOPPED: _("Someone who reads its mail stopped our emails. Ask the program if that was meant."),
    END_WISHED: _(
        "Someone who came by a link that we sent wants to end the request. It goes on. Ask the family first, at the"
        " phone or email that we have."
    ),
    ERASURE_WISHED: _(
        "Someone who came by a link that we sent wants the data deleted. Nothing is deleted. Ask the family first, at"
        " the phone or email that we have."
    ),
    ADDRESS_WISHED: _(
        "Someone who came by a link that we sent wants us to use another phone or email. Nothing is changed. Ask the"
        " family first, at the phone or email that we have, never at the one typed here"
    ),
    REACH_WISHED: _(
        "Someone who came by a link that we sent wants us to reach the family in more ways, or from another place."
        " Nothing of that is changed. Ask the family first, at the phone or email that we have"
    ),
    REVOKED_BY_LINK: _(
        "Someone who came by a link that we sent withdrew the consent. Nothing more is shared. Ask the family if it was"
        " them."
    ),
    STOPPED_BY_LINK: _(
        "Someone used the link in a message to stop the last way to reach the family. Ask the family if it was them."
    ),
    CALL_ONCE: _(
        "Calls were turned off by a link that we sent. You may call this number once, to ask if it was the family."
    ),
    CALL_CAREFULLY: _(
        "You may call this number once: say your first name only, ask for them by name, and"
        " whether they can talk. Say nothing of us, and leave no word. Not where they wrote that even one call is"
        " dangerous: then ask your supervisor."
    ),
    SAID_NOW: _("They checked: someone may die or be badly hurt today"),
    NO_TEXTS: _("They allowed text messages alone, and none can be sent here. Call, or ask for an email."),
    NARROWED_BY_LINK: _(
        "Someone who came by a link that we sent signed a consent to share less. Requests that need more have ended."
        " Ask the family if it was them."
    ),
    SIGN_WISHED: _(
        "Someone who came by a link that we sent signed a consent again, or to share more. It does not count yet. Ask"
        " the family first, at the phone or email that we have. Signed with the name"
    ),
    MET_WISHED: _(
        "Someone who came by a link that we sent answered “We have a program”. Nothing is changed. Ask the family"
        " first, at the phone or email that we have."
    ),
    ASK_WAYS: _("Not asked yet how we may reach them. Read each sentence aloud, and save what they say."),
}
# As they were kept before there were codes.
_OLDER = {
    "The family took back its consent": CONSENT_ENDED,
    "The family withdrew.": WITHDREW,
    "The need is met.": MET,
    "Care has started with another program.": CARE_ELSEWHERE,
}
_CODED = re.compile(r"#(\w+)(?: (.*))?", re.DOTALL)


def coded(code: str, more: str = "") -> str:
    """A reason as it is kept; `more` is what somebody added in their own words."""
    return f"#{code} {more}".rstrip()


def code_of(kept: str) -> str:
    """The code of a kept reason; ``""`` where it has none that is known."""
    found = _CODED.fullmatch(coded(_OLDER[kept]) if kept in _OLDER else kept)
    return found[1] if found and found[1] in WORDS else ""


def in_words(kept: str) -> str:
    """A kept reason as it is read now."""
    found = _CODED.fullmatch(coded(_OLDER[kept]) if kept in _OLDER else kept)
    if found is None or found[1] not in WORDS:
        return kept
    return ". ".join(part for part in (str(WORDS[found[1]]), found[2] or "") if part)
