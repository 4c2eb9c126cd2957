"""What messaging asks of this app: what a message says when it goes, and what follows from what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from messaging.client import MessageEvent, Withheld
from messaging.models import Message
from messaging.states import State
from referral.actions.common import SYSTEM, new_task, next_action
from referral.actions.contacts import listen_again, silence
from referral.actions.duty import DUTY, not_reached, still_waits
from referral.actions.notices import CONSENT, FOLLOWUP, NEWS, PLACEMENT, RECEIVED, send_check_in
from referral.coverage import covering
from referral.lifecycle import PlacementStatus
from referral.models import (
    CheckInLink,
    Contact,
    FamilyLink,
    FollowUp,
    Placement,
    ProgramLink,
    Referral,
    Task,
    TimelineEntry,
)
from referral.replies import open_at, whose

Context = dict[str, str] | Withheld
# These end in "it did not arrive": somebody must try another way. A stop or a cancelling is no failure.
NOT_ARRIVED = frozenset({"bounced", "failed", "expired"})


class ReferralClient:
    """Owner of the references ``referral:``, ``news:``, ``consent:`` (a referral), ``placement:``, ``followup:`` and
    ``duty:`` (a task)."""

    def context(self, reference: str, now: datetime) -> Context:
        """Check again that it may be said, make the link, and give the template its words."""
        kind, _, number = reference.partition(":")
        answer: dict[str, Callable[[int, str, datetime], Context]] = {
            RECEIVED: _family_page,
            NEWS: _family_page,
            CONSENT: _family_page,
            PLACEMENT: _request,
            FOLLOWUP: _check_in,
            DUTY: _duty,
        }
        return answer[kind](int(number), reference, now)

    def record(self, event: MessageEvent) -> bool:
        """Write the line, and give to staff what needs a person. Runs inside messaging's transaction.

        False where nobody looks: for nobody we know. What a family writes is read after the end, too; what became of
        a message is then of no more use.
        """
        if event.reference.startswith(f"{DUTY}:"):
            if _failed(event) or event.kind == "suppressed":
                not_reached(int(event.reference.partition(":")[2]))
            return True
        referral, followup, placement = _subject(event)
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
            question = f"{placement.program}: {event.text}"
            new_task(
                referral, Task.Kind.PROGRAM_ASKS, due_at=event.at, now=event.at, text=question, placement=placement
            )
        elif referral.is_open:
            _give_to_staff(referral, followup, placement, event)
        _write(referral, event, program=str(placement.program) if placement is not None else "")
        return True


def _take_reply(event: MessageEvent, last: Referral | None) -> bool:
    """Give what somebody wrote to whoever works on the referrals that it may be about."""
    meant, sure = whose(event, last)
    for referral in meant:
        kind = Task.Kind.REPLY if sure else Task.Kind.UNSURE_REPLY
        new_task(referral, kind, due_at=event.at, now=event.at, text=event.text)
        _write(referral, event, unsure=not sure)
    return bool(meant)


def _take_choice(event: MessageEvent, last: Referral | None) -> bool:
    """Note that messages are stopped or wanted again: by one family, and by all that share the number it wrote from."""
    others = [each for each in open_at(event.address) if last is None or each.pk != last.pk]
    meant = [last, *others] if last is not None else others
    for referral in meant:
        if event.kind == "stopped" and _said_before(referral, event):
            continue
        if event.kind == "resumed":
            # Of the others, only who had stopped: nobody is written to who never agreed.
            if referral is not last and not referral.timeline.tell_of_a_stop(event.channel):
                continue
            listen_again(referral, event.channel, now=event.at)
        _write(referral, event)
    return bool(meant)


def _family_page(number: int, reference: str, now: datetime) -> Context:
    referral = Referral.objects.select_related("contact").get(pk=number)
    if not referral.is_open:
        return Withheld("closed")
    _link, token = FamilyLink.mint(
        now=now, expires_at=now + FamilyLink.LIFE, referral=referral, sent_to=_going_to(reference)
    )
    return {"name": referral.contact.name, "link": _url("portal:open-family", token, referral.contact.language)}


def _request(number: int, _reference: str, now: datetime) -> Context:
    placement = Placement.objects.select_related("referral").get(pk=number)
    if placement.status != PlacementStatus.REQUESTED:
        return Withheld("placement_moved")
    grants = placement.referral.consents.all().grants()
    grant, _gap = covering(grants, recipient=placement.program_id, categories=placement.categories, now=now)
    if grant is None:
        return Withheld("no_consent")
    _link, token = ProgramLink.mint(now=now, expires_at=now + ProgramLink.LIFE, placement=placement)
    return {"code": placement.referral.public_code, "link": _url("portal:open-program", token, "en")}


def _duty(number: int, _reference: str, _now: datetime) -> Context:
    """Says nothing about anybody: the queue does, to who signs in."""
    if not still_waits(number):
        return Withheld("answered")
    return {"link": settings.BASE_URL + reverse("workspace:queue")}


def _check_in(number: int, reference: str, now: datetime) -> Context:
    followup = FollowUp.objects.select_related("referral__contact").get(pk=number)
    referral = followup.referral
    if not referral.is_open:
        return Withheld("closed")
    if followup.status not in (FollowUp.Status.PLANNED, FollowUp.Status.SENT):
        return Withheld("answered")
    _link, token = CheckInLink.mint(
        now=now, expires_at=now + CheckInLink.LIFE, followup=followup, sent_to=_going_to(reference)
    )
    return {"name": referral.contact.name, "link": _url("portal:open-check-in", token, referral.contact.language)}


def _going_to(reference: str) -> str:
    """The blind index of the address that the message is on its way to; ``""`` where that is not certain."""
    rows = Message.objects.for_reference(reference).filter(state=State.CLAIMED)
    going = set(rows.values_list("address_index", flat=True))
    return going.pop() if len(going) == 1 else ""


def _url(name: str, token: str, language: str) -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse(name, args=[token])


def _subject(event: MessageEvent) -> tuple[Referral | None, FollowUp | None, Placement | None]:
    """What the event is about; without a reference, the latest referral of the person, or of who has the address."""
    kind, _, number = event.reference.partition(":")
    if kind == FOLLOWUP:
        followup = FollowUp.objects.select_related("referral__contact").filter(pk=number).first()
        return (followup.referral, followup, None) if followup else (None, None, None)
    if kind == PLACEMENT:
        placement = Placement.objects.select_related("referral", "program").filter(pk=number).first()
        return (placement.referral, None, placement) if placement else (None, None, None)
    if kind in (RECEIVED, NEWS, CONSENT):
        return Referral.objects.select_related("contact").filter(pk=number).first(), None, None
    who, _, key = event.person_key.partition(":")
    contacts = Contact.objects.filter(pk=key) if who == "contact" else Contact.objects.reached_at(event.address)
    return Referral.objects.filter(contact__in=contacts.values("pk")).order_by("-opened_at").first(), None, None


def _failed(event: MessageEvent) -> bool:
    """Whether somebody must try another way. A family that said stop is not to be chased: see `silence`."""
    return event.kind in NOT_ARRIVED or (event.kind == "suppressed" and event.reason != "stopped")


def _said_before(referral: Referral, event: MessageEvent) -> bool:
    """Note a family's stop; whether it changes nothing and stands on the timeline already."""
    new = silence(referral, event.channel or None, now=event.at)
    lines = referral.timeline.filter(kind=TimelineEntry.Kind.STOPPED)
    return not new and any(lines.about(channel=channel) for channel in ("", event.channel))


