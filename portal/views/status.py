"""A family's own page, opened by its link: what happened, what is next, and every choice it has."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.forms.answering import WordForm
from portal.forms.own import consent_form, reach_form, ways_back
from portal.views.links import held, page_of
from portal.views.own import own_page
from privacy.actions import record_access
from referral.hours import promised_by
from referral.lifecycle import PlacementStatus, ReferralStatus
from referral.models import FamilyLink, Referral, Task
from referral.timeline import for_family


@require_safe
@own_page
def status(request: HttpRequest, referral: Referral) -> HttpResponse:
    record_access(actor=None, subject=referral.key, action="viewed", purpose="family link", now=timezone.now())
    return own_status(request, referral)


def own_status(request: HttpRequest, referral: Referral, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    live = referral.placements.live().select_related("program")
    again, elsewhere = ways_back(referral, held(request, FamilyLink, referral.pk))
    context = {
        "referral": referral,
        "contact": referral.contact,
        "lines": [(entry.at, line) for entry in referral.timeline.for_family() if (line := for_family(entry))],
        "placements": referral.placements.select_related("program"),
        "accepted": [each.program for each in live if each.status == PlacementStatus.ACCEPTED],
        "reminded": referral.tasks.open().filter(kind=Task.Kind.NOT_CALLED).exists(),
        "again": again,
        "elsewhere": elsewhere,
        "next_steps": _next_steps(referral, now),
        "consents": referral.consents.live(now).prefetch_related("recipients"),
        "past_consents": referral.consents.exclude(pk__in=referral.consents.live(now)),
        "consent_form": consent_form(referral, None),
        "asked_to_sign": referral.tasks.open().filter(kind=Task.Kind.ASK_CONSENT).exists(),
        "reach_form": reach_form(referral, None),
        "word_form": WordForm(),
        **page_of(request, FamilyLink, referral.pk),
        **forms,
    }
    return render(request, "portal/status.html", context, status=status)


NO_WAY = gettext_lazy(
    "We have no way to contact you: you have not allowed emails, text messages or calls."
    " You can change this on your page, under “How we reach you”."
)


def _next_steps(referral: Referral, now: datetime) -> list[str]:
    """What happens next, in sentences, beside what a program that said yes will do. Consent is an offer, said last."""
    if not referral.is_open:
        return []
    steps = []
    live = list(referral.placements.live().select_related("program"))
    asked = [str(each.program) for each in live if each.status == PlacementStatus.REQUESTED]
    if asked:
        programs = {"programs": ", ".join(asked)}
        steps.append(
            _("We are waiting to hear from %(programs)s. We ask programs to answer within 24 hours.") % programs
        )
    if referral.contact.channels() and referral.followups.pending().filter(due_at__gt=now, kind="message").exists():
        steps.append(_("We will write to you to ask how things are going."))
    accepted = any(each.status == PlacementStatus.ACCEPTED for each in live)
    if not referral.contact.is_reachable:
        steps.insert(0, str(NO_WAY))
    elif referral.status == ReferralStatus.NEW or not (steps or accepted):
        steps.insert(0, _in_touch(referral, now))
    if not referral.consents.live(now).exists():
        steps.append(_("We can contact programs for you if you sign a consent under “Sharing with programs”."))
    return steps


def _in_touch(referral: Referral, now: datetime) -> str:
    by = promised_by(referral.opened_at, settings.TIME_ZONE)
    if referral.status != ReferralStatus.NEW or by <= now:
        return _("A navigator will contact you. If it takes too long, write to us below or call us.")
    local = by.astimezone(ZoneInfo(referral.contact.zone))
    return _("A navigator will contact you by %(day)s.") % {
        "day": formats.date_format(local, "PROMISE_FORMAT", use_l10n=True)
    }
