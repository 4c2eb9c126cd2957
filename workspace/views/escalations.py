"""Who is told when something waits too long: the rules, for supervisors; and what they have told of."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.actions import escalations as actions
from referral.actions.common import Actor, NotYours
from referral.models import Absence, EscalationNotice, EscalationRule, Placement, Referral
from workspace.rule_form import RuleForm
from workspace.views.guard import staff_required, worker
from workspace.views.queue import crises_of, record_listed

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
    """All rules, each as a form with an address of its own, one for another rule (`key` is ``new``), and what waits.

    A navigator sees what waits alone.
    """
    user = worker(request)
    if not (key or request.method == "POST" or user.has_perm("referral.supervise_referrals")):
        return render(request, "workspace/escalations.html", _waiting(request))
    actor = _supervisor(request)
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
    context = {"rules": forms, "new": new, "form": saved or new, **_waiting(request)}
    return render(request, "workspace/escalations.html", context, status=422 if saved else 200)


def _waiting(request: HttpRequest) -> dict[str, object]:
    """What waits, with who sees to it. Who may not open a family sees its code alone. Each look is written down."""
    user, now = worker(request), timezone.now()
    found = EscalationNotice.objects.standing().for_staff(user, now)
    notices = found.select_related("referral__contact", "referral__assigned_to").newest()[:MOST]
    visible = Referral.objects.visible_to(user)
    crises = crises_of(visible.in_crisis().for_queue(), user, now, Absence.objects.users_on(timezone.localdate(now)))
    opens = set(visible.filter(pk__in=[each.referral_id for each in notices]).values_list("pk", flat=True))
    listed = [*(each.referral for each in crises), *(each.referral for each in notices if each.referral_id in opens)]
    if listed:
        record_listed(user, listed, action="viewed", purpose="escalations", now=now)
    asked = [each.subject_id for each in notices if each.rule.about == EscalationRule.About.PROGRAM]
    programs = dict(Placement.objects.filter(pk__in=asked).values_list("pk", "program__name"))
    rows = [(each, each.referral_id in opens, programs.get(each.subject_id, "")) for each in notices]
    return {"waiting": rows, "now": now, "crises": crises}


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
    """Somebody sees to it: nobody else is told."""
    user = worker(request)
    get_object_or_404(EscalationNotice, pk=pk)
    try:
        notice = actions.acknowledge(pk, actor=Actor.of(user), now=timezone.now())
    except NotYours:
        messages.warning(request, _("A colleague has this family, and you are not on duty. Nothing was saved."))
        return redirect("workspace:escalations")
    if notice.acknowledged_by == user:
        messages.success(request, _("Saved. No one else is told of this."))
    else:
        messages.info(request, _("%(name)s has it already.") % {"name": notice.had_by})
    if "page" in request.POST:  # pressed on the family's own page
        return redirect("workspace:referral", notice.referral_id)
    return redirect("workspace:escalations")
