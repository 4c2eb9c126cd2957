"""Lines of history in words: for staff all of it, for a family what concerns it, each in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guides.models import LevelOfCare
from referral import consent_lines, contact_lines, placement_lines
from referral.lifecycle import Role
from referral.message_lines import chosen_by_family, message_line
from referral.models import Contact, EscalationRule, FollowUp, Patient, Referral, Task, TimelineEntry
from referral.models.people import as_phone, way_labels
from referral.placement_lines import day, joined, when

Kind = TimelineEntry.Kind
Params = Mapping[str, Any]


def who(entry: TimelineEntry) -> str:
    """Who acted, in words; a program by its kind, as its lines begin with its name."""
    if entry.actor_label and entry.role != Role.PROGRAM:
        return entry.actor_label
    return str({Role.FAMILY: _("The family"), Role.PROGRAM: _("The program")}.get(Role(entry.role), _("Waymark")))


def for_staff(entry: TimelineEntry, levels: Mapping[str, str] | None = None) -> str:
    """The line as staff read it. Whoever reads many gives the `level_names`."""
    if entry.kind == Kind.NEED_CHANGED:
        return _need(entry.params, level_names() if levels is None else levels)
    write = STAFF.get(TimelineEntry.Kind(entry.kind))
    said = write(entry.params) if write else str(entry.get_kind_display())
    return contact_lines.pressed_for_staff(said, entry)


def for_family(entry: TimelineEntry) -> str:
    """The line as the family reads it on its own page."""
    write = FAMILY.get(TimelineEntry.Kind(entry.kind))
    return contact_lines.pressed_for_family(write(entry.params), entry) if write else for_staff(entry)


def _opened(params: Params) -> str:
    ways = joined(way_labels(params.get("permissions", []))) or _("nothing")
    if params.get("follows"):
        line = _("Opened as the next step after %(code)s.") % {"code": params["follows"]}
        held = _("The consent still holds.") if params.get("consents") else _("No consent holds: ask for a new one.")
        return f"{line} {held}"
    if params.get("by_staff"):
        line = _("Opened from a call. May be reached by: %(ways)s.") % {"ways": ways}
        if "ways" in params.get("not_asked", ()):
            line = _("Opened from a call. Not asked yet how we may reach them.")
        return line + (" " + _("Someone else called for the family.") if params.get("referrer") else "")
    if params.get("consent"):
        return _("Asked for help. May be reached by: %(ways)s. Agreed to share with programs.") % {"ways": ways}
    return _("Asked for help. May be reached by: %(ways)s. Did not agree to share with programs.") % {"ways": ways}


def level_names(levels: Iterable[LevelOfCare] | None = None) -> dict[str, str]:
    """The short names of the levels by their slugs, to be fetched once for many lines."""
    levels = LevelOfCare.objects.in_order() if levels is None else levels
    return {level.slug: level.text(get_language()).short_name for level in levels}


def _need(params: Params, names: Mapping[str, str]) -> str:
    sentences = []
    if params["before"] != params["after"]:
        levels = {key: _(" to ").join(names.get(slug, slug) for slug in params[key]) for key in ("before", "after")}
        sentences.append(
            _("Changed the level from %(before)s to %(after)s.") % {key: levels[key] or "–" for key in levels}
        )
    if params.get("person"):
        sentences.append(
            _("Changed: %(what)s.") % {"what": joined([PERSON_FIELDS[name]() for name in params["person"]])}
        )
    for name, words, kind in (
        ("concern", _("Changed the concern from “%(before)s” to “%(after)s”."), Referral.Concern),
        ("urgency", _("Changed the urgency from “%(before)s” to “%(after)s”."), Referral.Urgency),
    ):
        if name in params:
            before, after = (kind(each).label for each in params[name])
            sentences.append(words % {"before": before, "after": after})
    return " ".join(sentences) or _("Looked at the need again.")


PERSON_FIELDS: dict[str, Callable[[], str]] = {
    "age": lambda: _("age group"),
    "gender": lambda: _("gender"),
    "payment": lambda: _("ways to pay"),
}
CONTACT_FIELDS: dict[str, Callable[[], str]] = {
    "contact_name": lambda: _("name of the contact"),
    "patient_name": lambda: _("name of the patient"),
    "birth_year": lambda: _("year of birth"),
    "age": lambda: _("age"),
    "gender": lambda: _("gender"),
    "phone": lambda: _("phone"),
    "email": lambda: _("email"),
    "zip_code": lambda: _("ZIP code"),
    "zone": lambda: _("time zone"),
    "language": lambda: _("language"),
    "times": lambda: _("good times"),
    "voicemail": lambda: str(Contact._meta.get_field("voicemail").verbose_name),
    "by_email": lambda: _("by email: yes or no"),
    "by_text": lambda: _("by text: yes or no"),
    "by_phone": lambda: _("by phone: yes or no"),
}


def _contact(params: Params) -> str:
    was = dict(params.get("was", {}))
    if was.get("phone"):
        was["phone"] = as_phone(was["phone"])
    if was.get("gender"):
        was["gender"] = str(Patient.Gender(was["gender"]).label)
    what = [
        _("%(what)s (was: %(before)s)") % {"what": CONTACT_FIELDS[name](), "before": was[name]}
        if was.get(name)
        else CONTACT_FIELDS[name]()
        for name in params["changed"]
    ]
    if params.get("right") and not what:
        return contact_lines.right_after_all()
    if set(was) & {"contact_name", "patient_name", "birth_year", "age", "gender"}:
        return _("Corrected: %(what)s.") % {"what": joined(what)}
    said = _("Changed how to be reached: %(what)s.") % {"what": joined(what) or "–"}
    return " ".join([said, *([contact_lines.changed_elsewhere()] if params.get("elsewhere") else [])])


def _plan(params: Params) -> str:
    if not params.get("plan"):
        by_phone = params.get("channel") == ""
        if "after" in params:
            at = formats.time_format(time.fromisoformat(params["after"]), "TIME_FORMAT")
            return _("A check-in goes out after %(time)s, the family’s time.") % {"time": at}
        return _("A check-in by phone is planned.") if by_phone else _("A check-in goes out now.")
    return ngettext(
        "Follow-up plan “%(plan)s”: %(steps)d step.", "Follow-up plan “%(plan)s”: %(steps)d steps.", params["steps"]
    ) % {"plan": params["plan"], "steps": params["steps"]}


def _answered(params: Params) -> str:
    line = _("Check-in: “%(answer)s”.") % {"answer": FollowUp.Answer(params["answer"]).label}
    if params.get("program"):
        line += " " + _("In care at %(program)s.") % params
    return line


def _stopped(params: Params) -> str:
    if params.get("about") == "placement":  # as it was written down before programs had a line of their own
        return _("The program asked us to stop messages.")
    words = {"email": _("Asked us to stop emails. None are sent."), "sms": _("Asked us to stop texts. None are sent.")}
    line = words.get(params.get("channel", ""), _("Asked us to stop. No message is sent."))
    if params.get("said_in"):
        line += " " + _("Said in request %(code)s, which has the same address.") % {"code": params["said_in"]}
    if params.get("ended"):
        tasks = joined([str(Task.Kind(kind).label) for kind in params["ended"]])
        line += " " + _("No longer to do: %(tasks)s.") % {"tasks": tasks}
    return line


def _stopped_for_family(params: Params) -> str:
    # A program's stop is not the family's, and none of its business.
    if params.get("about") == "placement":
        return ""
    if params.get("said_in"):  # where another request has the same address
        return _("Someone who reads what we send to the same address asked us to stop messages there.")
    return _("You asked us to stop messages.")


def _has_call(params: Params) -> list[str]:
    """That whoever did this has the call for help by it."""
    return [_("Has the call for help.")] if params.get("has_call") else []


def _called(params: Params) -> str:
    told = {"outcome": TimelineEntry.Call(params["outcome"]).label, "name": params.get("with")}
    line = (_("Called %(name)s: %(outcome)s.") if params.get("with") else _("Called: %(outcome)s.")) % told
    over = [_("The call for help is over.")] if params.get("help_over") else []
    line = " ".join([line + contact_lines.after_call(params), *_has_call(params), *over])
    if params.get("next_try"):
        at = datetime.fromisoformat(params["next_try"]).astimezone(ZoneInfo(params["zone"]))
        line += " " + _("Next try: %(at)s") % {"at": formats.date_format(at, "SHORT_DATETIME_FORMAT")}
    return line


def _task(params: Params) -> str:
    return str(Task.Kind(params["task"]).label)


def _duty(params: Params) -> str:
    names = {"names": joined(params["names"]) or "–"}
    if params.get("on_duty"):
        return _("Called for help: %(names)s.") % names
    return _("No one was on duty. Called: %(names)s.") % names


def _escalated(params: Params) -> str:
    what = {"what": EscalationRule.About(params["about"]).label}
    if "names" not in params:
        return _("Sees to it: %(what)s.") % what
    return _("%(what)s. Told: %(names)s.") % {**what, "names": joined(params["names"]) or "–"}


STAFF: dict[TimelineEntry.Kind, Callable[[Params], str]] = {
    Kind.OPENED: _opened,
    Kind.TAKEN: lambda params: " ".join([_("Took the referral."), *_has_call(params)]),
    Kind.ASSIGNED: lambda params: _("Assigned the referral to %(to)s.") % params,
    Kind.NOTE: lambda _params: _("Note"),
    Kind.HELD: placement_lines.held,
    Kind.RESUMED: lambda _params: _("Resumed."),
    Kind.SNOOZED: lambda params: (
        (
            _("Snoozed until %(until)s. What is urgent stays due.")
            if params.get("still")
            else _("Snoozed until %(until)s.")
        )
        % {"until": day(params["until"])}
        if params["until"]
        else _("Took back the snooze.")
    ),
    Kind.REOPENED: contact_lines.reopened,
    Kind.STEPPED: lambda params: _("Opened the next step: %(to)s.") % params,
    Kind.END_EXPECTED: placement_lines.end_expected,
    Kind.OTHER_PERSON: contact_lines.other_person,
    Kind.MERGED: placement_lines.merged,
    Kind.UNMERGED: lambda params: _("Separated again from %(other)s.") % params,
    Kind.RECONSIDERED: lambda _params: _("Reopened for another program."),
    Kind.CLOSED: contact_lines.closed,
    Kind.CONTACT_CHANGED: _contact,
    Kind.CONSENT_SIGNED: consent_lines.signed,
    Kind.CONSENT_ASKED: consent_lines.asked,
    Kind.CONSENT_REVOKED: consent_lines.revoked,
    Kind.CONSENT_WEIGHED: consent_lines.weighed,
    Kind.SENT: placement_lines.sent,
    Kind.ACCEPTED: placement_lines.accepted,
    Kind.REJECTED: lambda params: _("%(program)s declined.") % params,
    Kind.WAITLISTED: placement_lines.waitlisted,
    Kind.OPENING_EXPECTED: placement_lines.opening_expected,
    Kind.PLACE_KEPT: lambda params: _("Kept the place on the waitlist of %(program)s until the first visit.") % params,
    Kind.UNDONE: placement_lines.undone,
    Kind.TIMES_OFFERED: lambda params: _("%(program)s proposes for the first visit: %(times)s.") % when(params),
    Kind.TIME_CHOSEN: lambda params: _("First visit at %(program)s: %(times)s. The family chose it.") % when(params),
    Kind.NO_TIME_FITS: lambda params: _("None of the times of %(program)s works for the family.") % params,
    Kind.VISIT: placement_lines.visit,
    Kind.TOLD_PROGRAM: lambda params: (
        (_("Wrote to %(program)s, on its page.") if params.get("by_itself") else _("Answered %(program)s.")) % params
    ),
    Kind.WRITTEN: lambda params: (
        _("Wrote to the family by text.") if params.get("channel") == "sms" else _("Wrote to the family by email.")
    ),
    Kind.TAKEN_BACK: lambda params: (
        _("Took back what was written to %(program)s.") % params
        if params.get("program")
        else _("Took back a message before it was sent.")
    ),
    Kind.TOLD_FAMILY: lambda _params: _("Answered the family on its page."),
    Kind.LINK_ENDED: contact_lines.ended_links_for_staff,
    Kind.ERASURE_ASKED: lambda params: (
        _("Wants to keep its data after all.") if params.get("taken_back") else _("Asked us to delete its data.")
    ),
    Kind.WAITS: contact_lines.waits_for_staff,
    Kind.STARTED: placement_lines.started,
    Kind.PLACEMENT_HELD: lambda params: _("On hold with %(program)s.") % params,
    Kind.PLACEMENT_RESUMED: placement_lines.resumed,
    Kind.PLACEMENT_COMPLETED: lambda params: _("Care at %(program)s is completed.") % params,
    Kind.PLACEMENT_FAILED: lambda params: _("It did not work out with %(program)s.") % params,
    Kind.PLACEMENT_CANCELLED: lambda params: _("Canceled the request to %(program)s.") % params,
    Kind.PLAN_SET: _plan,
    Kind.CHECK_IN_ANSWERED: _answered,
    Kind.MESSAGE: message_line,
    Kind.STOPPED: _stopped,
    Kind.CALLED: _called,
    Kind.WROTE: lambda _params: _("Wrote to us from the family’s page."),
    Kind.NOT_CALLED: lambda params: _("%(program)s accepted, and has not called.") % params,
    Kind.PROGRAM_ASKED: lambda params: _("%(program)s asks something first.") % params,
    Kind.DUTY_CALLED: _duty,
    Kind.ESCALATED: _escalated,
    Kind.ACKNOWLEDGED: lambda params: (
        _("%(away)s is away: the call for help is open again.") % params
        if params.get("away")
        else _("Took the call for help over from %(before)s.") % params
        if params.get("before")
        else _("Has the call for help.")
    ),
    Kind.GIVEN_BACK: lambda _params: _("Gave the referral back to the queue."),
    Kind.TASK_ADDED: lambda params: (
        (_("Not done yet: %(task)s") if params.get("again") else _("New task: %(task)s")) % {"task": _task(params)}
    ),
    Kind.TASK_DONE: lambda params: _("Task done: %(task)s") % {"task": _task(params)},
}


FAMILY: dict[TimelineEntry.Kind, Callable[[Params], str]] = {
    Kind.OPENED: lambda params: (
        _("We opened this request for your next step.")
        if params.get("follows")
        else _("You asked for help, and signed a consent to share with programs.")
        if params.get("consent") and not params.get("by_staff")
        else _("You asked for help.")
    ),
    Kind.REOPENED: contact_lines.reopened_for_family,
    Kind.STEPPED: lambda _params: _("We opened a new request for your next step."),
    Kind.MERGED: placement_lines.merged_for_family,
    Kind.UNMERGED: placement_lines.parted_for_family,
    Kind.TAKEN: lambda _params: _("A navigator is looking after your request."),
    Kind.CONSENT_SIGNED: consent_lines.given_for_family,
    Kind.CONSENT_ASKED: lambda params: (
        _("You signed a consent. This signature does not count, so we shared nothing by it.")
        if params.get("bar")
        else _("We asked you to sign a consent.")
    ),
    Kind.CONSENT_REVOKED: contact_lines.withdrawn,
    Kind.CONTACT_CHANGED: contact_lines.contact_changed,
    Kind.SENT: lambda params: _("We asked %(program)s if they have an opening.") % params,
    Kind.ACCEPTED: placement_lines.accepted_for_family,
    Kind.REJECTED: lambda params: (
        _("%(program)s cannot accept you now. We will help you look for another program.") % params
    ),
    Kind.WAITLISTED: placement_lines.waitlisted_for_family,
    Kind.OPENING_EXPECTED: placement_lines.opening_expected_for_family,
    Kind.PLACE_KEPT: lambda params: (
        _("We keep your place on the waitlist of %(program)s until your first visit.") % params
    ),
    Kind.UNDONE: placement_lines.undone_for_family,
    Kind.TIMES_OFFERED: lambda params: _("%(program)s proposed times for your first visit.") % params,
    Kind.TIME_CHOSEN: lambda params: _("You chose the time of your first visit: %(times)s.") % when(params),
    Kind.VISIT: placement_lines.visit_for_family,
    Kind.NO_TIME_FITS: lambda params: _("You told %(program)s that none of its times works for you.") % params,
    Kind.TOLD_FAMILY: lambda _params: _("We answered you."),
    Kind.LINK_ENDED: contact_lines.ended_links,
    Kind.ERASURE_ASKED: contact_lines.erasure_asked,
    Kind.WAITS: contact_lines.waits,
    Kind.HELD: lambda params: _("Your request is on hold until %(until)s.") % {"until": day(params["until"])},
    Kind.RESUMED: lambda _params: _("We are working on your request again."),
    Kind.STARTED: placement_lines.started_for_family,
    Kind.PLACEMENT_CANCELLED: lambda params: _("The request to %(program)s was canceled.") % params,
    Kind.CHECK_IN_ANSWERED: lambda params: (
        (_("Our check-in was answered: “%(answer)s”.") if params.get("link") else _("You told us: “%(answer)s”."))
        % {"answer": FollowUp.Answer(params["answer"]).label}
    ),
    Kind.WROTE: lambda _params: _("You wrote to us. A navigator will read it."),
    Kind.NOT_CALLED: lambda _params: _("You told us that no one has called you. A navigator will check."),
    Kind.STOPPED: _stopped_for_family,
    Kind.CLOSED: contact_lines.closed_for_family,
    Kind.MESSAGE: chosen_by_family,
}
