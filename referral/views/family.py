"""A family's own page, opened by its link: what happened, what is next, and every choice it has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy.actions import record_access
from referral.actions.common import FAMILY
from referral.actions.consenting import revoke_consent, sign_consent
from referral.actions.following import change_contact, stop_messages
from referral.actions.working import withdraw
from referral.forms.asking import WAYS, ConsentForm, ReachForm
from referral.lifecycle import Refused
from referral.models import ConsentWording, FamilyLink, Referral
from referral.timeline import for_family
from referral.views.links import remembered, without_link

P = ParamSpec("P")


def own_page(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the referral of the family whose link this session opened."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = remembered(request, FamilyLink)
        if link is None:
            return without_link(request, FamilyLink)
        referral = Referral.objects.select_related("contact", "patient").get(pk=link.referral_id)
        return view(request, referral, *args, **kwargs)

    return never_cache(opened)


@require_safe
@own_page
def status(request: HttpRequest, referral: Referral) -> HttpResponse:
    record_access(actor=None, subject=referral.key, action="viewed", purpose="family link", now=timezone.now())
    return _page(request, referral)


def _page(request: HttpRequest, referral: Referral, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        "referral": referral,
        "contact": referral.contact,
        "lines": [(entry.at, for_family(entry)) for entry in referral.timeline.for_family()],
        "placements": referral.placements.select_related("program"),
        "next_steps": _next_steps(referral, now),
        "consents": referral.consents.live(now).prefetch_related("recipients"),
        "consent_form": _consent_form(referral, None),
        "reach_form": _reach_form(referral, None),
        **forms,
    }
    return render(request, "referral/status.html", context, status=status)


def _next_steps(referral: Referral, now: datetime) -> list[str]:
    """What happens next, in sentences; never an empty list while the request is open."""
    if not referral.is_open:
        return []
    steps = []
    by_status = {each.status: each.program for each in referral.placements.select_related("program")}
    if "accepted" in by_status:
        steps.append(_("%(program)s will call you to set your first day.") % {"program": by_status["accepted"]})
    if "requested" in by_status:
        steps.append(
            _("We wait for the answer of %(program)s, usually within a day.") % {"program": by_status["requested"]}
        )
    if not referral.consents.live(now).exists():
        steps.append(_("To ask programs for you, we need your consent. You can give it below."))
    coming = referral.followups.pending().filter(due_at__gt=now, kind="message").first()
    if coming:
        steps.append(_("We write to you to ask how it is going."))
    if not steps:
        steps.append(_("A navigator gets in touch with you, within one working day."))
    return steps


def _reach_form(referral: Referral, data: Any) -> ReachForm:
    contact = referral.contact
    names = ("phone", "email", "zip_code", "times", "voicemail", "language", *(f"by_{way}" for way in WAYS))
    form = ReachForm(data, initial={name: getattr(contact, name) for name in names})
    form.wordings(get_language() or "en")
    return form


def _consent_form(referral: Referral, data: Any) -> ConsentForm:
    wording = ConsentWording.objects.current("share", get_language() or "en")
    return ConsentForm(data, wording=wording, has_answers=referral.response_id is not None, prefix="consent")


@require_POST
@own_page
def reach(request: HttpRequest, referral: Referral) -> HttpResponse:
    form = _reach_form(referral, request.POST)
    if not form.is_valid():
        return _page(request, referral, status=422, reach_form=form)
    change_contact(referral.pk, form.reach(), actor=FAMILY, now=timezone.now())
    messages.success(request, _("Saved. This is how we reach you from now on."))
    return redirect("referral:status")


@require_POST
@own_page
def consent(request: HttpRequest, referral: Referral) -> HttpResponse:
    form = _consent_form(referral, request.POST)
    if not form.is_valid():
        return _page(request, referral, status=422, consent_form=form)
    sign_consent(referral.pk, form.signature(referral.relation), actor=FAMILY, now=timezone.now())
    messages.success(request, _("Thank you. Your consent is saved. You can take it back at any time."))
    return redirect("referral:status")


@require_POST
@own_page
def revoke(request: HttpRequest, referral: Referral, consent_pk: int) -> HttpResponse:
    found = get_object_or_404(referral.consents, pk=consent_pk)
    revoke_consent(found.pk, actor=FAMILY, now=timezone.now())
    messages.success(request, _("Your consent is taken back. Nothing more is shared."))
    return redirect("referral:status")


@require_POST
@own_page
def stop(request: HttpRequest, referral: Referral) -> HttpResponse:
    stop_messages(referral.pk, actor=FAMILY, now=timezone.now(), source="own page")
    messages.success(request, _("No message is sent to you any more. You can change this below at any time."))
    return redirect("referral:status")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def end(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The family ends its request, after one question."""
    if request.method != "POST":
        return render(request, "referral/end.html", {"referral": referral})
    try:
        withdraw(referral.pk, actor=FAMILY, now=timezone.now())
    except Refused:
        messages.info(request, _("This request is closed already."))
    return redirect("referral:status")
