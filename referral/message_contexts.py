"""What messages say when they go: asked for a batch at once, by as many queries as there are kinds of messages."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from guides.context_processors import site
from messaging.client import Context, Withheld
from messaging.letter import ASKED
from messaging.models import AlertNotice, ChannelKey, Message
from messaging.states import State
from privacy.tokens import SAMPLE_TOKEN
from referral.actions import absences, escalations
from referral.actions.alarms import ALERT, ALERT_OVER, values
from referral.actions.alarms import TEMPLATES as ALERTS
from referral.actions.duty import DUTY, TAKEN, TAKEN_OVER, still_waiting
from referral.actions.notices import (
    DESK,
    ENDED,
    FOLLOWUP,
    LINK_DID,
    LINK_ENDS,
    NEWS,
    PLACEMENT,
    REMINDER,
    TEMPLATES,
    TO_FAMILY,
    TO_PROGRAM,
    UPDATE,
)
from referral.coverage import covering
from referral.lifecycle import PlacementStatus
from referral.models import (
    Absence,
    CheckInLink,
    Consent,
    FamilyLink,
    FollowUp,
    Placement,
    ProgramCode,
    ProgramLink,
    Referral,
    Task,
)
from referral.names import greeted

Numbered = Sequence[tuple[int, str]]  # the number behind each reference, and the reference
Found = dict[str, Context]


def contexts(references: Sequence[str], now: datetime) -> Found:
    """For each reference what its template needs, with a link that is made here, or why it may not go."""
    kinds: dict[Callable[[Numbered, datetime], Found], list[tuple[int, str]]] = defaultdict(list)
    for reference in references:
        kind, _, number = reference.partition(":")
        kinds[_KINDS[kind]].append((int(number), reference))
    found: Found = {}
    for ask, numbers in kinds.items():
        found |= ask(numbers, now)
    return found


def sample(template: str, language: str) -> dict[str, str]:
    """What a template needs, of a family that does not exist."""
    if template in ALERTS.values():
        with translation.override(language):
            sentence = gettext("Messages on the channel %(channel)s have been waiting for %(minutes)d minutes.")
        notice = AlertNotice(sentence=sentence % {"channel": ChannelKey.EMAIL.label, "minutes": 7})
        return values(notice)
    if template == absences.TEMPLATE:
        return {"away": "Lee Sample", "cover": "Nora Sample", "by": "Nora Sample", "link": _away_page()}
    if template == TAKEN:
        return {"by": "Nora Sample", "link": settings.BASE_URL + reverse("workspace:queue")}
    if template in ("staff-duty", escalations.TEMPLATE):
        return {"link": settings.BASE_URL + reverse("workspace:queue")}
    page = {TEMPLATES[kind]: "portal:open-program" for kind in TO_PROGRAM}
    page |= {TEMPLATES[FOLLOWUP]: "portal:open-check-in"}
    with translation.override(language):
        words = gettext("These are the words that a member of the team writes.")
    link = _url(page.get(template, "portal:open-family"), SAMPLE_TOKEN, language)
    sample_name = greeted("Guadalupe Hernández")
    return {"name": sample_name, "code": "K7P2-XM94", "words": words, "link": link, "call": _call_us(language)}


def _family_pages(numbers: Numbered, now: datetime) -> Found:
    referrals = Referral.objects.select_related("contact").in_bulk([number for number, _reference in numbers])
    # Of a request that a link or a merge ended its family hears: all other news was taken back when it ended.
    news = {number for number, reference in numbers if reference.partition(":")[0] in (NEWS, LINK_DID, LINK_ENDS)}

    def closed(number: int) -> str:
        told = referrals[number].closing in (Referral.Closing.WITHDRAWN, Referral.Closing.DUPLICATE)
        return "" if referrals[number].is_open or (told and number in news) else "closed"

    found, going = _split(numbers, closed)
    to = _going_to([reference for _number, reference in going])
    opens = [{"referral": referrals[number], "sent_to": to.get(reference, "")} for number, reference in going]
    tokens = FamilyLink.mint_all(opens, now=now, expires_at=now + FamilyLink.LIFE)
    for (number, reference), token in zip(going, tokens, strict=True):
        contact = referrals[number].contact
        link = _url("portal:open-family", token, contact.language)
        of_link = reference.partition(":")[0] in (LINK_DID, LINK_ENDS)
        call = {"call": _call_us(contact.language)} if of_link else {}
        found[reference] = {"name": greeted(contact.name), "link": link, **call}
    return found


def _call_us(language: str) -> str:
    """How a family tells us that it was not they who did something."""
    phone = site(language).get("help_phone")
    with translation.override(language):
        return gettext("call %(phone)s") % {"phone": phone} if phone else gettext("write to us on your page")


def _requests(numbers: Numbered, now: datetime) -> Found:
    placements = Placement.objects.select_related("referral").in_bulk([number for number, _reference in numbers])
    consents = Consent.objects.filter(referral__in={each.referral_id for each in placements.values()})
    grants = defaultdict(list)
    for consent in consents.prefetch_related("recipients"):
        grants[consent.referral_id].append(consent.grant())

    def gap(number: int) -> str:
        placement = placements[number]
        if placement.status != PlacementStatus.REQUESTED:
            return "placement_moved"
        wanted = {"recipient": placement.program_id, "categories": placement.categories, "now": now}
        return "" if covering(grants[placement.referral_id], **wanted)[0] else "no_consent"

    found, going = _split(numbers, gap)
    reminders = [number for number, reference in going if reference.startswith(f"{REMINDER}:")]
    asked = Task.objects.open().filter(kind=Task.Kind.PROGRAM_ASKS, placement__in=reminders) if reminders else ()
    ours = {each.placement_id for each in asked}  # it has asked us something, and waits for our answer
    for number, reference in going:
        if number in ours and reference.startswith(f"{REMINDER}:"):
            found[reference] = Withheld("answered")
    return found | _with_links([each for each in going if each[1] not in found], placements, now)


def _updates(numbers: Numbered, now: datetime) -> Found:
    """That there is something to read: the link shows nothing of anybody without a code."""
    placements = Placement.objects.select_related("referral").in_bulk([number for number, _reference in numbers])
    found, going = _split(numbers, lambda number: "" if placements[number].is_live else "placement_moved")
    return found | _with_links(going, placements, now)


def _ends(numbers: Numbered, _now: datetime) -> Found:
    placements = Placement.objects.select_related("referral").in_bulk([number for number, _reference in numbers])
    found, going = _split(numbers, lambda number: "placement_moved" if placements[number].is_live else "")
    return found | {reference: {"code": placements[number].referral.public_code} for number, reference in going}


def _with_links(going: Numbered, placements: Mapping[int, Placement], now: datetime) -> Found:
    opens = [{"placement": placements[number]} for number, _reference in going]
    tokens = ProgramLink.mint_all(opens, now=now, expires_at=now + ProgramLink.LIFE)
    return {
        reference: {
            "code": placements[number].referral.public_code,
            "link": _url("portal:open-program", token, "en"),
        }
        for (number, reference), token in zip(going, tokens, strict=True)
    }


def _codes(numbers: Numbered, now: datetime) -> Found:
    """A code is made as it leaves, so that it lies nowhere; sent once more, it is another one."""
    rows = ProgramCode.objects.in_bulk([number for number, _reference in numbers])
    found, going = _split(numbers, lambda number: "" if rows[number].expires_at > now else "expired")
    for number, reference in going:
        code, row = f"{secrets.randbelow(10**6):06}", rows[number]
        row.code_hash = row.hashed(code)
        found[reference] = {"code": f"{code[:3]} {code[3:]}", ASKED: "yes"}
    ProgramCode.objects.bulk_update([rows[number] for number, _reference in going], ["code_hash"])
    return found


def _duty(numbers: Numbered, _now: datetime) -> Found:
    return _to_the_queue(numbers, still_waiting([number for number, _reference in numbers]))


def _escalated(numbers: Numbered, _now: datetime) -> Found:
    waiting = escalations.still_waiting([number for number, _reference in numbers])
    return _to_the_queue(numbers, waiting, page="workspace:escalations")


def _absences(numbers: Numbered, _now: datetime) -> Found:
    """Who was said to be away; ended meanwhile, it is told all the same."""
    rows = Absence.objects.select_related("user", "cover", "recorded_by")
    kept = rows.in_bulk([number for number, _reference in numbers])
    found, going = _split(numbers, lambda number: "" if number in kept else "over")
    for number, reference in going:
        row = kept[number]
        names = {"away": row.user, "cover": row.cover, "by": row.recorded_by or row.cover}
        called = {name: user.get_full_name() or user.username for name, user in names.items()}
        found[reference] = {**called, "link": _away_page()}
    return found


def _taken_over(numbers: Numbered, _now: datetime) -> Found:
    """Who has it now; where that is over, nobody needs to be told."""
    tasks = Task.objects.crises().select_related("acknowledged_by")
    kept = tasks.in_bulk([number for number, _reference in numbers])
    found, going = _split(numbers, lambda number: "" if number in kept and kept[number].had_by else "over")
    link = settings.BASE_URL + reverse("workspace:queue")
    return found | {reference: {"by": kept[number].had_by, "link": link} for number, reference in going}


def _away_page() -> str:
    return settings.BASE_URL + reverse("workspace:absences")


def _to_the_queue(numbers: Numbered, waiting: Collection[int], page: str = "workspace:queue") -> Found:
    """Says nothing about anybody: the page does, to who signs in."""
    found, going = _split(numbers, lambda number: "" if number in waiting else "answered")
    link = settings.BASE_URL + reverse(page)
    return found | {reference: {"link": link} for _number, reference in going}


def _check_ins(numbers: Numbered, now: datetime) -> Found:
    rows = FollowUp.objects.select_related("referral__contact").in_bulk([number for number, _reference in numbers])

    def over(number: int) -> str:
        if not rows[number].referral.is_open:
            return "closed"
        return "" if rows[number].status in (FollowUp.Status.PLANNED, FollowUp.Status.SENT) else "answered"

    found, going = _split(numbers, over)
    to = _going_to([reference for _number, reference in going])
    opens = [{"followup": rows[number], "sent_to": to.get(reference, "")} for number, reference in going]
    tokens = CheckInLink.mint_all(opens, now=now, expires_at=now + CheckInLink.LIFE)
    for (number, reference), token in zip(going, tokens, strict=True):
        contact = rows[number].referral.contact
        found[reference] = {
            "name": greeted(contact.name),
            "link": _url("portal:open-check-in", token, contact.language),
        }
    return found


def _alerts(numbers: Numbered, _now: datetime) -> Found:
    """An alert that is over by now is told no more; that it is over, always."""
    notices = AlertNotice.objects.in_bulk([number for number, _reference in numbers])
    return {
        reference: Withheld("over")
        if notices[number].over_at and reference.startswith(f"{ALERT}:")
        else values(notices[number])
        for number, reference in numbers
    }


_KINDS: dict[str, Callable[[Numbered, datetime], Found]] = {
    **dict.fromkeys(TO_FAMILY, _family_pages),
    PLACEMENT: _requests,
    REMINDER: _requests,
    UPDATE: _updates,
    ENDED: _ends,
    DESK: _codes,
    FOLLOWUP: _check_ins,
    DUTY: _duty,
    escalations.ESCALATION: _escalated,
    TAKEN_OVER: _taken_over,
    absences.ABSENCE: _absences,
    ALERT: _alerts,
    ALERT_OVER: _alerts,
}


def _split(numbers: Numbered, why_not: Callable[[int], str]) -> tuple[Found, list[tuple[int, str]]]:
    """Those that are withheld, and those that go. One that is no longer there raises `KeyError`."""
    held: Found = {}
    going = []
    for number, reference in numbers:
        reason = why_not(number)
        if reason:
            held[reference] = Withheld(reason)
        else:
            going.append((number, reference))
    return held, going


def _going_to(references: Sequence[str]) -> dict[str, str]:
    """The blind index of the address that each message is on its way to, where that is certain."""
    if not references:
        return {}
    rows = Message.objects.filter(reference__in=references, state=State.CLAIMED)
    going: dict[str, set[str]] = defaultdict(set)
    for reference, index in rows.values_list("reference", "address_index"):
        going[reference].add(index)
    return {reference: indexes.pop() for reference, indexes in going.items() if len(indexes) == 1}


def _url(name: str, token: str, language: str) -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse(name, args=[token])
