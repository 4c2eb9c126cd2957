"""A family shuts its page to others, or wants its data deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q
from django.db.models.lookups import IsNull

from assessments.actions import forget
from assessments.keeping import end_openings
from assessments.models import Response
from messaging import actions as messaging
from privacy.transactions import one_transaction
from referral.actions.by_link import ask_them, is_called
from referral.actions.common import SYSTEM, Actor, locked, new_task, next_action, require, require_nothing_since, write
from referral.actions.endings import ANSWER_STANDS
from referral.actions.followups import rest_follow_ups, wake_follow_ups
from referral.actions.mailboxes import reads_there
from referral.actions.notices import LINK, tell_family
from referral.actions.stops import others_of, silence
from referral.lifecycle import PlacementStatus, Role
from referral.models import CheckInLink, Contact, FamilyLink, Referral, Task, TimelineEntry
from referral.models.people import REACHED_BY
from referral.reasons import CALL_CAREFULLY, MARKED_BY_LINK, OTHERS_SAID, coded

Kind = TimelineEntry.Kind


@one_transaction
def end_links(
    pk: int,
    channel: str,
    *,
    actor: Actor,
    now: datetime,
    link: FamilyLink | None,
    answers: Collection[Response] = (),
    here: Collection[Response] = (),
) -> Referral:
    """Somebody else reads what comes by this channel: every link to the page ends, and to its answers that went there;
    nothing more is sent there, and nobody who only reads there can start it again. Whoever works on it is told to agree
    on another way. The browser that sent the request keeps its page: whoever came by a link may be who reads there. Of
    CALLS, that others hear, no link is known. `answers` are the family's own that go at once, with the six words, every
    link to them and wherever they are open. Those that stay, of this request and open `here`, are opened by nothing
    that may have been found in the mailbox (`assessments.keeping.end_openings`). Beside the browser that asked,
    somebody who came by a link ends of them only links that went there, and one of us asks the family at once.

    Where `link`, by which the family is here, went to that address, it holds for every other request with it, and for
    all answers, too; else anybody could end the links of a stranger whose address they type: then one of us asks the
    others with that address, and nothing of theirs changes.
    """
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    contact = referral.contact
    _forget(referral, answers, now)
    by_link = link is not None and not link.asked
    address = str(getattr(contact, REACHED_BY[channel][1]))
    proved = reads_there(link, channel, address)
    if address:
        messaging.shut(address=address, channel=channel, source="own page", now=now, by=contact.key, proved=proved)
    theirs = [*others_of(referral, [address] if proved else []), referral]
    once = actor.by_link and channel == messaging.CALLS and is_called(referral)
    for each in theirs:
        ended = silence(each, channel, now=now)
        if each.is_open and (actor.by_link or channel != messaging.CALLS or not each.contact.is_reachable):
            _find_another_way(each, by_link, now, may_call=once and each is referral)
        mine = each is referral
        who, gone = actor if mine else SYSTEM, mine and bool(answers)
        write(
            each, Kind.LINK_ENDED, actor=who, now=now, channel=channel, own=mine, answers=gone, by_link=by_link, **ended
        )
    if address and not proved:
        _ask_the_others(referral, address, now)
    if channel == messaging.CALLS:
        return referral
    if channel == "email" and address:
        own = {each.pk for each in here} | {each.response_id for each in theirs if each.response_id}
        end_openings(address, own, proved=proved, now=now, sent_only=actor.by_link)
    _end_sent_links(contact, messaging.index_of(channel, address) if address and proved else "", now)
    return referral


def _forget(referral: Referral, answers: Collection[Response], now: datetime) -> None:
    for response in answers:
        forget(response, now=now)
    if referral.response_id in {each.pk for each in answers}:
        referral.response = None


def _ask_the_others(referral: Referral, address: str, now: datetime) -> None:
    """A task in each other request with this address, once: one of us asks if others read there. Anyone may type an
    address and say so, and has no one called in a hurry by it."""
    said = coded(OTHERS_SAID)
    for other in others_of(referral, [address]):
        known = any(said in task.text.split("\n") for task in other.tasks.open())
        if other.contact_id != referral.contact_id and not known:
            ask_them(other, said, now, urgent=False)
            other.next_action_at = next_action(other, now)
            other.save(update_fields=["next_action_at"])


def _find_another_way(referral: Referral, by_link: bool, now: datetime, *, may_call: bool) -> None:
    """An urgent task, which says where somebody who came by a link said so; not any more once the family itself does,
    in the browser that sent the request. Where a link closed calls, one careful call may ask."""
    marks = [coded(MARKED_BY_LINK)] if by_link else []
    if may_call:
        marks.append(coded(CALL_CAREFULLY))
    task = new_task(referral, Task.Kind.NOT_REACHED, due_at=now, now=now, urgent=True)
    known = {"", coded(MARKED_BY_LINK), coded(CALL_CAREFULLY)}
    task.text = "\n".join([*(line for line in task.text.split("\n") if line not in known), *marks])
    task.save(update_fields=["text"])


def _end_sent_links(contact: Contact, address_index: str, now: datetime) -> None:
    """End those of this contact and, where its index is given, of an address; not that of the browser that asked."""
    there, live = Q(sent_to=address_index) if address_index else Q(), {"revoked_at": None, "expires_at__gt": now}
    sent = FamilyLink.objects.exclude(asked=True)
    sent.filter(there | Q(referral__contact=contact.pk), **live).update(revoked_at=now)
    CheckInLink.objects.filter(there | Q(followup__referral__contact=contact.pk), **live).update(revoked_at=now)


def has_place(referral: Referral) -> bool:
    """Whether a program has accepted them, or cares for them."""
    return referral.placements.filter(status__in=ANSWER_STANDS - {PlacementStatus.WAITLISTED}).exists()


def pressed_by(link: FamilyLink) -> str:
    """Whose press it is: ``"asker"`` of the browser that sent the request, ``"link"`` of another one, ``"only"`` where
    no browser sent it, as after a call."""
    if link.asked:
        return "asker"
    asked = FamilyLink.objects.filter(referral__contact=link.referral.contact_id, asked=True)
    return "link" if asked.exists() else "only"


@one_transaction
def ask_for_erasure(
    pk: int, *, actor: Actor, now: datetime, answers: Response | None = None, asked: int | None = None
) -> Referral:
    """The family wants its data deleted: an urgent task, once. A person carries it out, as what the law makes us keep,
    and what programs have received, must be told apart; until then check-ins rest, and it may be taken back.

    Its answers to the questionnaire, and those that it has open beside (`answers`), go at once, with the six words and
    every link to them. Raises `Since` where it was asked for or taken back another number of times than `asked`, which
    the page showed.
    """
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    if not referral.tasks.open().filter(kind=Task.Kind.ERASE).exists():
        require_nothing_since(referral, Kind.ERASURE_ASKED, asked)
    gone = {each.pk: each for each in (referral.response, answers) if each is not None}
    for each in gone.values():
        forget(each, now=now)
    referral.response = None
    if referral.tasks.open().filter(kind=Task.Kind.ERASE).exists():
        return referral
    new_task(referral, Task.Kind.ERASE, due_at=now, now=now, urgent=True)
    rest_follow_ups(referral, now=now)
    write(referral, Kind.ERASURE_ASKED, actor=actor, now=now, answers=bool(gone))
    return referral


@one_transaction
def take_back_erasure(pk: int, *, actor: Actor, now: datetime) -> bool:
    """The family wants to keep its data after all. False where somebody has done it, or nothing was asked."""
    require(actor, Role.FAMILY)
    referral = locked(pk, actor=actor)
    if not referral.tasks.open().filter(kind=Task.Kind.ERASE).update(done_at=now):
        return False
    wake_follow_ups(referral, now=now)
    write(referral, Kind.ERASURE_ASKED, actor=actor, now=now, taken_back=True)
    return True


@one_transaction
def send_new_link(address: str, *, now: datetime) -> None:
    """A new link to the newest open request of who has this email or phone, by the first way that they allowed: once
    an hour, at any hour, as they wait for it. One that staff have taken goes before those that anybody may have typed
    since. Nothing is returned: nobody may learn whether there is one."""
    contacts = Contact.objects.reached_at(address).values("pk")
    theirs = Referral.objects.open().filter(contact__in=contacts).select_related("contact")
    if (referral := theirs.order_by(IsNull(F("assigned_to"), True), "-opened_at", "-pk").first()) is not None:
        tell_family(referral, LINK, now=now, occasion=f"asked {now:%Y-%m-%d %H}")
