"""Who is told when something waits too long: the rules, and what they have told of; for supervisors."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.actions import escalations as actions
from referral.actions.common import Actor
from referral.models import EscalationNotice, EscalationRule, Referral
from workspace.rule_form import RuleForm
from workspace.views.guard import staff_required, worker
from workspace.views.queue import crisis_of, record_listed

MOST = 100
ORDER = EscalationRule.About.values


def _supervisor(request: HttpRequest) -> Actor:
    user = worker(request)
    if not user.has_perm("referral.supervise_referrals"):
        raise PermissionDenied
    return Actor.of(user)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def escalations(request: HttpRequest, key: str = "") -> HttpResponse:
    """All rules, each as a form with an address of its own, one for another rule (`key` is ``new``), and what waits."""
    actor, now = _supervisor(request), timezone.now()
    sent = request.POST if request.method == "POST" else None
    rules = sorted(EscalationRule.objects.all(), key=lambda rule: (ORDER.index(rule.about), rule.after))
    forms = [RuleForm(sent if key == str(rule.pk) else None, rule=rule) for rule in rules]
    new = RuleForm(sent if key == "new" else None, rule=EscalationRule())
    saved = next((form for form in [*forms, new] if form.is_bound), None)
    if sent and saved is None:
        messages.warning(request, _("This rule is gone. Nothing was changed."))
        return redirect("workspace:escalations")
    if saved and saved.is_valid():
        try:
            actions.save_rule(saved.filled(), actor=actor)
        except ValidationError as error:
            saved.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace:escalations")
    waiting = list(
        EscalationNotice.objects.waiting().select_related("rule", "referral__contact", "referral__assigned_to")[:MOST]
    )
    crises = list(Referral.objects.in_crisis().for_queue())
    listed = [*crises, *(notice.referral for notice in waiting)]
    if listed:
        record_listed(worker(request), listed, action="viewed", purpose="escalations", now=now)
    context = {"rules": forms, "new": new, "form": saved or new, "waiting": waiting, "now": now}
    context["crises"] = [crisis_of(each) for each in crises]
    return render(request, "workspace/escalations.html", context, status=422 if saved else 200)


@require_POST
@staff_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.delete_rule(pk, actor=_supervisor(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Deleted."))
    return redirect("workspace:escalations")


@require_POST
@staff_required
def have(request: HttpRequest, pk: int) -> HttpResponse:
    """A supervisor sees to it: nobody else is told."""
    actor = _supervisor(request)
    get_object_or_404(EscalationNotice, pk=pk)
    actions.acknowledge(pk, actor=actor, now=timezone.now())
    messages.success(request, _("Saved. No one else is told of this."))
    return redirect("workspace:escalations")
