"""The page of a program that was asked: no more about a person than the consent covers, and one answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
from referral.actions import placing
from referral.actions.common import Actor
from referral.answers import told
from referral.coverage import LIMITED, Category, covering
from referral.forms.answering import ProgramAnswerForm
from referral.lifecycle import PLACEMENT, PlacementStatus, Refused, Role, moves_from
from referral.models import Consent, Disclosure, Placement, ProgramLink
from referral.views.links import ended, remembered, without_link

KNOWS_ALL = frozenset({PlacementStatus.ACCEPTED, PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def program(request: HttpRequest) -> HttpResponse:
    """Show the request and take the answer. A consent that has ended shuts the page at once."""
    now = timezone.now()
    link = remembered(request, ProgramLink)
    if link is None:
        return without_link(request, ProgramLink)
    placement = Placement.objects.select_related(
        "program", "referral__patient", "referral__contact", "referral__level_low", "referral__level_high"
    ).get(pk=link.placement_id)
    grants = placement.referral.consents.all().grants()
    grant, _gap = covering(grants, recipient=placement.program_id, categories=placement.categories, now=now)
    if grant is None:
        return ended(request, ProgramLink)
    form = ProgramAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, placement, form, now)
    consent = Consent.objects.get(pk=grant.key)
    record_access(
        actor=None,
        subject=placement.referral.key,
        action="disclosed",
        purpose=f"program:{placement.program_id}",
        now=now,
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "referral/program.html", _context(placement, consent, form), status=status)


def _context(placement: Placement, consent: Consent, form: ProgramAnswerForm) -> dict[str, Any]:
    """Only what may be shown: what is not covered, or not yet, is not in the context at all."""
    may = set(placement.categories) if placement.status in KNOWS_ALL else set(LIMITED)
    may &= set(consent.categories)
    referral = placement.referral
    shown: dict[str, Any] = {}
    if Category.NEED in may:
        shown["need"] = {"concern": referral.get_concern_display(), "level": referral.level_range}
    if Category.SITUATION in may:
        shown["situation"] = {
            "area": _area(referral.contact.zip_code),
            "language": referral.contact.get_language_display(),
            "age": referral.patient.get_age_display(),
            "times": referral.contact.time_labels,
            "relation": referral.relation,
        }
    if Category.ANSWERS in may and referral.response:
        shown["answers"] = told(referral.response, get_language() or "en", _("Not sure"), _("None of these"))
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
        "form": form,
    }


def _area(zip_code: str) -> str:
    """The town, never the ZIP code: five digits and a language can be one family."""
    try:
        place = place_of(zip_code)
    except BadZip:
        return ""
    return f"{place.city}, {place.state}"


def _answer(request: HttpRequest, placement: Placement, form: ProgramAnswerForm, now: datetime) -> HttpResponse:
    actor, answer = Actor.program(placement.program.name), form.cleaned_data["answer"]
    try:
        if answer == "accept":
            placing.accept(placement.pk, actor=actor, now=now)
        elif answer == "waitlist":
            placing.waitlist(placement.pk, actor=actor, now=now)
        else:
            placing.reject(placement.pk, form.reason_words(), actor=actor, now=now)
            return render(request, "referral/program_declined.html", {"program": placement.program})
    except Refused:
        messages.info(request, _("This request has been answered already. This is how it stands now."))
    except placing.NotCovered:
        return ended(request, ProgramLink)
    return redirect("referral:program")
