"""Where a family goes next: to another level, to follow-up after care, back to what was closed, or out of our area."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from directory.geo import BadZip
from directory.models.zips import place_of
from guides.publishing.helplines import helplines
from privacy.actions import record_access
from referral.actions.common import Actor
from referral.actions.moving import closed_just_now, held_consents, may_reopen
from referral.handoffs import HandOff, hand_offs
from referral.lifecycle import REFERRAL, PlacementStatus, moves_from
from referral.models import FollowUpPlan, Placement, Referral
from workspace.forms import PlanForm, VersionForm
from workspace.moving_forms import EndForm, MovedForm, ReopenForm, StepForm
from workspace.views.guard import staff_required, visible, worker
from workspace.views.one_referral import OPENED
from workspace.views.refusing import refused

Bound = Mapping[str, VersionForm]  # what was sent, by the name of its form


@require_safe
@staff_required
def move_on(request: HttpRequest, pk: int) -> HttpResponse:
    return next_page(request, visible(request, pk))


def next_page(
    request: HttpRequest, referral: Referral, *, status: int = 200, bound: Bound | None = None
) -> HttpResponse:
    """The page, with a form that was sent and refused in place of the empty one. Opening it is written down."""
    now, bound = timezone.now(), bound or {}
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose=OPENED, now=now)
    moves = moves_from(REFERRAL, referral.status, role=Actor.of(worker(request)).role)
    after = referral.followed_by.order_by("-opened_at")
    goes_on = any(each.is_open for each in after)
    context: dict[str, object] = {
        "referral": referral,
        "contact": referral.contact,
        "after": after,
        "can_step": "step" in moves and not goes_on and not referral.merged_into_id and not referral.erased_at,
        "can_reopen": "reopen" in moves and may_reopen(referral),
        "fresh": closed_just_now(referral, now),
        "goes_on_here": referral.is_open,
        "withdrawn": referral.closing == Referral.Closing.WITHDRAWN,
        "consents": held_consents(referral, now),
        "in_care": [(each, _end_form(each, referral, bound)) for each in _in_care(referral)],
        "live": [each.program.name for each in referral.placements.live().select_related("program")],
        "completed": referral.placements.filter(status=PlacementStatus.COMPLETED).exists(),
        "hand_offs": _elsewhere(referral),
        "forms": _forms(referral, bound),
        "faulty": next((form for form in bound.values() if form.errors), None),
    }
    if bound:
        return refused(request, "workspace/move_on.html", context, status)
    return render(request, "workspace/move_on.html", context)


def _in_care(referral: Referral) -> list[Placement]:
    return list(referral.placements.filter(status=PlacementStatus.IN_PROGRESS).select_related("program"))


def _end_form(placement: Placement, referral: Referral, bound: Bound) -> VersionForm:
    name = f"placement-{placement.pk}-ends"
    initial = {"version": referral.version, "ends_on": placement.ends_on}
    return bound.get(name) or EndForm(initial=initial, auto_id=f"{name}_%s")


def _forms(referral: Referral, bound: Bound) -> dict[str, VersionForm]:
    version = {"version": referral.version}
    need = {"urgency": Referral.Urgency.ROUTINE}
    plan = {"plan": FollowUpPlan.objects.filter(active=True, after_care=True).first()}
    empty: dict[str, VersionForm] = {
        "step": StepForm(initial=version | need, auto_id="step_%s"),
        "after_care": PlanForm(initial=version | plan, auto_id="after_care_%s"),
        "reopen": ReopenForm(initial=version, auto_id="reopen_%s"),
        "moved": MovedForm(initial=version, auto_id="moved_%s"),
    }
    return empty | {name: form for name, form in bound.items() if name in empty}


def _elsewhere(referral: Referral) -> list[HandOff]:
    """Who helps where the family lives now, to be read out on the phone."""
    try:
        state = place_of(referral.contact.zip_code).state
    except BadZip:
        state = ""
    language = get_language() or "en"
    return hand_offs(state, language, helplines(language))
