"""What a family says on its page: a word, an answer, a time that suits it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.danger_words import in_danger, may_be_danger
from portal.forms.answering import WordForm
from portal.views.beside import acting, waiting_link
from portal.views.links import OWN_PAGE_AFTER_ASKING, remember
from portal.views.own import CALLS, called_for_help, our_hours, own_button
from portal.views.status import NO_WAY, own_status
from privacy.limits import seconds_to_wait
from referral.actions.appointments import choose_time, decline_times
from referral.actions.common import Ended
from referral.actions.replies import hear_family, nobody_called
from referral.lifecycle import Refused
from referral.models import Appointment, CheckInLink, FollowUp, Referral
from referral.models.hours import working_time


@own_button
def word(request: HttpRequest, referral: Referral) -> HttpResponse:
    """A word from the family, for its navigator."""
    form, now = WordForm(request.POST), timezone.now()
    if not form.is_valid():
        return own_status(request, referral, status=422, word_form=form)
    said, danger = form.cleaned_data["word"], form.cleaned_data["danger"]
    waits_for_nothing = danger or in_danger(said) or may_be_danger(said)
    if not waits_for_nothing and (wait := seconds_to_wait(request, "word", now=now)):
        return own_status(request, referral, status=429, word_form=form, wait=wait)
    try:
        task = hear_family(referral.pk, said, danger=danger, actor=acting(request, referral), now=now)
    except Ended:
        messages.info(request, _("This request is closed already."))
    else:
        if not task.is_crisis:  # else the page begins with whom to call now, and that our team knows
            _thank(request, referral)
    return redirect("portal:status")


def _thank(request: HttpRequest, referral: Referral) -> None:
    """Say when what was written is read, and beside it whom to call where it cannot wait. Under an open call for help,
    which has its own card on whom to call, one line is enough."""
    if called_for_help(referral):
        messages.success(request, _("Thank you. Our team has your message."))
        return
    hours = our_hours(working_time())
    if referral.contact.is_reachable:
        said = _("Thank you. A navigator reads it in our hours and contacts you. Our hours: %(hours)s.")
        messages.success(request, said % {"hours": hours}, extra_tags=CALLS)
    else:
        said = _("Thank you. A navigator reads it in our hours: %(hours)s. %(no_way)s")
        messages.warning(request, said % {"hours": hours, "no_way": NO_WAY}, extra_tags=CALLS)


@own_button
def not_called(request: HttpRequest, referral: Referral) -> HttpResponse:
    """A program said yes, and nobody has called."""
    try:
        nobody_called(referral.pk, actor=acting(request, referral), now=timezone.now())
    except (Ended, Refused):
        messages.info(request, _("No program is to call you at the moment. Write to us if something is wrong."))
    else:
        messages.success(request, _("Thank you for telling us. A navigator will check."), extra_tags=CALLS)
    return redirect("portal:status")


@own_button
def choose(request: HttpRequest, referral: Referral) -> HttpResponse:
    """One of the times that a program proposed, or none of them."""
    now, pk = timezone.now(), request.POST.get("time", "")
    times = Appointment.objects.proposed().filter(placement__referral=referral)
    try:
        if pk == "none":
            for placement in times.values_list("placement", flat=True).distinct():
                decline_times(placement, actor=acting(request, referral), now=now)
            messages.success(request, _("Thank you. The program and our team see that none of these times works."))
        elif pk.isdecimal() and times.filter(pk=int(pk[:18])).exists():
            link = waiting_link(request, referral, now)
            choose_time(int(pk), actor=acting(request, referral), now=now, link=link)
            messages.success(request, _("Thank you. The program sees the time that you chose."))
        else:
            messages.warning(request, _("Choose one of the times first."))
    except (Refused, Ended):
        messages.info(request, _("This time is not offered any more. You see what is open now."))
    return redirect("portal:status")


@own_button
def check_in(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Answer the check-in that waits, as by the link in its message."""
    now = timezone.now()
    waits = referral.followups.open().filter(status=FollowUp.Status.SENT).order_by("-due_at").first()
    if waits is None:
        return redirect("portal:status")
    link, _token = CheckInLink.mint(now=now, expires_at=now + OWN_PAGE_AFTER_ASKING, followup=waits)
    remember(request, link)
    return redirect("portal:check-in")
