"""What became of a message, as a line of history that staff read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from messaging.reasons import words as reason_words

Params = Mapping[str, Any]


def message_line(params: Params) -> str:
    about = {
        "referral": _("Welcome message"),
        "called": _("Message after the call"),
        "news": _("News"),
        "answer": _("Word that we answered"),
        "consent": _("Question about consent"),
        "note": _("Our message"),
        "link": _("New link"),
        "linkdid": _("Word that a link was used"),
        "linkends": _("Word that a link was used"),
        "placement": _("Request to the program"),
        "followup": _("Check-in"),
    }.get(params.get("about", ""), _("Message"))
    if params.get("channel") == "calls":
        return _("The family told us: it wants calls again.") if params.get("told") else _("Wants calls again.")
    if params.get("own"):
        return _said_on_page(params)
    channel = _("email") if params.get("channel") == "email" else _("text")
    if params.get("told"):
        return _("The family told us: it wants messages by %(channel)s again.") % {"channel": channel}
    if params.get("program"):
        return _program_message(params, channel)
    if params.get("unsure"):
        return _("Someone wrote back by %(channel)s. Other requests have the same number or address: check who.") % {
            "channel": channel
        }
    happened = {
        "sent": _("%(about)s sent by %(channel)s."),
        "bounced": _("%(about)s by %(channel)s came back. %(reason)s"),
        "failed": _("%(about)s by %(channel)s failed. %(reason)s"),
        "uncertain": _("%(about)s by %(channel)s: not sure that it arrived. %(reason)s"),
        "review": _("%(about)s by %(channel)s needs review. %(reason)s"),
        "expired": _("%(about)s by %(channel)s was not sent in time. %(reason)s"),
        "suppressed": _("%(about)s by %(channel)s was not sent. %(reason)s"),
        "reply": _("Wrote back by %(channel)s."),
        "paused": _("Asked for a pause by %(channel)s."),
        "resumed": _("Wants messages by %(channel)s again."),
        "hours": _("Chose the days and hours for messages by %(channel)s."),
    }.get(params["happened"], "%(about)s: %(reason)s")
    return happened % {"about": about, "channel": channel, "reason": reason_words(params.get("reason", ""))}


def _said_on_page(params: Params) -> str:
    """What a family chose on its own page, of every way in which it allows messages."""
    return {
        "paused": _("Paused our messages until %(day)s.") % {"day": _day(params)},
        "hours": _("Chose the days and hours for our messages."),
    }.get(params["happened"], _("Ended the pause of our messages."))


def _day(params: Params) -> str:
    return formats.date_format(date.fromisoformat(params["until"])) if params.get("until") else "–"


def chosen_by_family(params: Params) -> str:
    """What a family chose about its messages; how they travel, and what a program chose, says nothing to it."""
    if params.get("program"):
        return ""
    return {
        "paused": (
            _("You paused our messages until %(day)s.") % {"day": _day(params)}
            if params.get("until")
            else _("You paused our messages.")
        ),
        "resumed": _("We may call you again.") if params.get("channel") == "calls" else _("Messages start again."),
        "hours": _("You chose days and hours for our messages."),
    }.get(params.get("happened", ""), "")


def _program_message(params: Params, channel: str) -> str:
    happened = {
        "sent": _("Request sent to %(program)s by %(channel)s."),
        "bounced": _("Request to %(program)s by %(channel)s bounced. %(reason)s"),
        "failed": _("Request to %(program)s by %(channel)s failed. %(reason)s"),
        "uncertain": _("Request to %(program)s by %(channel)s: not sure that it arrived. %(reason)s"),
        "review": _("Request to %(program)s by %(channel)s needs review. %(reason)s"),
        "expired": _("Request to %(program)s by %(channel)s was not sent in time. %(reason)s"),
        "suppressed": _("Request to %(program)s by %(channel)s was not sent. %(reason)s"),
        "reply": _("%(program)s wrote back by %(channel)s."),
        "paused": _("%(program)s asked for a pause by %(channel)s."),
        "resumed": _("%(program)s wants our messages by %(channel)s again."),
        "stopped": _("%(program)s asked us to stop messages by %(channel)s. Call the program instead."),
    }.get(params["happened"], "%(program)s: %(reason)s")
    if params["happened"] == "sent" and params.get("about") in NOTICES:
        happened = NOTICES[params["about"]]()
    reason = reason_words(params.get("reason", ""))
    if params.get("reason") in ("stopped", "receiver_stopped"):
        reason = _("The program asked us to stop.")
    return happened % {"program": params["program"], "channel": channel, "reason": reason}


NOTICES: dict[str, Callable[[], str]] = {
    "reminder": lambda: _("Reminded %(program)s by %(channel)s."),
    "update": lambda: _("Told %(program)s by %(channel)s that there is something to read."),
    "ended": lambda: _("Told %(program)s by %(channel)s that no answer is needed any more."),
}
