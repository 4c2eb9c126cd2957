"""One tap in a message, one page with the answers. Opening it does nothing; only a button answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.forms.answering import CheckInForm
from portal.views.beside import LAST_WAY, acting, ask_us_first, waiting_link
from portal.views.links import held, page_of, remember, remembered, without_link
from portal.views.own import called_for_help, help_comes, in_our_time
from referral.actions.check_ins import answer_check_in, connecting_ends_requests
from referral.actions.replies import hear_family
from referral.hours import promised_by
from referral.models import CheckInLink, FamilyLink, FollowUp
from referral.models.hours import working_time
from referral.reasons import MET_WISHED


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Show the answers, take one, and thank for it in words that fit it."""
    link = remembered(request, CheckInLink)
    if link is None:
        return without_link(request, CheckInLink)
    followup = FollowUp.objects.select_related("referral__contact").get(pk=link.followup_id)
    form = CheckInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {
            "followup": followup,
            "form": form,
            "danger_now": called_for_help(followup.referral),
            "help_comes": help_comes(followup.referral, timezone.now()),
            **page_of(request, CheckInLink, followup.pk),
        }
        context["by"] = in_our_time(promised_by(followup.answered_at or timezone.now(), working_time()))
        return render(request, "portal/check_in.html", context, status=status)
    now = timezone.now()
    said = form.cleaned_data
    actor, waits = acting(request, followup.referral, link), waiting_link(request, followup.referral, now, link)
    if (
        waits is not None
        and said["answer"] == FollowUp.Answer.CONNECTED
        and connecting_ends_requests(followup.referral)
    ):
        if said["text"]:
            hear_family(followup.referral_id, said["text"], actor=actor, now=now)
        ask_us_first(request, followup.referral, MET_WISHED, waits, came=link)
    elif waits is not None and said["answer"] == FollowUp.Answer.STOP and not followup.referral.contact.is_callable:
        messages.warning(request, LAST_WAY)
    else:
        answer_check_in(followup.pk, said["answer"], actor=actor, now=now, text=said["text"], link=link)
    # Who may answer may also see their own page.
    own = held(request, FamilyLink, followup.referral_id)
    if own is None:
        own, _token = FamilyLink.mint(
            now=now, expires_at=link.expires_at, referral=followup.referral, sent_to=link.sent_to
        )
    remember(request, own)
    return redirect("portal:check-in")
