"""The national lines that a page may put first: who answers, and how to reach them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Helpline(NamedTuple):
    """A line: `sms` is the number to text, `word` what to send there when an empty text gets no answer."""

    key: str
    name: Promise
    number: str
    tel: str
    sms: str = ""
    word: str = ""
    how: Promise | str = ""


HELPLINES: dict[str, Helpline] = {
    line.key: line
    for line in (
        Helpline(
            "988",
            _("988 Suicide & Crisis Lifeline"),
            "988",
            "988",
            sms="988",
            how=_("Free, private, day and night. For you, or for someone you worry about."),
        ),
        Helpline(
            "911",
            _("Emergency or overdose"),
            "911",
            "911",
            how=_("Call at once, and stay there if it is safe. Give naloxone if you have it."),
        ),
        Helpline(
            "domestic-violence",
            _("Domestic violence hotline"),
            "1-800-799-7233",
            "+18007997233",
            sms="88788",
            word="START",
            how=_(
                "If someone hurts, threatens or controls you or someone you love. Use a phone that they do not check."
            ),
        ),
        Helpline(
            "poison",
            _("Poison Control"),
            "1-800-222-1222",
            "+18002221222",
            how=_("If someone took too much, mixed things, or a child got hold of something."),
        ),
    )
}
"""Every line by its key, in the order in which a page shows them."""


def lines(first: str) -> list[Helpline]:
    """Every line, this one first."""
    return sorted(HELPLINES.values(), key=lambda line: line.key != first)


def texting(sms: str | None) -> tuple[str, str]:
    """The number to text, and the word to send: editors write both in one cell, such as “88788 START”."""
    number, _space, word = (sms or "").partition(" ")
    return number, word.strip()
