"""What is refused, in sentences that say what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from messaging.reasons import words as reason_words
from referral.actions.common import (
    CannotMerge,
    CannotSend,
    Ended,
    Mismatch,
    NoRole,
    NotCovered,
    NotYours,
    OutsideHours,
    Stale,
    Unread,
    Unsafe,
    WantsNothing,
)
from referral.actions.consents import MayNotSign, WithdrawnSince
from referral.actions.replies import TellsWho
from referral.actions.writing import CannotWrite, TooLate
from referral.coverage import Gap
from referral.lifecycle import Refused, Why
from referral.signing import Bar


def sentence(error: Exception) -> str:
    """Why an action was refused, for staff, and what to do now."""
    if said := SENTENCES.get(type(error)):
        return said()
    if isinstance(error, NotCovered):
        return GAPS[error.gap]()
    if isinstance(error, MayNotSign):
        return MAY_NOT_SIGN[error.bar]()
    if isinstance(error, WithdrawnSince):
        on = date_format(timezone.localtime(error.at), "DATE_FORMAT")
        return _(
            "The family withdrew its consent on %(day)s. A paper of that day or before does not bring it back. "
            "Ask for a new consent: they may say yes now, or sign again."
        ) % {"day": on}
    if isinstance(error, CannotMerge):
        return CANNOT_MERGE[error.why]()
    if isinstance(error, TellsWho):
        return _("This program may not know yet who they are. Leave out: %(parts)s.") % {
            "parts": ", ".join(error.parts)
        }
    if isinstance(error, CannotWrite):
        return _("It would not be sent. %(why)s") % {"why": reason_words(error.why)}
    if isinstance(error, CannotSend):
        return CANNOT_SEND[error.why]()
    if isinstance(error, Refused):
        return _refused(error.why)
    raise error


def _refused(why: Why) -> str:
    if why is Why.REASON_NEEDED:
        return _("Enter the reason.")
    if why is Why.NOT_YOU:
        return _("You may not do this. A supervisor can.")
    return _("You cannot do this in the current status. Check the status and choose again.")


SENTENCES: dict[type[Exception], Callable[[], str]] = {
    Stale: lambda: _(
        "Someone changed this referral while you were looking at it. This is the current status. Please try again."
    ),
    NotYours: lambda: _("Someone else has taken this referral. Nothing was saved."),
    NoRole: lambda: _("This person cannot work on referrals. Choose someone else."),
    Ended: lambda: _("This referral is closed. Nothing can be sent or planned on it."),
    Unread: lambda: _(
        "The family asks for help, or has written and waits for an answer. "
        "Under “To do”, read it and press “Done” first. Then close."
    ),
    Mismatch: lambda: _("This program does not match everything that is needed. Say why you choose it anyway."),
    WantsNothing: lambda: _("This family wants no messages and no calls. Wait until it contacts us."),
    OutsideHours: lambda: _(
        "This time has passed, or is outside the hours in which they may be called. Choose another."
    ),
    Unsafe: lambda: _(
        "The family told us that someone else reads or hears what comes there. Ask whether it is safe now. If it"
        " is, use “They want messages again” and check “Only they read or hear it now”."
    ),
    TooLate: lambda: _("This message has left. It can no longer be taken back."),
}
GAPS = {
    Gap.NONE_SIGNED: lambda: _("The family has not signed a consent. Ask for it first: use “Ask for consent”."),
    Gap.REVOKED: lambda: _("The family withdrew its consent. Talk with them, and ask for a new one if they agree."),
    Gap.BARRED: lambda: _(
        "By what is known now, whoever signed may not consent for this person. Ask who may sign, and record a new one."
    ),
    Gap.EXPIRED: lambda: _("The consent has ended. Ask the family for a new one."),
    Gap.OTHER_RECIPIENT: lambda: _("The consent names other programs, not this one. Ask the family for a new one."),
    Gap.OTHER_CATEGORIES: lambda: _(
        "The consent does not cover everything you marked. Send less, or ask the family for a wider one."
    ),
}
MAY_NOT_SIGN = {
    Bar.TOO_YOUNG: lambda: _("Children under 12 do not consent themselves. Ask a parent or guardian to."),
    Bar.MINOR_SIGNS: lambda: _(
        "From age 12, minors consent to sharing about this care themselves. "
        "Ask the young person, and record their own consent. Or ask for it later."
    ),
    Bar.NOT_A_MINOR: lambda: _(
        "No one consents for an adult as a parent. Ask the person, or record a guardian or health care agent. "
        "Someone who loves them may share what they told us: choose that right."
    ),
    Bar.AGE_UNKNOWN: lambda: _("Who may consent depends on age. Ask for the person’s age or year of birth first."),
    Bar.NO_PROOF: lambda: _("Write what shows that they may consent, such as a court order and its date."),
    Bar.NO_AUTHORITY: lambda: _(
        "Someone who loves an adult may share only what they told us. Of a minor, or of someone who asked for "
        "themselves, they share nothing. Ask the person, a parent, a guardian or a health care agent."
    ),
    Bar.OTHER_NAME: lambda: _(
        "This is the name of whom we talk with, not of the person in care. Enter the name of the person if they said "
        "yes themselves. A parent, a guardian or an agent consents by that right. Or ask for the consent later."
    ),
}
CANNOT_MERGE = {
    "same": lambda: _("This is one referral. Choose another one."),
    "ended": lambda: _("The one to keep is closed. Keep the other one, or reopen it first."),
    "care": lambda: _("The person of the one that would be closed is in care. Keep that one instead."),
    "untaken": lambda: _(
        "Programs have requests of the one that would be closed. Keep that one, or first take the other."
    ),
    "unsure": lambda: _("These may be two people. Read what differs, and check the box if you are sure."),
    "keep_others": lambda: _(
        "Keep the other one. The family said that others read or hear what comes to the contact of the one that would "
        "go on."
    ),
    "keep_unproved": lambda: _(
        "Keep the other one. No one has shown yet that the address of the one that would go on is theirs."
    ),
    "withdrawn": lambda: _(
        "The consent of the one that would be closed was withdrawn. The consent of the one that would go on does not"
        " bring it back. Keep the other one, and ask for a new consent."
    ),
    "other_others": lambda: _(
        "The family said that others read or hear what comes to the contact of the one that is closed. It cannot be "
        "used. Choose the contact of the one that is kept."
    ),
    "other_unproved": lambda: _(
        "No one has shown yet that the address of the one that is closed is theirs. It cannot be used. Choose the "
        "contact of the one that is kept. If it has changed, call the family and correct it."
    ),
    "farther": lambda: _("The one that it was merged into was merged again since. Separate that one first."),
}
CANNOT_SEND = {
    "not_yours_yet": lambda: _("Only an active referral can be sent. Take it first, or resume it."),
    "too_many": lambda: _("Three programs already have it. Wait for an answer, or cancel one request."),
    "already": lambda: _("This program already has it."),
    "not_listed": lambda: _("This program is no longer listed. Please choose another."),
}
