"""The forms of a family's own page as they stand for one referral."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from messaging.actions import CALLS, has_shut, index_of, is_shut, may_undo, reached
from messaging.addresses import national
from messaging.models.channel import is_set_up
from portal.forms.signing import ConsentForm
from referral.actions.contacts import Reach, used_again
from referral.actions.stops import has_stopped, said_of_a_stop, stopped_ways
from referral.actions.unsigned import age_said
from referral.models import ConsentWording, Contact, Disclosure, FamilyLink, Referral
from referral.models.people import CHANNEL_FIELDS, REACHED_BY
from referral.reach_form import WAYS, ReachForm
from referral.signing import ages


class OwnReachForm(ReachForm):
    """How a family is reached, as it says on its own page."""

    had: Mapping[str, str] = {}  # the addresses that stand here today
    # Those that others read: the field stands empty, for a safe one, and without one the old one is not lost.
    kept: Collection[str] = ()
    email_means_yes = False  # whether the page says that to enter an email is to allow it

    def clean(self) -> dict[str, Any]:
        """A new address that we may not use is no help where there is no other way. Of who can be reached by none an
        email is typed so that we write there: the page says so beside it."""
        data = super().clean()
        if any(data.get(f"by_{way}") for way in WAYS):
            return data
        if data.get("email") and data["email"] != self.had["email"]:
            if self.email_means_yes:
                data["by_email"] = True
            else:
                words = _("Check this if we may email you there. Else we have no way to contact you.")
                self.add_error("by_email", words)
        elif data.get("phone") and data["phone"] != self.had["phone"]:
            if is_set_up("sms"):
                words = _("Check if we may text or call you there. Else we have no way to contact you.")
                self.add_error("by_text", words)
            else:
                self.add_error("by_phone", _("Check if we may call you there. Else we have no way to contact you."))
        return data

    def reach(self) -> Reach:
        reach = super().reach()
        at = {name: self.had[name] if name in self.kept else "" for name in ("email", "phone")}
        return replace(reach, email=reach.email or at["email"], phone=reach.phone or at["phone"])


def reach_form(referral: Referral, data: Any) -> OwnReachForm:
    form, contact = OwnReachForm(data, initial=as_it_is(referral)), referral.contact
    form.wordings(get_language() or "en")
    form.had = {"phone": contact.phone, "email": contact.email}
    marked_at = {REACHED_BY[way][1] for way in contact.marked_ways(timezone.now())}
    form.kept = [where for where in sorted(marked_at) if not _is_used(contact, where)]
    for where in form.kept:
        form.initial[where] = ""
    if not contact.is_reachable:
        form.email_means_yes = True
        form.fields["email"].help_text = EMAIL_MEANS_YES
    return form


EMAIL_MEANS_YES = gettext_lazy("If you enter an email here, we write to you there.")
NOT_GIVEN = {
    "phone": gettext_lazy(
        "We do not give your phone number to programs: you have not allowed calls. They contact you by email, or"
        " through us."
    ),
    "email": gettext_lazy("We do not give your email to programs: you have not allowed emails, so they call you."),
}
NOTHING_GIVEN = gettext_lazy("We give no phone or email of yours to programs. They contact you through us.")
HAD_IT = gettext_lazy("A program that had it already reads that it may not be used.")


def not_given(referral: Referral) -> list[str]:
    """What programs are not told of how to reach this family, in sentences that say nothing of others: they may see
    them. Where a program was told something before, what it reads now."""
    contact = referral.contact
    withheld = contact.not_given(contact.marked_ways(timezone.now()))
    had = {where for where in ("email", "phone") if getattr(contact, where)}
    if withheld and had == withheld:
        said = [str(NOTHING_GIVEN)]
    else:
        said = [str(sentence) for where, sentence in NOT_GIVEN.items() if where in withheld]
    told = bool(said) and Disclosure.objects.filter(placement__referral=referral).exists()
    return [*said, *([str(HAD_IT)] if told else [])]


def _is_used(contact: Contact, where: str) -> bool:
    """Whether this address, ``"email"`` or ``"phone"``, may be used by any way."""
    return any(getattr(contact, allowed) for allowed, field in REACHED_BY.values() if field == where)


MARKED = {
    "email": gettext_lazy("My email"),
    "sms": gettext_lazy("My text messages"),
    CALLS: gettext_lazy("My calls or voicemail"),
}


Marks = Mapping[str, Collection[str]]  # the ways that this browser marked, each with the blind indexes of its addresses


def may_lift(referral: Referral, way: str, address: str, link: FamilyLink, here: Marks) -> bool:
    """Whether this browser may say that what others read or hear is safe again: the one that marked it itself, that
    came by a link which went to this very address, or that sent the request, of what somebody marked by a link. Who
    holds a link to another way calls us."""
    channel = "sms" if way == CALLS else way
    if index_of(channel, address) in here.get(way, ()) or link.was_sent_to(channel, address):
        return True
    at_today = address == getattr(referral.contact, REACHED_BY[way][1])
    return bool(link.asked) and at_today and referral.timeline.was_marked_by_link(way)


def marked(referral: Referral, link: FamilyLink, here: Marks) -> list[dict[str, Any]]:
    """What the family said others read or hear: its way, in words, the address that stands here still, and whether it
    may be called safe in this browser."""
    contact = referral.contact
    shown, at = {"email": contact.email, "phone": contact.phone_shown}, {"email": contact.email, "phone": contact.phone}
    return [
        {
            "way": way,
            "label": MARKED[way],
            "address": shown[REACHED_BY[way][1]],
            "may_lift": may_lift(referral, way, at[REACHED_BY[way][1]], link, here),
        }
        for way in contact.marked_ways(timezone.now())
    ]


# Beside a field, where whoever looks over a shoulder reads it: what was said of others stands in no such place.
BY_CALL = gettext_lazy("We do not use this now. To use it again, call us.")


def not_used(contact: Contact) -> list[str]:
    """The addresses that stand here and are not used, and why, in sentences."""
    at = {REACHED_BY[way][1] for way in contact.marked_ways(timezone.now())}
    said = []
    for where, read, unchecked in (
        (
            "email",
            _("We do not use your email, as you asked."),
            _("We do not use your email: you have not checked that we may."),
        ),
        (
            "phone",
            _("We do not use your phone, as you asked."),
            _("We do not use your phone: you have not checked that we may."),
        ),
    ):
        if getattr(contact, where) and not _is_used(contact, where):
            said.append(read if where in at else unchecked)
    return said


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
    # A reply, or the link of a message: told by what it did, not by a page of ours.
    there = any("happened" in line for line in said_of_a_stop(referral, channel, address))
    return link.was_sent_to(channel, address) or (own and not there)


def tell_before(form: ReachForm, referral: Referral, link: FamilyLink, here: Marks) -> ReachForm:
    """Put beside the box of a way that this page may not start again how it is started: before it is checked."""
    for channel, address in stopped_ways(referral).items():
        if not _may_start(referral, link, channel, address):
            form.fields[CHANNEL_FIELDS[channel][0]].help_text = _start_elsewhere(channel, address)
    for each in marked(referral, link, here):
        box, where = REACHED_BY[each["way"]]
        if not each["may_lift"] and form.initial.get(where):
            form.fields[box].help_text = BY_CALL
    return form


def may_reach(form: OwnReachForm, referral: Referral, link: FamilyLink, here: Marks) -> bool:
    """Whether the form may be taken: a stop is lifted only by who said it, or by who reads what comes there; and what
    others read or hear is used again only where this browser may say that it is safe."""
    if not form.is_valid():
        return False
    now, wanted = timezone.now(), form.reach()
    for way in used_again(referral.contact, wanted, now):
        box, where = REACHED_BY[way]
        if not may_lift(referral, way, getattr(wanted, where), link, here):
            form.add_error(box, BY_CALL)
    for channel, (box, where) in CHANNEL_FIELDS.items():
        address = getattr(wanted, where)
        stopped = address and getattr(wanted, box) and has_stopped(referral, channel, address, now)
        if stopped and box not in form.errors and not _may_start(referral, link, channel, address):
            form.add_error(box, _start_elsewhere(channel, address))
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
    patient = referral.patient
    return ConsentForm(
        data,
        wording=wording,
        has_answers=has_answers,
        covered=covered,
        before=last.categories if (last := referral.consents.order_by("signed_at", "pk").last()) else None,
        relation=referral.relation,
        concern=referral.concern,
        age=ages(patient.age, patient.born, timezone.localdate().year),
        said=age_said(referral),
        prefix="consent",
    )
