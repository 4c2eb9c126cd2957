"""What comes back: choices of receivers, their replies, and the reports of providers; one transaction each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from messaging.actions import resume_index, stop_index, tell_choice
from messaging.addresses import BadAddress, normal
from messaging.calendar import Hours
from messaging.client import MessageEvent
from messaging.danger_words import Danger, danger
from messaging.models import Attempt, InboundReply, Message, ProviderEvent, Suppression
from messaging.models.people import SuppressionQuerySet
from messaging.moves import event_of, move, tell
from messaging.people import address_index, mailbox_indexes, raw_index
from messaging.reply_words import Meaning, is_command, language, meaning
from messaging.states import Move, State, allowed
from messaging.wishes import choose_hours
from privacy.crypto import CannotDecrypt
from privacy.transactions import one_transaction


@one_transaction
def stop_from(message: Message, *, everything: bool, until: datetime | None, source: str, now: datetime) -> None:
    """The receiver of `message` stops its address, or every address that this person is written to at. Who only reads
    what comes there for somebody else may stop that address, and nothing of the person's."""
    if is_shut_for(message, now):
        index, channel = message.address_index, message.channel
        stop_index(index=index, channel=channel, until=until, source=source, now=now, whose="")
        return
    everything = everything and speaks_for_all(message, now)
    ways = _ways(message) if everything else [(message.address_index, message.channel)]
    if len(ways) > 1:
        # All messages before any permission, in the order of their keys, as everybody locks them.
        rows = Message.objects.filter(address_index__in=[index for index, _channel in ways]).pending()
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    for index, channel in ways:
        stop_index(index=index, channel=channel, until=until, source=source, now=now, whose=message.person_key or None)
    kind, channel = "paused" if until else "stopped", "" if everything else message.channel
    tell_choice(kind, message=message, channel=channel, source=source, now=now)


@one_transaction
def resume_from(message: Message, *, source: str, wording: str, now: datetime) -> None:
    """The receiver of `message` wants to be written to at its address again. Where others read it, nothing changes."""
    if is_shut_for(message, now):
        return
    resume_index(index=message.address_index, channels=[message.channel], wording=wording, source=source, now=now)
    alone = Suppression.objects.holding(message.address_index, message.channel, now, message.person_key)
    alone.exclude(kind=Suppression.Kind.OTHERS).filter(by=message.person_key).update(lifted_at=now)
    tell_choice("resumed", message=message, channel=message.channel, source=source, now=now)


@one_transaction
def choose_from(message: Message, hours: Hours | None, *, source: str, now: datetime) -> None:
    """The receiver of `message` chooses the days and hours for its address; None for any."""
    if is_shut_for(message, now):
        return
    choose_hours(index=message.address_index, hours=hours, source=source, now=now, by=message.person_key)
    tell_choice("hours", message=message, channel=message.channel, source=source, now=now)


def is_shut_for(message: Message, now: datetime) -> bool:
    """Whether others read what comes to the address of `message`, or read it when the message came: what they had then
    opens nothing after it is safe again."""
    said, came = _said_of_others(message), message.sending_at or message.created_at
    return said.lasting(now).exists() or said.filter(made_at__gte=came).exists()


def speaks_for_all(message: Message, now: datetime) -> bool:
    """Whether who holds a link of `message` may stop the person's other addresses, too: not where others ever read what
    came to its address, nor where the person has been written to elsewhere since by this channel; by any, where nothing
    goes to its address any more: whoever was moved to a phone keeps no stop in the email of before."""
    if not message.person_key or _said_of_others(message).exists():
        return False
    later = Message.objects.of_person(message.person_key).filter(pk__gt=message.pk)
    held = Suppression.objects.holding(message.address_index, message.channel, now)
    if not held.filter(until=None).exists():
        later = later.filter(channel=message.channel)
    return not later.exclude(address_index=message.address_index).exists()


def _said_of_others(message: Message) -> SuppressionQuerySet:
    """All that was ever said of others who read there, for everybody or by this person for itself."""
    return Suppression.objects.marks(_mailbox(message), message.channel, message.person_key)


def _mailbox(message: Message) -> set[str]:
    try:
        return {message.address_index, *mailbox_indexes(message.channel, message.address)}
    except CannotDecrypt:  # what is said of the very address holds all the same
        return {message.address_index}


