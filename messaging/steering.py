"""What pages ask before and after something is written to a person: how it will read, when it will go, and to take it
back.

`preview` and `when` change nothing. `write` plans a message in words of staff; `undo` takes one back that has not left.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging import actions
from messaging.client import client
from messaging.declared import WORDS, Text, declared
from messaging.letter import Content, compose
from messaging.models import ChannelKey, Message, MessageTemplate, WrittenWords
from messaging.models.message import kind_of
from messaging.moves import move
from messaging.outlook import Outlook, outlook
from messaging.segments import Segments, segments
from messaging.states import Move, State
from messaging.wording import MissingVariable, masked, names
from privacy.transactions import one_transaction

UNDO = timedelta(seconds=20)  # for so long at least, what staff wrote can be taken back
MOST = {ChannelKey.EMAIL: 4000, ChannelKey.SMS: 320}  # characters that staff may write
MOST_REASON = 200
# Its link has the length of a real one, and opens nothing.
_NOBODY = uuid.UUID(int=0)


class BadWords(ValueError):
    """The words cannot be sent; `sentence` says what to do, `field` is words or reason."""

    def __init__(self, field: str, sentence: str | Promise):
        super().__init__(field)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True)
class Preview:
    """A message as somebody would read it. `segments` counts a text message's parts, None for an email.

    `missing` are variables that were not given: they stand in brackets. `own` is whether the words are an admin's.
    """

    channel: str
    language: str
    content: Content
    segments: Segments | None
    missing: tuple[str, ...] = ()
    own: bool = False

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES)[self.language])


def preview(
    template: str,
    *,
    channel: str,
    language: str,
    values: Mapping[str, str] | None = None,
    words: str = "",
    text: Text | None = None,
) -> Preview | None:
    """The message as it would be sent now, with its links cut off; None where there is no such message.

    `values` are its variables, those of a family that does not exist where none are given; `words` are what staff
    write themselves. `text` are words to try that nobody has saved.
    """
    found = [text] if text else MessageTemplate.objects.texts(template, channel, language)
    if not found:
        return None
    known = dict(client().sample(template, language) if values is None else values)
    kind = declared().get(template)
    if kind is not None and WORDS not in kind.variables:
        known.pop(WORDS, None)  # or the frame would say that a person wrote it
    if words:
        known[WORDS] = words
    first = found[0]
    own = text is not None or MessageTemplate.objects.filter(key=template, channel=channel, language=language).exists()
    message = Message(public_id=_NOBODY, channel=channel, language=language)
    try:
        return _preview(message, first, known, own=own)
    except MissingVariable:
        wanted = names(first.text, first.html) - known.keys() - {"house", "choices_url"}
        blanks = {name: f"[{name}]" for name in wanted}
        return _preview(message, first, {**blanks, **known}, own=own, missing=tuple(sorted(wanted)))


def _preview(
    message: Message, text: Text, values: Mapping[str, str], *, own: bool, missing: tuple[str, ...] = ()
) -> Preview:
    content = compose(message, text, values)
    parts = segments(content.text) if message.channel == ChannelKey.SMS else None
    shown = Content(content.subject, masked(content.text), "")
    return Preview(message.channel, message.language, shown, parts, missing, own)


def previews(template: str, *, values: Mapping[str, Mapping[str, str]] | None = None, words: str = "") -> list[Preview]:
    """The message on each of its channels in each language. `values` are its variables by language."""
    kind = declared().get(template)
    channels = dict.fromkeys(channel for channel, _language in kind.texts) if kind else {}
    found = [
        preview(
            template, channel=channel, language=language, values=values.get(language) if values else None, words=words
        )
        for channel in channels
        for language, _name in settings.LANGUAGES
    ]
    return [each for each in found if each is not None]


def write(
    *,
    template: str,
    words: str,
    reason: str,
    author: str,
    channel: str,
    person_key: str,
    address: str,
    language: str,
    zone: str,
    reference: str,
    dedupe_key: str,
    now: datetime,
    at: datetime | None = None,
    lasts: timedelta = timedelta(days=2),
) -> Message:
    """Plan a message in words of staff: `at` an instant, or as soon as it can no longer be taken back by `undo`.

    `reason` says why it is written, `author` is a key such as ``user:7``. It passes the gate like any other: quiet
    hours, stop and the owner's word hold. It counts apart: what goes by itself never uses up its day. The same
    `dedupe_key` again plans nothing more. Raises `BadWords`.
    """
    check_words(channel, words, reason)
    due_at = max(at or now, now + UNDO)
    with transaction.atomic():
        message = actions.schedule(
            template=template, channel=channel, person_key=person_key, address=address, language=language, zone=zone,
            due_at=due_at, not_after=due_at + lasts, reference=reference, dedupe_key=dedupe_key, capped=False,
        )  # fmt: skip
        values = {"words": words.strip(), "reason": reason.strip(), "author": author, "written_at": now}
        WrittenWords.objects.get_or_create(message=message, defaults=values)
    return message


def check_words(channel: str, words: str, reason: str) -> None:
    """Raise `BadWords` where these cannot be sent."""
    most = MOST[ChannelKey(channel)]
    if not words.strip():
        raise BadWords("words", _("Write what you want to say."))
    if len(words.strip()) > most:
        raise BadWords("words", _("Write at most %(most)d characters.") % {"most": most})
    if not reason.strip():
        raise BadWords("reason", _("Say why you write. Only the team sees it."))
    if len(reason.strip()) > MOST_REASON:
        raise BadWords("reason", _("Write at most %(most)d characters.") % {"most": MOST_REASON})


@one_transaction
def undo(message_id: int, *, now: datetime) -> bool:
    """Take a message back that has surely not left; False where it has, or may have."""
    message = Message.objects.select_for_update(no_key=True).defer("address").get(pk=message_id)
    if State(message.state) not in (State.SCHEDULED, State.CLAIMED) or message.tries:
        return False
    move(message, Move.CANCEL, now=now, reason="cancelled", detail="undone")
    return True


def when(
    *,
    channel: str,
    address: str,
    person_key: str,
    zone: str,
    reference: str,
    now: datetime,
    at: datetime | None = None,
    not_after: datetime | None = None,
) -> Outlook:
    """When a message that is written now would go, and what it waits for. Nothing is changed or locked."""
    due_at = max(at or now, now + UNDO)
    index = actions.index_of(channel, address)
    return outlook(
        channel=channel, index=index, person_key=person_key, zone=zone, due_at=due_at, not_after=not_after, now=now,
        apart=kind_of(reference),
    )  # fmt: skip


def when_it_goes(message: Message, now: datetime) -> Outlook:
    """The same for a message that is planned already."""
    return outlook(
        channel=message.channel, index=message.address_index, person_key=message.person_key, zone=message.zone,
        due_at=max(message.due_at, now), not_after=message.not_after, now=now, seed=message.dedupe_key,
        apart=message.apart, awake=message.at_work, asked=message.urgent, but=message.pk,
    )  # fmt: skip
