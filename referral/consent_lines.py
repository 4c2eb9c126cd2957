"""What happened to a consent, as a line of history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from referral import contact_lines
from referral.models import Consent
from referral.models.consents import categories_in_words
from referral.placement_lines import joined

Params = Mapping[str, Any]


def signed(params: Params) -> str:
    what = categories_in_words(params["categories"])
    if params.get("by"):
        line = _given(params, what)
    elif params.get("programs"):
        programs = joined(params["programs"])
        line = _("Signed a consent to share with %(programs)s: %(what)s.") % {"programs": programs, "what": what}
    else:
        line = _("Signed a consent to share with programs that we ask: %(what)s.") % {"what": what}
    if params.get("cancelled"):
        line += " " + _("Ended: %(programs)s.") % {"programs": joined(params["cancelled"])}
    return line


def asked(params: Params) -> str:
    if params.get("bar"):
        told = {"name": params["by"], "right": dict(Consent.Signer.choices).get(params["signed_as"], "")}
        return (
            _(
                "%(name)s wished to sign a consent (%(right)s). By the rules on age and authority it does not count,"
                " and nothing is shared. Ask who may sign."
            )
            % told
        )
    if params.get("channel") == "":
        return _("To ask the family for its consent in person: no message may be sent.")
    return _("Asked the family for its consent.")


def _given(params: Params, what: str) -> str:
    """A consent that staff wrote down."""
    programs = joined(params["programs"]) or _("programs that we ask")
    told = {"name": params["by"], "programs": programs, "what": what}
    if params.get("method") == Consent.Method.VERBAL:
        return _("%(name)s said yes to sharing with %(programs)s: %(what)s.") % told
    return _("%(name)s signed on paper to share with %(programs)s: %(what)s.") % told


def given_for_family(params: Params) -> str:
    """How a consent was given, by its own kind; of what staff wrote down, by whom."""
    match params.get("method") if params.get("by") else Consent.Method.ONLINE:
        case Consent.Method.VERBAL:
            return _("%(by)s said yes to sharing with programs, on the phone or in person.") % params
        case Consent.Method.PAPER:
            return _("%(by)s signed on paper to share with programs.") % params
    if params.get("link"):
        return _("A consent to share with programs was signed.")
    return _("You signed a consent to share with programs.")


def revoked(params: Params) -> str:
    if params.get("taken_back"):
        return contact_lines.withdrawal_taken_back(params)
    said = _("Wrote down that a consent was withdrawn.") if params.get("told") else _("Withdrew a consent.")
    ended = params.get("cancelled")
    return " ".join([said, _("Canceled: %(programs)s.") % {"programs": joined(ended)}]) if ended else said


def weighed(params: Params) -> str:
    told = {"name": params["by"], "right": dict(Consent.Signer.choices).get(params["signed_as"], "")}
    if params["why"]:
        return (
            _(
                "The consent of %(name)s (%(right)s) no longer counts: by what is known of the person now, they may not"
                " sign. Nothing is shared under it. Ask who may sign."
            )
            % told
        )
    return _("The consent of %(name)s (%(right)s) counts again.") % told