def _ways(message: Message) -> list[tuple[str, str]]:
    rows = Message.objects.of_person(message.person_key).exclude(address_index="")
    return sorted(set(rows.values_list("address_index", "channel")) | {(message.address_index, message.channel)})


@dataclass(frozen=True)
class Report:
    """What a provider says about one message. `kind` is delivered, bounced, complained, unsubscribed or another word
    (only kept).

    `address_bad` is True when the address will never work. `raw` is the event as it came.
    """

    provider: str
    event_id: str
    kind: str
    raw: dict[str, Any]
    code: str = ""
    address_bad: bool = False


@one_transaction
def take_report(report: Report, *, message: Message | None, now: datetime) -> bool:
    """Keep a verified report and act on it; return False when this event was taken before."""
    rows = Message.objects.select_for_update(no_key=True).defer("address")
    locked = rows.get(pk=message.pk) if message else None
    _, fresh = ProviderEvent.objects.get_or_create(
        provider=report.provider,
        event_id=storable(report.event_id)[:200],
        defaults={"kind": storable(report.kind)[:40], "at": now, "message": locked, "raw": report.raw},
    )
    if fresh and locked is not None:
        _act_on(report, locked, now)
    return fresh


_REPORTED = {"delivered": Move.DELIVER, "bounced": Move.BOUNCE}


def _may_say(state: State, message: Message, what: Move) -> bool:
    # What waits to be sent once more may have arrived the first time; what never left cannot have.
    waits = state in (State.SCHEDULED, State.CLAIMED)
    return allowed(state, what) and (message.resent or not waits)


def _act_on(report: Report, message: Message, now: datetime) -> None:
    if report.kind == "unsubscribed":  # they said stop to the provider
        stop_from(message, everything=False, until=None, source="provider", now=now)
        return
    state = State(message.state)
    outcomes = {
        "delivered": Attempt.Outcome.DELIVERED,
        "bounced": Attempt.Outcome.BOUNCED,
        "complained": Attempt.Outcome.COMPLAINED,
    }
    if report.kind not in outcomes:
        return
    Attempt.objects.create(
        message=message, number=message.tries, at=now, outcome=outcomes[report.kind], code=storable(report.code)[:60]
    )
    kind = Suppression.Kind.BOUNCED if report.kind == "bounced" else Suppression.Kind.COMPLAINED
    if report.kind in _REPORTED and _may_say(state, message, _REPORTED[report.kind]):
        settled = message.settled_at
        if state not in (State.SENT, State.DELIVERED):
            # It was taken, whoever did not hear of it: what follows from "sent" must follow.
            tell(event_of(message, "sent", now=now, reason=""))
            settled = now
        reason = "" if report.kind == "delivered" else report.kind
        move(message, _REPORTED[report.kind], now=now, reason=reason, detail=storable(report.code), settled_at=settled)
    if report.kind == "complained" or (report.kind == "bounced" and report.address_bad):
        stop_index(
            index=message.address_index, channel=message.channel, until=None, source="provider", now=now, kind=kind
        )
    if report.kind == "complained":
        tell_choice("stopped", message=message, channel=message.channel, source="complained", now=now)


@one_transaction
def take_reply(*, channel: str, address: str, text: str, event: Report, now: datetime) -> str:
    """Take what somebody wrote back: act on STOP and START, answer HELP, hand everything else to the owner.

    Returns the answer to give, or "" for silence; a reply that was taken before changes nothing and gives "". One that
    its owner cannot place waits in the admin until somebody has read it: none is kept where nobody sees it.
    """
    if not take_report(event, message=None, now=now):
        return ""
    try:
        sender, people = normal(channel, address), True
    except BadAddress:  # a short code, or a name: it is read, and never answered
        sender, people = storable(address).strip(), False
    reply = InboundReply.objects.create(
        channel=channel,
        address_index=address_index(channel, sender) if people else raw_index(sender),
        text=storable(text),
        meaning=meaning(text),
        at=now,
    )
    reply.message = _last_message(reply.address_index)
    reply.save(update_fields=["message"])
    with translation.override(reply.message.language if reply.message else language(text)):
        answer = _obey(reply, sender, now)
    return answer if people else ""


# What a person may have read, or has.
_WENT = [State.SENT, State.DELIVERED, State.SENDING, State.UNCERTAIN, State.REVIEW]
_SURELY = frozenset({State.SENT, State.DELIVERED})


