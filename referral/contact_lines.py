"""What a family changed in how it is reached, as a line of history that it reads itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from referral import placement_lines
from referral.models import Referral
from referral.placement_lines import joined
from referral.reasons import ADDRESS_WISHED, END_WISHED, ERASURE_WISHED, MARKED_BY_LINK, WORDS

Params = Mapping[str, Any]

CHANGED_FOR_FAMILY: dict[str, Callable[[], str]] = {
    "phone": lambda: _("your phone number"),
    "email": lambda: _("your email address"),
    "zip_code": lambda: _("your ZIP code"),
    "language": lambda: _("your language"),
    "times": lambda: _("when we may call"),
    "voicemail": lambda: _("what we may do if no one answers"),
    "contact_name": lambda: _("your name"),
    "patient_name": lambda: _("the name of the person who needs care"),
    "birth_year": lambda: _("year of birth"),
    "age": lambda: _("age"),
}
BOXES_FOR_FAMILY: dict[tuple[str, bool], Callable[[], str]] = {
    ("by_email", True): lambda: _("emails: yes"),
    ("by_email", False): lambda: _("emails: no"),
    ("by_text", True): lambda: _("text messages: yes"),
    ("by_text", False): lambda: _("text messages: no"),
    ("by_phone", True): lambda: _("calls: yes"),
    ("by_phone", False): lambda: _("calls: no"),
}


def changed_elsewhere() -> str:
    """For staff."""
    return _(
        "It was done by a link that we sent, while the browser that sent the request had the page, too: ask"
        " whether it was the family, at the phone or email of before."
    )


def contact_changed(params: Params) -> str:
    """What of it changed, so that one change is told from another; never what it was or is."""
    what = [CHANGED_FOR_FAMILY[name]() for name in params["changed"] if name in CHANGED_FOR_FAMILY]
    what += [BOXES_FOR_FAMILY[name, value]() for name, value in sorted(params.get("boxes", {}).items())]
    said = _("Changed: %(what)s.") % {"what": joined(what)} if what else _("How we reach you was changed.")
    if params.get("elsewhere"):
        said += " " + _("It was done by a link that we sent you, in another browser. If it was not you, call us.")
    return said


def after_call(params: Params) -> str:
    """What was not right about a call, and what follows from it, for staff; each sentence after a space."""
    line = " " + _("They had asked not to.") if params.get("unwanted") else ""
    if params.get("marked"):
        line += " " + _("The number is marked as wrong: no text goes there until it is corrected.")
    return line


def right_after_all() -> str:
    return _("The number that was marked as wrong is right: texts may go there again.")


def ended_links_for_staff(params: Params) -> str:
    """The same, with who said it where that was not the browser which sent the request."""
    said = (
        _("Said that someone else hears calls to its phone. Do not call it.")
        if params.get("channel") == "calls"
        else _("Said that someone else reads what we send there. All links to its page have ended.")
    )
    return f"{said} {WORDS[MARKED_BY_LINK]}" if params.get("by_link") else said


def ended_links(params: Params) -> str:
    """What follows from what a family said of others; that it said so stands in no history: they may see the page."""
    deleted = [_("Your answers to the questions about care are deleted.")] if params.get("answers") else []
    if params.get("channel") == "calls":
        return " ".join([_("How we reach you was changed."), *deleted]) if params.get("own") else ""
    return " ".join([_("You ended the old links to this page."), *(deleted if params.get("own") else [])])


BY_LINK: dict[str, Callable[[], str]] = {
    END_WISHED: lambda: _("Someone who opened a link that we sent you wanted to close this request. It goes on."),
    ERASURE_WISHED: lambda: _(
        "Someone who opened a link that we sent you wanted your data deleted. Nothing is deleted."
    ),
    ADDRESS_WISHED: lambda: _(
        "Someone who opened a link that we sent you wanted to change your phone or email. Nothing is changed."
    ),
}


def waits(params: Params) -> str:
    """What somebody who came by a link wished for, and what it takes, as the family reads it in any browser."""
    if params["wish"] not in BY_LINK:
        return ""
    asked = _("If it was you, call us. If it was not you, tell us.")
    return f"{BY_LINK[params['wish']]()} {asked}"


def waits_for_staff(params: Params) -> str:
    return f"{WORDS[params['wish']]}.".replace("..", ".")


def closed(params: Params) -> str:
    """For staff."""
    line = _("Closed: %(why)s.") % {"why": Referral.Closing(params["closing"]).label}
    if params.get("programs"):
        line += " " + _("Ended: %(programs)s.") % {"programs": joined(params["programs"])}
    if params.get("pressed") == "link":
        line += " " + _("It was done by a link that we sent: ask whether it was the family.")
    elif params.get("pressed") == "asker":
        line += " " + _("It was done in the browser that sent the request.")
    return line


def closed_for_family(params: Params) -> str:
    if params.get("closing") != Referral.Closing.WITHDRAWN:
        return _("This request is closed. You can ask for help again at any time.")
    if params.get("pressed") == "link":
        said = _("This request was closed on a page that was opened by a link we sent you.")
        more = _("If it was not you, call us.")
        return " ".join([said, *([_("Your consent ended with it.")] if params.get("consent_ended") else []), more])
    if params.get("consent_ended"):
        return _("You closed this request. Your consent ended with it. You can ask for help again at any time.")
    return _("You closed this request. You can ask for help again at any time.")


def reopened(params: Params) -> str:
    if params.get("own"):
        return " ".join([_("Took back that it had closed its request."), placement_lines.reopened(params)])
    return placement_lines.reopened(params)


def reopened_for_family(params: Params) -> str:
    if params.get("own"):
        return _("You took that back. This request goes on.")
    return _("We had closed this request by mistake. It is open again.")
