"""A program that was given a phone or email is told when it is to use it no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from referral.actions.common import new_task
from referral.actions.notices import UPDATE, tell_program
from referral.coverage import Category
from referral.models import Contact, Placement, Task


def tell_programs(contact: Contact, before: Mapping[str, str], *, now: datetime) -> None:
    """After a change of how a contact may be reached, under the caller's line of history: `before` is its
    `program_ways()` of before. Each program that they were disclosed to is written to, neutrally, and reads on its page
    what it may still use; somebody on our team says it, too, where a phone or email is withheld or another now."""
    after = contact.program_ways()
    lost = {way for way, address in before.items() if after.get(way) != address}
    if not lost:
        return
    rows = Placement.objects.filter(referral__contact=contact, disclosures__isnull=False).distinct()
    for placement in rows.select_related("program", "referral").order_by("pk"):
        knows = any(Category.CONTACT in each.categories for each in placement.disclosures.all())
        if not knows or not (placement.is_live or placement.referral.is_open):
            continue
        tell_program(placement, UPDATE, now=now)
        tasks = placement.tasks.open().filter(kind=Task.Kind.TELL_PROGRAM)
        if lost != {"sms"} and not tasks.exists():  # texts alone: the page says so
            new_task(
                placement.referral,
                Task.Kind.TELL_PROGRAM,
                due_at=now,
                now=now,
                text=str(placement.program),
                placement=placement,
            )