def _last_message(index: str) -> Message | None:
    """The message that a reply from this address most likely answers: the last that went, else the last planned."""
    rows = Message.objects.to_address(index or "nobody").defer("address")
    return rows.filter(state__in=_WENT).order_by("-sending_at", "-pk").first() or rows.order_by("-pk").first()


def _is_sure(message: Message | None) -> bool:
    return message is not None and State(message.state) in _SURELY


def _obey(reply: InboundReply, sender: str, now: datetime) -> str:
    channel, index = reply.channel, reply.address_index
    asked_by = reply.message.person_key if reply.message else ""
    is_shut = Suppression.objects.shut(mailbox_indexes(channel, sender), channel, now, asked_by).exists()
    if reply.meaning in (Meaning.STOP, Meaning.START) and is_shut:
        # Whoever writes may not be who we were to write to; and nothing here may tell them why.
        if reply.meaning == Meaning.STOP:
            stop_index(index=index, channel=channel, until=None, source="reply", now=now, whose="")
        if not is_command(reply.text):
            _hand_over(reply, sender, now)
        return _("Waymark: you get no messages from us here. To talk to someone, call or text 988.")
    match reply.meaning:
        case Meaning.STOP:
            held = Suppression.objects.holding(index, channel, now)
            known = held.filter(kind=Suppression.Kind.STOPPED, until=None).exists()
            stop_index(index=index, channel=channel, until=None, source="reply", now=now, whose="")
            tell_choice("stopped", message=reply.message, channel=channel, source="reply", now=now, address=sender)
            if not is_command(reply.text):
                _hand_over(reply, sender, now)  # whatever else it says is read by a person
            if known:
                return ""  # a stop is confirmed once
            return _(
                "Waymark: you will get no more messages from us here. Reply START to get them again. "
                "To talk to someone, call or text 988."
            )
        case Meaning.START:
            resume_index(index=index, channels=[channel], wording=reply.text[:200], source="reply", now=now)
            tell_choice("resumed", message=reply.message, channel=channel, source="reply", now=now, address=sender)
            # "May": a family may have said in private that others read here, and nothing of it shows.
            return _("Waymark: messages from us may come here again. Reply STOP to stop.")
        case Meaning.HELP:
            _hand_over(reply, sender, now)
            if danger(reply.text) == Danger.EMERGENCY:
                return _(
                    "Waymark: call 911 now, and do not wait for us. Our team will read this. "
                    "To talk to someone now, call or text 988. Reply STOP to stop."
                )
            return _(
                "Waymark: our team will read this. In danger, call 911. To talk to someone now, call or text 988. "
                "Reply STOP to stop."
            )
    _hand_over(reply, sender, now)
    return ""


def _hand_over(reply: InboundReply, sender: str, now: datetime) -> None:
    """Give the reply to its owner; where nobody there works on it, let it wait in the admin with its sender."""
    about = reply.message
    event = MessageEvent(
        kind="reply",
        reference=about.reference if about else "",
        person_key=about.person_key if about else "",
        channel=reply.channel,
        at=now,
        reason=reply.meaning if reply.meaning in (Meaning.MAYBE_STOP, Meaning.HELP) else "",
        text=reply.text,
        message=about.pk if about else None,
        address=sender,
        sure=_is_sure(about),
    )
    if not tell(event):
        reply.waits, reply.sender = True, sender
        reply.save(update_fields=["waits", "sender"])


def storable(text: str) -> str:
    """The text without what a database or an encoder refuses: zero bytes, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


# Spaces, never line ends: each of a thousand empty lines would be tried together with all that follow it.
_SPACES = r"[^\S\n]*"
_QUOTE = re.compile(
    rf"^{_SPACES}(?:>|On .{{4,200}}wrote:{_SPACES}$|El .{{4,200}}escribió:{_SPACES}$"
    rf"|-{{2,}}{_SPACES}(?:Original|Mensaje)|From:|De:|_{{5,}})",
    re.MULTILINE,
)


def unquoted(text: str) -> str:
    """The part of an e-mail that its writer wrote: what stands before the quoted message and the signature."""
    match = _QUOTE.search(text)
    own = text[: match.start()] if match else text
    return own.split("\n-- \n", 1)[0].strip()
