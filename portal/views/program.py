"""The pages of a program at its desk: all its requests, one request with every answer to it, and its openings."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import Program
from directory.models.zips import place_of
from portal.forms import desk
from portal.views.desk import Desk, at_desk
from portal.views.program_acts import ACTS, Act
from portal.views.program_openings import openings_of
from portal.views.program_talk import last_said, talk_of
from privacy.actions import record_access, record_disclosures
from privacy.limits import seconds_to_wait
from referral.actions import effects, undoing
from referral.actions.common import Actor, Ended, NotCovered
from referral.actions.waiting import WORKING_DAYS, owes_since
from referral.coverage import Category
from referral.hours import Work, answer_due, close_of_working_day, promised_to
from referral.lifecycle import PLACEMENT_ENDS, UNDO_TIME, PlacementStatus, Refused, Role
from referral.models import Appointment, Consent, Placement, TimelineEntry
from referral.models.consents import category_labels
from referral.models.hours import working_time
from referral.models.referrals import PROGRAM_ANSWER_TIME
from referral.models.visits import expected
from referral.program_rows import ENDED_SHOWN, KNOWS_ALL, Shared, program_rows, shared_with
from referral.reasons import CONSENT_ENDED, NO_ANSWER, code_of, in_words

# The parts of the list, each with the statuses it holds.
PARTS = (
    ("new", gettext_lazy("To answer"), {PlacementStatus.REQUESTED}),
    ("waitlist", gettext_lazy("On the waitlist"), {PlacementStatus.WAITLISTED}),
    ("accepted", gettext_lazy("Accepted, before care starts"), {PlacementStatus.ACCEPTED, PlacementStatus.ON_HOLD}),
    ("care", gettext_lazy("In care"), {PlacementStatus.IN_PROGRESS}),
)
SORTS = {
    "waiting": (gettext_lazy("Waiting longest"), lambda each: each.placement.sent_at),
    "level": (gettext_lazy("Level of care"), lambda each: (_level(each), each.placement.sent_at)),
    "program": (gettext_lazy("Program"), lambda each: (each.placement.program.name, each.placement.sent_at)),
}

OUTCOMES = {
    "came": gettext_lazy("They came to the first visit."),
    "missed": gettext_lazy("They did not come to the first visit."),
    "unreached": gettext_lazy("You could not reach them."),
}
# The answers that share one form of the page.
FIRST_ANSWERS = ("accept", "waitlist", "decline")
# What the button takes back, as it says it.
SLIPS = {
    TimelineEntry.Kind.ACCEPTED: gettext_lazy("Accepted"),
    TimelineEntry.Kind.REJECTED: gettext_lazy("Declined"),
    TimelineEntry.Kind.WAITLISTED: gettext_lazy("On the waitlist"),
    TimelineEntry.Kind.OPENING_EXPECTED: gettext_lazy("The new day of the opening"),
    TimelineEntry.Kind.STARTED: gettext_lazy("Care has started"),
    TimelineEntry.Kind.PLACEMENT_COMPLETED: gettext_lazy("Care has ended"),
    TimelineEntry.Kind.PLACEMENT_FAILED: gettext_lazy("It did not work out"),
    TimelineEntry.Kind.TIMES_OFFERED: gettext_lazy("The times you proposed"),
    TimelineEntry.Kind.VISIT: gettext_lazy("What you told us of the first visit"),
}

# The steps that may carry a reason, or words of the program's own.
ANSWERS = (
    TimelineEntry.Kind.ACCEPTED,
    TimelineEntry.Kind.REJECTED,
    TimelineEntry.Kind.WAITLISTED,
    TimelineEntry.Kind.PLACEMENT_FAILED,
)


def _level(each: Shared) -> int:
    low = each.placement.referral.level_low
    return low.order if low else 99


@require_safe
@at_desk
def program(request: HttpRequest, here: Desk) -> HttpResponse:
    """All requests of the desk: what waits for an answer first, in compact rows."""
    now = timezone.now()
    sort = request.GET.get("sort", "waiting")
    order = SORTS[sort if sort in SORTS else "waiting"][1]
    found = sorted(shared_with(here.keys, now), key=order)
    live = [each for each in found if each.placement.is_live]
    record_disclosures([each.placement.referral.key for each in live], purpose=_purpose(here), now=now)
    several, work, said = len(here.programs) > 1, working_time(), last_said([each.placement for each in live])
    parts = [
        {
            "key": key,
            "label": label,
            "rows": [
                _line(each, several, now, said.get(each.placement.pk), work)
                for each in live
                if each.placement.status in held
            ],
        }
        for key, label, held in PARTS
    ]
    counts = Counter(each.placement.status for each in live)
    sorts = [{"key": key, "label": label, "here": key == sort} for key, (label, _key) in SORTS.items()]
    context = {
        "desk": here,
        "parts": [part for part in parts if part["rows"]],
        "to_answer": counts[PlacementStatus.REQUESTED],
        "sorts": [each for each in sorts if several or each["key"] != "program"],
        "ended": _ended(here, now),
        "openings": openings_of(here.programs),
    }
    return render(request, "portal/program_desk.html", context)


def _purpose(here: Desk) -> str:
    return f"program:{here.programs[0].pk}"


def _line(each: Shared, several: bool, now: datetime, said: TimelineEntry | None, work: Work) -> dict[str, Any]:
    placement, contact = each.placement, each.placement.referral.contact
    facts = [
        row.value for found in program_rows(placement.referral, each.may & {Category.NEED}).values() for row in found
    ]
    if Category.SITUATION in each.may:  # the town is looked up on the request's own page
        facts += [str(placement.referral.patient.get_age_display()), str(contact.get_language_display())]
    waits = said is not None and said.kind == TimelineEntry.Kind.PROGRAM_ASKED
    answered = said is not None and not waits
    since = said.at if said is not None and answered else placement.sent_at
    due = answer_due(since, PROGRAM_ANSWER_TIME, work)
    asked = placement.status == PlacementStatus.REQUESTED and not waits
    return {
        "waits": waits,
        "answered": answered,
        "placement": placement,
        "code": placement.referral.public_code,
        "name": contact.name if Category.CONTACT in each.may else "",
        "facts": [fact for fact in facts if fact],
        "program": placement.program.name if several else "",
        "due": due if asked else None,
        "late": asked and due < now,
        "booked": _set_for(placement),
    }


def _ended(here: Desk, now: datetime) -> list[Placement]:
    """What ended lately: its code and how it ended, nothing of the person."""
    rows = Placement.objects.filter(program__in=here.keys, status__in=PLACEMENT_ENDS, ended_at__gt=now - ENDED_SHOWN)
    return list(
        rows.select_related("referral").only("status", "ended_at", "referral__public_code").order_by("-ended_at")
    )


@require_safe
@at_desk
def one_request(request: HttpRequest, here: Desk, pk: int) -> HttpResponse:
    """One request, with what may be answered to it."""
    each = _find(here, pk)
    return _page(request, here, each) if each else _gone(request, here, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def act(request: HttpRequest, here: Desk, pk: int, deed: str) -> HttpResponse:
    """One answer to one request: the form and the action that the address names."""
    chosen = ACTS.get(deed)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return redirect("portal:program-request", pk)
    each, now = _find(here, pk), timezone.now()
    if each is None:
        return _gone(request, here, pk)
    if "enter" in request.POST:
        return _not_answered(request, here, each, now)
    form = _form(deed, chosen, each, _with_note(deed, request.POST), now)
    if form is not None and not form.is_valid():
        return _page(request, here, each, status=422, **{deed: form})
    if chosen.paced and (wait := seconds_to_wait(request, "program", now=now, times=3)):
        return _page(request, here, each, status=429, wait=wait, **{deed: form})
    try:
        chosen.run(each.placement, form, Actor.program(each.placement.program.name), now)
    except (Refused, Ended):
        messages.info(request, _refused(deed, each.placement))
    except NotCovered:
        return _gone(request, here, pk)
    else:
        messages.success(request, str(chosen.done))
    return redirect("portal:program-request", pk)


def _not_answered(request: HttpRequest, here: Desk, each: Shared, now: datetime) -> HttpResponse:
    """Enter was pressed in a field of the first answers: nothing is done, and what was typed stays."""
    forms = {deed: _form(deed, ACTS[deed], each, None, now) for deed in FIRST_ANSWERS}
    for deed, form in forms.items():
        typed = {name: request.POST.get(f"{deed}-{name}", "") for name in form.fields}
        form.initial = {name: value for name, value in typed.items() if value}
    messages.info(request, _("Nothing is sent yet. Press the button of your answer."))
    return _page(request, here, each, **forms)


def _refused(deed: str, placement: Placement) -> str:
    if deed == "undo" and undoing.taken_elsewhere(placement):
        return _("Another program has accepted meanwhile. Your answer stands.")
    return _("This request has already been answered. You see its current status.")


def _with_note(deed: str, data: QueryDict) -> QueryDict:
    """The words of the one box for the navigator, which stands above every first answer, go with the answer given."""
    note = data.get("accept-more", "").strip()
    if not note or deed not in ("waitlist", "decline"):
        return data
    data, name = data.copy(), f"{deed}-more"
    data[name] = "\n".join(part for part in (data.get(name, ""), note) if part)
    return data


def _find(here: Desk, pk: int) -> Shared | None:
    return next(iter(shared_with(here.keys, timezone.now(), pk=pk)), None)


WHY_GONE = {
    CONSENT_ENDED: gettext_lazy("The consent to share it has ended."),
    NO_ANSWER: gettext_lazy("It was closed because we had no answer from you in time."),
}


def _gone(request: HttpRequest, here: Desk, pk: int) -> HttpResponse:
    """A request that has ended, or whose consent has. Of one that was never theirs nothing is told that another page
    would not tell. Where the family went is not for a program to read."""
    placement = Placement.objects.filter(pk=pk, program__in=here.keys).first()
    why: str | Promise = ""
    if placement and placement.is_live:
        why = WHY_GONE[CONSENT_ENDED]
    elif placement and placement.status == PlacementStatus.CANCELLED:
        why = WHY_GONE.get(code_of(placement.reason), _("It is no longer needed."))
    elif placement:
        why = _("Your answer: %(answer)s.") % {"answer": placement.get_status_display()}
    list(messages.get_messages(request))  # said of an answer that has ended since: it would speak against this page
    typed = [value for name, value in request.POST.items() if name.split("-")[-1] in ("more", "word") and value]
    return render(request, "portal/program_gone.html", {"desk": here, "typed": typed, "why": why}, status=410)


def _form(deed: str, chosen: Act, each: Shared, data: Any, now: datetime) -> Any:
    """The form of an answer, with what it must know of the request; None where a button says it all."""
    if chosen.form is None:
        return None
    form = chosen.form(data, prefix=deed)
    if isinstance(form, desk.TimesForm):
        form.on_clock(zone_of(each.placement.program), now)
    elif isinstance(form, desk.WaitlistForm):
        form.not_before(timezone.localdate(now))
        if isinstance(form, desk.OpeningForm):
            form.begin_with(each.placement.expected_on)
    if isinstance(form, desk.OfVisit):
        form.of_visit(next(iter(expected(each.placement.appointments.all(), now)), None), now)
    if isinstance(form, desk.AdmitForm):
        form.offer(each.placement.program.offers.values_list("level", flat=True))
    return form


def zone_of(program: Program) -> str:
    """Where the program's clock hangs: at its first location, else with us."""
    location = program.locations.first()
    place = place_of(location.zip) if location else None
    return (place.zone if place else "") or settings.TIME_ZONE


