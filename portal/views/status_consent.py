"""A family signs, narrows, reads and withdraws its consent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.forms.own import consent_form
from portal.forms.signing import not_yet
from portal.views.beside import acting, ask_us_first, sure, waiting_link
from portal.views.links import held
from portal.views.own import own_button, own_page, shown_lines
from portal.views.status import own_status
from privacy.actions import record_access
from referral.actions.common import Since
from referral.actions.consents import is_more, preview_revoke
from referral.actions.effects import Effect
from referral.actions.moving import take_back_withdrawal
from referral.actions.withdrawing import sign_as_family, withdraw_consent
from referral.lifecycle import Refused
from referral.models import Disclosure, FamilyLink, Referral
from referral.program_rows import unopened
from referral.reasons import SIGN_WISHED


@own_button
@sure
def consent(request: HttpRequest, referral: Referral) -> HttpResponse:
    form = consent_form(referral, request.POST)
    if not form.is_valid():
        return own_status(request, referral, status=422, consent_form=form)
    now, signature, withdrawn = timezone.now(), form.signature(), shown_lines(request, "withdrawn")
    waits = waiting_link(request, referral, now)
    if waits is not None and is_more(referral, signature, now):
        ask_us_first(request, referral, SIGN_WISHED, waits, typed=signature.name)
        return redirect("portal:status")
    actor, link = acting(request, referral), held(request, FamilyLink, referral.pk)
    try:
        found = sign_as_family(referral.pk, signature, actor=actor, now=now, withdrawn=withdrawn, link=link)
    except Since:
        messages.warning(
            request, _("You withdrew your consent meanwhile. Nothing is shared. To share again, sign again.")
        )
        return redirect("portal:status")
    if found:
        messages.warning(request, not_yet(found, referral.concern))
    else:
        messages.success(request, _("Thank you. Your consent is saved. You can withdraw it at any time."))
    return redirect("portal:status")


@require_safe
@own_page
def consent_copy(request: HttpRequest, referral: Referral, consent_pk: int) -> HttpResponse:
    """A consent as it was signed, to print or to keep."""
    shown = referral.consents.shown(timezone.now()).select_related("wording")
    found = get_object_or_404(shown, pk=consent_pk)
    record_access(actor=None, subject=referral.key, action="viewed", purpose="copy of a consent", now=timezone.now())
    context = {
        "consent": found,
        "referral": referral,
        "live": found.is_live(timezone.now()),
        "purpose": _(found.purpose),
    }
    return render(request, "portal/consent_copy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def revoke(request: HttpRequest, referral: Referral, consent_pk: int) -> HttpResponse:
    """The family withdraws its consent, after it has seen what ends and what stays."""
    if request.method != "POST" and not referral.consents.filter(pk=consent_pk).exists():
        return redirect("portal:status")
    now = timezone.now()
    found = get_object_or_404(referral.consents.shown(now), pk=consent_pk)
    effect = preview_revoke(found.pk, actor=acting(request, referral), now=now)
    if effect.consents and not request.POST.get("shown"):
        return _ask_revoke(request, effect)
    if request.method == "POST":
        actor, link = acting(request, referral), held(request, FamilyLink, referral.pk)
        effect = withdraw_consent(found.pk, actor=actor, now=now, link=link)
        _tell_what_ended(request, effect)
    return redirect("portal:status")


@own_button
def take_back_revoke(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The browser that sent the request takes back that somebody withdrew the consent by a link."""
    link = held(request, FamilyLink, referral.pk)
    try:
        take_back_withdrawal(referral.pk, actor=acting(request, referral), now=timezone.now(), link=link)
    except Refused:
        messages.info(request, _("This cannot be taken back any more. You can sign again below."))
    else:
        messages.success(request, _("Your consent holds again, and your requests go on as before."))
    return redirect("portal:status")


def _tell_what_ended(request: HttpRequest, effect: Effect) -> None:
    """What the page asked about may have changed since: so it says what there was."""
    messages.success(request, _("Your consent is withdrawn. Nothing more is shared."))
    if effect.ends:
        programs = get_text_list(sorted({str(each.program) for each in effect.ends}), _("and"))
        words = _("These requests ended, and their pages here are closed: %(programs)s.")
        messages.info(request, words % {"programs": programs})
    if effect.shuts:
        programs = get_text_list(sorted({str(each.program) for each in effect.shuts}), _("and"))
        words = _("These pages here are closed, and your care there goes on: %(programs)s.")
        messages.info(request, words % {"programs": programs})


def _ask_revoke(request: HttpRequest, effect: Effect) -> HttpResponse:
    found = Disclosure.objects.filter(placement__referral=effect.referral).select_related("placement__program")
    closed = unopened(list(found))
    context = {
        "effect": effect,
        "shared": [each for each in found if each.pk not in closed],
        "which": str(effect.referral.pk),
    }
    return render(request, "portal/revoke.html", context)
