"""Staff write to a family, or to a program that was asked: kept as it is typed, sent once, taken back in time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging import steering
from messaging.models import Message
from messaging.outlook import Outlook
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, locked, require, require_open, write
from referral.actions.notices import NOTE, TEMPLATES, UPDATE, reference
from referral.actions.replies import tell_the_program
from referral.lifecycle import STAFF
from referral.models import MessageDraft, Placement, Referral, Task, TimelineEntry

Kind = TimelineEntry.Kind


class CannotWrite(Exception):
    """The message would not go: `why` is a key of `messaging.reasons`. Nothing was written."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class TooLate(Exception):
    """The message has left, or may have."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What was typed. `key` is that of its draft: the same key again writes nothing more."""

    key: uuid.UUID
    channel: str
    words: str


@one_transaction
def save_message_draft(
    pk: int, letter: Letter, *, placement: int | None, actor: Actor, now: datetime
) -> MessageDraft | None:
    """Keep what was typed so far. None where the key is somebody else's, or its message was sent already."""
    require(actor, *STAFF)
    user = cast(User, actor.user)
    if Message.objects.filter(dedupe_key__in=_dedupe_keys(pk, placement, letter.key)).exists():
        return None
    values = {"channel": letter.channel, "words": letter.words, "saved_at": now}
    about = {"user": user, "referral_id": pk, "placement_id": placement}
    draft: MessageDraft
    draft, made = MessageDraft.objects.select_for_update().get_or_create(pk=letter.key, defaults={**about, **values})
    if (draft.user_id, draft.referral_id, draft.placement_id) != (user.pk, pk, placement):
        return None
    if not made:
        draft.channel, draft.words, draft.saved_at = letter.channel, letter.words, now
        draft.save(update_fields=list(values))
    return draft


def _dedupe_keys(pk: int, placement: int | None, key: uuid.UUID) -> list[str]:
    return [f"{NOTE}:{pk}:{key}", f"{UPDATE}:{placement}:{key}"]


@one_transaction
def discard_message_draft(pk: int, *, placement: int | None, actor: Actor) -> None:
    """Throw a draft of one's own away."""
    MessageDraft.objects.filter(user=actor.user, referral=pk, placement=placement).delete()


def when_to_family(referral: Referral, channel: str, *, now: datetime) -> Outlook:
    """When a message that is written now would go, and what it waits for; nothing is changed."""
    contact = referral.contact
    address = contact.address(channel)
    if not address:
        return Outlook(None, ("no_permission",))
    return steering.when(
        channel=channel, address=address, person_key=contact.key, zone=contact.zone,
        reference=f"{NOTE}:{referral.pk}", now=now,
    )  # fmt: skip


@one_transaction
def write_to_family(pk: int, letter: Letter, *, actor: Actor, now: datetime) -> Message:
    """Plan a message in these words by the channel that was chosen. What was to be written to the family is done by it.

    Raises `Ended`, `CannotWrite` where it would not go, or `messaging.steering.BadWords`.
    """
    require(actor, *STAFF)
    referral = locked(pk, actor=actor)
    require_open(referral)
    sent: Message | None = Message.objects.filter(dedupe_key=f"{NOTE}:{pk}:{letter.key}").first()
    if sent:
        return sent
    outlook = when_to_family(referral, letter.channel, now=now)
    if outlook.at is None:
        raise CannotWrite(outlook.waits[-1])
    contact = referral.contact
    message = steering.write(
        template=TEMPLATES[NOTE], words=letter.words, reason=_("Written on the referral’s page."),
        author=f"user:{cast(User, actor.user).pk}", channel=letter.channel, person_key=contact.key,
        address=contact.address(letter.channel), language=contact.language, zone=contact.zone,
        reference=f"{NOTE}:{pk}", dedupe_key=f"{NOTE}:{pk}:{letter.key}", now=now,
    )  # fmt: skip
    discard_message_draft(pk, placement=None, actor=actor)
    done = list(referral.tasks.open().filter(kind=Task.Kind.WRITE).values_list("pk", flat=True))
    Task.objects.filter(pk__in=done).update(done_at=now, done_by=actor.user)
    write(
        referral, Kind.WRITTEN, actor=actor, now=now, text=letter.words,
        channel=letter.channel, message=message.pk, tasks=done,
    )  # fmt: skip
    return message


@one_transaction
def write_to_program(placement_pk: int, letter: Letter, *, actor: Actor, now: datetime) -> Placement:
    """Put words on the page of a program that was asked, and tell its mailbox that there is something to read.

    Raises what `tell_the_program` raises.
    """
    owner = Placement.objects.values_list("referral_id", flat=True).get(pk=placement_pk)
    if Message.objects.filter(dedupe_key__in=_dedupe_keys(owner, placement_pk, letter.key)).exists():
        return Placement.objects.get(pk=placement_pk)
    occasion = str(letter.key)
    placement = tell_the_program(placement_pk, letter.words, actor=actor, now=now, occasion=occasion, by_itself=True)
    discard_message_draft(owner, placement=placement_pk, actor=actor)
    return placement


@one_transaction
def take_back(line_pk: int, *, actor: Actor, now: datetime) -> TimelineEntry:
    """Take back what was written, as long as it has surely not left; what it had done is open again, and the words are
    the draft of whoever takes them back, before what they have begun since.

    Raises `TooLate` where it has left, or may have.
    """
    require(actor, *STAFF)
    line: TimelineEntry = TimelineEntry.objects.get(pk=line_pk, kind__in=(Kind.WRITTEN, Kind.TOLD_PROGRAM))
    referral = locked(line.referral_id, actor=actor)
    if referral.timeline.filter(kind=Kind.TAKEN_BACK).about(line=line.pk):
        return line
    message = line.params.get("message")
    if message is None or not steering.undo(message, now=now):
        raise TooLate
    Task.objects.filter(pk__in=line.params.get("tasks", [])).update(done_at=None, done_by=None)
    told = {name: line.params[name] for name in ("placement", "program", "channel") if name in line.params}
    write(referral, Kind.TAKEN_BACK, actor=actor, now=now, line=line.pk, **told)
    _draft_again(line, actor, now)
    return line


def _draft_again(line: TimelineEntry, actor: Actor, now: datetime) -> None:
    """A draft of its own key: under that of the message nothing more is sent."""
    about = {"user": actor.user, "referral_id": line.referral_id, "placement_id": line.params.get("placement")}
    begun = MessageDraft.objects.filter(**about).first()
    channel = line.params.get("channel", "email")
    draft = begun or MessageDraft(**about, channel=channel)
    draft.words, draft.saved_at = "\n\n".join(part for part in (line.text, draft.words) if part), now
    draft.save()


def waiting_letters(referral: Referral, placements: Iterable[Placement]) -> QuerySet[Message]:
    """The messages of staff that have not left. `placements` are all it has."""
    updates = [reference(UPDATE, each) for each in placements]
    return Message.objects.filter(reference__in=[f"{NOTE}:{referral.pk}", *updates], tries=0).pending()


def going_out(referral: Referral, letters: Iterable[Message], *, now: datetime) -> list[tuple[TimelineEntry, Outlook]]:
    """Of `waiting_letters` what was written, with when it goes; the first to go first."""
    waiting = {each.pk: each for each in letters}
    if not waiting:
        return []
    lines = referral.timeline.filter(kind__in=(Kind.WRITTEN, Kind.TOLD_PROGRAM))
    found = [line for line in lines if line.params.get("message") in waiting]
    return [(line, steering.when_it_goes(waiting[line.params["message"]], now)) for line in found]