def _page(
    request: HttpRequest, here: Desk, each: Shared, *, status: int = 200, wait: int = 0, **bound: Any
) -> HttpResponse:
    now = timezone.now()
    record_access(actor=None, subject=each.placement.referral.key, action="disclosed", purpose=_purpose(here), now=now)
    deeds = undoing.steps_of(each.placement)
    slip = undoing.slip_of(each.placement, deeds, now)
    open_acts = [name for name, chosen in ACTS.items() if name != "undo" and chosen.fits(each.placement, now)]
    forms = {name: bound.get(name) or _form(name, ACTS[name], each, None, now) for name in open_acts}
    context = {**_context(each, now), "desk": here, "acts": open_acts, "forms": forms, "wait": wait}
    context |= {
        "slip": SLIPS[TimelineEntry.Kind(slip.kind)] if slip else "",
        "undo_until": slip.at + UNDO_TIME if slip else None,
        "visit": _visit(deeds),
        "own_words": _own_words(deeds),
    }
    context["faulty"] = [form for form in forms.values() if form is not None and form.errors]
    return render(request, "portal/program.html", context, status=status)


def _context(each: Shared, now: datetime) -> dict[str, Any]:
    """Only what may be shown: what is not covered, or not yet, is not in the context at all.

    So nothing here is the placement or the referral itself: what staff write on them is not for the program.
    """
    placement, consent, referral = each.placement, each.consent, each.placement.referral
    rows = program_rows(referral, each.may)
    zone = zone_of(placement.program)
    work = working_time()
    since = owes_since(placement)
    close = close_of_working_day(since or now, WORKING_DAYS, work)
    return {
        "which": placement.pk,
        "status": placement.status,
        "status_label": placement.get_status_display(),
        "program_name": placement.program.name,
        "code": referral.public_code,
        "former": _former_code(placement),
        "rows": [row for category, found in rows.items() if category != Category.ANSWERS for row in found],
        "answers": rows.get(Category.ANSWERS, []),
        "call": _call(each) if Category.CONTACT in each.may else None,
        "times": ", ".join(referral.contact.time_labels),
        "later": placement.status not in KNOWS_ALL
        and placement.is_live
        and Category.CONTACT not in each.may
        and Category.CONTACT in placement.categories,
        "by_us": placement.status in KNOWS_ALL and Category.CONTACT in {*consent.categories} - each.may,
        "notice": effects.NOTICE if settings.PART_2 else "",
        "signed_at": consent.signed_at,
        "said": consent.method == Consent.Method.VERBAL,
        "expires_at": consent.expires_at,
        "covered": category_labels(sorted(each.may)),
        "by": (by := _call_by(placement, work)),
        "held_until": held.astimezone(ZoneInfo(zone)) if (held := referral.held_until(now)) else None,
        "call_late": by < now,
        "waits": since is None,
        "due": (due := answer_due(since or now, PROGRAM_ANSWER_TIME, work)),
        "late": due < now,
        "closes": close,
        "expected_on": placement.expected_on,
        "set_for": _set_for(placement),
        "appointments": [time for time in placement.appointments.all() if time.status in ("proposed", "booked")],
        "zone": zone,
        "clock": now.astimezone(ZoneInfo(zone)).strftime("%Z"),
        "talk": talk_of(placement),
    }


