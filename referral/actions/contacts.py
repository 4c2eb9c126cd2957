"""How a family wants to be reached: by which way, where and when, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from directory.models import ServiceArea
from messaging import actions as messaging
from privacy.transactions import one_transaction
from referral.actions.by_link import tell_of_closing
from referral.actions.common import HUMAN, Actor, Unsafe, locked, new_task, require, write
from referral.actions.consents import lock_all_of, weigh_consents
from referral.actions.followups import say_again, start_default_plan, take_back
from referral.actions.notices import LINK, news_of, said_to, tell_family
from referral.actions.old_links import end_old_links
from referral.actions.people import People, correct_people
from referral.actions.resting import carry_wishes
from referral.actions.stops import speaks_for, stop_at
from referral.actions.withheld import tell_programs
from referral.actions.wrong_numbers import say_again_elsewhere, set_right
from referral.lifecycle import ReferralStatus, Role
from referral.models import Contact, Referral, Task, TimelineEntry
from referral.models.links import SentLink
from referral.models.people import CHANNEL_FIELDS, REACHED_BY
from referral.reasons import ADDRESS_WISHED, ASK_WAYS, code_of, coded

Kind = TimelineEntry.Kind
CHANGEABLE = ("phone", "email", "zip_code", "zone", "language", "times", "voicemail", "by_email", "by_text", "by_phone")
# What it was is kept on the timeline where staff change it.
TELLING = ("phone", "email", "zip_code", "language")


def used_again(contact: Contact, reach: Reach, now: datetime) -> list[str]:
    """The ways that `reach` opens though the family said that others read or hear what comes to that address."""
    found = []
    for way, (allowed, where) in REACHED_BY.items():
        address, as_before = getattr(reach, where), getattr(contact, allowed)
        if not (address and getattr(reach, allowed)) or (as_before and address == getattr(contact, where)):
            continue
        there = [each for each, (_allowed, field) in REACHED_BY.items() if field == where]
        if any(messaging.has_shut(address=address, channel=each, by=contact.key, now=now) for each in there):
            found.append(way)
    return found


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a family wants to be reached, already validated."""

    phone: str
    email: str
    zip_code: str
    zone: str
    language: str
    times: Sequence[str]
    voicemail: str
    by_email: bool
    by_text: bool
    by_phone: bool
    wordings: dict[str, str]
    unsaid: Sequence[str] = ()  # what of `Contact.NOT_ASKED` was left empty: not asked before, it stays so

    def leaves_a_way(self) -> bool:
        """Whether any way to reach the family stays open."""
        return bool((self.by_email and self.email) or ((self.by_text or self.by_phone) and self.phone))

    def differs(self, contact: Contact) -> bool:
        """Whether the contact is reached in another way now."""
        return any(getattr(self, name) != getattr(contact, name) for name in CHANGEABLE)


def tighter(contact: Contact, reach: Reach) -> tuple[Reach, list[str]]:
    """What of `reach` counts at once where somebody came by a link beside the browser that asked, and the names of what
    waits: another address, another place, and whatever lets us call, write or leave word where we may not today."""
    may_say = list(Contact.Message)
    held = {name for name in ("phone", "email", "zip_code") if getattr(reach, name) != getattr(contact, name)}
    held |= {box for box, _where in REACHED_BY.values() if getattr(reach, box) and not getattr(contact, box)}
    if may_say.index(Contact.Message(reach.voicemail)) > may_say.index(Contact.Message(contact.voicemail)):
        held.add("voicemail")
    if contact.times and not (reach.times and set(reach.times) <= set(contact.times)):
        held.add("times")
    kept = {name: getattr(contact, name) for name in held}
    if "zip_code" in held:
        kept["zone"] = contact.zone
    return replace(reach, **kept), sorted(held)


