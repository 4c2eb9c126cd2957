"""What comes back: choices of receivers, their replies, and the reports of providers; one transaction each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from messaging.actions import resume_index, stop_index, tell_choice
from messaging.addresses import BadAddress
from messaging.client import MessageEvent, client
from messaging.models import Attempt, InboundReply, Message, ProviderEvent, Suppression
from messaging.moves import event_of, move, tell
from messaging.people import address_index
from messaging.states import Move, State, allowed
from messaging.words import Meaning, is_command, meaning
from privacy.transactions import one_transaction


@one_transaction
def stop_from(message: Message, *, everything: bool, until: datetime | None, source: str, now: datetime) -> None:
    """The receiver of `message` stops its address, or every address that this person is written to at."""
    for index, channel in _ways(message) if everything else [(message.address_index, message.channel)]:
        stop_index(index=index, channel=channel, until=until, source=source, now=now)
    kind, channel = "paused" if until else "stopped", "" if everything else message.channel
    tell_choice(kind, message=message, channel=channel, source=source, now=now)


@one_transaction
def resume_from(message: Message, *, source: str, wording: str, now: datetime) -> None:
    """The receiver of `message` wants to be written to at its address again."""
    resume_index(index=message.address_index, channels=[message.channel], wording=wording, source=source, now=now)
    tell_choice("resumed", message=message, channel=message.channel, source=source, now=now)


def _ways(message: Message) -> list[tuple[str, str]]:
    rows = Message.objects.filter(person_key=message.person_key).exclude(address_index="")
    return sorted(set(rows.values_list("address_index", "channel")) | {(message.address_index, message.channel)})


@dataclass(frozen=True)
class Report:
    """What a provider says about one message. `kind` is delivered, bounced, complained or another word (only kept).

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
        event_id=report.event_id[:200],
        defaults={"kind": report.kind[:40], "at": now, "message": locked, "raw": report.raw},
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
    state = State(message.state)
    outcomes = {
        "delivered": Attempt.Outcome.DELIVERED,
        "bounced": Attempt.Outcome.BOUNCED,
        "complained": Attempt.Outcome.COMPLAINED,
    }
    if report.kind not in outcomes:
        return
    Attempt.objects.create(
        message=message, number=message.tries, at=now, outcome=outcomes[report.kind], code=report.code[:60]
    )
    kind = Suppression.Kind.BOUNCED if report.kind == "bounced" else Suppression.Kind.COMPLAINED
    if report.kind in _REPORTED and _may_say(state, message, _REPORTED[report.kind]):
        settled = message.settled_at
        if state not in (State.SENT, State.DELIVERED):
            # It was taken, whoever did not hear of it: what follows from "sent" must follow.
            tell(event_of(message, "sent", now=now, reason=""))
            settled = now
        reason = "" if report.kind == "delivered" else report.kind
        move(message, _REPORTED[report.kind], now=now, reason=reason, detail=report.code, settled_at=settled)
    if report.kind == "complained" or (report.kind == "bounced" and report.address_bad):
        stop_index(
            index=message.address_index, channel=message.channel, until=None, source="provider", now=now, kind=kind
        )
    if report.kind == "complained":
        tell_choice("stopped", message=message, channel=message.channel, source="complained", now=now)


@one_transaction
def take_reply(*, channel: str, address: str, text: str, event: Report, now: datetime) -> str:
    """Take what somebody wrote back: act on STOP and START, answer HELP, hand everything else to the owner.

    Returns the answer to give, or "" for silence; a reply that was taken before changes nothing and gives "".
    """
    if not take_report(event, message=None, now=now):
        return ""
    try:
        index = address_index(channel, address)
    except BadAddress:
        return ""
    gone = Message.objects.to_address(index).filter(sending_at__isnull=False).defer("address")
    about = gone.order_by("-sending_at").first()
    meant = meaning(text)
    InboundReply.objects.create(channel=channel, address_index=index, message=about, text=text, meaning=meant, at=now)
    with translation.override(about.language if about else "en"):
        return _obey(meant, index=index, channel=channel, about=about, text=text, now=now)


def _obey(meant: Meaning, *, index: str, channel: str, about: Message | None, text: str, now: datetime) -> str:
    match meant:
        case Meaning.STOP:
            stop_index(index=index, channel=channel, until=None, source="reply", now=now)
            tell_choice("stopped", message=about, channel=channel, source="reply", now=now)
            if not is_command(text):
                _hand_over(meant, channel, about, text, now)  # whatever else it says is read by a person
            return _(
                "Waymark: you will get no more messages from us here. Reply START to get them again. "
                "For someone to talk to, call or text 988."
            )
        case Meaning.START:
            resume_index(index=index, channels=[channel], wording=text[:200], source="reply", now=now)
            tell_choice("resumed", message=about, channel=channel, source="reply", now=now)
            return _("Waymark: messages are on again. Reply STOP to stop.")
        case Meaning.HELP:
            _hand_over(meant, channel, about, text, now)
            return _(
                "Waymark: a person will read this. In danger, call 911. For someone to talk to now, call or text "
                "988. Reply STOP to stop."
            )
    _hand_over(meant, channel, about, text, now)
    return ""


def _hand_over(meant: Meaning, channel: str, about: Message | None, text: str, now: datetime) -> None:
    reason = meant.value if meant in (Meaning.MAYBE_STOP, Meaning.HELP) else ""
    if about is not None:
        client().record(event_of(about, "reply", now=now, text=text, reason=reason))
        return
    client().record(
        MessageEvent(kind="reply", reference="", person_key="", channel=channel, at=now, reason=reason, text=text)
    )


_QUOTE = re.compile(
    r"^\s*(?:>|On .{4,200}wrote:\s*$|El .{4,200}escribió:\s*$|-{2,}\s*(?:Original|Mensaje)|From:|De:|_{5,})",
    re.MULTILINE,
)


def unquoted(text: str) -> str:
    """The part of an e-mail that its writer wrote: what stands before the quoted message and the signature."""
    match = _QUOTE.search(text)
    own = text[: match.start()] if match else text
    return own.split("\n-- \n", 1)[0].strip()
