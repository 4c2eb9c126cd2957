"""How a family wants to be reached: by which way, where and when, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Q

from directory.models import ServiceArea
from messaging import actions as messaging
from privacy.transactions import one_transaction
from referral.actions.common import SYSTEM, Actor, Unsafe, locked, new_task, require, require_open, write
from referral.actions.consents import lock_all_of, weigh_consents
from referral.actions.followups import cancel_follow_ups, replan, say_again, start_default_plan, take_back
from referral.actions.notices import LINK, news_of, said_to, tell_family
from referral.actions.old_links import end_old_links
from referral.actions.people import People, correct_people
from referral.actions.resting import carry_wishes
from referral.actions.withheld import tell_programs
from referral.actions.wrong_numbers import say_again_elsewhere, set_right
from referral.lifecycle import ReferralStatus, Refused, Role, Why
from referral.models import Contact, FamilyLink, FollowUpStep, Referral, Task, TimelineEntry
from referral.models.people import CHANNEL_FIELDS, REACHED_BY
from referral.reasons import ASK_WAYS, coded

Kind = TimelineEntry.Kind
HUMAN = (Role.FAMILY, Role.NAVIGATOR, Role.SUPERVISOR)
CHANGEABLE = ("phone", "email", "zip_code", "zone", "language", "times", "voicemail", "by_email", "by_text", "by_phone")
# What it was is kept on the timeline where staff change it.
TELLING = ("phone", "email", "zip_code", "language")


class Silenced(TypedDict, total=False):
    """What else stands on the line of history of a stop: the kinds of tasks that it ended, and the blind indexes of the
    addresses that it is about: a stop belongs to an address."""

    ended: list[str]
    shut: list[str]


@one_transaction
def stop_messages(
    pk: int, *, actor: Actor, now: datetime, channel: str | None = None, source: str = "page"
) -> Referral:
    """No message goes to this family any more, by `channel` or by any. Committed before a send, it wins."""
    require(actor, *HUMAN)
    referral = locked(pk, actor=actor)
    by = referral.contact.key if actor.role == Role.FAMILY else None
    ended = stop_ways(referral, channel=channel, now=now, source=source, by=by)
    write(referral, Kind.STOPPED, actor=actor, now=now, channel=channel or "", **ended)
    return referral


def stop_ways(
    referral: Referral, *, channel: str | None, now: datetime, source: str, by: str | None = None
) -> Silenced:
    """Stop a channel or all, under the caller's line of history. Returns what else belongs on it: see `silence`. `by`
    is the contact's key where it says so on its own page, and may take it back there."""
    contact = referral.contact
    ways = [("email", contact.email), ("sms", contact.phone)]
    told = [(each, address) for each, address in ways if address and channel in (None, each)]
    for each, address in told:
        messaging.stop(address=address, channel=each, until=None, source=source, now=now, whose=contact.key, by=by)
    for other in others_of(referral, [address for _each, address in told]):
        if other.contact_id == contact.pk:
            write(other, Kind.STOPPED, actor=SYSTEM, now=now, channel=channel or "", **silence(other, channel, now=now))
            continue
        for each, address in told:
            theirs = str(getattr(other.contact, CHANNEL_FIELDS[each][1]))
            if listens(other, each) and messaging.index_of(each, theirs) == messaging.index_of(each, address):
                write(other, Kind.STOPPED, actor=SYSTEM, now=now, channel=each, **silence(other, each, now=now))
    return silence(referral, channel, now=now)


def others_of(referral: Referral, addresses: Collection[str] = ()) -> list[Referral]:
    """The other open referrals of the same contact, and of whoever is reached at one of these addresses: what is said
    of an address holds there, too."""
    theirs = Q(contact=referral.contact_id)
    for address in filter(None, addresses):
        theirs |= Q(contact__in=Contact.objects.reached_at(address).values("pk"))
    rows = Referral.objects.open().filter(theirs).exclude(pk=referral.pk)
    return list(rows.select_related("contact").order_by("pk").select_for_update(no_key=True, of=("self",)))


