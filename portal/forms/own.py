"""The forms of a family's own page as they stand for one referral."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from messaging.actions import CALLS, has_shut, is_shut, may_undo, reached
from messaging.addresses import national
from portal.forms.asking import ConsentForm
from referral.actions.contacts import stopped_ways
from referral.models import ConsentWording, FamilyLink, Referral
from referral.models.people import CHANNEL_FIELDS, REACHED_BY
from referral.reach_form import WAYS, ReachForm


def reach_form(referral: Referral, data: Any) -> ReachForm:
    form, contact = ReachForm(data, initial=as_it_is(referral)), referral.contact
    form.wordings(get_language() or "en")
    for way in contact.marked_ways(timezone.now()):
        where = REACHED_BY[way][1]
        if not any(getattr(contact, allowed) for allowed, field in REACHED_BY.values() if field == where):
            form.initial[where] = ""  # a safe one is asked for in its place
    return form


MARKED = {
    "email": gettext_lazy("My email"),
    "sms": gettext_lazy("My text messages"),
    CALLS: gettext_lazy("My calls or voicemail"),
}


def marked(referral: Referral) -> list[dict[str, Any]]:
    """What the family said others read or hear: its way, in words, and the address that stands here still."""
    contact = referral.contact
    shown = {"email": contact.email, "phone": contact.phone_shown}
    return [
        {"way": way, "label": MARKED[way], "address": shown[REACHED_BY[way][1]]}
        for way in contact.marked_ways(timezone.now())
    ]


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
    if is_shut(address=address, channel=channel, now=timezone.now()):
        return str(START_BY_CALL[channel])
    if reached(address=address, channel=channel):
        return str(START_ELSEWHERE[channel])
    if channel == "sms" and (ours := settings.MESSAGING_SMS_FROM).startswith("+"):
        words = _("You stopped our text messages. To start them again, text START to %(number)s from your phone.")
        return words % {"number": national(ours)}
    return str(START_BY_CALL[channel])


def ways_back(referral: Referral, link: FamilyLink) -> tuple[list[str], list[str]]:
    """After a stop of everything: the boxes that start messages again from here, and how to start the others. Of what
    others read nothing is offered: that is asked apart."""
    shut, all_stopped = referral.contact.marked_ways(timezone.now()), not referral.contact.channels()
    stopped = {way: at for way, at in stopped_ways(referral).items() if way not in shut} if all_stopped else {}
    here = [channel for channel, address in stopped.items() if _may_start(referral, link, channel, address)]
    elsewhere = [_start_elsewhere(channel, address) for channel, address in stopped.items() if channel not in here]
    return [CHANNEL_FIELDS[channel][0] for channel in here], elsewhere


def _may_start(referral: Referral, link: FamilyLink, channel: str, address: str) -> bool:
    """Whether this page may start a channel again: who said stop on it may take that back, and who reads what comes to
    the address may, where nobody else does. A stop said there is not for this page to lift without."""
    now, by = timezone.now(), referral.contact.key
    if is_shut(address=address, channel=channel, now=now, but_by=by):
        return False
    own = has_shut(address=address, channel=channel, by=by, now=now)  # and is asked whether it is safe
    own = own or may_undo(address=address, channel=channel, by=by, now=now)
    return link.was_sent_to(channel, address) or (own and not referral.timeline.tell_of_a_stop_there(channel))


def tell_before(form: ReachForm, referral: Referral, link: FamilyLink) -> ReachForm:
    """Put beside the box of a way that this page may not start again how it is started: before it is checked."""
    for channel, address in stopped_ways(referral).items():
        if not _may_start(referral, link, channel, address):
            form.fields[CHANNEL_FIELDS[channel][0]].help_text = _start_elsewhere(channel, address)
    return form


def may_reach(form: ReachForm, referral: Referral, link: FamilyLink) -> bool:
    """Whether the form may be taken: a stop is lifted only by who said it, or by who reads what comes there."""
    if not form.is_valid():
        return False
    data = dict(form.cleaned_data)  # a field with an error is taken out of it
    for channel, address in stopped_ways(referral).items():
        allowed, where = CHANNEL_FIELDS[channel]
        if data[allowed] and data[where] == address and not _may_start(referral, link, channel, address):
            form.add_error(allowed, _start_elsewhere(channel, address))
    return not form.errors


def as_it_is(referral: Referral) -> dict[str, Any]:
    contact = referral.contact
    names = ("email", "zip_code", "times", "voicemail", "language", *(f"by_{way}" for way in WAYS))
    # As people here write it; a number from elsewhere is understood only with its country.
    phone = contact.phone_shown if contact.phone.startswith("+1") else contact.phone
    return {"phone": phone, **{name: getattr(contact, name) for name in names}}


def consent_form(referral: Referral, data: Any) -> ConsentForm:
    wording = ConsentWording.objects.current("share", get_language() or "en")
    has_answers, covered = referral.response_id is not None, referral.consents.live(timezone.now()).for_any_program()
    return ConsentForm(data, wording=wording, has_answers=has_answers, covered=covered, prefix="consent")
