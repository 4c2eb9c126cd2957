"""Whose an address is: what a family says of it counts for everybody there only where it shows that it reads there, and
never for an address of a program or of our own team. Decided in docs/decisions/a-wish-counts-for-who-said-it.md."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import ngettext

from directory.models import Program
from directory.vocabulary import Status
from messaging.actions import CALLS, index_of
from messaging.addresses import BadAddress, folded
from messaging.alerts import Alert
from messaging.models import Suppression
from privacy.models import User
from referral.models import DutyShift
from referral.models.links import SentLink
from referral.models.people import phone_key


def is_at_work(channel: str, address: str) -> bool:
    """Whether this is where we write to a program, or to one of us: by whatever spelling of that mailbox."""
    if channel != "email":
        number = phone_key(address)
        ahead = DutyShift.objects.filter(ends_at__gt=timezone.now(), channel=DutyShift.By.SMS)
        return bool(number) and number in {phone_key(each) for each in ahead.values_list("phone", flat=True)}
    try:
        box = folded("email", address)
    except BadAddress:
        return False
    host = box.rpartition("@")[2]
    there = {
        *Program.objects.filter(referral_email__iendswith=f"@{host}").values_list("referral_email", flat=True),
        *User.objects.filter(is_staff=True, email__iendswith=f"@{host}").values_list("email", flat=True),
        *settings.OPERATORS,
    }
    return any(_box(each) == box for each in there)


def alerts() -> list[Alert]:
    """Mailboxes of our team and of programs to which nothing goes, as someone who reads there stopped it: by the link
    in a message, or by marking it as unwanted."""
    team = User.objects.filter(is_staff=True, is_active=True).exclude(email="").values_list("email", flat=True)
    programs = Program.objects.exclude(referral_email="").exclude(status=Status.ARCHIVED)
    boxes = {*team, *programs.values_list("referral_email", flat=True)}
    indexes = {index_of("email", each) for each in boxes}
    kinds = [Suppression.Kind.STOPPED, Suppression.Kind.COMPLAINED, Suppression.Kind.OTHERS]
    held = Suppression.objects.lasting(timezone.now()).filter(kind__in=kinds, until=None, channel__in=["", "email"])
    stopped = {each for each in held.values_list("address_index", flat=True).distinct() if each in indexes}
    if not stopped:
        return []
    sentence = ngettext(
        "%(count)d mailbox of our team or of a program gets no email: someone who reads there stopped it. Ask them, and"
        " lift it.",
        "%(count)d mailboxes of our team or of programs get no email: someone who reads there stopped it. Ask them, and"
        " lift it.",
        len(stopped),
    )
    page = "admin:messaging_suppression_changelist"
    return [Alert("mailbox_stopped", sentence % {"count": len(stopped)}, page)]


def _box(email: str) -> str:
    try:
        return folded("email", email)
    except BadAddress:
        return ""


def reads_there(link: SentLink | None, channel: str, address: str) -> bool:
    """Whether who came by `link` speaks for everybody at this address: it went to this very address, which is none of a
    program or of ours. Whoever came by a text has shown that the phone is theirs."""
    kind = "sms" if channel == CALLS else channel
    return link is not None and link.was_sent_to(kind, address) and not is_at_work(kind, address)