def listens(referral: Referral, channel: str | None) -> bool:
    """Whether the contact still allows this channel, or any of them."""
    ways = [allowed for each, (allowed, _where) in CHANNEL_FIELDS.items() if channel in (None, each)]
    return any(getattr(referral.contact, allowed) for allowed in ways)


def silence(referral: Referral, channel: str | None, *, now: datetime) -> Silenced:
    """Note on the contact that a channel, CALLS, or all channels may not be used; the rest of the plan goes another
    way.

    Who may not be called either is left alone: no call stays planned, and tasks that lead to the family end. Returns
    what belongs on the line of history.
    """
    contact, before = referral.contact, referral.contact.program_ways()
    ways = CHANNEL_FIELDS if channel is None else {channel: REACHED_BY[channel]}
    shut = [allowed for allowed, _where in ways.values()]
    for field in shut:
        setattr(contact, field, False)
    ended: list[str] = []
    if contact.channels():
        replan(referral, reason="stopped", now=now)
    else:
        calls = [] if contact.is_callable else [FollowUpStep.Kind.CALL]
        kinds = [FollowUpStep.Kind.MESSAGE, *calls]
        cancel_follow_ups(referral, reason="stopped", now=now, kinds=kinds, also=said_to(referral))
        ended = _end_tasks(referral, Task.TO_FAMILY if calls else (Task.Kind.WRITE,), now)
    contact.save(update_fields=shut)
    tell_programs(contact, before, now=now)
    at = [messaging.index_of(way, str(getattr(contact, where))) for way, (_allowed, where) in ways.items()]
    said = Silenced(shut=[each for each in dict.fromkeys(at) if each != messaging.index_of("email", "")])
    return Silenced(**said, ended=ended) if ended else said


def _end_tasks(referral: Referral, kinds: Collection[str], now: datetime) -> list[str]:
    """End the open tasks of these kinds; return which there were."""
    rows = referral.tasks.open().filter(kind__in=kinds)
    ended = sorted(set(rows.values_list("kind", flat=True)))
    rows.update(done_at=now)
    return ended


