"""What is refused, in sentences that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.actions.common import CannotSend, Ended, Mismatch, NoRole, NotCovered, NotYours, Stale, Unread
from referral.coverage import Gap
from referral.lifecycle import Refused, Why


def sentence(error: Exception) -> str:
    """Why an action was refused, for staff, and what to do now."""
    if isinstance(error, Stale):
        return _(
            "Someone changed this referral while you were looking at it. This is the current status. Please try again."
        )
    if isinstance(error, NotYours):
        return _("Someone else has taken this referral. Nothing was saved.")
    if isinstance(error, NoRole):
        return _("This person cannot work on referrals. Choose someone else.")
    if isinstance(error, Ended):
        return _("This referral is closed. Nothing can be sent or planned on it.")
    if isinstance(error, Unread):
        return _(
            "The family asks for help, or has written and waits for an answer. "
            "Under “To do”, read it and press “Done” first. Then close."
        )
    if isinstance(error, NotCovered):
        return GAPS[error.gap]()
    if isinstance(error, Mismatch):
        return _("This program does not match everything that is needed. Say why you choose it anyway.")
    if isinstance(error, CannotSend):
        return CANNOT_SEND[error.why]()
    if isinstance(error, Refused) and error.why is Why.REASON_NEEDED:
        return _("Enter the reason.")
    if isinstance(error, Refused) and error.why is Why.NOT_YOU:
        return _("You may not do this. A supervisor can.")
    if isinstance(error, Refused):
        return _("You cannot do this in the current status. Check the status and choose again.")
    raise error


GAPS = {
    Gap.NONE_SIGNED: lambda: _("The family has not signed a consent. Ask for it first: use “Ask for consent”."),
    Gap.REVOKED: lambda: _("The family withdrew its consent. Talk with them, and ask for a new one if they agree."),
    Gap.EXPIRED: lambda: _("The consent has ended. Ask the family for a new one."),
    Gap.OTHER_RECIPIENT: lambda: _("The consent names other programs, not this one. Ask the family for a new one."),
    Gap.OTHER_CATEGORIES: lambda: _(
        "The consent does not cover everything you marked. Send less, or ask the family for a wider one."
    ),
}
CANNOT_SEND = {
    "not_yours_yet": lambda: _("Only an active referral can be sent. Take it first, or resume it."),
    "too_many": lambda: _("Three programs already have it. Wait for an answer, or cancel one request."),
    "already": lambda: _("This program already has it."),
    "not_listed": lambda: _("This program is no longer listed. Please choose another."),
}
