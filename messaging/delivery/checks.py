"""What the gate asks of each message before its owner: where rows are needed, by one query for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from messaging.addresses import BadAddress, normal
from messaging.calendar import Hours, is_quiet
from messaging.declared import passes_links
from messaging.models import Channel, ChosenHours, Message, Permission, Provider, Suppression, has_second
from messaging.models.people import indexes_for
from messaging.people import mailbox_indexes
from messaging.states import Move

PAUSE_LOOK = timedelta(seconds=30)
URGENT_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Halt:
    """The message does not pass: the move to make instead, why, and for a postponement until when."""

    move: Move
    reason: str
    detail: str = ""
    until: datetime | None = None
    extends: bool = False  # the receiver chose to get it then, so it is not too late


def check(messages: list[Message], channel: Channel, now: datetime) -> dict[int, Halt]:
    """Those of the messages that do not pass, by their ids. All are of this channel, and locked."""
    halts = {message.pk: halt for message in messages if (halt := _own_halt(message, channel, now))}
    asked = [message for message in messages if message.pk not in halts]
    telling = [message for message in asked if passes_links(message.template)]
    halts |= _permission_halts([message for message in asked if message not in telling], channel.key, now)
    halts |= _permission_halts(telling, channel.key, now, links_too=False)
    left = [message for message in messages if message.pk not in halts and not _is_awake(message, channel, now)]
    # Who chose hours chose them for what we send by ourselves. What they ask for waits for the quiet hours alone.
    hours = ChosenHours.objects.among(_receivers(left))
    own = ChosenHours.objects.among(_receivers(telling), links_too=False)
    for message in left:
        chosen = {} if message.urgent else own if message in telling else hours
        if halt := _quiet_halt(message, channel, chosen.get((message.address_index, message.person_key)), now):
            halts[message.pk] = halt
    return halts


def _receivers(messages: list[Message]) -> set[tuple[str, str]]:
    return {(message.address_index, message.person_key) for message in messages if not message.urgent}


def _own_halt(message: Message, channel: Channel, now: datetime) -> Halt | None:
    if message.not_after <= now:
        return Halt(Move.EXPIRE, "too_late")
    try:
        normal(message.channel, message.address)
    except BadAddress:
        return Halt(Move.REFUSE, "bad_address")
    if channel.paused:
        return Halt(Move.POSTPONE, "channel_paused", until=now + PAUSE_LOOK)
    if message.provider == Provider.SECOND and not has_second(channel.key):
        # It may lie with a provider that is gone from the settings: no other carries what may have been sent.
        return Halt(Move.REFUSE, "unclear_again")
    if channel.rests(now):
        return Halt(Move.POSTPONE, "channel_open", until=channel.next_try)
    return None


def _permission_halts(
    messages: list[Message], channel: str, now: datetime, *, links_too: bool = True
) -> dict[int, Halt]:
    """Not `links_too`: what tells of the press of a link passes what such a press silenced, and nothing else."""
    if not messages:
        return {}
    addresses = {message.address_index for message in messages}
    # The lock comes first: a stop that is being committed is waited for, and then seen by the second query.
    allowed = _allowed(addresses, channel, lock=True)
    # What a person said of an address on a page of their own holds for what is written to them, and to nobody else.
    where = {message.pk: indexes_for(message.address_index, message.person_key) for message in messages}
    everywhere = {each for indexes in where.values() for each in indexes}
    rows = Suppression.objects.all() if links_too else Suppression.objects.not_by_link()
    held = rows.holding_among(everywhere, channel, now)
    if addresses - allowed - held.keys():
        # What was waited for may have been another wording of the same yes: then there is a newer row by now.
        allowed |= _allowed(addresses - allowed, channel, lock=False)
    if not links_too:  # its stop took the permission away
        silenced = Suppression.objects.by_link_among(everywhere, channel, now)
        allowed |= {each.address_index for each in messages if not silenced.isdisjoint(where[each.pk])}
    # Another spelling of a mailbox that others read is no other mailbox.
    boxes = {message.pk: mailbox_indexes(channel, message.address)[-1] for message in messages}
    spelled = {boxes[message.pk] for message in messages} - addresses
    shut = Suppression.objects.shut_among(spelled, channel, now) if spelled else {}
    halts = {}
    for message in messages:
        suppression = shut.get(boxes[message.pk]) or _longest(held, where[message.pk])
        if suppression is not None:
            halts[message.pk] = _suppressed(suppression)
        elif message.address_index not in allowed:
            halts[message.pk] = Halt(Move.SUPPRESS, "no_permission")
    return halts


def _longest(held: Mapping[str, Suppression], indexes: Collection[str]) -> Suppression | None:
    """Of those that hold at these, one without an end before any other, and of two with an end the later."""
    found = [held[index] for index in indexes if index in held]
    return max(found, key=lambda row: (row.until is None, row.until or row.made_at), default=None)


def _allowed(addresses: Collection[str], channel: str, *, lock: bool) -> set[str]:
    rows = Permission.objects.live_among(addresses, channel).order_by("pk")
    rows = rows.select_for_update(no_key=True) if lock else rows
    return set(rows.values_list("address_index", flat=True))


def _suppressed(held: Suppression) -> Halt:
    if held.until is not None:
        return Halt(Move.POSTPONE, "paused_by_person", until=held.until)
    return Halt(Move.SUPPRESS, "stopped" if held.kind == Suppression.Kind.STOPPED else held.kind)


def _is_awake(message: Message, channel: Channel, now: datetime) -> bool:
    """Whether no hours hold for the message: its receiver is at work, or asked for it a moment ago. After that, what
    was held up keeps the quiet hours like any other."""
    asked = message.urgent and channel.urgent_any_time and now - message.created_at < URGENT_FOR
    return message.at_work or asked


def _quiet_halt(message: Message, channel: Channel, hours: Hours | None, now: datetime) -> Halt | None:
    window = replace(channel.window, hours=hours)
    if window.is_open(now, message.zone):
        return None
    first = window.first_time(now, message.zone, seed=message.dedupe_key, not_after=message.not_after)
    quiet = is_quiet(now, message.zone, window.quiet_from, window.quiet_to)
    if hours is None or first <= now:
        return Halt(Move.POSTPONE, "quiet_hours", until=first) if first > now else None
    return Halt(Move.POSTPONE, "quiet_hours" if quiet else "chosen_hours", until=first, extends=True)