@one_transaction
def start_messages(
    pk: int, *channels: str, words: str, actor: Actor, now: datetime, seen: int | None = None, safe: bool = False
) -> Referral:
    """The family told a member of staff that it wants messages by these channels, or CALLS, again, in these `words`.
    It is the way back for who has no message of ours to answer. Raises `Refused` where it did not stop them or never
    agreed to them, `Unsafe` where others read or hear it and the family was not asked whether it is `safe` now."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    require_open(referral)
    given, by = given_up(referral, now), referral.contact.key
    for channel in channels:
        if (address := given.get(channel)) is None:
            raise Refused(Why.NOT_FROM_HERE, "start_messages", referral.status)
        if not safe and messaging.is_shut(address=address, channel=channel, now=now, by=by):
            raise Unsafe
        listen_again(referral, channel, now=now)
        messaging.open_again(address=address, channel=channel, by=by, now=now)
        if channel != messaging.CALLS:
            messaging.resume(address=address, channel=channel, wording=words, source="staff", now=now, shut_too=True)
        write(referral, Kind.MESSAGE, actor=actor, now=now, text=words, happened="resumed", channel=channel, about="")
    return referral


def said_of_a_stop(referral: Referral, channel: str, address: str) -> list[dict[str, Any]]:
    """What this family said of not being written to by this channel at this address: a stop belongs to an address. Only
    its own history is asked: of others nothing may be found out here."""
    there = messaging.index_of(channel, address)
    here = messaging.index_of(channel, str(getattr(referral.contact, CHANNEL_FIELDS[channel][1])))
    return referral.timeline.tell_of_a_stop(channel, there, today=there == here)


def stopped_ways(referral: Referral) -> dict[str, str]:
    """The channels that this family stopped, with where they led."""
    contact = referral.contact
    return {
        channel: address
        for channel, (allowed, where) in CHANNEL_FIELDS.items()
        if not getattr(contact, allowed)
        and (address := str(getattr(contact, where)))
        and said_of_a_stop(referral, channel, address)
    }


def has_stopped(referral: Referral, channel: str, address: str, now: datetime) -> bool:
    """Whether this family stopped this channel at an address, of today or of before, and has not taken it back."""
    _allowed, where = CHANNEL_FIELDS[channel]
    if address == getattr(referral.contact, where):
        return channel in stopped_ways(referral)
    return messaging.is_stopped(address=address, channel=channel, now=now) and bool(
        said_of_a_stop(referral, channel, address)
    )


def given_up(referral: Referral, now: datetime) -> dict[str, str]:
    """The same, of the ways that they once agreed to; and CALLS where the family said that others hear them. Another
    way needs the words of its permission first, as when it is corrected."""
    contact = referral.contact
    heard = not contact.by_phone and messaging.CALLS in contact.marked_ways(now)
    stopped = stopped_ways(referral).items()
    agreed = {way: at for way, at in stopped if messaging.has_agreed(address=at, channel=way)}
    return agreed | ({messaging.CALLS: contact.phone} if heard else {})


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


def listen_again(referral: Referral, channel: str, *, now: datetime) -> None:
    """The family wants to hear from us by this channel, or by calls, again: what is planned may go by it."""
    contact, (allowed, where) = referral.contact, REACHED_BY[channel]
    setattr(contact, allowed, True)
    if getattr(contact, where):
        replan(referral, reason="resumed", now=now)
        contact.save(update_fields=[allowed])


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

    def differs(self, contact: Contact) -> bool:
        """Whether the contact is reached in another way now."""
        return any(getattr(self, name) != getattr(contact, name) for name in CHANGEABLE)


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
    link: FamilyLink | None = None,
    safe: Collection[str] = (),
    number_right: bool = False,
    elsewhere: bool = False,
) -> Referral:
    """Change addresses, channels, times, language or zone; what has not gone is dated and addressed anew.

    An address of which the family said that others read or hear it is used again only by the ways that it says are
    `safe` now, on its own page, in a browser that may say so (`portal.forms.own.may_lift`): else `Unsafe` is raised,
    also where staff correct it. A pause, and days and hours, go along to a new address.

    With another address, whoever reads the old one must not find a way in: all links end, also `link`, by which the
    family is here, unless they went to an address that is still theirs or are of the browser that asked. A new one goes
    to where it is written to now. A stop is lifted only for who came by a link that went to the very address, or said
    it on this page (`messaging.undo_own`). `elsewhere`: the browser that sent the request, another than this one, has
    the page: somebody asks whether it was the family. Staff may correct who the `people` are; what was stays told.
    """
    require(actor, *HUMAN)
    if people:
        lock_all_of(pk)
    referral = locked(pk, actor=actor, seen=seen)
    contact = referral.contact
    before, way = {name: getattr(contact, name) for name in CHANGEABLE}, way_of(contact)
    for_programs, was_asked = contact.program_ways(), contact.ways_asked
    reopened = used_again(contact, reach, now)
    if set(reopened) - set(safe if actor.role == Role.FAMILY else ()):
        raise Unsafe
    # Messages before permissions before the contact, as everybody locks them.
    unsaid, ours = _take_back(referral, reach, now)
    own = contact.key if actor.role == Role.FAMILY else None
    lived = [(channel, str(getattr(contact, where))) for channel, (_allowed, where) in CHANNEL_FIELDS.items()]
    shut = _shut_left_out(contact, reach, by=own, source=source, now=now)
    _set(contact, reach)
    was = correct_people(referral, people) if people else {}
    lifted = set_right(referral, before["phone"], right=number_right, actor=actor, now=now)
    contact.save()
    tell_programs(contact, for_programs, now=now)
    if before["zip_code"] != contact.zip_code:
        _move(referral)
    for each in reopened:
        messaging.open_again(address=getattr(reach, REACHED_BY[each][1]), channel=each, by=contact.key, now=now)
    _permit(contact, reach, before, by=own, source=source, link=link, now=now)
    carry_wishes(contact, lived, now=now)
    changed = sorted(name for name in CHANGEABLE if before[name] != getattr(contact, name))
    was |= {name: before[name] for name in changed if name in TELLING and actor.user}
    say_again(referral, unsaid, now=now)
    if lifted:
        say_again_elsewhere(referral, now=now)
    if lifted or {"email", "phone"} & set(changed):
        end_old_links(contact, now)
        _send_a_new_link(referral, way, unsaid, now)
    if ours and contact.channels():
        new_task(referral, Task.Kind.WRITE, due_at=now, now=now)
    boxes = {name: getattr(contact, name) for name in changed if name.startswith("by_")}
    asked = elsewhere and bool({"email", "phone"} & set(changed))
    if asked:
        new_task(referral, Task.Kind.CALL, due_at=now, now=now)
    _ask_the_ways(referral, was_asked, now)
    also = {"shut": shut, "right": lifted, "elsewhere": asked}
    more: dict[str, Any] = {"boxes": boxes, **{name: said for name, said in also.items() if said}}
    write(referral, Kind.CONTACT_CHANGED, actor=actor, now=now, changed=sorted({*changed, *was}), was=was, **more)
    if people and was.keys() - {*CHANGEABLE}:
        weigh_consents(referral, actor=actor, now=now)
    return referral


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
    contact.not_asked = [each for each in contact.not_asked or () if each in reach.unsaid]


def _take_back(referral: Referral, reach: Reach, now: datetime) -> tuple[set[str], set[str]]:
    """What was still to go and is taken back, and what of it staff wrote.

    What staff wrote to an address that is no longer theirs does not go there: somebody writes it again.
    """
    ours = set(said_to(referral)) - set(news_of(referral)) if _moves_away(referral.contact, reach) else set()
    unsaid = take_back(referral, reason="contact changed", now=now, also=ours)
    return unsaid, ours & unsaid


def _shut_left_out(contact: Contact, reach: Reach, *, by: str | None, source: str, now: datetime) -> list[str]:
    """Stop the channels that are no longer wished for, at their addresses of before; return their blind indexes."""
    shut = []
    for channel, (allowed, _where) in CHANNEL_FIELDS.items():
        if (address := contact.address(channel)) and not getattr(reach, allowed):
            messaging.stop(address=address, channel=channel, until=None, source=source, now=now, by=by)
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
    before: Mapping[str, Any],
    *,
    by: str | None,
    source: str,
    link: FamilyLink | None,
    now: datetime,
) -> None:
    """Agree to each channel that is wished for; `before` is what stood in the contact."""
    for channel, (allowed, where) in CHANNEL_FIELDS.items():
        if address := contact.address(channel):
            # Anyone may type an address in; only who reads what comes there may say that its stop is over.
            as_before = before[allowed] and before[where] == address
            theirs = link is not None and link.was_sent_to(channel, address)
            if not as_before:
                messaging.undo_own(address=address, channel=channel, by=by, now=now)
            agree = messaging.resume if theirs and not as_before else messaging.allow
            agree(channel=channel, address=address, wording=reach.wordings[channel], source=source, now=now)


def _move(referral: Referral) -> None:
    """With another ZIP code, the contact's open referrals belong to the area that covers it, or to none."""
    referral.service_area = ServiceArea.objects.covering(referral.contact.zip_code).first()
    Referral.objects.open().filter(contact=referral.contact_id).update(service_area=referral.service_area)


def way_of(contact: Contact) -> str:
    """Where messages go first: a channel and an address, or ``""``."""
    return next((f"{channel} {contact.address(channel)}" for channel in contact.channels()), "")
