"""What a family says on its page: a word, an answer, a time that suits it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.forms.answering import WordForm
from portal.views.own import own_button
from portal.views.status import NO_WAY, own_status
from privacy.limits import seconds_to_wait
from referral.actions.common import FAMILY, Ended
from referral.actions.replies import hear_family, nobody_called
from referral.lifecycle import Refused
from referral.models import Referral


@own_button
def word(request: HttpRequest, referral: Referral) -> HttpResponse:
    """A word from the family, for its navigator."""
    form, now = WordForm(request.POST), timezone.now()
    if not form.is_valid():
        return own_status(request, referral, status=422, word_form=form)
    if wait := seconds_to_wait(request, "word", now=now):
        return own_status(request, referral, status=429, word_form=form, wait=wait)
    try:
        hear_family(referral.pk, form.cleaned_data["word"], actor=FAMILY, now=now)
    except Ended:
        messages.info(request, _("This request is closed already."))
    else:
        if referral.contact.is_reachable:
            messages.success(request, _("Thank you. A navigator will read it and contact you."))
        else:
            messages.warning(request, _("Thank you. A navigator will read it. %(no_way)s") % {"no_way": NO_WAY})
    return redirect("portal:status")


@own_button
def not_called(request: HttpRequest, referral: Referral) -> HttpResponse:
    """A program said yes, and nobody has called."""
    try:
        nobody_called(referral.pk, actor=FAMILY, now=timezone.now())
    except (Ended, Refused):
        messages.info(request, _("No program is to call you at the moment. Write to us if something is wrong."))
    else:
        messages.success(request, _("Thank you for telling us. A navigator will check."))
    return redirect("portal:status")
