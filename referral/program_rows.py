"""Which requests a program may open, and what it reads there: also for staff, before they share it.

It may open those that a live consent covers, and reads what the categories of the consent cover.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from directory.geo import BadZip
from directory.models import Program
from directory.models.zips import place_of
from privacy.models import AccessEvent
from referral.answers import answer_lines, payment_line
from referral.coverage import LIMITED, Category, Grant, covering
from referral.lifecycle import PLACEMENT_LIVE, UNDO_TIME, PlacementStatus, Role
from referral.models import Consent, Contact, Disclosure, Placement, Referral

KNOWS_ALL = frozenset({PlacementStatus.ACCEPTED, PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD})
# How long the desk still names what has ended: its code and how, nothing of the person.
ENDED_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class Shared:
    """A request that a program may read, under which consent, and the categories that it shows now."""

    placement: Placement
    consent: Consent
    may: frozenset[str]


def shared_with(programs: Collection[int], now: datetime, *, pk: int | None = None) -> list[Shared]:
    """What these programs may read: the requests that are live, or that they may still take back; one by its `pk`.

    A request or a consent that has ended shuts it at once. The number of queries does not grow with what is found.
    """
    fresh = Q(moved_by=Role.PROGRAM, moved_at__gte=now - UNDO_TIME)
    rows = Placement.objects.filter(Q(status__in=PLACEMENT_LIVE) | fresh, program__in=programs)
    rows = rows.filter(pk=pk) if pk is not None else rows
    found = list(
        rows.select_related(
            "program", "referral__patient", "referral__contact", "referral__level_low", "referral__level_high"
        ).prefetch_related("referral__level_low__texts", "referral__level_high__texts", "appointments")
    )
    grants, consents = _grants({each.referral_id for each in found})
    shared = []
    for each in found:
        grant, _gap = covering(grants[each.referral_id], recipient=each.program_id, categories=each.categories, now=now)
        if grant is not None:
            known = each.categories if each.status in KNOWS_ALL else LIMITED
            consent = consents[grant.key]
            shared.append(Shared(each, consent, frozenset(known) & consent.shares(each.referral.contact)))
    return shared


def _grants(referrals: Iterable[int]) -> tuple[Mapping[int, list[Grant]], Mapping[int, Consent]]:
    grants: dict[int, list[Grant]] = defaultdict(list)
    rows = Consent.objects.filter(referral__in=referrals).select_related("contact").prefetch_related("recipients")
    consents = {consent.pk: consent for consent in rows}
    for consent in consents.values():
        grants[consent.referral_id].append(consent.grant())
    return grants, consents


def unopened(disclosures: Collection[Disclosure]) -> set[int]:
    """The keys of those that no program has read: of a request that went by e-mail it sees nothing before it opens the
    page behind the link; what it answers, or is told by phone, it knows."""
    rows = {each.pk: each.placement for each in disclosures}
    emails = {each.program.referral_email for each in rows.values()} - {""}
    desks = defaultdict(set)  # a desk is all programs of one address, and is written down under one of them
    for pk, email in Program.objects.filter(referral_email__in=emails).values_list("pk", "referral_email"):
        desks[email].add(f"program:{pk}")
    subjects = {pk: _subjects(each.referral) for pk, each in rows.items()}
    keys = {key for each in subjects.values() for key in each}
    looks = AccessEvent.objects.filter(action=AccessEvent.Action.DISCLOSED, subject__in=keys)
    seen = set(looks.values_list("subject", "purpose"))
    return {
        pk
        for pk, each in rows.items()
        if each.program.referral_email
        and PlacementStatus.REQUESTED in (each.status, each.was)
        and each.moved_by != Role.PROGRAM
        and not any((key, desk) in seen for key in subjects[pk] for desk in desks[each.program.referral_email])
    }


def _subjects(referral: Referral) -> set[str]:
    """Under which keys looks at it are written down: also those of duplicates that were merged into it."""
    return {referral.key, *(each.key for each in referral.merged_from.all())}


@dataclass(frozen=True)
class Row:
    """One fact; `href` calls the number where it is one."""

    label: str
    value: str
    href: str = ""


def program_rows(referral: Referral, categories: Collection[str]) -> dict[Category, list[Row]]:
    """The rows of each of these categories, in their fixed order. What is not asked for is not read at all."""
    return {category: write(referral) for category, write in WRITE.items() if category in categories}


def copy_of(referral: Referral, categories: Collection[str]) -> dict[str, list[list[str]]]:
    """{language: [label, value] of each row}: what is shared, as it reads in each."""
    return {code: _read_in(code, referral, categories) for code, _name in settings.LANGUAGES}


def _read_in(language: str, referral: Referral, categories: Collection[str]) -> list[list[str]]:
    with override(language):
        return [[row.label, row.value] for rows in program_rows(referral, categories).values() for row in rows]


def _need(referral: Referral) -> list[Row]:
    return [
        Row(_("About"), referral.concern_words),
        Row(_("Suggested level of care"), referral.level_range or _("not known yet")),
    ]


def _situation(referral: Referral) -> list[Row]:
    contact = referral.contact
    return [
        Row(_("Age"), referral.patient.get_age_display()),
        Row(_("Area"), _area(contact.zip_code)),
        Row(_("Language"), contact.get_language_display()),
        Row(_("Good times to call"), ", ".join(contact.time_labels) or _("not said")),
    ]


def _contact(referral: Referral) -> list[Row]:
    contact, own = referral.contact, referral.relation == Referral.Relation.SELF
    # A consent names who gives it, and no one else: what the other person is called, the family tells.
    who = _("the same person") if own else _("someone close to them")
    return [Row(_("Who to contact"), contact.name), Row(_("The person who may need care"), who), *_ways(contact)]


def _ways(contact: Contact) -> list[Row]:
    """Where a program may call or write: only by what the family left open (`Contact.not_given`). Of the rest the row
    says so, and not why: whoever had it before, or finds it elsewhere, is to leave it alone."""
    rows, shut = [], contact.shut_ways(timezone.now())
    withheld, open_ways = contact.not_given(shut), contact.program_ways()
    if "phone" in withheld:
        rows.append(Row(_("Phone"), _("Do not call or text.")))
    elif contact.phone:
        rows.append(Row(_("Phone"), contact.phone_shown, f"tel:{contact.phone}"))
        rows.append(Row(_("If no one answers"), contact.get_voicemail_display()))
        if "sms" in shut or "sms" not in open_ways:
            rows.append(Row(_("Text messages"), _("Do not text.")))
    if "email" in withheld:
        rows.append(Row(_("Email"), _("Do not write.")))
    elif contact.email:
        rows.append(Row(_("Email"), contact.email))
    if not {name for name in ("phone", "email") if getattr(contact, name)} - withheld:
        rows.append(Row(_("How to reach them"), _("Only through Waymark: ask our navigator.")))
    return rows


def _answers(referral: Referral) -> list[Row]:
    if not referral.response:
        return []
    words = (get_language() or "en", _("Not sure"), _("None of these"))
    paying = payment_line(referral.response, *words)
    first = [Row(_("How care could be paid for"), paying)] if paying else []
    return first + [Row(question, answer) for question, answer in answer_lines(referral.response, *words)]


def _area(zip_code: str) -> str:
    """The town, never the ZIP code: five digits and a language can be one family."""
    try:
        place = place_of(zip_code)
    except BadZip:
        return ""
    return f"{place.city}, {place.state}"


WRITE: Mapping[Category, Callable[[Referral], list[Row]]] = {
    Category.NEED: _need,
    Category.SITUATION: _situation,
    Category.CONTACT: _contact,
    Category.ANSWERS: _answers,
}
