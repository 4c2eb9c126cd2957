"""What messaging asks of this app: what a message says when it goes, and what follows from what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import override

from messaging.actions import index_of
from messaging.client import Context, MessageEvent
from messaging.danger_words import in_danger
from messaging.models import AlertNotice, Message, Suppression
from messaging.models.people import BY_LINK
from referral.actions.absences import ABSENCE
from referral.actions.alarms import ALERT, ALERT_OVER, tell_addresses, tell_operators
from referral.actions.by_link import LINK_PAUSE, ask_first, ask_them, tell_of_closing
from referral.actions.common import FAMILY, SYSTEM, new_task, next_action
from referral.actions.duty import DUTY, TAKEN_OVER, call_for, not_reached
from referral.actions.escalations import ESCALATION
from referral.actions.notices import (
    DESK,
    FOLLOWUP,
    PLACEMENT,
    REMINDER,
    TO_FAMILY,
    TO_PROGRAM,
    send_check_in,
)
from referral.actions.stops import Silenced, listen_again, listens, said_of_a_stop, silence
from referral.contact_lines import words_of
from referral.lifecycle import PlacementStatus, ReferralStatus
from referral.message_contexts import contexts, sample
from referral.models import Contact, FamilyLink, FollowUp, Placement, Referral, Task, TimelineEntry
from referral.models.people import CHANNEL_FIELDS
from referral.reasons import PROGRAM_STOPPED, REACH_WISHED, STOPPED_BY_LINK, coded
from referral.replies import open_at, open_of, whose

# These end in "it did not arrive": somebody must try another way. A stop or a cancelling is no failure.
BY_LINKS, SILENCED = (BY_LINK, "one-click"), ("stopped", "paused", "hours")
NOT_ARRIVED = frozenset({"bounced", "failed", "expired"})

# What is chosen of one address; of a stop, the line says at which it holds: see `Silenced`.
CHOSEN = frozenset({"paused", "resumed", "hours"})


class ReferralClient:
    """Owner of the references ``referral:``, ``called:``, ``news:``, ``answer:``, ``consent:``, ``note:``, ``link:``,
    ``linkdid:``, ``linkends:`` (a referral), ``placement:``, ``followup:``, ``duty:`` (a task), ``escalation:`` (a
    notice), ``absence:``, ``desk:`` (a code of a program) and what a program is told of its request."""

    def contexts(self, references: Sequence[str], now: datetime) -> dict[str, Context]:
        """Check again that it may be said, make the links, and give the templates their words."""
        return contexts(references, now)

    def sample(self, template: str, language: str) -> dict[str, str]:
        """The words of a template for a family that does not exist."""
        return sample(template, language)

    def alert(self, notice: AlertNotice, now: datetime) -> None:
        """Tell those on duty."""
        tell_operators(notice, now)

    def alert_open(self, notice: AlertNotice) -> None:
        """Tell the addresses of the settings that have not heard of it."""
        tell_addresses(notice)

    def page_of(self, person_key: str) -> tuple[str, str] | None:
        """The newest request of this contact, by its code."""
        who, _, key = person_key.partition(":")
        contact = Contact.objects.filter(pk=key).first() if who == "contact" else None
        newest = contact and Referral.objects.filter(contact=contact).order_by("-opened_at", "-pk").first()
        return (f"#{newest.public_code}", reverse("workspace:referral", args=[newest.pk])) if newest else None

    def longest_pause(self, person_key: str, now: datetime) -> timedelta | None:
        """Two weeks at a time, while the browser that asked may be another one than that of the link."""
        who, _, key = person_key.partition(":")
        lately = who == "contact" and FamilyLink.asker_was_here(UUID(key), now)
        return LINK_PAUSE if lately else None

    def asks_first(self, message: Message, now: datetime) -> bool:
        """Where the browser that asked was here lately, and no link stopped or paused them, whoever reads a mailbox
        does not start messages to it again: one of us asks the family. A mailbox that was entered since others read is
        its own."""
        who, _, key = message.person_key.partition(":")
        if who != "contact" or not FamilyLink.asker_was_here(UUID(key), now):
            return False
        referral = Referral.objects.open().filter(contact=UUID(key)).order_by("-opened_at", "-pk").first()
        allowed, where = CHANNEL_FIELDS[message.channel]
        held = Suppression.objects.holding(message.address_index, message.channel, now, message.person_key)
        if referral is None or held.filter(source__in=BY_LINKS).exists():
            return False
        if where in referral.timeline.entered_since_others():
            return False
        with override(settings.LANGUAGE_CODE):  # for staff
            typed = words_of([allowed])
        actor = replace(FAMILY, by_link=True)
        ask_first(referral.pk, REACH_WISHED, actor=actor, now=now, link=None, typed=typed, what=[allowed])
        return True

    def record_sent(self, events: Sequence[MessageEvent]) -> None:
        """Write a line for each, and let the check-ins among them wait for their answers."""
        subjects = _subjects([event.reference for event in events])
        _await_answers({followup.pk for _referral, followup, _placement in subjects.values() if followup is not None})
        lines = []
        for event in events:
            if event.reference in subjects:
                referral, _followup, placement = subjects[event.reference]
                lines.append(_line(referral, event, program=str(placement.program) if placement is not None else ""))
            else:
                self.record(event)
        TimelineEntry.objects.bulk_create(lines)

    def record(self, event: MessageEvent) -> bool:
        """Write the line, and give to staff what needs a person. Runs inside messaging's transaction.

        False where nobody looks: for nobody we know. What a family writes is read after the end, too; what became of
        a message is then of no more use.
        """
        if event.reference.startswith(f"{DESK}:"):
            return True  # whoever waits for a code asks for another
        if event.reference.partition(":")[0] in (ALERT, ALERT_OVER):
            return event.kind != "reply"
        if event.reference.partition(":")[0] in (ESCALATION, ABSENCE, TAKEN_OVER):
            return event.kind != "reply"
        if event.reference.startswith(f"{DUTY}:"):
            if _failed(event) or event.kind == "suppressed":
                not_reached(int(event.reference.partition(":")[2]))
            return True
        referral, followup, placement = _subject(event)
        if placement is None and referral is not None and _came_by_link(referral, event):
            tell_of_closing(referral, [event.channel] if event.channel else referral.contact.channels(), event.at)
        if placement is None and event.kind == "reply":
            return _take_reply(event, referral)
        if placement is None and event.kind in ("stopped", "resumed"):
            return _take_choice(event, referral)
        if referral is None:
            return False
        if event.kind in {"delivered", "cancelled"}:
            return True  # says nothing that needs somebody
        if followup is not None:
            _follow(followup, event)
        if event.kind == "reply" and placement is not None:
            _hear_danger(referral, event)
            question = f"{placement.program}: {event.text}"
            new_task(
                referral, Task.Kind.PROGRAM_ASKS, due_at=event.at, now=event.at, text=question, placement=placement
            )
        elif referral.is_open:
            _give_to_staff(referral, followup, placement, event)
        if placement is None and event.taken_back:
            return True  # the line of the stop says it, once for all of them
        _write(referral, event, program=str(placement.program) if placement is not None else "")
        return True


def _came_by_link(referral: Referral, event: MessageEvent) -> bool:
    """Whether a way was silenced by the link of a message, while the browser that asked may be another: the family is
    told once by that way, and one of us asks where it was the last."""
    silent = event.reason in BY_LINKS and event.kind in SILENCED
    return silent and FamilyLink.asker_was_here(referral.contact_id, event.at)


def _take_reply(event: MessageEvent, last: Referral | None) -> bool:
    """Give what somebody wrote to whoever works on the referrals that it may be about; danger calls for help."""
    meant, sure = whose(event, last)
    for referral in meant:
        kind = Task.Kind.REPLY if sure else Task.Kind.UNSURE_REPLY
        if not (_hear_danger(referral, event) and sure):
            new_task(referral, kind, due_at=event.at, now=event.at, text=event.text)
        _write(referral, event, unsure=not sure)
    return bool(meant)


def _hear_danger(referral: Referral, event: MessageEvent) -> bool:
    """Whether the words are a call for help, which is made. Whoever holds the referral may be waiting for what is
    locked here: they are called once this is committed."""
    if not in_danger(event.text):
        return False
    new_task(referral, Task.Kind.NEEDS_HELP, due_at=event.at, now=event.at, text=event.text, urgent=True)
    transaction.on_commit(partial(call_for, referral.pk, now=event.at), robust=True)
    return True


def _take_choice(event: MessageEvent, last: Referral | None) -> bool:
    """Note that messages are stopped or wanted again: by one family, and by all that share the number it wrote from."""
    others = [each for each in open_at(event.address) if last is None or each.pk != last.pk]
    if last is not None:
        known = {last.pk, *(each.pk for each in others)}
        others += [each for each in open_of(last.contact_id) if each.pk not in known]
    meant = [last, *others] if last is not None else others
    for referral in meant:
        if not _is_theirs(event, referral):
            continue  # who reads an address that was theirs once does not speak for them
        more = Silenced()
        if event.kind == "stopped":
            new = listens(referral, event.channel or None)
            more = silence(referral, event.channel or None, now=event.at)
            if not new and _said_before(referral, event, more.get("shut", [])):
                continue
        if event.kind == "resumed":
            # Of the others, only who had stopped: nobody is written to who never agreed.
            address = str(getattr(referral.contact, CHANNEL_FIELDS[event.channel][1]))
            if referral is not last and not said_of_a_stop(referral, event.channel, address):
                continue
            if event.channel in referral.contact.marked_ways(event.at):
                continue  # whoever writes from there may be who reads along
            listen_again(referral, event.channel, now=event.at)
        if not referral.contact.is_reachable and _came_by_link(referral, event):
            ask_them(referral, coded(STOPPED_BY_LINK), event.at)
        _write(referral, event, **more)
    return bool(meant)


def _is_theirs(event: MessageEvent, referral: Referral) -> bool:
    """Whether what was said of one address is said of where this family is reached today."""
    said = _said_at(event)
    if not said:
        return True
    address = str(getattr(referral.contact, CHANNEL_FIELDS[event.channel][1]))
    return not address or said == index_of(event.channel, address)


def _said_at(event: MessageEvent) -> str:
    """The blind index of the address that a choice is about, where a message says it; else ``""``."""
    if event.message is None or not event.channel:
        return ""
    return Message.objects.filter(pk=event.message).values_list("address_index", flat=True).first() or ""


def _subjects(references: Iterable[str]) -> dict[str, tuple[Referral, FollowUp | None, Placement | None]]:
    """What these references are about, as far as a number leads to it."""
    numbers: dict[str, dict[int, str]] = defaultdict(dict)
    for reference in references:
        kind, _, number = reference.partition(":")
        numbers[kind][int(number) if number.isdecimal() else 0] = reference
    found: dict[str, tuple[Referral, FollowUp | None, Placement | None]] = {}
    followups = FollowUp.objects.select_related("referral").in_bulk(numbers[FOLLOWUP])
    found |= {numbers[FOLLOWUP][pk]: (each.referral, each, None) for pk, each in followups.items()}
    asked = {number for kind in TO_PROGRAM for number in numbers[kind]}
    placements = Placement.objects.select_related("referral", "program").in_bulk(asked)
    for kind in TO_PROGRAM:
        found |= {
            reference: (placements[pk].referral, None, placements[pk])
            for pk, reference in numbers[kind].items()
            if pk in placements
        }
    for kind in TO_FAMILY:
        referrals = Referral.objects.in_bulk(numbers[kind])
        found |= {numbers[kind][pk]: (each, None, None) for pk, each in referrals.items()}
    return found


def _await_answers(followups: Collection[int]) -> None:
    """Check-ins that went wait for their answers. One that is written meanwhile stays as it is."""
    if followups:
        rows = FollowUp.objects.filter(pk__in=followups, status=FollowUp.Status.PLANNED)
        # Nobody holds the referrals here.
        planned = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        FollowUp.objects.filter(pk__in=planned).update(status=FollowUp.Status.SENT)


def _subject(event: MessageEvent) -> tuple[Referral | None, FollowUp | None, Placement | None]:
    """What the event is about; without a reference, the latest referral of the person, or of who has the address."""
    kind, _, number = event.reference.partition(":")
    if kind == FOLLOWUP:
        followup = FollowUp.objects.select_related("referral__contact").filter(pk=number).first()
        return (followup.referral, followup, None) if followup else (None, None, None)
    if kind in TO_PROGRAM:
        placement = Placement.objects.select_related("referral", "program").filter(pk=number).first()
        return (placement.referral, None, placement) if placement else (None, None, None)
    if kind in TO_FAMILY:
        return Referral.objects.select_related("contact").filter(pk=number).first(), None, None
    who, _, key = event.person_key.partition(":")
    contacts = Contact.objects.filter(pk=key) if who == "contact" else Contact.objects.reached_at(event.address)
    return Referral.objects.filter(contact__in=contacts.values("pk")).order_by("-opened_at").first(), None, None


def _failed(event: MessageEvent) -> bool:
    """Whether somebody must try another way. A family that said stop is not to be chased: see `silence`."""
    return event.kind in NOT_ARRIVED or (
        event.kind == "suppressed" and event.reason != "stopped" and not event.taken_back
    )


def _has_answered(placement: Placement, event: MessageEvent) -> bool:
    """Whether what did not arrive asked for an answer that came by another way: then nobody has to call."""
    asks = event.reference.partition(":")[0] in (PLACEMENT, REMINDER)
    return asks and placement.status != PlacementStatus.REQUESTED


def _said_before(referral: Referral, event: MessageEvent, shut: Sequence[str]) -> bool:
    """Whether this stop, of these addresses, stands on the timeline already."""
    lines = referral.timeline.filter(kind=TimelineEntry.Kind.STOPPED).values_list("params", flat=True)
    same = [line for line in lines if line.get("channel") in ("", event.channel)]
    return any(set(shut) <= set(line.get("shut", shut)) for line in same)


def _give_to_staff(
    referral: Referral, followup: FollowUp | None, placement: Placement | None, event: MessageEvent
) -> None:
    """Make a task of what did not arrive, or may not have."""
    failed = event.kind in NOT_ARRIVED or event.kind == "suppressed"
    if placement is not None and failed and not _has_answered(placement, event):
        name = str(placement.program)
        new_task(referral, Task.Kind.CALL_PROGRAM, due_at=event.at, now=event.at, text=name, placement=placement)
    if placement is not None and event.kind == "stopped":
        text = f"{placement.program}\n{coded(PROGRAM_STOPPED)}"
        new_task(referral, Task.Kind.CALL_PROGRAM, due_at=event.at, now=event.at, text=text, placement=placement)
    if event.kind == "review":
        new_task(referral, Task.Kind.REVIEW, due_at=event.at, now=event.at)
    elif _failed(event) and placement is None and followup is None:
        new_task(referral, Task.Kind.NOT_REACHED, due_at=event.at, now=event.at)


def _follow(followup: FollowUp, event: MessageEvent) -> None:
    """A check-in that went waits for its answer; one that did not goes by another channel, else to staff."""
    if event.kind == "sent":
        _await_answers([followup.pk])
    row = FollowUp.objects.filter(pk=followup.pk)
    if not _failed(event) or not followup.referral.is_open:
        return
    waiting = row.filter(status__in=[FollowUp.Status.PLANNED, FollowUp.Status.SENT])
    channels = followup.referral.contact.channels()
    after = channels[channels.index(followup.channel) + 1 :] if followup.channel in channels else []
    if after and event.kind != "expired":
        moved = waiting.update(channel=after[0], status=FollowUp.Status.PLANNED, due_at=event.at)
        if moved and followup.referral.status != ReferralStatus.ON_HOLD:  # else it goes when the hold is over
            send_check_in(row.select_related("referral__contact").get(), after[0])
    elif waiting.update(status=FollowUp.Status.TO_STAFF):
        kind = Task.Kind.CHECK_IN if followup.referral.contact.is_callable else Task.Kind.NOT_REACHED
        new_task(followup.referral, kind, due_at=event.at, now=event.at)


def _line(
    referral: Referral, event: MessageEvent, *, program: str = "", unsure: bool = False, **silenced: Sequence[str]
) -> TimelineEntry:
    # A program's stop is no stop of the family: that line would be shown on its page, in its name.
    own_stop = event.kind == "stopped" and not program
    kind = TimelineEntry.Kind.STOPPED if own_stop else TimelineEntry.Kind.MESSAGE
    more: dict[str, str | bool | list[str]] = {"program": program} if program else {}
    more |= {name: list(values) for name, values in silenced.items()}
    if unsure:
        more["unsure"] = True
    if event.kind in CHOSEN and (at := _said_at(event)):
        more["chosen_at"] = at
    if event.reason in BY_LINKS and event.kind in (*SILENCED, "resumed") and not program:
        more["link"] = "message"
    return TimelineEntry(
        referral=referral,
        at=event.at,
        kind=kind,
        role=SYSTEM.role,
        params={
            "happened": event.kind,
            "channel": event.channel,
            "reason": event.reason,
            "about": event.reference.partition(":")[0],
            **more,
        },
        text=event.text,
    )


def _write(
    referral: Referral, event: MessageEvent, *, program: str = "", unsure: bool = False, **silenced: Sequence[str]
) -> None:
    _line(referral, event, program=program, unsure=unsure, **silenced).save(force_insert=True)
    if event.kind == "sent":
        return  # as planned: staff need not look sooner
    skip = connection.features.has_select_for_update_skip_locked
    if not _look_sooner(referral.pk, event.at, skip_locked=skip):
        # Whoever holds the referral may be waiting for the message that is locked here: so when this is committed.
        transaction.on_commit(partial(_look_sooner, referral.pk, event.at, skip_locked=False), robust=True)


@transaction.atomic
def _look_sooner(pk: int, now: datetime, *, skip_locked: bool) -> bool:
    """Say anew when staff must look at the referral; False where it is locked and that is not waited for."""
    free = Referral.objects.select_for_update(no_key=True, skip_locked=skip_locked).filter(pk=pk).first()
    if free is not None:
        Referral.objects.filter(pk=pk).update(next_action_at=next_action(free, now))
    return free is not None
