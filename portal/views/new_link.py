"""A new link where the old one has ended: it goes to the address we have, and nobody learns whether there is one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacy.limits import seconds_to_wait
from referral.actions.leaving import send_new_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Say the same whoever asks, for whatever address."""
    now, address = timezone.now(), request.POST.get("address", "").strip()[:254]
    if request.method != "POST":
        return redirect("portal:status")
    if not address:
        messages.warning(request, _("Enter the email or phone that you gave us."))
    elif wait := seconds_to_wait(request, "new-link", now=now):
        messages.warning(request, _("Wait %(seconds)s seconds, then try again.") % {"seconds": wait})
    else:
        send_new_link(address, now=now)
        # True for everybody: also where somebody else reads what comes there, and nothing goes; and for who asks twice.
        said = _("If we have an open request for that, and may write to you now, a link comes within minutes.")
        again = _("If you asked in the last hour, use that link: a second one may not come.")
        night = _("A text that you ask for at night comes in the morning.")
        messages.info(request, " ".join([said, again, night, _("If none comes, call us or ask for help again.")]))
    return redirect("portal:status")
