"""Who stands at a program's desk: whoever reads its mailbox, as a code shows that goes there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.crypto import constant_time_compare

from directory.models import Program
from messaging.people import address_index
from privacy.fields import blind_index
from privacy.transactions import one_transaction
from referral.actions.notices import send_code, writes_to
from referral.models import ProgramCode

MOST_IN_AN_HOUR = 12  # a mailbox that is flooded with codes tells nobody anything
# Beyond that one goes each ten minutes: whoever has a link that was forwarded cannot close the desk to others.
THEN_ONE_IN = timedelta(minutes=10)


def mailbox(program: Program) -> str:
    """The blind index of where a program reads its requests; ``""`` where it has no such address."""
    return address_index("email", program.referral_email) if program.referral_email else ""


@one_transaction
def ask_for_code(program: Program, browser: str, *, language: str, now: datetime) -> bool:
    """Send a code to the program's mailbox for who holds `browser`, a secret of one browser.

    False where nothing can be sent: it has no address, said stop there, or just had too many. A code that went to this
    browser before stays good until it runs out.
    """
    ProgramCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    index = mailbox(program)
    there = ProgramCode.objects.filter(address_index=index)
    many = there.filter(made_at__gt=now - timedelta(hours=1)).count() >= MOST_IN_AN_HOUR
    if not writes_to(program, now) or (many and there.filter(made_at__gt=now - THEN_ONE_IN).exists()):
        return False
    code: ProgramCode = ProgramCode.objects.create(
        program=program, address_index=index, browser=_hash(browser), made_at=now, expires_at=now + ProgramCode.LIFE
    )
    send_code(code, language=language, now=now)
    return True


def show_code(program: Program, browser: str, typed: str, *, now: datetime) -> bool:
    """Whether this is a code that went to the program's mailbox for this browser. Each is good once, and every try
    counts against all of them."""
    known = ProgramCode.objects.filter(
        address_index=mailbox(program), browser=_hash(browser), used_at=None, expires_at__gt=now
    )
    rows = list(known.filter(tries__lt=ProgramCode.TRIES))
    code = "".join(filter(str.isdigit, typed))
    for row in rows:
        # Two tries at once are two: each must find room for itself.
        room = ProgramCode.objects.filter(pk=row.pk, tries__lt=ProgramCode.TRIES).update(tries=F("tries") + 1)
        if room and row.code_hash and constant_time_compare(row.code_hash, row.hashed(code)):
            return bool(ProgramCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now))
    return False


def _hash(browser: str) -> str:
    return blind_index(browser, purpose="program browser")
