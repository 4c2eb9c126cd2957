"""Who is away, and who sees to their families."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.actions.absences import end_absence, record_absence
from referral.actions.common import Actor
from referral.lifecycle import Refused
from referral.models import Absence
from referral.refusals import sentence
from workspace.forms import AbsenceForm
from workspace.views.guard import staff_required, worker


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def absences(request: HttpRequest) -> HttpResponse:
    """The absences of today and later, and the form for another one."""
    user, today = worker(request), timezone.localdate()
    form = AbsenceForm(request.POST if request.method == "POST" else None, worker=user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            record_absence(data["user"], data["cover"], data["first_day"], data["last_day"], actor=Actor.of(user))
        except Refused as error:
            form.add_error(None, sentence(error))
        except ValidationError as error:
            form.add_error(None, list(error.messages))
        else:
            messages.success(request, _("Saved. Their families stand in the queue of whoever covers."))
            return redirect("workspace:absences")
    rows = Absence.objects.filter(last_day__gte=today).select_related("user", "cover").order_by("first_day", "pk")
    mine = user.has_perm("referral.supervise_referrals")
    listed = [(each, each.first_day <= today, mine or user in (each.user, each.cover)) for each in rows]
    context = {"form": form, "listed": listed}
    return render(request, "workspace/absences.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever was away is back today."""
    get_object_or_404(Absence, pk=pk)
    try:
        end_absence(pk, actor=Actor.of(worker(request)), now=timezone.now())
    except Refused as error:
        messages.warning(request, sentence(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("workspace:absences")
