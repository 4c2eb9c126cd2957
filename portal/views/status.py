"""A family's own page, opened by its link: what happened, what is next, and every choice it has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from messaging.actions import reached
from portal.forms.answering import WordForm
from portal.forms.asking import ConsentForm
from portal.views.links import go_on, held, page_of, remembered, without_link
from privacy.actions import record_access
from privacy.limits import seconds_to_wait
from referral.actions.common import FAMILY, Ended
from referral.actions.consents import preview_revoke, revoke_consent, sign_consent
from referral.actions.contacts import change_contact, stop_messages
from referral.actions.effects import Changed, Effect
from referral.actions.referrals import withdraw_referral
from referral.actions.replies import hear_family, nobody_called
from referral.forms import WAYS, ReachForm
from referral.hours import promised_by
from referral.lifecycle import PlacementStatus, ReferralStatus, Refused
from referral.models import ConsentWording, Disclosure, FamilyLink, Referral, Task
from referral.models.people import CHANNEL_FIELDS
from referral.timeline import for_family

P = ParamSpec("P")


def own_page(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the referral that the page shows, of a family whose link this session opened."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = remembered(request, FamilyLink)
        if link is None:
            return without_link(request, FamilyLink)
        referral = Referral.objects.select_related("contact", "patient").get(pk=link.referral_id)
        return view(request, referral, *args, **kwargs)

    return never_cache(opened)


def own_button(
    view: Callable[Concatenate[HttpRequest, Referral, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A button of the family's page. Its address opened without pressing it, as after a refusal, leads to the page."""

    @wraps(view)
    def pressed(request: HttpRequest, referral: Referral, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return redirect("portal:status")
        return view(request, referral, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(own_page(pressed))


@require_safe
@own_page
def status(request: HttpRequest, referral: Referral) -> HttpResponse:
    record_access(actor=None, subject=referral.key, action="viewed", purpose="family link", now=timezone.now())
    return _page(request, referral)


def _page(request: HttpRequest, referral: Referral, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    live = referral.placements.live().select_related("program")
    again, elsewhere = _ways_back(referral, held(request, FamilyLink, referral.pk))
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
        "consent_form": _consent_form(referral, None),
        "asked_to_sign": referral.tasks.open().filter(kind=Task.Kind.ASK_CONSENT).exists(),
        "reach_form": _reach_form(referral, None),
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


def _reach_form(referral: Referral, data: Any) -> ReachForm:
    form = ReachForm(data, initial=_as_it_is(referral))
    form.wordings(get_language() or "en")
    return form


START_ELSEWHERE = {
    "email": gettext_lazy(
        "You stopped our emails. To start them again, open the link in an email you had from us, and check this there."
    ),
    "sms": gettext_lazy("You stopped our texts. To start them again, reply START to one of them."),
}


# Where no message of ours ever went, there is none to answer.
START_BY_CALL = {
    "email": gettext_lazy("You stopped our emails. To start them again, call us."),
    "sms": gettext_lazy("You stopped our text messages. To start them again, call us."),
}


def _start_elsewhere(channel: str, address: str) -> str:
    ways = START_ELSEWHERE if reached(address=address, channel=channel) else START_BY_CALL
    return str(ways[channel])


def _stopped(referral: Referral) -> dict[str, str]:
    """The channels that this family stopped, with where they led. Only its own history is asked: of others nothing
    may be found out here."""
    contact = referral.contact
    return {
        channel: getattr(contact, where)
        for channel, (allowed, where) in CHANNEL_FIELDS.items()
        if not getattr(contact, allowed) and getattr(contact, where) and referral.timeline.tell_of_a_stop(channel)
    }


def _ways_back(referral: Referral, link: FamilyLink) -> tuple[list[str], list[str]]:
    """After a stop of everything: the boxes that start messages again from here, and how to start the others."""
    stopped = {} if referral.contact.channels() else _stopped(referral)
    here = [channel for channel, address in stopped.items() if link.was_sent_to(channel, address)]
    elsewhere = [_start_elsewhere(channel, address) for channel, address in stopped.items() if channel not in here]
    return [CHANNEL_FIELDS[channel][0] for channel in here], elsewhere


def _may_reach(form: ReachForm, referral: Referral, link: FamilyLink) -> bool:
    """Whether the form may be taken: a stop is lifted only by a link that went to the address it was said for."""
    if not form.is_valid():
        return False
    data = dict(form.cleaned_data)  # a field with an error is taken out of it
    for channel, address in _stopped(referral).items():
        allowed, where = CHANNEL_FIELDS[channel]
        if data[allowed] and data[where] == address and not link.was_sent_to(channel, address):
            form.add_error(allowed, _start_elsewhere(channel, address))
    return not form.errors


def _as_it_is(referral: Referral) -> dict[str, Any]:
    contact = referral.contact
    names = ("email", "zip_code", "times", "voicemail", "language", *(f"by_{way}" for way in WAYS))
    # As people here write it; a number from elsewhere is understood only with its country.
    phone = contact.phone_shown if contact.phone.startswith("+1") else contact.phone
    return {"phone": phone, **{name: getattr(contact, name) for name in names}}


def _consent_form(referral: Referral, data: Any) -> ConsentForm:
    wording = ConsentWording.objects.current("share", get_language() or "en")
    has_answers, covered = referral.response_id is not None, referral.consents.live(timezone.now()).for_any_program()
    return ConsentForm(data, wording=wording, has_answers=has_answers, covered=covered, prefix="consent")


@own_button
def reach(request: HttpRequest, referral: Referral) -> HttpResponse:
    form, link = _reach_form(referral, request.POST), held(request, FamilyLink, referral.pk)
    if not _may_reach(form, referral, link):
        return _page(request, referral, status=422, reach_form=form)
    now = timezone.now()
    change_contact(referral.pk, form.reach(), actor=FAMILY, now=now, link=link)
    go_on(request, link, now=now)
    referral.contact.refresh_from_db()
    if referral.contact.is_reachable:
        messages.success(request, _("Saved. This is how we reach you from now on."))
    else:
        messages.warning(request, _("Saved. %(no_way)s") % {"no_way": NO_WAY})
    return redirect("portal:status")


@own_button
def consent(request: HttpRequest, referral: Referral) -> HttpResponse:
    form = _consent_form(referral, request.POST)
    if not form.is_valid():
        return _page(request, referral, status=422, consent_form=form)
    sign_consent(referral.pk, form.signature(referral.relation), actor=FAMILY, now=timezone.now())
    messages.success(request, _("Thank you. Your consent is saved. You can withdraw it at any time."))
    return redirect("portal:status")


@require_safe
@own_page
def consent_copy(request: HttpRequest, referral: Referral, consent_pk: int) -> HttpResponse:
    """A consent as it was signed, to print or to keep."""
    found = get_object_or_404(referral.consents.select_related("wording"), pk=consent_pk)
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
    found, now = get_object_or_404(referral.consents, pk=consent_pk), timezone.now()
    effect = preview_revoke(found.pk, actor=FAMILY, now=now)
    shown = request.POST.get("shown", "")
    if effect.consents and not shown:
        return _ask_revoke(request, effect)
    if request.method == "POST":
        try:
            revoke_consent(found.pk, actor=FAMILY, now=now, shown=shown)
        except Changed as changed:
            return _ask_revoke(request, changed.effect, changed=True)
        messages.success(request, _("Your consent is withdrawn. Nothing more is shared."))
    return redirect("portal:status")


def _ask_revoke(request: HttpRequest, effect: Effect, *, changed: bool = False) -> HttpResponse:
    context = {
        "effect": effect,
        "shared": Disclosure.objects.filter(placement__referral=effect.referral),
        "changed": changed,
        "which": str(effect.referral.pk),
    }
    return render(request, "portal/revoke.html", context, status=409 if changed else 200)


@own_button
def stop(request: HttpRequest, referral: Referral) -> HttpResponse:
    stop_messages(referral.pk, actor=FAMILY, now=timezone.now(), source="own page")
    messages.success(request, _("We will send you no more messages. You can change this below at any time."))
    return redirect("portal:status")


@own_button
def start(request: HttpRequest, referral: Referral) -> HttpResponse:
    """After a stop: messages again, or calls, by what the family ticks."""
    names = ("by_phone",) if "calls" in request.POST else ("by_email", "by_text")
    ticked = {name: request.POST.get(name) == "on" for name in names}
    form, link = _reach_form(referral, {**_as_it_is(referral), **ticked}), held(request, FamilyLink, referral.pk)
    if not any(ticked.values()) and "calls" in request.POST:
        messages.warning(request, _("Check the box first if we may call you."))
    elif not any(ticked.values()):
        messages.warning(request, _("Check email or text first, then select “Start messages again”."))
    elif not _may_reach(form, referral, link):
        return _page(request, referral, status=422, reach_form=form)
    else:
        change_contact(referral.pk, form.reach(), actor=FAMILY, now=timezone.now(), link=link)
        if "calls" in request.POST:
            messages.success(request, _("Thank you. Now we may call you."))
        else:
            messages.success(request, _("We will write to you again, in the way you checked."))
    return redirect("portal:status")


@own_button
def word(request: HttpRequest, referral: Referral) -> HttpResponse:
    """A word from the family, for its navigator."""
    form, now = WordForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, referral, status=422, word_form=form)
    if wait := seconds_to_wait(request, "word", now=now):
        return _page(request, referral, status=429, word_form=form, wait=wait)
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