@one_transaction
def change_contact(
    pk: int,
    reach: Reach,
    *,
    actor: Actor,
    now: datetime,
    people: People | None = None,
    seen: int | None = None,
    source: str = "page",
    link: SentLink | None = None,
    safe: Collection[str] = (),
    number_right: bool = False,
) -> Referral:
    """Change addresses, channels, times, language or zone; what has not gone is dated and addressed anew.

    An address of which the family said that others read or hear it is used again only by the ways that it says are
    `safe` now, on its own page, in a browser that may say so (`portal.forms.own.may_lift`): else `Unsafe` is raised,
    also where staff correct it. A pause, and days and hours, go along to a new address.

    With another address, whoever reads the old one must not find a way in: all links end, also `link`, by which the
    family is here, unless they went to an address that is still theirs or are of the browser that asked. A new one goes
    to where it is written to now. A stop is lifted only for who came by a link that went to the very address, or said
    so here (`messaging.undo_own`). A wish by a link is settled by a change that the family or one of us makes. Staff
    may correct who the `people` are; what was stays told.
    """
    require(actor, *HUMAN)
    if people:
        lock_all_of(pk)
    referral = locked(pk, actor=actor, seen=seen)
    contact, own = referral.contact, referral.contact.key if actor.role == Role.FAMILY else None
    before = _Before.of(contact)
    reopened = _opened_again(referral, reach, safe, actor, now)
    unsaid, ours = _take_back(referral, reach, now)  # messages before permissions before the contact, as all lock them
    shut = _shut_left_out(contact, reach, by=own, actor=actor, link=link, source=actor.source(source), now=now)
    _set(contact, reach)
    was = correct_people(referral, people) if people else {}
    lifted = set_right(referral, before.values["phone"], right=number_right, actor=actor, now=now)
    contact.save()
    _spread(referral, reach, before, reopened, now)
    _permit(contact, reach, before, by=own, source=source, link=link, now=now)
    changed = before.changed(contact)
    moved = bool({"email", "phone"} & set(changed))
    was |= {name: before.values[name] for name in changed if name in TELLING and actor.user}
    _say_again(referral, before.way, unsaid, lifted=lifted, moved=moved, now=now)
    _then_to_do(referral, before, write_again=bool(ours), settles=moved and not actor.by_link, now=now)
    more = _told(contact, changed, shut=shut, right=lifted)
    write(referral, Kind.CONTACT_CHANGED, actor=actor, now=now, changed=sorted({*changed, *was}), was=was, **more)
    if people and was.keys() - {*CHANGEABLE}:
        weigh_consents(referral, actor=actor, now=now)
    return referral


def _then_to_do(referral: Referral, before: _Before, *, write_again: bool, settles: bool, now: datetime) -> None:
    """The tasks that a change makes or ends: what we had written goes out anew, a wish by a link is settled."""
    if write_again and referral.contact.channels():
        new_task(referral, Task.Kind.WRITE, due_at=now, now=now)
    if settles:
        _settle_wishes(referral, now)
    _ask_the_ways(referral, before.ways_asked, now)


def _opened_again(referral: Referral, reach: Reach, safe: Collection[str], actor: Actor, now: datetime) -> list[str]:
    """The ways that others read or hear and that are used again. Raises `Unsafe` where nobody may say so. Who is told
    that a way closes hears it by that way first."""
    reopened = used_again(referral.contact, reach, now)
    if set(reopened) - set(safe if actor.role == Role.FAMILY else ()):
        raise Unsafe
    if actor.by_link:
        tell_of_closing(referral, [way for way, (box, _at) in CHANNEL_FIELDS.items() if not getattr(reach, box)], now)
    return reopened


def _spread(referral: Referral, reach: Reach, before: _Before, reopened: Collection[str], now: datetime) -> None:
    """What the change means beside the contact: for programs, for the area, for ways that are safe again."""
    contact = referral.contact
    tell_programs(contact, before.for_programs, now=now)
    if before.values["zip_code"] != contact.zip_code:
        _move(referral)
    for each in reopened:
        messaging.open_again(address=getattr(reach, REACHED_BY[each][1]), channel=each, by=contact.key, now=now)


def _told(contact: Contact, changed: Collection[str], **also: object) -> dict[str, Any]:
    """What else stands on the line of the change: the boxes as they are now, and what of `also` is so."""
    boxes = {name: getattr(contact, name) for name in changed if name.startswith("by_")}
    return {"boxes": boxes, **{name: said for name, said in also.items() if said}}


@dataclass(frozen=True)
class _Before:
    """How a family was reached before a change."""

    values: dict[str, Any]
    way: str  # of `way_of`
    for_programs: dict[str, str]
    ways_asked: bool
    lived: list[tuple[str, str]]  # channel and address

    @classmethod
    def of(cls, contact: Contact) -> _Before:
        return cls(
            {name: getattr(contact, name) for name in CHANGEABLE},
            way_of(contact),
            contact.program_ways(),
            contact.ways_asked,
            [(channel, str(getattr(contact, where))) for channel, (_allowed, where) in CHANNEL_FIELDS.items()],
        )

    def changed(self, contact: Contact) -> list[str]:
        return sorted(name for name in CHANGEABLE if self.values[name] != getattr(contact, name))


def _say_again(referral: Referral, way: str, unsaid: set[str], *, lifted: bool, moved: bool, now: datetime) -> None:
    """What was taken back goes to where the family is now; links to another address open nothing any more."""
    say_again(referral, unsaid, now=now)
    if lifted:
        say_again_elsewhere(referral, now=now)
    if lifted or moved:
        end_old_links(referral.contact, now)
        _send_a_new_link(referral, way, unsaid, now)


