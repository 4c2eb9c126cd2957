"""The public page where a family asks for help."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.family.pages import whose
from assessments.family.session import others, owned
from assessments.family.warnings import calls_now
from assessments.models import Response
from directory.models import Program
from guides.models import LevelOfCare
from messaging.danger_words import in_danger, may_be_danger
from messaging.models import Channel
from portal.forms.asking import AskForm
from portal.forms.signing import not_theirs, not_yet
from portal.views.links import OWN_PAGE_AFTER_ASKING, all_held, go_on, held, remember, remembered
from portal.views.own import (
    called_for_help,
    doctor_today,
    elsewhere,
    help_comes,
    in_our_time,
    is_all_held_up,
    never_meets,
    our_hours,
    outside_our_area,
    promised,
)
from privacy.limits import seconds_to_wait
from referral.actions.common import FAMILY
from referral.actions.corrections import correct_note
from referral.actions.intake import open_referral
from referral.actions.notices import first_word_waits
from referral.actions.unsigned import why_unsigned
from referral.answers import age_of, language_of
from referral.hours import promised_by
from referral.models import Contact, FamilyLink, Referral
from referral.models.hours import working_time
from referral.timeline import level_names

DOUBLE_CLICK = timedelta(seconds=30)
# In the session of who has sent a request: for nobody else there is a page that thanks for one.
ASKED = "referral.asked"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for help. Sent twice, by the key of its form or by one browser in the same words, it opens one request."""
    language = get_language() or "en"
    now = timezone.now()
    response = finished(request, now)
    if request.method != "POST":
        initial = {"language": language, "message": looked_at(request.GET), **known(response)}
        form = AskForm(initial={"key": uuid.uuid4(), **initial})
        form.wordings(language)
        return _page(request, form)
    form = AskForm(request.POST)
    form.known = families_here(request)
    form.wordings(language)
    tell_whose(form, all_finished(request, now))
    shown_again = form.once_more()
    if not form.is_valid() or shown_again:
        if shown_again:
            form.add_error(None, HIDDEN_BOX)
        return _page(request, form, status=422)
    if wait := seconds_until(request, now, form):
        return _page(request, form, status=429, wait=wait)
    return take(request, form)


HIDDEN_BOX = gettext_lazy("We did not send this yet: a hidden box was filled in. Select “Send my request” again.")


def seconds_until(request: HttpRequest, now: datetime, form: AskForm) -> int:
    """How long to wait before another request is taken from here; else 0, and this one counts. Where the words
    may mean danger, or the answers state it, nobody waits."""
    said, response = form.cleaned_data["message"], _sent_along(request, form, now)
    waits_for_nothing = in_danger(said) or may_be_danger(said) or (response is not None and calls_now(response))
    return 0 if waits_for_nothing else seconds_to_wait(request, "ask", now=now)


def _sent_along(request: HttpRequest, form: AskForm, now: datetime) -> Response | None:
    """The answers that go along, where the family chose to show them."""
    if not form.cleaned_data["share_answers"]:
        return None
    found = all_finished(request, now)
    chosen = [each for each in found if str(each.pk) == form.cleaned_data.get("answers_of")] or found
    return chosen[0] if chosen else None


def take(request: HttpRequest, form: AskForm) -> HttpResponse:
    """Open the request that a valid form asks for, and thank for it."""
    now = timezone.now()
    shared = _shared(_sent_along(request, form, now))
    if not any(form.repeats(link.referral, now) for link in open_here(request)):
        browser, own = request.META.get("CSRF_COOKIE", ""), _reads(request, form.cleaned_data["email"])
        referral = open_referral(form.ask(browser, proved=own, **shared), actor=FAMILY, now=now)
        _let_in(request, referral, now)
        _take_corrections(request, referral, form, now)
    request.session[ASKED] = True
    return redirect("portal:thanks")


def _reads(request: HttpRequest, email: str) -> bool:
    """Whether this browser came by a link that went to this address."""
    return any(link.was_sent_to("email", email) for link in all_held(request, FamilyLink))


def open_here(request: HttpRequest) -> list[Any]:
    """The links of this browser to requests that are open."""
    return [link for link in all_held(request, FamilyLink) if link.referral.is_open]


def families_here(request: HttpRequest) -> list[Contact]:
    """Whose pages this browser has open."""
    return [link.referral.contact for link in all_held(request, FamilyLink)]


def _let_in(request: HttpRequest, referral: Referral, now: datetime) -> None:
    """Open the own page to who has just asked, also by the second click of two.

    The same form sent again later, as from the history of a shared computer, opens nobody's page.
    """
    if now - referral.opened_at < DOUBLE_CLICK and not held(request, FamilyLink, referral.pk):
        until = now + OWN_PAGE_AFTER_ASKING
        link, _token = FamilyLink.mint(now=now, expires_at=until, referral=referral, asked=True)
        remember(request, link)


