"""Lines of history about requests to programs, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from referral.lifecycle import PlacementStatus
from referral.models import Placement, TimelineEntry
from referral.models.consents import categories_in_words
from referral.reasons import code_of
from ui.dates import short_day

Kind = TimelineEntry.Kind
Params = Mapping[str, Any]


def joined(names: list[str]) -> str:
    return ", ".join(names)


def day(written: str) -> str:
    """A date of a line, ``2026-03-04``, in words."""
    return short_day(date.fromisoformat(written))


def sent(params: Params) -> str:
    what = {"program": params["program"], "what": categories_in_words(params["categories"])}
    if params.get("by_email"):
        line = _("Sent to %(program)s by email. May be shared: %(what)s.") % what
    elif params.get("stopped"):
        line = _("Sent to %(program)s, to be called, as it gets no email from us. May be shared: %(what)s.") % what
    else:
        line = _("Sent to %(program)s, to be called, as it has no email. May be shared: %(what)s.") % what
    if params.get("against"):
        line += " " + _("Does not match: %(needs)s. The reason:") % {
            "needs": joined([NEEDS[key]() for key in params["against"]])
        }
    return line


NEEDS: dict[str, Callable[[], str]] = {
    "level": lambda: _("level of care"),
    "concern": lambda: _("concern"),
    "age": lambda: _("age"),
    "only_for": lambda: _("gender"),
    "payment": lambda: _("payment"),
    "languages": lambda: _("language"),
}


def merged_for_family(params: Params) -> str:
    """What the family reads of a merge. Where nobody has shown that the address is theirs, or others are said to read
    there, it speaks of no other request: it may be that of somebody else."""
    if params.get("into"):
        if params.get("quiet"):
            return _("This request is closed. You can ask for help again at any time.")
        return _("We put two requests together. A navigator goes on with both as one, and this one is closed.")
    return "" if params.get("quiet") else _("We put two requests together. This request goes on.")


def parted_for_family(params: Params) -> str:
    if not params.get("quiet"):
        return _("We keep this request apart again from another one.")
    return _("We had closed this request by mistake. It is open again.") if params.get("was_closed") else ""


def merged(params: Params) -> str:
    """Of two that became one: on the one that ended, and on the one that goes on with what became of its requests."""
    if params.get("into"):
        return _("Merged into %(into)s, which goes on.") % params
    parts = [_("Merged with %(other)s. This one goes on.") % params]
    if params.get("came"):
        parts.append(_("Requests that came over: %(programs)s.") % {"programs": joined(params["came"])})
    if params.get("cancelled"):
        parts.append(_("Requests canceled: %(programs)s.") % {"programs": joined(params["cancelled"])})
    return " ".join(parts)


def accepted(params: Params) -> str:
    shared = categories_in_words(params.get("categories", []))
    line = _("%(program)s accepted.") % params
    if shared:
        line = _("%(program)s accepted, and now also sees: %(what)s.") % {"program": params["program"], "what": shared}
    if params.get("others"):
        line += " " + _("Ended: %(programs)s.") % {"programs": joined(params["others"])}
    return line


def accepted_for_family(params: Params) -> str:
    """That a program said yes, and what ended by it, which may come back."""
    line = _("%(program)s accepted you. We asked them to contact you.") % params
    if not params.get("others"):
        return line
    others = _("So we ended what we had asked of: %(programs)s. If this falls through, we ask again.")
    line = f"{line} {others % {'programs': joined(params['others'])}}"
    if params.get("waited"):
        waited = _("This ended your place on the waitlist of: %(programs)s.")
        line = f"{line} {waited % {'programs': joined(params['waited'])}}"
    return line


def stands(placement: Placement, accepted: list[str]) -> str:
    """Where a request stands, as the family reads it; `accepted` are the programs that said yes or give care now."""
    if placement.status != PlacementStatus.CANCELLED:
        return str(placement.get_status_display())
    names = {"programs": joined(accepted)}
    match code_of(placement.reason):
        case "accepted_elsewhere" if accepted:
            return _("Ended because %(programs)s said yes. If that falls through, we ask again.") % names
        case "care_elsewhere" if accepted:
            return _("Ended because care has started with %(programs)s.") % names
        case "accepted_elsewhere":
            return _("Ended because another program had said yes. We can ask again.")
        case "no_answer":
            return _("Ended because the program did not answer.")
    return str(placement.get_status_display())


def waitlisted(params: Params) -> str:
    if params.get("until"):
        return _("%(program)s put the family on its waitlist, for an opening about %(day)s.") % {
            "program": params["program"],
            "day": day(params["until"]),
        }
    return _("%(program)s put the family on its waitlist.") % params


def waitlisted_for_family(params: Params) -> str:
    """True also once the request has ended: it tells what the program said on that day."""
    if params.get("until"):
        what = {"program": params["program"], "day": day(params["until"])}
        return _("%(program)s put you on its waitlist, for an opening about %(day)s.") % what
    return _("%(program)s put you on its waitlist.") % params


def opening_expected_for_family(params: Params) -> str:
    if params.get("until"):
        what = {"program": params["program"], "day": day(params["until"])}
        return _("%(program)s told us of another day for an opening: about %(day)s.") % what
    return _("%(program)s could not say any more when it has an opening.") % params


def opening_expected(params: Params) -> str:
    if params.get("until"):
        what = {"program": params["program"], "day": day(params["until"])}
        return _("%(program)s now expects an opening about %(day)s.") % what
    return _("%(program)s does not know any more when it has an opening.") % params


def undone(params: Params) -> str:
    what = TAKEN_BACK[params["what"]]() if params.get("what") in TAKEN_BACK else ""
    line = (_("%(program)s took back: %(what)s.") if what else _("%(program)s took back its last answer.")) % {
        "program": params["program"],
        "what": what,
    }
    if params.get("others"):
        line += " " + _("Open again: %(programs)s.") % {"programs": joined(params["others"])}
    return line


# What a program may take back, for its own page and for staff.
TAKEN_BACK: dict[str, Callable[[], str]] = {
    Kind.ACCEPTED: lambda: _("its acceptance"),
    Kind.REJECTED: lambda: _("that it declined"),
    Kind.WAITLISTED: lambda: _("its place on the waitlist"),
    Kind.STARTED: lambda: _("that care has started"),
    Kind.PLACEMENT_COMPLETED: lambda: _("that care has ended"),
    Kind.PLACEMENT_FAILED: lambda: _("that it did not work out"),
    Kind.OPENING_EXPECTED: lambda: _("the new day of the opening"),
    Kind.TIMES_OFFERED: lambda: _("the times it proposed"),
    Kind.VISIT: lambda: _("what it said of the first visit"),
}


def undone_for_family(params: Params) -> str:
    """A family reads of everything that was told of it, and so that it was taken back."""
    if params.get("what") == Kind.VISIT:
        return _("%(program)s took back what it told us of your first visit.") % params
    if params.get("what") == Kind.TIMES_OFFERED:
        return _("%(program)s took back the times it proposed.") % params
    return _("%(program)s corrected its answer.") % params


def visit(params: Params) -> str:
    words = {
        "came": _("%(program)s: they came to the first visit."),
        "missed": _("%(program)s: they did not come to the first visit."),
        "unreached": _("%(program)s could not reach the family."),
    }
    return words[params["outcome"]] % params


def visit_for_family(params: Params) -> str:
    """What the program told of the first visit, and what comes of it. An hour that it was set for is named."""
    about = when(params)["times"] if params.get("times") else ""
    if params["outcome"] == "came":
        return _("%(program)s told us that you came to the first visit.") % params
    if params["outcome"] == "unreached":
        return _("%(program)s told us that they could not reach you. A navigator will check.") % params
    told = {"program": params["program"], "at": about}
    said = _("%(program)s told us that you did not come to the first visit.")
    if about:
        said = _("%(program)s told us that you did not come to the first visit at %(at)s.")
    return " ".join([said % told, _("A navigator will contact you. If this is not right, write to us.")])


def when(params: Params) -> dict[str, str]:
    """The program, and its times on its own wall clock."""
    times = [
        formats.date_format(datetime.fromisoformat(at).astimezone(ZoneInfo(params["zone"])), "PROMISE_FORMAT")
        for at in params["times"]
    ]
    return {"program": params["program"], "times": "; ".join(times)}


def end_expected(params: Params) -> str:
    """When care is expected to end, or that nobody knows any more."""
    if not params.get("until"):
        return _("No end of care is expected at %(program)s for now.") % params
    told = {"program": params["program"], "day": day(params["until"])}
    return _("Care at %(program)s is expected to end on %(day)s.") % told


def started(params: Params) -> str:
    if params.get("others"):
        return _("Care started with %(program)s. Canceled: %(others)s.") % {
            "program": params["program"],
            "others": joined(params["others"]),
        }
    return _("Care started with %(program)s.") % params


def started_for_family(params: Params) -> str:
    line = _("Care started with %(program)s.") % params
    if not params.get("others"):
        return line
    others = _("So we ended what we had asked of: %(programs)s.") % {"programs": joined(params["others"])}
    return f"{line} {others}"


def resumed(params: Params) -> str:
    line = _("Resumed with %(program)s.") % params
    if params.get("others"):
        line += " " + _("Ended: %(programs)s.") % {"programs": joined(params["others"])}
    return line


def reopened(params: Params) -> str:
    line = _("Reopened.")
    if params.get("programs"):
        line = _("Reopened. In care again: %(programs)s.") % {"programs": joined(params["programs"])}
    if params.get("again"):
        line += " " + _("Asked as before: %(programs)s.") % {"programs": joined(params["again"])}
    return line


def held(params: Params) -> str:
    line = _("Put on hold until %(until)s.") % {"until": day(params["until"])}
    if params.get("cancelled"):
        line += " " + _("Ended: %(programs)s.") % {"programs": joined(params["cancelled"])}
    return line