def _settle_wishes(referral: Referral, now: datetime) -> None:
    """Nobody asks any more about another address that somebody wished for by a link. A task that was there for
    something else before stays for that."""
    for task in referral.tasks.open():
        lines = task.text.split("\n")
        left = [line for line in lines if code_of(line) != ADDRESS_WISHED]
        if left == lines:
            continue
        task.text = "\n".join(left)
        if not left and referral.timeline.filter(kind=Kind.WAITS, at=task.created_at).exists():
            task.done_at = now
        task.save(update_fields=["text", "done_at"])


def _ask_the_ways(referral: Referral, was_asked: bool, now: datetime) -> None:
    """Somebody asks how they may be reached where only a number was found; check-ins begin once it is known."""
    contact = referral.contact
    if not contact.ways_asked and contact.is_called_back and referral.is_open:
        new_task(referral, Task.Kind.CALL, due_at=now, now=now, text=coded(ASK_WAYS))
    elif contact.ways_asked and not was_asked and referral.status == ReferralStatus.ACTIVE:
        start_default_plan(referral, now=now)


def _set(contact: Contact, reach: Reach) -> None:
    """What `reach` says stands in the contact; who says it was asked for it."""
    for name in CHANGEABLE:
        setattr(contact, name, getattr(reach, name) if name != "language" else reach.language or contact.language)
    contact.by_email, contact.by_text = reach.by_email and bool(reach.email), reach.by_text and bool(reach.phone)
    unsaid = {*reach.unsaid, Contact.FOR_WHOM}  # who needs care is asked of the people: see `people`
    contact.not_asked = [each for each in contact.not_asked or () if each in unsaid]


def _take_back(referral: Referral, reach: Reach, now: datetime) -> tuple[set[str], set[str]]:
    """What was still to go and is taken back, and what of it staff wrote.

    What staff wrote to an address that is no longer theirs does not go there: somebody writes it again.
    """
    ours = set(said_to(referral)) - set(news_of(referral)) if _moves_away(referral.contact, reach) else set()
    unsaid = take_back(referral, reason="contact changed", now=now, also=ours)
    return unsaid, ours & unsaid


def _shut_left_out(
    contact: Contact,
    reach: Reach,
    *,
    by: str | None,
    actor: Actor,
    link: SentLink | None,
    source: str,
    now: datetime,
) -> list[str]:
    """Stop the channels that are no longer wished for, at their addresses of before, as `stop_ways` does; return their
    blind indexes."""
    shut = []
    for channel, (allowed, _where) in CHANNEL_FIELDS.items():
        if (address := contact.address(channel)) and not getattr(reach, allowed):
            wide = speaks_for(actor, link, channel, address)
            stop_at(contact, channel, address, until=None, source=source, by=by, wide=wide, now=now)
            shut.append(messaging.index_of(channel, address))
    return shut


def _send_a_new_link(referral: Referral, way: str, unsaid: set[str], now: datetime) -> None:
    """Who is written to where it was before, by the same `way`, has its links, and hears no news of its own change."""
    if referral.is_open and way_of(referral.contact) != way and not unsaid & set(news_of(referral)):
        tell_family(referral, LINK, now=now, occasion=f"new address {referral.version}")


def _moves_away(contact: Contact, reach: Reach) -> bool:
    """Whether an address that is written to now is written to no more."""
    return any(
        contact.address(channel) and not (getattr(reach, allowed) and getattr(reach, where) == getattr(contact, where))
        for channel, (allowed, where) in CHANNEL_FIELDS.items()
    )


def _permit(
    contact: Contact,
    reach: Reach,
    before: _Before,
    *,
    by: str | None,
    source: str,
    link: SentLink | None,
    now: datetime,
) -> None:
    """Agree to each channel that is wished for; pauses, and days and hours, go along to new addresses."""
    for channel, (allowed, where) in CHANNEL_FIELDS.items():
        if address := contact.address(channel):
            # Anyone may type an address in; only who reads what comes there may say that its stop is over.
            as_before = before.values[allowed] and before.values[where] == address
            theirs = link is not None and link.was_sent_to(channel, address)
            if not as_before:
                # Staff write down that this family wants it again; what it said for itself alone ends with that, too.
                messaging.undo_own(address=address, channel=channel, by=by or contact.key, now=now)
            agree = messaging.resume if theirs and not as_before else messaging.allow
            agree(channel=channel, address=address, wording=reach.wordings[channel], source=source, now=now)
    carry_wishes(contact, before.lived, now=now)


def _move(referral: Referral) -> None:
    """With another ZIP code, the contact's open referrals belong to the area that covers it, or to none."""
    referral.service_area = ServiceArea.objects.covering(referral.contact.zip_code).first()
    Referral.objects.open().filter(contact=referral.contact_id).update(service_area=referral.service_area)


def way_of(contact: Contact) -> str:
    """Where messages go first: a channel and an address, or ``""``."""
    return next((f"{channel} {contact.address(channel)}" for channel in contact.channels()), "")