def _give_to_staff(
    referral: Referral, followup: FollowUp | None, placement: Placement | None, event: MessageEvent
) -> None:
    """Make a task of what did not arrive, or may not have."""
    if placement is not None and (event.kind in NOT_ARRIVED or event.kind == "suppressed"):
        name = str(placement.program)
        new_task(referral, Task.Kind.CALL_PROGRAM, due_at=event.at, now=event.at, text=name, placement=placement)
    if event.kind == "review":
        new_task(referral, Task.Kind.REVIEW, due_at=event.at, now=event.at)
    elif _failed(event) and placement is None and followup is None:
        new_task(referral, Task.Kind.NOT_REACHED, due_at=event.at, now=event.at)


def _follow(followup: FollowUp, event: MessageEvent) -> None:
    """A check-in that went waits for its answer; one that did not goes by another channel, else to staff."""
    # Nobody holds the referral here: an answer that is written meanwhile stays as it is.
    row = FollowUp.objects.filter(pk=followup.pk)
    if event.kind == "sent":
        row.filter(status=FollowUp.Status.PLANNED).update(status=FollowUp.Status.SENT)
    if not _failed(event) or not followup.referral.is_open:
        return
    waiting = row.filter(status__in=[FollowUp.Status.PLANNED, FollowUp.Status.SENT])
    channels = followup.referral.contact.channels()
    after = channels[channels.index(followup.channel) + 1 :] if followup.channel in channels else []
    if after and event.kind != "expired":
        if waiting.update(channel=after[0], status=FollowUp.Status.PLANNED, due_at=event.at):
            send_check_in(row.select_related("referral__contact").get(), after[0])
    elif waiting.update(status=FollowUp.Status.TO_STAFF):
        new_task(followup.referral, Task.Kind.CHECK_IN, due_at=event.at, now=event.at)


def _write(referral: Referral, event: MessageEvent, *, program: str = "", unsure: bool = False) -> None:
    # A program's stop is no stop of the family: that line would be shown on its page, in its name.
    own_stop = event.kind == "stopped" and not program
    kind = TimelineEntry.Kind.STOPPED if own_stop else TimelineEntry.Kind.MESSAGE
    more: dict[str, str | bool] = {"program": program} if program else {}
    if unsure:
        more["unsure"] = True
    TimelineEntry.objects.create(
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
