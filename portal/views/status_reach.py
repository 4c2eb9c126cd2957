"""How a family is reached: changed, stopped, started again; and old links ended."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from assessments.family.session import disown, opened_here, owned, stay_open
from assessments.models import Response
from messaging.actions import CALLS, index_of
from messaging.wishes import paused_until
from portal.forms.own import MARKED, OwnReachForm, as_it_is, marked, may_reach, not_used, reach_form
from portal.views.beside import HELD, LAST_WAY, acting, ask_us_first, asked_elsewhere, is_unsure, sure, waiting_link
from portal.views.links import all_held, go_on, held, marked_here, note_mark
from portal.views.own import knows_wishes, own_button, own_page
from portal.views.status import NO_WAY, own_status
from referral.actions.by_link import is_called
from referral.actions.contacts import Reach, change_contact, tighter, used_again, way_of
from referral.actions.leaving import end_links
from referral.actions.stops import stop_messages
from referral.contact_lines import words_of
from referral.models import Contact, FamilyLink, Referral
from referral.models.links import SentLink
from referral.models.people import REACHED_BY, as_phone
from referral.reasons import ADDRESS_WISHED, REACH_WISHED

SENT_ONLY = gettext_lazy(
    "Links to answers that we sent to that email open nothing any more. What was kept or shared in another way stays."
    " To end that, use the browser that sent your request, or call us."
)

AT_MOST_ONCE = gettext_lazy(
    "We call you at most once, to ask if it was you: we say a first name only, ask whether you can talk, and leave no"
    " word. If even that is not safe, write it to us on this page."
)


@own_button
def reach(request: HttpRequest, referral: Referral) -> HttpResponse:
    form, link = reach_form(referral, request.POST), held(request, FamilyLink, referral.pk)
    now = timezone.now()
    if not may_reach(form, referral, link, marked_here(request, referral.pk)):
        return own_status(request, referral, status=422, reach_form=form)
    wanted = form.reach()
    if (waits := waiting_link(request, referral, now)) is not None:
        return _beside(request, referral, form, waits)
    again = used_again(referral.contact, wanted, now)
    if again and "safe" not in request.POST:
        return _ask_if_safe(request, referral, again, wanted)
    contact = referral.contact
    before, addresses = way_of(contact), (contact.email, contact.phone)
    change_contact(referral.pk, wanted, actor=acting(request, referral), now=now, link=link, safe=again)
    go_on(request, link, now=now)
    contact.refresh_from_db()
    _tell_of_ways(request, contact)
    if contact.is_reachable and (contact.email, contact.phone) != addresses:
        _tell_of_links(request, referral, sent=way_of(contact) not in ("", before))
    return redirect("portal:status")


def _beside(request: HttpRequest, referral: Referral, form: OwnReachForm, link: SentLink) -> HttpResponse:
    """Beside the browser that asked: what tightens counts at once, and of the rest one of us asks first. What was typed
    stands in the form still, and which of it waits above it."""
    now, contact, wanted = timezone.now(), referral.contact, form.reach()
    at_once, held_back = tighter(contact, wanted)
    typed = _new_addresses(contact, wanted)
    if is_unsure(request, referral, now):
        if not typed:
            form.add_error(None, HELD)
            return own_status(request, referral, status=422, reach_form=form)
        at_once, held_back = wanted, [each for each in held_back if each in ("phone", "email")]
    elif contact.is_reachable and not at_once.leaves_a_way():
        form.add_error(None, LAST_WAY)
        return own_status(request, referral, status=422, reach_form=form)
    elif at_once.differs(contact):
        change_contact(referral.pk, at_once, actor=acting(request, referral), now=now, link=link)
        contact.refresh_from_db()
        if not held_back:
            _tell_of_ways(request, contact)
    if not held_back:
        return redirect("portal:status")
    _ask_of(request, referral, link, held_back, typed)
    return own_status(request, referral, reach_form=form, held_back=words_of(held_back))


def _ask_of(
    request: HttpRequest, referral: Referral, link: SentLink, what: Sequence[str], typed: str | None = None
) -> None:
    """One of us asks first: of another address, as it was `typed`, or of what else would be allowed."""
    with override(settings.LANGUAGE_CODE):  # for staff
        also = words_of([each for each in what if each not in ("phone", "email")])
    wish = REACH_WISHED if typed is None else ADDRESS_WISHED
    ask_us_first(request, referral, wish, link, typed="; ".join(filter(None, (typed, also))), what=what)


def _new_addresses(contact: Contact, wanted: Reach) -> str | None:
    """The phone and email that were typed and are others than today; None where both stay as they are."""
    pairs = [(wanted.email, contact.email), (as_phone(wanted.phone), as_phone(contact.phone))]
    changed = [after for after, before in pairs if after != before]
    return ", ".join(filter(None, changed)) if changed else None


def _tell_of_ways(request: HttpRequest, contact: Contact) -> None:
    """Which ways are used from now on, and which address is not, and why."""
    if not contact.is_reachable:
        messages.warning(request, _("Saved. %(no_way)s") % {"no_way": NO_WAY})
        return
    ways = get_text_list(contact.way_labels, _("and"))
    messages.success(request, _("Saved. From now on we reach you by %(ways)s.") % {"ways": ways})
    for sentence in not_used(contact):
        messages.info(request, sentence)


def _tell_of_links(request: HttpRequest, referral: Referral, *, sent: bool) -> None:
    """After another address: where a new link went, and that the old ones are dead."""
    contact = referral.contact
    channel = next(iter(contact.channels()), "")
    address = contact.address(channel) if channel else ""
    alone, by = not knows_wishes(referral, channel, address), contact.key
    paused = paused_until(address=address, channel=channel, now=timezone.now(), by=by, alone=alone)
    if sent and referral.is_open and paused:
        messages.info(request, _("We send a new link to your page when the pause of your messages is over."))
    elif sent and referral.is_open and channel == "email":
        messages.info(request, _("We are sending a new link to your page, to your new email."))
    elif sent and referral.is_open:
        messages.info(request, _("We are sending a new link to your page, by text to your new number."))
    messages.info(
        request, _("Links that went to an email or phone that we no longer use have ended. Other links still work.")
    )


def _ask_if_safe(request: HttpRequest, referral: Referral, ways: Sequence[str], wanted: Reach) -> HttpResponse:
    """Ask the one question before what others read or hear is used again; what was typed goes along."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    shown = {"email": wanted.email, "phone": as_phone(wanted.phone)}
    context = {
        "which": str(referral.pk),
        "asked": [{"way": way, "label": MARKED[way], "address": shown[REACHED_BY[way][1]]} for way in ways],
        "typed": [each for each in typed if each[0] not in ("csrfmiddlewaretoken", "which", "safe")],
    }
    return render(request, "portal/safe_again.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@sure
def safe_again(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What the family said others read or hear, one by one: only what it says is safe now is used again."""
    link, here = held(request, FamilyLink, referral.pk), marked_here(request, referral.pk)
    asked = marked(referral, link, here)
    mine = [each for each in asked if each["may_lift"]]
    chosen = [each["way"] for each in mine if each["way"] in request.POST.getlist("way")]
    form = reach_form(referral, {**as_it_is(referral), **{REACHED_BY[way][0]: True for way in chosen}})
    if not asked:
        return redirect("portal:status")
    if request.method == "POST" and not chosen:
        messages.warning(request, _("Check what only you read or hear, or go back."))
    if request.method != "POST" or not chosen:
        context = {"which": str(referral.pk), "asked": mine, "choose": True, "by_call": len(mine) < len(asked)}
        return render(request, "portal/safe_again.html", context)
    if not may_reach(form, referral, link, here):
        return own_status(request, referral, status=422, reach_form=form)
    change_contact(
        referral.pk, form.reach(), actor=acting(request, referral), now=timezone.now(), link=link, safe=chosen
    )
    messages.success(request, _("Thank you. We use it again from now on."))
    return redirect("portal:status")


@own_button
@sure
def stop(request: HttpRequest, referral: Referral) -> HttpResponse:
    link = held(request, FamilyLink, referral.pk)
    if waiting_link(request, referral, timezone.now()) is not None and not referral.contact.is_callable:
        messages.warning(request, LAST_WAY)
        return redirect("portal:status")
    stop_messages(referral.pk, actor=acting(request, referral), now=timezone.now(), source="own page", link=link)
    messages.success(request, _("We will send you no more messages. You can change this below at any time."))
    if referral.contact.is_callable:
        messages.info(request, _("We may still call you. You can change that below, under “How we reach you”."))
    return redirect("portal:status")


@own_button
@sure
def start(request: HttpRequest, referral: Referral) -> HttpResponse:
    """After a stop: messages again, or calls, by what the family ticks."""
    names = ("by_phone",) if "calls" in request.POST else ("by_email", "by_text")
    ticked = {name: request.POST.get(name) == "on" for name in names}
    form, link = reach_form(referral, {**as_it_is(referral), **ticked}), held(request, FamilyLink, referral.pk)
    if not any(ticked.values()) and "calls" in request.POST:
        messages.warning(request, _("Check the box first if we may call you."))
    elif not any(ticked.values()):
        messages.warning(request, _("Check email or text first, then select “Start messages again”."))
    elif not may_reach(form, referral, link, marked_here(request, referral.pk)):
        return own_status(request, referral, status=422, reach_form=form)
    else:
        now, wanted = timezone.now(), form.reach()
        waits = waiting_link(request, referral, now)
        if waits is not None and (held_back := tighter(referral.contact, wanted)[1]):
            _ask_of(request, referral, waits, held_back)
            return redirect("portal:status")
        again = used_again(referral.contact, wanted, now)
        if again and "safe" not in request.POST:
            return _ask_if_safe(request, referral, again, wanted)
        change_contact(referral.pk, wanted, actor=acting(request, referral), now=now, link=link, safe=again)
        if "calls" in request.POST:
            messages.success(request, _("Thank you. Now we may call you."))
        else:
            messages.success(request, _("We will write to you again, in the way you checked."))
    return redirect("portal:status")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def others_read(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Somebody else reads their mail or texts, or hears their calls: every link ends, this browser alone stays."""
    now = timezone.now()
    open_here, opened = owned(request, now), opened_here(request, now)
    elsewhere, sent_only = asked_elsewhere(request, referral, now), acting(request, referral).by_link
    # What is gone does not come back: it is deleted where the request was sent, as long as that browser has the page.
    may_go = () if elsewhere else (referral.response, open_here)
    answers = list({each.pk: each for each in may_go if each is not None}.values())
    if request.method != "POST":
        at = referral.contact.email
        proved = bool(at) and held(request, FamilyLink, referral.pk).was_sent_to("email", at)
        context = {"contact": referral.contact, "which": str(referral.pk), "answers": answers}
        context |= {"opened": bool(opened), "proved": proved, "elsewhere": elsewhere, "sent_only": sent_only}
        context["at_most_once"] = AT_MOST_ONCE if sent_only and is_called(referral) else ""
        return render(request, "portal/others_read.html", context)
    chosen = [each for each in REACHED_BY if each in request.POST.getlist("channel")]
    if not chosen:
        messages.warning(request, _("Choose what others can read."))
        return redirect("portal:others-read")
    gone = answers if "answers" in request.POST else []
    here = held(request, FamilyLink, referral.pk)
    links = [*(link for link in all_held(request, FamilyLink) if link.pk != here.pk), here]
    known, actor = referral.contact.marked_ways(now), acting(request, referral)
    once = actor.by_link and CALLS in chosen and is_called(referral)
    for channel in chosen:
        # Who says again what was said elsewhere is not who said it, but in the browser that asked.
        if channel not in known or here.asked:
            address = str(getattr(referral.contact, REACHED_BY[channel][1]))
            note_mark(request, referral.pk, channel, index_of("sms" if channel == CALLS else channel, address))
        mine = gone if channel == chosen[0] else ()
        end_links(referral.pk, channel, actor=actor, now=now, link=here, answers=mine, here=opened)
    if gone and open_here is not None:
        disown(request)
    for link in links:
        go_on(request, link, now=now)
    referral.contact.refresh_from_db()
    if once:
        messages.success(request, AT_MOST_ONCE)
    elif chosen == [CALLS]:
        messages.success(request, _("We will not call you any more. You can change this below at any time."))
    if chosen != [CALLS]:
        messages.success(request, _("The old links open nothing any more, and we send nothing there."))
    if "email" in chosen:
        stay_open(request, opened)
        _tell_of_answers(request, opened, sent_only=actor.by_link)
    if referral.is_open and not referral.contact.is_reachable:
        messages.warning(request, _("Now write another email or phone here, so that we can reach you."))
        return redirect(f"{reverse('portal:status')}?which={referral.pk}#reach")
    return redirect("portal:status")


def _tell_of_answers(request: HttpRequest, opened: Sequence[Response], *, sent_only: bool) -> None:
    """What still opens the answers that are open here and were not deleted."""
    if sent_only:
        messages.info(request, SENT_ONLY)
        return
    if Response.objects.filter(pk__in=[each.pk for each in opened]).exists():
        open_now = _("Your answers are open in this browser only.")
        new = _(
            "Six words for them, and links that showed their result to someone, open nothing any more: get new ones"
            " under “Keep or share”."
        )
        messages.info(request, f"{open_now} {new}")
