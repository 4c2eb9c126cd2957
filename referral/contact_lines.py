"""What a family changed in how it is reached, as a line of history that it reads itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from referral import placement_lines
from referral.models import Referral, TimelineEntry
from referral.models.people import as_phone
from referral.placement_lines import joined
from referral.reasons import (
    ADDRESS_WISHED,
    END_WISHED,
    ERASURE_WISHED,
    MARKED_BY_LINK,
    MET_WISHED,
    REACH_WISHED,
    SIGN_WISHED,
    WORDS,
)

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
    "gender": lambda: _("gender"),
    "pause": lambda: _("the pause of our messages ends"),
    "hold": lambda: _("your request goes on"),
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


def wrote_by_link() -> str:
    """For staff, below what was written, in the language of this installation: it is kept with it."""
    with override(settings.LANGUAGE_CODE):
        return _("(Written on a page that was opened by a link that we sent: ask whether it was the family.)")


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


# Their own words say already whose press it was.
SAYS_WHOSE = (TimelineEntry.Kind.WAITS, TimelineEntry.Kind.CLOSED)


def pressed_for_staff(said: str, entry: TimelineEntry) -> str:
    """The line, with whose press it was where somebody came by a link, beside the browser that asked."""
    if not entry.params.get("link") or not said or entry.kind in (*SAYS_WHOSE, TimelineEntry.Kind.LINK_ENDED):
        return said
    if entry.params["link"] == "message":
        return " ".join([said, _("It was done by the link in a message.")])
    return " ".join([said, _("It was done by a link that we sent: ask whether it was the family.")])


def pressed_for_family(said: str, entry: TimelineEntry) -> str:
    """The same, as the family reads it in any browser."""
    if not entry.params.get("link") or not said or entry.kind in SAYS_WHOSE:
        return said
    if entry.params["link"] == "message":
        return " ".join([said, _("It was done by the link in one of our messages. If it was not you, call us.")])
    return " ".join(
        [said, _("It was done by a link that we sent you, in another browser. If it was not you, call us.")]
    )


def withdrawn(params: Params) -> str:
    """For the family."""
    if params.get("narrowed"):
        return _("You took that back: what you had signed before holds again.")
    if params.get("taken_back"):
        return _("You took the withdrawal back: your consent holds again.")
    if params.get("link"):
        return _("The consent was withdrawn. Nothing more is shared.")
    if params.get("rest"):
        return _("You withdrew a part of your consent.")
    return _("You withdrew your consent. Nothing more is shared.")


def withdrawal_taken_back(params: Params) -> str:
    """For staff."""
    said = _("Took back, in the browser that sent the request, that the consent was withdrawn by a link.")
    if params.get("narrowed"):
        said = _("Took back, in the browser that sent the request, that a link had signed for less.")
    again = _("Goes on: %(programs)s.") % {"programs": joined(params["programs"])} if params.get("programs") else ""
    return f"{said} {again}".rstrip()


def erasure_asked(params: Params) -> str:
    if params.get("taken_back"):
        return _("You decided that we keep your data.")
    deleted = [_("Your answers to the questions about care are deleted.")] if params.get("answers") else []
    return " ".join([_("You asked us to delete your data."), *deleted])


BY_LINK: dict[str, Callable[[], str]] = {
    END_WISHED: lambda: _("Someone who opened a link that we sent you wanted to close this request. It goes on."),
    ERASURE_WISHED: lambda: _(
        "Someone who opened a link that we sent you wanted your data deleted. Nothing is deleted."
    ),
    ADDRESS_WISHED: lambda: _(
        "On a page that was opened by a link we sent, a new phone or email was entered. We do not use it"
        " unless you tell us to."
    ),
    SIGN_WISHED: lambda: _(
        "On a page that was opened by a link we sent, a consent was signed. It counts after we ask you."
    ),
    MET_WISHED: lambda: _(
        "Someone who opened a link that we sent you answered “We have a program”. Your request goes on as before."
    ),
    REACH_WISHED: lambda: _(
        "On a page that was opened by a link we sent, this was entered: %(what)s. It counts after we ask you."
    ),
}


def waits(params: Params) -> str:
    """What somebody who came by a link wished for, and what it takes, as the family reads it in any browser."""
    if params["wish"] not in BY_LINK:
        return ""
    said = BY_LINK[params["wish"]]()
    if params["wish"] == REACH_WISHED:
        said %= {"what": words_of(params.get("what", ()))}
    return " ".join([said, _("Was it not you? Call us, or write to us below.")])


def waits_for_staff(params: Params) -> str:
    said = f"{WORDS[params['wish']]}.".replace("..", ".")
    return f"{said} {words_of(params['what'])}." if params.get("what") else said


def words_of(what: Collection[str]) -> str:
    """Names of what somebody wanted to change, as both read them."""
    found = [label() for name, label in CHANGED_FOR_FAMILY.items() if name in what]
    return joined([*found, *(label() for (name, on), label in BOXES_FOR_FAMILY.items() if on and name in what)])


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
    if params.get("closing") == Referral.Closing.STOPPED:
        said = _("You asked us to stop. Your request and your consent ended, and we do not write or call any more.")
        return " ".join([said, _("You can ask for help again at any time.")])
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


def other_person(params: Params) -> str:
    """Somebody else to call: who, and what stood there before."""
    words = {
        "added": _("Another person to call: %(who)s."),
        "changed": _("Changed the other person to call: %(who)s."),
        "removed": _("No longer to be called: %(who)s."),
    }
    line = words[params["did"]] % {"who": _name_and_phone(params)}
    was = params.get("was") or {}
    return f"{line} " + _("Was: %(before)s.") % {"before": _name_and_phone(was)} if "name" in was else line


def _name_and_phone(params: Params) -> str:
    return ", ".join(part for part in (params["name"], as_phone(params["phone"])) if part)