def _take_corrections(request: HttpRequest, referral: Referral, form: AskForm, now: datetime) -> None:
    """What was changed in a form that is sent once more: taken from its family, else said not to be."""
    if form.repeats(referral, now):
        return
    link = held(request, FamilyLink, referral.pk)
    if link is None:
        messages.warning(
            request,
            _(
                "This request was sent before, and we kept it as it was. To change something, open the link in our"
                " message to you, or call us."
            ),
        )
    elif correct_note(
        referral.pk, form.reach(), form.signature(), form.corrections(referral), actor=FAMILY, now=now, link=link
    ):
        go_on(request, link, now=now)
        messages.success(request, _("We changed your request as you sent it now."))
    else:
        messages.warning(
            request, _("Your request was sent before, and we kept it as it was. You can change it on your page.")
        )


def finished(request: HttpRequest, now: datetime) -> Response | None:
    """The session's own answers, if the family came to their end."""
    response = owned(request, now)
    return response if response and response.determination else None


def all_finished(request: HttpRequest, now: datetime) -> list[Response]:
    """The answers that this browser has open and that came to their end, the session's own ones first."""
    own = finished(request, now)
    return [*([own] if own else []), *(each for each in others(request, now) if each.determination)]


def _told_apart(responses: Sequence[Response]) -> list[tuple[str, str]]:
    """(key, whose, when begun and to what level they led), as two sets about a loved one may differ by minutes."""
    names, found = level_names(), []
    for each in responses:
        said = _("The answers %(whose)s") % {"whose": whose(each)}
        if level := names.get((each.determination or {}).get("level") or ""):
            said = _("%(answers)s. Result: %(level)s") % {"answers": said, "level": level}
        found.append((str(each.pk), said))
    return found


def tell_whose(form: AskForm, responses: Sequence[Response]) -> None:
    """Say beside the box of the answers whose go along; where this browser holds several, let them be chosen."""
    if len(responses) < 2:
        form.fields.pop("answers_of", None)
    else:
        # None is chosen beforehand: of one child the answers of another must not go along.
        form.fields["answers_of"].choices = _told_apart(responses)  # type: ignore[attr-defined]
    if len(responses) == 1:
        told = {"whose": whose(responses[0])}
        form.fields["share_answers"].help_text = _("The answers that go along: %(whose)s") % told


def known(response: Response | None) -> dict[str, str]:
    """What need not be asked twice; the family sees it and may change it."""
    if response is None:
        return {}
    own = response.voice == Response.Voice.ME
    known = {"age": age_of(response), "language": language_of(response)}
    relation = Referral.Relation.SELF if own else Referral.Relation.LOVED_ONE
    return {"relation": relation, **{name: value for name, value in known.items() if value}}


def looked_at(typed: QueryDict) -> str:
    """The words for a request that begins on the page of a program: they stand in the family's own, who may change
    them. ``""`` where it begins elsewhere."""
    slug = typed.get("program", "").replace("\0", "")
    program = Program.objects.public().filter(slug=slug).first() if slug else None
    return _("I looked at this program: %(program)s.") % {"program": program} if program else ""


def _shared(response: Response | None) -> dict[str, Any]:
    """What the answers say of the need, for the navigator."""
    if response is None:
        return {}
    found = response.determination
    levels = {level.slug: level for level in LevelOfCare.objects.in_order()}
    low, high = found["range"] or (found["level"], found["level"])
    urgent = Referral.Urgency.URGENT if found["safety"] else Referral.Urgency.ROUTINE
    return {
        "response": response,
        "answers_call": calls_now(response) or "",
        "level_low": levels.get(low),
        "level_high": levels.get(high),
        "urgency": urgent,
    }


def _page(request: HttpRequest, form: AskForm, *, status: int = 200, wait: int = 0) -> HttpResponse:
    answers = all_finished(request, timezone.now())
    context: dict[str, Any] = {"form": form, "words": form.words, "has_answers": bool(answers), "wait": wait}
    tell_whose(form, answers)
    work = working_time()
    context["outside"] = outside_our_area(form["zip_code"].value() or "")
    context |= {"by": in_our_time(promised_by(timezone.now(), work)), "our_hours": our_hours(work)}
    return render(request, "portal/ask.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next, and the way to the family's own page."""
    if not request.session.get(ASKED):
        return redirect("portal:ask")
    link = remembered(request, FamilyLink)
    referral = link.referral if link else None
    now = timezone.now()
    work = working_time()
    by = promised(referral, now) if referral else promised_by(now, work)
    way = next(iter(referral.contact.channels()), "") if referral else ""
    context = {"referral": referral, "by": in_our_time(by), "way": way, "our_hours": our_hours(work)}
    signed = [*referral.consents.live(now)] if referral else []
    context |= {"signed": signed, "not_theirs": not_theirs(signed)}
    context |= {"outside_hours": referral is not None and never_meets(referral.contact, now)}
    if referral and not signed and (found := why_unsigned(referral, now)):
        context["unsigned"] = not_yet(found, referral.concern)
    if referral:
        context |= {"danger_now": called_for_help(referral), "help_comes": help_comes(referral, now)}
        context["doctor_today"] = doctor_today(referral, now)
        context |= {"held_up": way in Channel.objects.paused_keys(), "all_held_up": is_all_held_up(referral)}
    waits = first_word_waits(referral, now) if referral else None
    context["waits"] = in_our_time(waits) if waits else ""
    context |= elsewhere(referral) if referral else {}
    return render(request, "portal/thanks.html", context)