def _call_by(placement: Placement, work: Work) -> datetime:
    """By when the program is to be in touch: at the end of a working day, or of the first hours that the family chose
    for calls, where those begin only then."""
    contact = placement.referral.contact
    times = contact.times if contact.is_callable else ()
    asked = placement.answered_at or placement.sent_at
    return promised_to(max(asked, placement.referral.held_until(asked) or asked), work, times, contact.zone)


def _set_for(placement: Placement) -> Appointment | None:
    """The time that the family chose for its first visit."""
    return next((time for time in placement.appointments.all() if time.status == Appointment.Status.BOOKED), None)


def _former_code(placement: Placement) -> str:
    """The code under which the program was asked, where its request has gone over to another one of the family."""
    lines = TimelineEntry.objects.filter(kind=TimelineEntry.Kind.SENT, referral__merged_into=placement.referral_id)
    sent = lines.select_related("referral").about(placement=placement.pk)
    return sent[0].referral.public_code if sent else ""


def _visit(deeds: list[TimelineEntry]) -> dict[str, Any] | None:
    """What the program said last of the first visit, unless it has proposed other times since."""
    last = next((line for line in reversed(deeds) if line.kind in undoing.AT_THE_VISIT), None)
    if last is None or last.kind != TimelineEntry.Kind.VISIT:
        return None
    return {
        "at": last.at,
        "outcome": last.params["outcome"],
        "what": OUTCOMES[last.params["outcome"]],
        "text": last.text,
    }


def _own_words(deeds: list[TimelineEntry]) -> dict[str, Any] | None:
    """What the program wrote with the answer that stands, or its reason."""
    answers = [line for line in deeds if line.kind in ANSWERS]
    last = answers[-1] if answers else None
    if last is None or last.role != Role.PROGRAM or not last.text:
        return None
    return {"what": SLIPS[TimelineEntry.Kind(last.kind)], "at": last.at, "text": in_words(last.text)}


def _call(each: Shared) -> dict[str, str]:
    """Whom to call, or to write to where nobody may call."""
    contact = each.placement.referral.contact
    withheld = contact.not_given(contact.shut_ways(timezone.now()))
    return {
        "name": contact.name,
        "phone": (phone := "" if "phone" in withheld else contact.phone),
        "phone_shown": contact.phone_shown,
        "email": "" if "email" in withheld else contact.email,
        "voicemail": contact.get_voicemail_display() if phone else "",
    }
