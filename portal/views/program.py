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
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.forms.answering import ProgramAnswerForm, QuestionForm
from portal.views.links import ended, page_of, remembered, without_link
from privacy.actions import record_access
from privacy.limits import seconds_to_wait
from referral.actions import placements
from referral.actions.common import Actor, Ended, NotCovered
from referral.actions.replies import hear_program
from referral.coverage import LIMITED, Category, covering
from referral.hours import promised_by
from referral.lifecycle import PLACEMENT, PlacementStatus, Refused, Role, moves_from
from referral.models import Consent, Placement, ProgramLink, Referral
from referral.models.consents import category_labels
from referral.program_rows import program_rows

KNOWS_ALL = frozenset({PlacementStatus.ACCEPTED, PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD})


Opened = Callable[[HttpRequest, Placement, Consent], HttpResponse]


def own_request(view: Opened) -> Callable[[HttpRequest], HttpResponse]:
    """Give the view the request that the page shows. A request or a consent that has ended shuts it at once."""

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
        if grant is None or not placement.is_live:
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
        return redirect("portal:program")
    form, now = QuestionForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, placement, consent, status=422, question=form)
    if wait := seconds_to_wait(request, "program", now=now):
        return _page(request, placement, consent, status=429, question=form, wait=wait)
    try:
        hear_program(placement.pk, form.cleaned_data["word"], actor=Actor.program(placement.program.name), now=now)
    except Ended:
        return ended(request, ProgramLink)
    except Refused:
        messages.info(request, _("This request has already been answered. You see its current status."))
    else:
        messages.success(request, _("The navigator has your question. You can still answer the request."))
    return redirect("portal:program")


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
    return render(request, "portal/program.html", context, status=status)


def _context(placement: Placement, consent: Consent) -> dict[str, Any]:
    """Only what may be shown: what is not covered, or not yet, is not in the context at all.

    So nothing here is the placement or the referral itself: what staff write on them is not for the program.
    """
    may = set(placement.categories) if placement.status in KNOWS_ALL else set(LIMITED)
    may &= set(consent.categories)
    referral = placement.referral
    rows = program_rows(referral, may)
    return {
        "status": placement.status,
        "status_label": placement.get_status_display(),
        "program_name": placement.program.name,
        "code": referral.public_code,
        "rows": [row for category, found in rows.items() if category != Category.ANSWERS for row in found],
        "answers": rows.get(Category.ANSWERS, []),
        "call": _call(referral) if Category.CONTACT in may else None,
        "times": ", ".join(referral.contact.time_labels),
        "later": placement.status not in KNOWS_ALL and Category.CONTACT in placement.categories,
        "moves": moves_from(PLACEMENT, placement.status, role=Role.PROGRAM),
        "notice": placements.NOTICE if settings.PART_2 else "",
        "signed_at": consent.signed_at,
        "expires_at": consent.expires_at,
        "covered": category_labels(sorted(may)),
        "by": promised_by(placement.answered_at or placement.sent_at, settings.TIME_ZONE),
    }


def _call(referral: Referral) -> dict[str, str]:
    """Whom to call, or to write to where nobody may call."""
    contact = referral.contact
    phone = contact.phone if contact.by_phone else ""
    return {"name": contact.name, "phone": phone, "phone_shown": contact.phone_shown, "email": contact.email}


def _answer(request: HttpRequest, placement: Placement, form: ProgramAnswerForm, now: datetime) -> HttpResponse:
    actor = Actor.program(placement.program.name)
    answer, more = form.cleaned_data["answer"], form.cleaned_data["more"]
    try:
        if answer == "accept":
            placements.accept_placement(placement.pk, actor=actor, now=now, text=more)
        elif answer == "waitlist":
            placements.waitlist_placement(placement.pk, actor=actor, now=now, text=more)
        else:
            placements.reject_placement(placement.pk, form.kept_reason(), actor=actor, now=now)
            return render(request, "portal/program_declined.html", page_of(request, ProgramLink, placement.pk))
    except Refused:
        messages.info(request, _("This request has already been answered. You see its current status."))
    except NotCovered:
        return ended(request, ProgramLink)
    return redirect("portal:program")
