"""When a family wants to hear from us, as it says on its own page: a pause, its end, days and hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from messaging import actions as messaging
from messaging import wishes
from messaging.calendar import Hours
from privacy.transactions import one_transaction
from referral.actions.by_link import tell_of_closing
from referral.actions.common import Actor, locked, require, write
from referral.actions.mailboxes import reads_there
from referral.actions.stops import stop_at
from referral.lifecycle import Role
from referral.models import Contact, FamilyLink, Referral, TimelineEntry

Kind = TimelineEntry.Kind
OWN_PAGE = "own page"


@one_transaction
def pause_messages(
    pk: int, until: datetime, *, actor: Actor, now: datetime, link: FamilyLink | None = None
) -> Referral:
    """No message goes to this family before `until`, by any way that it allows; then they go on by themselves. Nothing
    waits that goes to others at the same address, unless `link`, by which the family is here, went to it."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    contact, source = referral.contact, actor.source(OWN_PAGE)
    if actor.by_link:
        tell_of_closing(referral, contact.channels(), now)
    for channel in contact.channels():
        address = contact.address(channel)
        messaging.undo_own(address=address, channel=channel, by=contact.key, now=now)
        wide = reads_there(link, channel, address)
        stop_at(contact, channel, address, until=until, source=source, by=contact.key, wide=wide, now=now)
    day = until.astimezone(ZoneInfo(contact.zone)).date().isoformat()
    write(referral, Kind.MESSAGE, actor=actor, now=now, happened="paused", own=True, until=day)
    return referral


@one_transaction
def end_pause(pk: int, *, actor: Actor, now: datetime) -> Referral:
    """What the family paused on its own page goes on. A pause said elsewhere stays, as whoever reads there said it."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    contact = referral.contact
    for channel in contact.channels():
        messaging.undo_own(address=contact.address(channel), channel=channel, by=contact.key, now=now)
    write(referral, Kind.MESSAGE, actor=actor, now=now, happened="resumed", own=True)
    return referral


@one_transaction
def choose_message_hours(
    pk: int, hours: Hours | None, *, actor: Actor, now: datetime, link: FamilyLink | None = None
) -> Referral:
    """The days and hours for messages to this family, by every way that it allows; None for any. For others at the same
    address nothing changes, unless `link`, by which the family is here, went to it."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    contact, source = referral.contact, actor.source(OWN_PAGE)
    if actor.by_link:
        tell_of_closing(referral, contact.channels(), now)
    for channel in contact.channels():
        address = contact.address(channel)
        index, wide = messaging.index_of(channel, address), reads_there(link, channel, address)
        wishes.choose_hours(index=index, hours=hours, source=source, now=now, by=contact.key, proved=wide)
    write(referral, Kind.MESSAGE, actor=actor, now=now, happened="hours", own=True)
    return referral


def carry_wishes(contact: Contact, lived: Sequence[tuple[str, str]], *, now: datetime) -> None:
    """A pause, and days and hours, are the person's wish: they go along from where it was written to (`lived`: channels
    and addresses) to an address that is new. What was said by a link in a message goes along only where nobody else
    reads that; what somebody chose at the new address already stays."""
    was = [wishes.wish_at(address=at, channel=way, by=contact.key, now=now) for way, at in lived if at]
    for channel in contact.channels():
        address = contact.address(channel)
        if (channel, address) not in lived:
            wishes.carry(was, address=address, channel=channel, by=contact.key, source=OWN_PAGE, now=now)
