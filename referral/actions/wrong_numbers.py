"""A number that reaches somebody else: nothing goes there until it is corrected."""

from __future__ import annotations

from datetime import datetime

from referral.actions.common import Actor, new_task
from referral.actions.followups import leave_past, say_again, take_back
from referral.actions.notices import NOTE, said_to
from referral.actions.old_links import end_old_links
from referral.actions.withheld import tell_programs
from referral.models import Referral, Task


def mark_wrong(referral: Referral, *, now: datetime) -> bool:
    """Mark the number as wrong, under the caller's line of history, for all open referrals of this contact.

    What is planned goes by email where the family allows it; else it waits, and somebody finds another number. What
    staff wrote is written again. False where there is no number, or it is known as wrong.
    """
    contact = referral.contact
    if not contact.phone_to_call:
        return False
    before, rows = contact.program_ways(), [referral, *_others(referral)]
    # Messages before the contact, as everybody locks them.
    taken = {each: take_back(each, reason="wrong number", now=now, also=said_to(each)) for each in rows}
    contact.phone_wrong_at = now
    contact.save(update_fields=["phone_wrong_at"])
    end_old_links(contact, now)  # a stranger may have them
    tell_programs(contact, before, now=now)
    for each, unsaid in taken.items():
        each.contact = contact
        say_again(each, unsaid, now=now)
        if f"{NOTE}:{each.pk}" in unsaid:
            new_task(each, Task.Kind.WRITE, due_at=now, now=now)
    new_task(referral, Task.Kind.FIND_NUMBER, due_at=now, now=now, text=contact.phone_shown)
    return True


def set_right(referral: Referral, phone_before: str, *, right: bool, actor: Actor, now: datetime) -> bool:
    """The contact has another number, or staff say that its number is `right` after all: what waited may go. Returns
    whether a number that was marked as wrong is not any more; the caller saves the contact, and says anew."""
    contact = referral.contact
    kinds = [Task.Kind.FIND_NUMBER] if contact.phone else []
    if contact.phone or contact.email:
        kinds.append(Task.Kind.NO_WAY)
    lifted = contact.phone_wrong_at is not None and (right or contact.phone != phone_before)
    if contact.phone_wrong_at is not None and not lifted:
        kinds = [Task.Kind.NO_WAY]
    open_ones = Task.objects.open().filter(referral__contact=contact, kind__in=kinds)
    open_ones.update(done_at=now, done_by=actor.user)
    if lifted:
        contact.phone_wrong_at = None
        for each in [referral, *_others(referral)]:
            leave_past(each, now=now)
    return lifted


def say_again_elsewhere(referral: Referral, *, now: datetime) -> None:
    """After the number was set right: what waited in the other open referrals of this contact goes on."""
    for each in _others(referral):
        each.contact = referral.contact
        say_again(each, (), now=now)


def _others(referral: Referral) -> list[Referral]:
    """The other open referrals of this contact, locked."""
    rows = Referral.objects.open().filter(contact=referral.contact_id).exclude(pk=referral.pk).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))
