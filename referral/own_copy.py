"""Everything that is kept of a family, in its own language, as it may read it and take it along."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from messaging.models import WrittenWords
from messaging.states import State
from referral.answers import answer_lines
from referral.message_lines import message_line
from referral.models import Consent, Disclosure, Referral, TimelineEntry
from referral.models.people import REACHED_BY
from referral.timeline import for_family

Rows = list[tuple[str, str]]


def own_copy(referral: Referral) -> list[tuple[str, Rows]]:
    """Headings, each with its rows of label and value. Nothing that staff wrote for each other, and no other person
    whom we may call: who called us in confidence may have to be safe from whoever reads here."""
    consents, heard = referral.consents.shown(timezone.now()), referral.timeline.read_by_family(referral)
    return [
        (_("Your request"), _request(referral)),
        (_("How we reach you"), _reach(referral)),
        (_("Answers to the questions about care"), _answers(referral)),
        (_("Consents"), [(_at(each.signed_at), _signed(each)) for each in consents]),
        (_("What we shared"), _shared(referral)),
        (_("Messages that we sent you"), _messages(heard)),
        (_("What we wrote to you"), _written(referral)),
        (_("What has happened"), _happened(heard)),
    ]


def _at(at: datetime) -> str:
    return str(formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))


def _request(referral: Referral) -> Rows:
    patient = referral.patient
    return [
        (_("Code"), referral.public_code),
        (_("Status"), str(referral.get_status_display())),
        (_("Who is this for?"), str(referral.get_relation_display())),
        (_("What is it about?"), referral.concern_words),
        (_("The person who may need care"), patient.name),
        (_("Age"), str(patient.get_age_display())),
        (_("Suggested level of care"), referral.level_range),
        (_("In your own words"), referral.message),
    ]


def _reach(referral: Referral) -> Rows:
    contact = referral.contact
    marked = contact.marked_ways(timezone.now())
    used = {where for way, (allowed, where) in REACHED_BY.items() if getattr(contact, allowed) and way not in marked}
    given = dict.fromkeys(contact.not_given(marked), _("not used, and not given to programs"))
    given |= dict.fromkeys(used & given.keys(), _("not given to programs"))
    return [
        (_("Name"), contact.name),
        (_("Phone"), "; ".join(filter(None, (contact.phone_shown, given.get("phone"))))),
        (_("Email"), "; ".join(filter(None, (contact.email, given.get("email"))))),
        (_("ZIP code"), contact.zip_code),
        (_("Language"), str(contact.get_language_display())),
        (_("Good times to call"), ", ".join(contact.time_labels)),
        (_("May be contacted by"), contact.ways_said),
        (_("If no one answers"), str(contact.get_voicemail_display())),
        *((_("When messages come (%(way)s)") % {"way": way}, said) for way, said in contact.wishes(timezone.now())),
    ]


def _answers(referral: Referral) -> Rows:
    if not referral.response:
        return []
    return list(answer_lines(referral.response, get_language() or "en", _("Not sure"), _("None of these")))


def _signed(consent: Consent) -> str:
    person, papers = consent.patient.name, consent.authority or ""
    given = [consent.signed_name, _("for %(name)s") % {"name": person} if person else "", papers]
    parts = [*filter(None, given), str(consent.get_method_display()), consent.in_words]
    if consent.revoked_at:
        parts.append(_("withdrawn on %(day)s") % {"day": formats.date_format(timezone.localtime(consent.revoked_at))})
    return "; ".join(parts)


def _shared(referral: Referral) -> Rows:
    rows = Disclosure.objects.filter(placement__referral=referral)
    return [
        (
            f"{_at(each.at)}, {each.recipient}",
            "; ".join(f"{label}: {value}" for label, value in each.rows) or each.in_words,
        )
        for each in rows
    ]


def _messages(heard: list[TimelineEntry]) -> Rows:
    return [
        (_at(each.at), message_line(each.params))
        for each in heard
        if each.kind == TimelineEntry.Kind.MESSAGE
        and each.params.get("happened") == "sent"
        and not each.params.get("program")
    ]


def _written(referral: Referral) -> Rows:
    """What staff wrote to this contact, as far as it was sent; another one that was used meanwhile has its own."""
    rows = WrittenWords.objects.filter(
        message__reference=f"note:{referral.pk}", message__person_key=referral.contact.key
    )
    sent = rows.filter(message__state__in=[State.SENT, State.DELIVERED]).order_by("written_at")
    return [(_at(each.written_at), each.words) for each in sent]


def _happened(heard: list[TimelineEntry]) -> Rows:
    own = (TimelineEntry.Kind.WROTE, TimelineEntry.Kind.TOLD_FAMILY)
    return [
        (_at(each.at), f"{line} {each.text}" if each.kind in own and each.text else line)
        for each in heard
        if (line := for_family(each))
    ]
