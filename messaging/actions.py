"""What other apps ask of this one: plan, move and cancel messages; what people agreed to and what they stopped.

Every function is one transaction, or part of the caller's: a referral's move and the cancelling of its messages are
one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from messaging import clock
from messaging.addresses import BadAddress, normal
from messaging.calendar import HOURS_GRACE
from messaging.client import MessageEvent
from messaging.declared import passes_links
from messaging.models import Channel, ChosenHours, Message, Permission, Suppression, WrittenWords
from messaging.models.people import BY_LINK, SuppressionQuerySet, claim_index
from messaging.moves import TAKEN_BACK, move, tell
from messaging.people import address_index, mailbox_indexes, raw_index
from messaging.states import NEVER_SENT, PENDING, Move, State
from privacy.transactions import one_transaction

# What is said on a phone: no channel of ours, but others may hear it.
CALLS = "calls"


def schedule(
    *,
    template: str,
    channel: str,
    person_key: str,
    address: str,
    language: str,
    zone: str,
    due_at: datetime,
    not_after: datetime,
    reference: str,
    dedupe_key: str,
    urgent: bool = False,
    capped: bool = True,
) -> Message:
    """Plan one message; the same `dedupe_key` again returns the message that is already there.

    `due_at` and `not_after` are aware; `zone` is the person's. Quiet hours move the time to the next opening.
    Raises `messaging.calendar.UnknownZone`. An address that cannot be written to is no error here: the message is
    planned, fails at its time, and its owner is told, so that no one is forgotten because of a typing error.
    `capped=False` is for what must not wait for what goes by itself: it counts apart (`messaging.daily_cap`). `urgent`
    besides, it is for receivers at work, who get as many in a day as there are, at any hour. For what its receiver
    asks for (`urgent`) the hours that they chose do not hold: only the quiet ones, where the channel has them.
    """
    row = Channel.objects.of(channel)
    public_id, first = uuid.uuid4(), due_at
    to = _address_values(channel, address)
    if not (urgent and (row.urgent_any_time or not capped)):
        to_links = not passes_links(template)
        hours = None if urgent else ChosenHours.objects.of(to["address_index"], person_key, links_too=to_links)
        first = replace(row.window, hours=hours).first_time(due_at, zone, seed=dedupe_key, not_after=not_after)
        # Who chose the hours wants it then: they make nothing too late.
        not_after = max(not_after, first + HOURS_GRACE) if hours else not_after
    values = {
        "public_id": public_id,
        "channel": channel,
        "template": template,
        "language": language,
        "zone": zone,
        "person_key": person_key,
        "reference": reference,
        **to,
        "due_at": first,
        "not_after": not_after,
        "urgent": urgent,
        "capped": capped,
        **dict.fromkeys(["created_at", "changed_at"], clock.now()),
        "message_id": f"<{public_id}@{settings.MESSAGING_DOMAIN}>",
    }
    return Message.objects.get_or_create(dedupe_key=dedupe_key, defaults=values)[0]


def _address_values(channel: str, address: str) -> dict[str, str]:
    try:
        plain = normal(channel, address)
    except BadAddress:
        return {"address": address, "address_index": raw_index(address)}
    return {"address": plain, "address_index": address_index(channel, plain)}


@one_transaction
def cancel(*references: str, reason: str, now: datetime, doubtful: bool = True) -> set[str]:
    """Take back what has not left under any of `references`; return those under which something was taken back.

    `reason` is a short key, never about a person. What has passed the gate is not taken back; what waits for the gate
    waits for this transaction. `doubtful` is whether that goes for what may have left, too: not if you mean to say the
    same again. Cancel everything by one call, before you write any row that messages also lead to: messages are locked
    in the order of their keys by everybody.
    """
    waiting = Message.objects.filter(reference__in=references).pending().order_by("pk")
    if not doubtful:
        waiting = waiting.exclude(state=State.UNCERTAIN).exclude(resent=True)
    rows = list(waiting.select_for_update(no_key=True).defer("address"))
    for message in rows:
        move(message, Move.CANCEL, now=now, reason="cancelled", detail=reason)
    return {message.reference for message in rows}


def standing(*references: str) -> set[str]:
    """Those of `references` under which a message has gone, may have gone, or is still to go. Ask after `cancel`."""
    rows = Message.objects.filter(reference__in=references).exclude(state__in=NEVER_SENT)
    return set(rows.values_list("reference", flat=True))


def allow(*, channel: str, address: str, wording: str, source: str, now: datetime) -> Permission:
    """Record that the person agreed, in these words, to be written to. Agreeing again replaces the older wording.

    Lifts no suppression: who said stop is asked by `resume`, not by a form that anyone could fill in.
    Raises `messaging.addresses.BadAddress`.
    """
    index = address_index(channel, address)
    with transaction.atomic():
        live = Permission.objects.live(index, channel).select_for_update(no_key=True).first()
        if live is not None and (live.wording, live.source) == (wording, source):
            return live
        if live is not None:
            live.revoked_at = now
            live.save(update_fields=["revoked_at"])
        return _agreed(index, channel, wording=wording, source=source, now=now)


def _agreed(index: str, channel: str, *, wording: str, source: str, now: datetime) -> Permission:
    """Record the permission where there is none. Somebody else may give one for this address at the same moment: then
    theirs stands, and the transaction goes on."""
    try:
        with transaction.atomic():
            return Permission.objects.create(
                address_index=index, channel=channel, wording=wording, source=source, given_at=now
            )
    except IntegrityError:
        live = Permission.objects.live(index, channel).first()
        if live is None:
            raise
        return live


def stop(
    *,
    address: str,
    channel: str | None,
    until: datetime | None,
    source: str,
    now: datetime,
    whose: str | None = None,
    by: str | None = None,
    proved: bool = True,
) -> int:
    """Stop writing to `address`: on `channel` or on all (None), until an instant or for good (None).

    Returns how many planned messages that took back. Once this is committed, no message passes the gate. `whose` is the
    key of the person whose stop the caller writes down: the events of that person's messages say so (`taken_back`).
    `by` is the key of the person who says so on a page of their own, and may take it back there: see `undo_own`. Who
    has not `proved` that they read there stops what is written to them, and nothing of anybody else there.
    """
    index = _any_index(address, channel)
    return stop_index(
        index=index, channel=channel, until=until, source=source, now=now, whose=whose, by=by, proved=proved
    )


def shut(*, address: str, channel: str, source: str, now: datetime, by: str, proved: bool = True) -> None:
    """Somebody else reads what comes to `address`: nothing goes there any more, to nobody, and no one who only reads
    there can change that (a link in a message, START, a new request). `by` may, by `open_again`; staff may, by
    `resume`. The caller writes it down for everybody who is written to there. `channel` may be CALLS, too: we call
    nobody, and keep what was said of calls beside what was said of messages. Who has not `proved` that they read there
    shuts it for themselves alone. It holds for every spelling of one mailbox: see `addresses.folded`."""
    kind = Suppression.Kind.OTHERS
    for each in mailbox_indexes(channel, address):
        index = each if proved else claim_index(each, by)
        stop_index(index=index, channel=channel, until=None, source=source, now=now, kind=kind, whose="", by=by)


def is_shut(*, address: str, channel: str, now: datetime, but_by: str = "", by: str = "") -> bool:
    """Whether somebody said that others read what comes to this address; somebody else than `but_by`, if given; with
    `by` also this person for itself alone."""
    rows = shut_there(address=address, channel=channel, now=now, by=by)
    return (rows.exclude(by=but_by) if but_by else rows).exists()


def shut_there(*, address: str, channel: str, now: datetime, by: str = "") -> SuppressionQuerySet:
    """What `is_shut` looks for, to be asked together with something else."""
    return Suppression.objects.shut(mailbox_indexes(channel, address), channel, now, by)


def _own(address: str, channel: str, by: str, now: datetime) -> SuppressionQuerySet:
    return Suppression.objects.holding(_any_index(address, channel), channel, now, by).filter(by=by)


def _own_shut(address: str, channel: str, by: str, now: datetime) -> SuppressionQuerySet:
    return Suppression.objects.shut(mailbox_indexes(channel, address), channel, now, by).filter(by=by)


def has_shut(*, address: str, channel: str, by: str, now: datetime) -> bool:
    """Whether this person said that others read or hear this, and not since that it is safe again. Tells nothing of
    what anybody else said."""
    return bool(by and address) and _own_shut(address, channel, by, now).exists()


def open_again(*, address: str, channel: str, by: str, now: datetime) -> None:
    """This person says that nobody else reads or hears it any more. It is asked in so many words."""
    _own_shut(address, channel, by, now).update(lifted_at=now)


def may_undo(*, address: str, channel: str, by: str, now: datetime) -> bool:
    """Whether this person stopped the address on a page of their own. Tells nothing of what others said."""
    return bool(by) and _own(address, channel, by, now).exclude(kind=Suppression.Kind.OTHERS).exists()


def undo_own(*, address: str, channel: str, by: str | None, now: datetime) -> None:
    """Take back the stop of this person; what anybody else said stays, and that others read there stays, too."""
    if by:
        _own(address, channel, by, now).exclude(kind=Suppression.Kind.OTHERS).update(lifted_at=now)


def undo_stop(*, address: str, channel: str, by: str, at: datetime, now: datetime) -> None:
    """Take back the stop that was written down at this very instant, with the permission that it ended."""
    index = _any_index(address, channel)
    said = Suppression.objects.filter(address_index__in=[index, claim_index(index, by)], channel=channel, made_at=at)
    said.filter(kind=Suppression.Kind.STOPPED, lifted_at=None).update(lifted_at=now)
    if not Permission.objects.live(index, channel).exists():
        Permission.objects.filter(address_index=index, channel=channel, revoked_at=at).update(revoked_at=None)


def silenced_by_link(*, address: str, channel: str, now: datetime, by: str) -> bool:
    """Whether nothing but what somebody said by the link of a message holds at this address: it may be told of that."""
    held = Suppression.objects.holding(_any_index(address, channel), channel, now, by)
    return held.filter(source=BY_LINK).exists() and not held.not_by_link().exists()


def is_stopped(*, address: str, channel: str, now: datetime, by: str = "") -> bool:
    """Whether somebody said stop at this address, or `by` for itself alone, without an end. For whom it was their own
    stop, and nobody else."""
    held = Suppression.objects.holding(_any_index(address, channel), channel, now, by)
    return held.filter(kind=Suppression.Kind.STOPPED, until=None).exists()


def reached(*, address: str, channel: str) -> bool:
    """Whether a message of ours surely went to this address."""
    index = index_of(channel, address)
    return Message.objects.to_address(index).in_state(State.SENT, State.DELIVERED).exists()


def references_at(*, address: str, channel: str, kind: str) -> set[str]:
    """The references of this kind under which anything was planned or sent to this address."""
    rows = Message.objects.to_address(index_of(channel, address)).filter(reference__startswith=f"{kind}:")
    return set(rows.values_list("reference", flat=True))


def index_of(channel: str, address: str) -> str:
    """The blind index of an address, also of one that cannot be written to."""
    return _any_index(address, channel)


def _any_index(address: str, channel: str | None) -> str:
    kind = channel or ("email" if "@" in address else "sms")
    try:
        return address_index(kind, address)
    except BadAddress:
        return raw_index(address)


@one_transaction
def stop_index(
    *,
    index: str,
    channel: str | None,
    until: datetime | None,
    source: str,
    now: datetime,
    kind: str = "",
    whose: str | None = None,
    by: str | None = None,
    proved: bool = True,
) -> int:
    """The same for an address that is only known by its blind index. `kind` is a `Suppression.Kind`; `whose` may be
    ``""`` for everybody at the address."""
    if not index:
        return 0  # the message of a person who was erased
    kind = kind or (Suppression.Kind.PAUSED if until else Suppression.Kind.STOPPED)
    # Messages first, then permissions: the gate locks in this order too, so the two cannot block each other.
    rows = Message.objects.to_address(index).pending().select_for_update(no_key=True).order_by("pk").defer("address")
    rows = rows if proved else rows.of_person(by or "nobody")
    where = index if proved else claim_index(index, by or "nobody")
    messages = list(rows.filter(channel=channel) if channel else rows)
    permissions = Permission.objects.live(index, channel).select_for_update(no_key=True).order_by("pk")
    locked = [permission.pk for permission in permissions]
    if proved and not until:
        Permission.objects.filter(pk__in=locked).update(revoked_at=now)
    same = Suppression.objects.active(where, now).filter(channel=channel or "", kind=kind, until=until, by=by)
    if not same.exists():
        Suppression.objects.create(
            address_index=where, channel=channel or "", kind=kind, until=until, source=source, made_at=now, by=by
        )
    return 0 if until else _take_back(messages, kind, whose, now, source)


def _take_back(messages: Iterable[Message], kind: str, whose: str | None, now: datetime, source: str) -> int:
    reason = "stopped" if kind == Suppression.Kind.STOPPED else kind
    count = 0
    for message in messages:
        if source == BY_LINK and passes_links(message.template):
            continue
        told = whose is not None and whose in ("", message.person_key)
        move(message, Move.SUPPRESS, now=now, reason=reason, detail=TAKEN_BACK if told else "")
        count += 1
    return count


def has_agreed(*, address: str, channel: str) -> bool:
    """Whether somebody ever agreed to be written to there, whatever was said since."""
    return Permission.objects.filter(address_index=index_of(channel, address), channel=channel).exists()


def resume(
    *, address: str, channel: str | None, wording: str, source: str, now: datetime, shut_too: bool = False
) -> int:
    """The person wants to be written to again: lift what stopped it and record the permission. Returns how many stops
    were lifted. An address that bounced or complained stays suppressed: saying yes does not make it work. So does one
    that others read, unless `shut_too`: for staff, who have spoken with the person."""
    index, channels = _any_index(address, channel), [channel] if channel else _channels(address)
    if shut_too:
        for each in channels:
            Suppression.objects.shut(mailbox_indexes(each, address), each, now).update(lifted_at=now)
    return resume_index(index=index, channels=channels, wording=wording, source=source, now=now)


def _channels(address: str) -> list[str]:
    return ["email"] if "@" in address else ["sms"]


def resume_index(*, index: str, channels: list[str], wording: str, source: str, now: datetime) -> int:
    """The same for an address that is only known by its blind index."""
    with transaction.atomic():
        lifted = Suppression.objects.active(index, now).filter(kind__in=Suppression.SAID, channel__in=["", *channels])
        count = lifted.update(lifted_at=now)
        for channel in channels:
            allow_index(index=index, channel=channel, wording=wording, source=source, now=now)
        return count


def allow_index(*, index: str, channel: str, wording: str, source: str, now: datetime) -> None:
    """Record a permission for an address that is only known by its blind index, where there is none."""
    if not Permission.objects.live(index, channel).exists():
        _agreed(index, channel, wording=wording, source=source, now=now)


def forget(*, person_key: str, now: datetime) -> int:
    """Blank the addresses of a person's messages, and delete what staff wrote in them (erasure); pending ones are
    cancelled. Returns how many rows."""
    with transaction.atomic():
        theirs = Message.objects.of_person(person_key)
        rows = list(theirs.select_for_update(no_key=True).order_by("pk").defer("address"))
        for message in rows:
            if State(message.state) in PENDING:
                move(message, Move.CANCEL, now=now, reason="cancelled", detail="erased")
        ids = [message.pk for message in rows]
        WrittenWords.objects.filter(message__in=ids).delete()
        there = {message.address_index for message in rows}
        theirs_alone = {claim_index(each, person_key) for each in there}
        ChosenHours.objects.filter(pk__in=there | theirs_alone).delete()
        Suppression.objects.filter(by=person_key).update(by=None)
        Message.objects.filter(pk__in=ids).update(address="", address_index="", person_key="", reference="erased")
        return len(rows)


def tell_choice(
    kind: str, *, message: Message | None, channel: str, source: str, now: datetime, address: str = ""
) -> None:
    """Tell the owner of the last message what its receiver chose: `kind` is stopped, paused or resumed.

    `address` is the receiver's where there is no message. What was chosen holds, even if the owner fails to note it.
    """
    tell(
        MessageEvent(
            kind=kind,
            reference=message.reference if message else "",
            person_key=message.person_key if message else "",
            channel=channel,
            at=now,
            reason=source,
            message=message.pk if message else None,
            address=address,
        )
    )
