"""A family's own page, opened by its link: what happened, what is next, and every choice it has."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory.models import Program
from messaging.actions import CALLS
from portal.forms.answering import WordForm
from portal.forms.own import consent_form, marked, not_given, reach_form, tell_before, ways_back
from portal.forms.signing import not_theirs, not_yet
from portal.views import own
from portal.views.beside import told_before
from portal.views.links import OPENED_BY_LINK, held, marked_here, page_of
from portal.views.own import held_up, in_our_time, in_words_at, is_all_held_up, own_page, promised
from privacy.actions import record_access
from privacy.models import AccessEvent
from referral.actions.moving import ended_by_link, may_take_back, own_end
from referral.actions.unsigned import why_unsigned
from referral.actions.waiting import WORKING_DAYS, owes_since
from referral.hours import answer_due, close_of_working_day, promised_by
from referral.lifecycle import UNDO_TIME, PlacementStatus, ReferralStatus
from referral.models import Appointment, Disclosure, FamilyLink, FollowUp, Placement, Referral, Task, TimelineEntry
from referral.models.consents import categories_in_words
from referral.models.hours import working_time
from referral.models.referrals import PROGRAM_ANSWER_TIME
from referral.placement_lines import stands
from referral.timeline import for_family


@require_safe
@own_page
def status(request: HttpRequest, referral: Referral) -> HttpResponse:
    record_access(actor=None, subject=referral.key, action="viewed", purpose="family link", now=timezone.now())
    return own_status(request, referral)


def own_status(request: HttpRequest, referral: Referral, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    link = held(request, FamilyLink, referral.pk)
    here = marked_here(request, referral.pk)
    shut = marked(referral, link, here)
    again, elsewhere = ways_back(referral, link)
    heard = referral.timeline.read_by_family(referral)
    placements = list(referral.placements.select_related("program"))
    accepted = [each for each in placements if each.status == PlacementStatus.ACCEPTED]
    missed = _missed(heard)
    context = {
        "referral": referral,
        "danger_now": own.called_for_help(referral),
        "doctor_today": own.doctor_today(referral, now),
        "contact": referral.contact,
        "lines": sorted([*_openings(referral, link), *_lines(heard)], key=lambda line: line[0]),
        "placements": _programs(placements),
        "accepted": [each.program for each in accepted],
        "missed": [each.program for each in accepted if each.pk in missed],
        "reminded": referral.tasks.open().filter(kind=Task.Kind.NOT_CALLED).exists(),
        "again": again,
        "elsewhere": elsewhere,
        "next_steps": _next_steps(referral, now),
        **_consents(referral, now),
        "reach_form": tell_before(reach_form(referral, None), referral, link, here),
        "shut": shut,
        # Marked by somebody who came by a link, and not here.
        "not_here": bool(link and link.asked) and any(each["way"] not in here for each in shut),
        "may_lift": any(each["may_lift"] for each in shut),
        "may_call": _may_offer_calls(referral, now),
        "wishes": own.wishes_told(referral, now),
        "word_form": WordForm(),
        "navigator": referral.assigned_to.first_name if referral.assigned_to else "",
        "talk": _talk(heard),
        "unanswered": not referral.is_open and referral.timeline.waits_for_an_answer(),
        **_visits(referral, now),
        "check_in_waits": referral.followups.open().filter(status=FollowUp.Status.SENT).exists(),
        "disclosures": Disclosure.objects.filter(placement__referral=referral),
        "may_pause": referral.status == ReferralStatus.ACTIVE,
        "take_back_until": _take_back_until(referral, link, now),
        **_withdrawn_until(referral, link, now),
        "erasing": referral.tasks.open().filter(kind=Task.Kind.ERASE).exists(),
        **page_of(request, FamilyLink, referral.pk),
        **told_before(request, referral, now),
        **own.elsewhere(referral),
        **forms,
    }
    return render(request, "portal/status.html", context, status=status)


def _consents(referral: Referral, now: datetime) -> dict[str, Any]:
    """What was signed, what of it ended, and what is still to sign."""
    consents = referral.consents.live(now).prefetch_related("recipients")
    return {
        "consents": consents,
        "not_theirs": not_theirs(consents),
        "past_consents": referral.consents.shown(now).exclude(pk__in=referral.consents.standing(now)),
        "not_given": not_given(referral),
        "withdrawn": referral.timeline.filter(kind=TimelineEntry.Kind.CONSENT_REVOKED).count(),
        "signed_for": categories_in_words([*referral.consents.live(now).for_any_program()]),
        "consent_form": consent_form(referral, None),
        "unsigned": _unsigned(referral, now),
        "asked_to_sign": referral.tasks.open().filter(kind=Task.Kind.ASK_CONSENT).exists(),
    }


class Visit(NamedTuple):
    """A time of a first visit, and its hour in words on the clock of its program."""

    time: Appointment
    at: str


class Stands(NamedTuple):
    """A program that was asked, and how that stands in words."""

    program: Program
    status: str


def _visits(referral: Referral, now: datetime) -> dict[str, Any]:
    """The times to choose from, the visits that are agreed, and the programs that expect them."""
    visits = Appointment.objects.filter(placement__referral=referral).select_related("placement__program")
    times, booked = (
        [Visit(each, in_words_at(each.at, each.zone)) for each in rows]
        for rows in (visits.open_at(now), visits.booked())
    )
    return {"times": times, "booked": booked, "expected": [each.time.placement.program for each in booked]}


def _programs(placements: list[Placement]) -> list[Stands]:
    takes = (PlacementStatus.ACCEPTED, PlacementStatus.IN_PROGRESS)
    accepted = [str(each.program) for each in placements if each.status in takes]
    return [Stands(each.program, stands(each, accepted)) for each in placements]


def _lines(heard: list[TimelineEntry]) -> list[tuple[datetime, str]]:
    """What happened, in sentences."""
    return [(entry.at, line) for entry in heard if (line := for_family(entry))]


def _missed(heard: list[TimelineEntry]) -> set[int]:
    """The requests whose program said last that nobody came to the first visit."""
    kind, said = TimelineEntry.Kind, dict[int, str]()
    for line in heard:
        if line.kind == kind.VISIT:
            said[line.params["placement"]] = line.params["outcome"]
        elif line.kind == kind.TIMES_OFFERED or (line.kind == kind.UNDONE and line.params.get("what") == kind.VISIT):
            said.pop(line.params["placement"], None)
    return {key for key, outcome in said.items() if outcome == "missed"}


def _openings(referral: Referral, link: FamilyLink | None) -> list[tuple[datetime, str]]:
    """For the browser that asked alone: when somebody opened the page in another one by a link; once an hour."""
    if link is None or not link.asked:
        return []
    rows = AccessEvent.objects.filter(subject=referral.key, purpose=OPENED_BY_LINK).order_by("-at")
    hours = {f"{at:%Y%m%d%H}": at for at in rows.values_list("at", flat=True)[:100]}
    return [(at, _("This page was opened in another browser, by a link that we sent.")) for at in hours.values()]


def _take_back_until(referral: Referral, link: FamilyLink, now: datetime) -> datetime | None:
    """Until when this browser may take back the end of the request; None where it may not."""
    line = own_end(referral, now)
    return line.at + UNDO_TIME if line is not None and may_take_back(line, link) else None


def _withdrawn_until(referral: Referral, link: FamilyLink, now: datetime) -> dict[str, Any]:
    """Until when this browser may take back that the consent was withdrawn by a link, or signed for less."""
    lines = ended_by_link(referral, now) if link and link.asked else []
    narrowed = all("signed" in line.params for line in lines)
    return {"withdrawn_until": lines[-1].at + UNDO_TIME, "narrowed": narrowed} if lines else {}


def _unsigned(referral: Referral, now: datetime) -> str:
    """What happens instead where the family signed and it does not count, as long as somebody is to ask."""
    waits = referral.tasks.open().filter(kind=Task.Kind.ASK_CONSENT).exists()
    found = why_unsigned(referral, now) if waits else None
    return not_yet(found, referral.concern) if found else ""


def _may_offer_calls(referral: Referral, now: datetime) -> bool:
    """Whether the page asks if we may call: where no way is left, and they said of nobody else that has it."""
    contact = referral.contact
    return bool(contact.phone) and not contact.is_reachable and {"sms", CALLS}.isdisjoint(contact.marked_ways(now))


def _talk(heard: list[TimelineEntry]) -> list[dict[str, Any]]:
    """What the family wrote on this page, and what was answered to it."""
    kinds = (TimelineEntry.Kind.WROTE, TimelineEntry.Kind.TOLD_FAMILY)
    lines = [each for each in heard if each.kind in kinds]
    return [{"at": each.at, "own": each.kind == kinds[0], "text": each.text, **_whose(each)} for each in lines]


def _whose(line: TimelineEntry) -> dict[str, Any]:
    """The first name of whoever answered; of a family whether it came by a link, beside the browser that asked."""
    return {"who": line.actor.first_name if line.actor else "", "by_link": bool(line.params.get("link"))}


NO_WAY = gettext_lazy(
    "We have no way to contact you: you have not allowed emails, text messages or calls."
    " You can change this on your page, under “How we reach you”."
)


CANNOT_WRITE = gettext_lazy(
    "We cannot send messages right now, so we may contact you later than usual. Write to us below or call us."
)


ERASING = gettext_lazy(
    "You asked us to delete your data. Someone on our team reads that by %(by)s, and tells you before your data is"
    " deleted. Until then you can take it back below, and we send you no check-ins."
)


def _next_steps(referral: Referral, now: datetime) -> list[str]:
    """What happens next, in sentences, beside what a program that said yes will do. Consent is an offer, said last."""
    if not referral.is_open:
        return []
    steps = []
    live = list(referral.placements.live().select_related("program"))
    asked = [each for each in live if each.status == PlacementStatus.REQUESTED]
    steps += [_waits(each, now) for each in asked]
    called = [own.help_comes(referral, now)] if referral.tasks.crises().exists() else []
    coming = referral.followups.pending().filter(due_at__gt=now, kind="message")
    erasing = referral.tasks.open().filter(kind=Task.Kind.ERASE).first()
    if referral.contact.channels() and coming.exists() and not (erasing or called):
        steps.append(_("We will write to you to ask how things are going."))
    accepted = any(each.status == PlacementStatus.ACCEPTED for each in live)
    if erasing is not None:
        by = in_our_time(promised_by(erasing.created_at, working_time()))
        return [*called, str(ERASING) % {"by": by}, *steps]
    if referral.status == ReferralStatus.ON_HOLD and referral.hold_until:
        day = formats.date_format(referral.hold_until.astimezone(ZoneInfo(referral.contact.zone)))
        steps.insert(0, _("We come back to your request on %(day)s, or as soon as you go on with it.") % {"day": day})
    elif not referral.contact.is_reachable:
        steps.insert(0, str(NO_WAY))
    elif called:
        steps = called + steps
    elif referral.status == ReferralStatus.NEW or not (steps or accepted):
        steps.insert(0, _in_touch(referral, now))
    steps += held_up(referral)
    if not referral.consents.live(now).exists():
        steps.append(_("We can contact programs for you if you sign a consent under “Sharing with programs”."))
    return steps


def _waits(placement: Placement, now: datetime) -> str:
    """What a program still owes, as it really stands: by when, or since when it is late and what happens then."""
    work, since = working_time(), owes_since(placement)
    if since is None:
        return _("%(program)s asked us something before they answer. We answer them.") % {
            "program": str(placement.program)
        }
    due = answer_due(since, PROGRAM_ANSWER_TIME, work)
    told = {"program": str(placement.program), "due": in_our_time(due)}
    if now < due:
        return _("We are waiting to hear from %(program)s. We asked them to answer by %(due)s.") % told
    told["close"] = in_our_time(close_of_working_day(since, WORKING_DAYS, work))
    return (
        _(
            "%(program)s has not answered yet. We asked for an answer by %(due)s, and now call them."
            " If they do not answer by %(close)s, we look further."
        )
        % told
    )


def _in_touch(referral: Referral, now: datetime) -> str:
    if is_all_held_up(referral):
        return str(CANNOT_WRITE)
    by = promised(referral, now)
    if referral.status == ReferralStatus.NEW and by <= now:
        return _("We said that we would contact you by %(day)s. We are late, and we are sorry. Please call us.") % {
            "day": in_our_time(by)
        }
    if referral.status != ReferralStatus.NEW:
        return _("A navigator will contact you. If it takes too long, write to us below or call us.")
    return _("A navigator will contact you by %(day)s.") % {"day": in_our_time(by)}
