"""A family rests, ends its request, takes its data with it, or wants it deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.views.own import own_page
from referral.actions.common import FAMILY
from referral.actions.referrals import withdraw_referral
from referral.lifecycle import Refused
from referral.models import Referral


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def end(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The family ends its request, after one question."""
    if request.method != "POST":
        return render(request, "portal/end.html", {"referral": referral, "which": str(referral.pk)})
    try:
        withdraw_referral(referral.pk, actor=FAMILY, now=timezone.now())
    except Refused:
        messages.info(request, _("This request is closed already."))
    return redirect("portal:status")
