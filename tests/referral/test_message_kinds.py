"""Each kind of message has its template, its finder, its name in history, and an end."""

from __future__ import annotations

from referral.actions import notices
from referral.message_contexts import _KINDS
from referral.message_lines import NOTICES, message_line
from referral.models import Referral

# To a family, and not to be cancelled with the rest: words that staff wrote, and what was done by a link.
SAID_ANYWAY = {notices.NOTE, notices.LINK_DID, notices.LINK_ENDS}


def test_each_kind_has_a_template_and_is_found() -> None:
    kinds = {*notices.TO_FAMILY, *notices.TO_PROGRAM, notices.FOLLOWUP, notices.DESK}
    assert set(notices.TEMPLATES) == kinds and kinds <= set(_KINDS)


def test_what_ends_a_referral_cancels_each_kind_to_its_family() -> None:
    referral = Referral(pk=7)
    assert set(notices.news_of(referral).values()) == set(notices.TO_FAMILY) - SAID_ANYWAY
    assert set(notices.said_to(referral)) == {*notices.news_of(referral), "note:7"}


def test_each_kind_has_a_name_of_its_own_in_history() -> None:
    family = [*notices.TO_FAMILY, notices.FOLLOWUP]
    names = {kind: message_line({"about": kind, "channel": "email", "happened": "sent"}) for kind in family}
    assert [kind for kind, line in names.items() if line.startswith("Message sent")] == []
    assert set(NOTICES) == set(notices.TO_PROGRAM) - {notices.PLACEMENT}
