"""From a family's page to where it chooses the days and hours of its messages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.models import Message
from messaging.people import address_index
from messaging.views import BACK, remember
from portal.views.links import held
from portal.views.own import own_button
from referral.models import FamilyLink, Referral


@own_button
def hours(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Only for the address that the link of this page went to: who is here reads what comes there."""
    link = held(request, FamilyLink, referral.pk)
    for channel in referral.contact.channels():
        address = referral.contact.address(channel)
        if link is not None and link.was_sent_to(channel, address):
            theirs = Message.objects.of_person(referral.contact.key).to_address(address_index(channel, address))
            if (last := theirs.order_by("-pk").first()) is not None:
                remember(request, last)
                request.session[BACK] = f"{reverse('portal:status')}?which={referral.pk}"
                return redirect("choices:page")
    messages.warning(request, _("Open this page by the newest link that we sent you, then try again."))
    return redirect("portal:status")
