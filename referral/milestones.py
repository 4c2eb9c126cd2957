"""Which lines of history are the first steps of a way to care, for the figures. Plain Python.

A step is named by the column of a referral that keeps when it was first made.
"""

from __future__ import annotations

from collections.abc import Mapping

from referral.lifecycle import STAFF

CONTACTED, ASKED, ACCEPTED, STARTED = "contacted_at", "asked_at", "accepted_at", "started_at"
STEPS = (CONTACTED, ASKED, ACCEPTED, STARTED)
# Lines that may be a step; the others never are.
KINDS = ("opened", "called", "told_family", "check_in_answered", "sent", "accepted", "started", "visit")


def steps_of(kind: str, role: str, params: Mapping[str, object]) -> tuple[str, ...]:
    """The steps that a line makes.

    We have been in touch once somebody of ours talked with the family or answered it in writing. Care has started with
    the first visit that was kept, or when anybody says that it has.
    """
    match kind:
        case "opened":
            return (CONTACTED,) if role in STAFF else ()
        case "called":
            theirs = not params.get("with")  # the family itself, not somebody else who is called for it
            return (CONTACTED,) if theirs and params.get("outcome") == "reached" else ()
        case "told_family":
            return (CONTACTED,)
        case "check_in_answered":
            talked = (CONTACTED,) if role in STAFF and params.get("answer") != "nobody" else ()
            return (*talked, STARTED) if params.get("program") else talked
        case "sent":
            return (ASKED,)
        case "accepted":
            return (ACCEPTED,)
        case "started":
            return (STARTED,)
        case "visit":
            return (STARTED,) if params.get("outcome") == "came" else ()
    return ()
