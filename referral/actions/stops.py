"""What a family no longer wants: messages by a channel, or by any, and what it wants again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Q

from messaging import actions as messaging
from privacy.transactions import one_transaction
from referral.actions.by_link import tell_of_closing
from referral.actions.common import HUMAN, SYSTEM, Actor, Unsafe, locked, require, require_open, write
from referral.actions.followups import cancel_follow_ups, replan
from referral.actions.mailboxes import is_at_work, reads_there
from referral.actions.notices import said_to
from referral.actions.withheld import tell_programs
from referral.lifecycle import Refused, Role, Why
from referral.models import Contact, FamilyLink, FollowUpStep, Referral, Task, TimelineEntry
from referral.models.links import SentLink
from referral.models.people import CHANNEL_FIELDS, REACHED_BY

Kind = TimelineEntry.Kind


class Silenced(TypedDict, total=False):
    """What else stands on the line of history of a stop: the kinds of tasks that it ended, and the blind indexes of the
    addresses that it is about: a stop belongs to an address."""

    ended: list[str]
    shut: list[str]


@one_transaction
def stop_messages(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    channel: str | None = None,
    source: str = "page",
    link: FamilyLink | None = None,
) -> Referral:
    """No message goes to this family any more, by `channel` or by any. Committed before a send, it wins. `link` is that
    by which a family is here: see `stop_ways`."""
    require(actor, *HUMAN)
    referral = locked(pk, actor=actor)
    by = referral.contact.key if actor.role == Role.FAMILY else None
    if actor.by_link:
        tell_of_closing(referral, [channel] if channel else referral.contact.channels(), now)
    ended = stop_ways(referral, channel=channel, now=now, source=actor.source(source), by=by, link=link, actor=actor)
    write(referral, Kind.STOPPED, actor=actor, now=now, channel=channel or "", **ended)
    return referral


def stop_ways(
    referral: Referral,
    *,
    channel: str | None,
    now: datetime,
    source: str,
    actor: Actor,
    by: str | None = None,
    link: SentLink | None = None,
) -> Silenced:
    """Stop a channel or all, under the caller's line of history. Returns what else belongs on it: see `silence`. `by`
    is the contact's key where it says so on its own page, and may take it back there.

    A family stops what is written to itself: an address, for everybody there, only where `link`, by which it is here,
    went to it. What staff were told counts for the address. None of a program or of ours is ever stopped here.
    """
    contact = referral.contact
    ways = [("email", contact.email), ("sms", contact.phone)]
    told = [(each, address) for each, address in ways if address and channel in (None, each)]
    wide = [each for each in told if speaks_for(actor, link, *each)]
    for each, address in told:
        stop_at(contact, each, address, until=None, source=source, by=by, wide=(each, address) in wide, now=now)
    for other in others_of(referral, [address for _each, address in wide]):
        if other.contact_id == contact.pk:
            write(other, Kind.STOPPED, actor=SYSTEM, now=now, channel=channel or "", **silence(other, channel, now=now))
            continue
        for each, address in wide:
            theirs = str(getattr(other.contact, CHANNEL_FIELDS[each][1]))
            if listens(other, each) and messaging.index_of(each, theirs) == messaging.index_of(each, address):
                gone = silence(other, each, now=now)
                code = referral.public_code
                write(other, Kind.STOPPED, actor=SYSTEM, now=now, channel=each, said_in=code, **gone)
    return silence(referral, channel, now=now)


def speaks_for(actor: Actor, link: SentLink | None, channel: str, address: str) -> bool:
    """Whether what is said counts for the address, and not for this contact alone."""
    return reads_there(link, channel, address) if actor.role == Role.FAMILY else not is_at_work(channel, address)


def stop_at(
    contact: Contact,
    channel: str,
    address: str,
    *,
    until: datetime | None,
    source: str,
    by: str | None,
    wide: bool,
    now: datetime,
) -> None:
    """Stop or pause one address: for everybody there where `wide`, else for this contact alone."""
    key = contact.key
    messaging.stop(
        address=address, channel=channel, until=until, source=source, now=now, whose=key, by=by if wide else key,
        proved=wide,
    )  # fmt: skip


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
        write(
            referral,
            Kind.MESSAGE,
            actor=actor,
            now=now,
            text=words,
            happened="resumed",
            channel=channel,
            about="",
            told=True,
        )
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
    return messaging.is_stopped(address=address, channel=channel, now=now, by=referral.contact.key) and bool(
        said_of_a_stop(referral, channel, address)
    )


def given_up(referral: Referral, now: datetime) -> dict[str, str]:
    """The same, of the ways that they once agreed to; and CALLS where the family said that others hear them. Another
    way needs the words of its permission first, as when it is corrected."""
    contact = referral.contact
    heard = not contact.by_phone and messaging.has_shut(
        address=contact.phone, channel=messaging.CALLS, by=contact.key, now=now
    )
    stopped = stopped_ways(referral).items()
    agreed = {way: at for way, at in stopped if messaging.has_agreed(address=at, channel=way)}
    return agreed | ({messaging.CALLS: contact.phone} if heard else {})


def speak_again(referral: Referral, ways: Collection[str], stopped_at: datetime, now: datetime) -> None:
    """The stop of this very instant was a slip: these `ways` of the contact may be used as before."""
    contact = referral.contact
    for channel, (allowed, where) in REACHED_BY.items():
        if allowed in ways:
            setattr(contact, allowed, True)
            if channel != messaging.CALLS and (address := str(getattr(contact, where))):
                messaging.undo_stop(address=address, channel=channel, by=contact.key, at=stopped_at, now=now)
    contact.save(update_fields=sorted(ways))


def listen_again(referral: Referral, channel: str, *, now: datetime) -> None:
    """The family wants to hear from us by this channel, or by calls, again: what is planned may go by it."""
    contact, (allowed, where) = referral.contact, REACHED_BY[channel]
    setattr(contact, allowed, True)
    if channel != messaging.CALLS:  # what this family said for itself alone; the address's is for the caller
        messaging.undo_own(address=str(getattr(contact, where)), channel=channel, by=contact.key, now=now)
    if getattr(contact, where):
        replan(referral, reason="resumed", now=now)
        contact.save(update_fields=[allowed])
