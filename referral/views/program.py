"""The page of a program that was asked: no more about a person than the consent covers, and one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.geo import BadZip, place_of
from privacy.actions import record_access
from privacy.limits import minutes_to_wait
from referral.actions import placing
from referral.actions.common import Actor, Ended
from referral.actions.hearing import hear_program
from referral.answers import told, told_of_paying
from referral.coverage import LIMITED, Category, covering
from referral.forms.answering import ProgramAnswerForm, QuestionForm
from referral.hours import promised_by
from referral.lifecycle import PLACEMENT, PlacementStatus, Refused, Role, moves_from
from referral.models import Consent, Disclosure, Placement, ProgramLink
from referral.views.links import ended, page_of, remembered, without_link

KNOWS_ALL = frozenset({PlacementStatus.ACCEPTED, PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD})


Opened = Callable[[HttpRequest, Placement, Consent], HttpResponse]


def own_request(view: Opened) -> Callable[[HttpRequest], HttpResponse]:
    """Give the view the request that the page shows. A consent that has ended shuts the page at once."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        link = remembered(request, ProgramLink)
        if link is None:
            return without_link(request, ProgramLink)
        placement = Placement.objects.select_related(
            "program", "referral__patient", "referral__contact", "referral__level_low", "referral__level_high"
        ).get(pk=link.placement_id)
        grants = placement.referral.consents.all().grants()
        recipient, categories = placement.program_id, placement.categories
        grant, _gap = covering(grants, recipient=recipient, categories=categories, now=timezone.now())
        if grant is None:
            return ended(request, ProgramLink)
        return view(request, placement, Consent.objects.get(pk=grant.key))

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(opened))


@own_request
def program(request: HttpRequest, placement: Placement, consent: Consent) -> HttpResponse:
    """Show the request and take the answer."""
    if request.method != "POST":
        return _page(request, placement, consent)
    form = ProgramAnswerForm(request.POST)
    if form.is_valid():
        return _answer(request, placement, form, timezone.now())
    return _page(request, placement, consent, status=422, form=form)


@own_request
def ask_us(request: HttpRequest, placement: Placement, consent: Consent) -> HttpResponse:
    """A question of the program to the navigator; the request stays open."""
    if request.method != "POST":
        return redirect("referral:program")
    form, now = QuestionForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, placement, consent, status=422, question=form)
    if wait := minutes_to_wait(request, "program", now=now):
        return _page(request, placement, consent, status=429, question=form, wait=wait)
    try:
        hear_program(placement.pk, form.cleaned_data["word"], actor=Actor.program(placement.program.name), now=now)
    except Ended:
        return ended(request, ProgramLink)
    except Refused:
        messages.info(request, _("This request has been answered already. This is how it stands now."))
    else:
        messages.success(request, _("Your question is with the navigator. The request stays open for your answer."))
    return redirect("referral:program")


def _page(
    request: HttpRequest, placement: Placement, consent: Consent, *, status: int = 200, **more: Any
) -> HttpResponse:
    record_access(
        actor=None,
        subject=placement.referral.key,
        action="disclosed",
        purpose=f"program:{placement.program_id}",
        now=timezone.now(),
    )
    forms = {"form": ProgramAnswerForm(), "question": QuestionForm()}
    context = {**_context(placement, consent), **page_of(request, ProgramLink, placement.pk), **forms, **more}
    return render(request, "referral/program.html", context, status=status)


def _context(placement: Placement, consent: Consent) -> dict[str, Any]:
    """Only what may be shown: what is not covered, or not yet, is not in the context at all."""
    may = set(placement.categories) if placement.status in KNOWS_ALL else set(LIMITED)
    may &= set(consent.categories)
    referral = placement.referral
    shown: dict[str, Any] = {}
    if Category.NEED in may:
        shown["need"] = {
            "concern": referral.get_concern_display(),
            "level": referral.level_range,
            "urgency": referral.get_urgency_display(),
        }
    if Category.SITUATION in may:
        shown["situation"] = {
            "area": _area(referral.contact.zip_code),
            "language": referral.contact.get_language_display(),
            "age": referral.patient.get_age_display(),
            "times": referral.contact.time_labels,
            "relation": referral.relation,
        }
    if Category.ANSWERS in may and referral.response:
        words = (get_language() or "en", _("Not sure"), _("None of these"))
        shown["answers"] = told(referral.response, *words)
        shown["paying"] = told_of_paying(referral.response, *words)
    if Category.CONTACT in may:
        shown["contact"] = {"contact": referral.contact, "patient": referral.patient}
    return {
        "placement": placement,
        "program": placement.program,
        "code": referral.public_code,
        "shown": shown,
        "consent": consent,
        "later": not shown.get("contact") and Category.CONTACT in placement.categories,
        "moves": moves_from(PLACEMENT, placement.status, role=Role.PROGRAM),
        "disclosures": Disclosure.objects.filter(placement=placement),
        "notice": placing.NOTICE,
        "by": promised_by(placement.answered_at or placement.sent_at, settings.TIME_ZONE),
    }


def _area(zip_code: str) -> str:
    """The town, never the ZIP code: five digits and a language can be one family."""
    try:
        place = place_of(zip_code)
    except BadZip:
        return ""
    return f"{place.city}, {place.state}"


def _answer(request: HttpRequest, placement: Placement, form: ProgramAnswerForm, now: datetime) -> HttpResponse:
    actor = Actor.program(placement.program.name)
    answer, more = form.cleaned_data["answer"], form.cleaned_data["more"]
    try:
        if answer == "accept":
            placing.accept(placement.pk, actor=actor, now=now, text=more)
        elif answer == "waitlist":
            placing.waitlist(placement.pk, actor=actor, now=now, text=more)
        else:
            placing.reject(placement.pk, form.reason_words(), actor=actor, now=now)
            return render(request, "referral/program_declined.html", page_of(request, ProgramLink, placement.pk))
    except Refused:
        messages.info(request, _("This request has been answered already. This is how it stands now."))
    except placing.NotCovered:
        return ended(request, ProgramLink)
    return redirect("referral:program")
