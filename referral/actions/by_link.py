"""Somebody came by a link in a message, beside the browser that asked: one of us asks the family, and it is told.

Decided in docs/decisions/links-and-the-browser-that-asked.md.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from messaging import actions as messaging
from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, new_task, next_action, require, write
from referral.actions.notices import LINK_DID, LINK_ENDS, tell_of_a_link
from referral.hours import promised_by
from referral.lifecycle import Role
from referral.models import Contact, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.models.links import SentLink
from referral.models.people import CHANNEL_FIELDS
from referral.reasons import CALL_ONCE, coded

# So long a link pauses messages, or the request, at a time.
LINK_PAUSE = timedelta(days=14)


def warn(
    referral: Referral, code: str, now: datetime, *, link: SentLink | None, typed: str = "", ends: bool = False
) -> bool:
    """One urgent task that says what was done or is wished, and by which link, and word to the family; under the
    caller's transaction. False where it was said already."""
    said = coded(code, ". ".join(part for part in (typed, which_link(referral, link)) if part))
    if any(said in task.text.split("\n") for task in referral.tasks.open()):
        return False
    ask_them(referral, said, now)
    tell_them(referral, link, now, kind=LINK_ENDS if ends else LINK_DID)
    referral.next_action_at = next_action(referral, now)
    referral.save(update_fields=["next_action_at"])
    return True


def which_link(referral: Referral, link: SentLink | None) -> str:
    """By which of our messages somebody came, for staff, in the language of this installation: it is kept."""
    if link is None or not link.sent_to:
        return ""
    contact, zone = referral.contact, ZoneInfo(settings.TIME_ZONE)
    with translation.override(settings.LANGUAGE_CODE):
        ways = {"email": _("email"), "sms": _("text")}
        way = next(
            (each for each in ways if link.was_sent_to(each, str(getattr(contact, CHANNEL_FIELDS[each][1])))), ""
        )
        at = formats.date_format(link.created_at.astimezone(zone), "SHORT_DATETIME_FORMAT")
        return _("By the link in our %(way)s of %(at)s.") % {"way": ways.get(way) or _("message"), "at": at}


def ways_before(contact: Contact, now: datetime) -> list[str]:
    """The channels by which this family is told of what a link did: those that it allows, and those that only a link
    turned off."""
    found = []
    for channel, (_allowed, where) in CHANNEL_FIELDS.items():
        address = str(getattr(contact, where))
        by_link = address and messaging.silenced_by_link(address=address, channel=channel, now=now, by=contact.key)
        if contact.address(channel) or by_link:
            found.append(channel)
    return found


def tell_them(referral: Referral, link: SentLink | None, now: datetime, *, kind: str = LINK_DID) -> None:
    """Word to the family, by every way that was open but that by which the link came; by that where there is none."""
    contact = referral.contact
    ways = ways_before(contact, now)
    at = {each: str(getattr(contact, CHANNEL_FIELDS[each][1])) for each in ways}
    others = [each for each in ways if link is None or not link.was_sent_to(each, at[each])]
    for channel in others or ways:
        tell_of_a_link(referral, kind, channel, at[channel], now=now)


def tell_of_closing(referral: Referral, channels: Collection[str], now: datetime) -> None:
    """Word to the family by each of these ways, before a link pauses or closes it (`passes_links`)."""
    for channel in channels:
        if address := referral.contact.address(channel):
            tell_of_a_link(referral, LINK_DID, channel, address, now=now)


def ask_them(referral: Referral, text: str, now: datetime, *, urgent: bool = True) -> None:
    """A task, to ask the family if it was them; by one call, too, where only a link turned calls off. What was said by
    somebody who has shown nothing is not `urgent`: it waits for a working day."""
    contact = referral.contact
    reached = Task.Kind.WRITE if contact.is_reachable else Task.Kind.NO_WAY
    once = is_called(referral) and not contact.is_callable and not contact.is_overheard
    kind = Task.Kind.CALL if contact.is_called_back or once else reached
    text = "\n".join([text, coded(CALL_ONCE)]) if once else text
    due = now if urgent else promised_by(now, working_time())
    new_task(referral, kind, due_at=due, now=now, text=text, urgent=urgent)


def is_called(referral: Referral) -> bool:
    """Whether the family allowed calls, or nobody but who came by a link turned them off."""
    contact = referral.contact
    by_link = bool(contact.phone_to_call) and referral.timeline.was_turned_off_by_link("by_phone")
    return contact.is_callable or (by_link and not contact.by_phone)


@one_transaction
def ask_first(
    pk: int,
    wish: str,
    *,
    actor: Actor,
    now: datetime,
    link: SentLink | None,
    typed: str = "",
    what: Collection[str] = (),
) -> None:
    """Somebody who came by `link` wants what waits: `wish` is a code of `referral.reasons`, with what was `typed` and
    `what` of the contact it is. Nothing of it is done. One of us asks the family, which hears of it. Wished again, it
    is one task."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    if warn(referral, wish, now, link=link, typed=typed):
        more: dict[str, Any] = {"what": sorted(what)} if what else {}
        write(referral, TimelineEntry.Kind.WAITS, actor=actor, now=now, wish=wish, **more)
