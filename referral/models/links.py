"""The secret links that open a page of this app. Only the hash of a token is stored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from directory.models import Program
from messaging.addresses import BadAddress
from messaging.models import Suppression
from messaging.people import address_index, mailbox_indexes
from privacy.fields import blind_index
from privacy.models import SecretLink, User
from referral.models.followups import FollowUp
from referral.models.people import Contact
from referral.models.placements import Placement
from referral.models.referrals import Referral


class SentLink(SecretLink):
    """A link that a message brings to a family; `sent_to` is the blind index of where, if anywhere."""

    # Null, so that the code before this one can still write links while both run.
    sent_to = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001
    # Where other links went that the same browser opened, as its session knows; nothing that is stored.
    sent_beside: Collection[str] = ()

    class Meta:
        abstract = True

    def was_sent_to(self, channel: str, address: str) -> bool:
        """Whether who came by this link reads what is written to that address."""
        try:
            at = [each for each in (self.sent_to, *self.sent_beside) if each]
            return bool(at) and address_index(channel, address) in at
        except BadAddress:
            return False

    def was_read_by_others(self, contact: Contact) -> bool:
        """Whether it went to this contact's email, and others are said to have read there since it was made, by
        whatever spelling of that mailbox: a mark ends the links of the requests that it finds, this ends the rest."""
        if not self.was_sent_to("email", contact.email):
            return False
        boxes = mailbox_indexes("email", contact.email)
        return Suppression.objects.marks(boxes, "email", contact.key).filter(made_at__gte=self.created_at).exists()


class FamilyLink(SentLink):
    """Opens a family's own page."""

    LIFE = timedelta(days=90)
    # The browser that sent the request is asked for so long after it could last open the page.
    SEEN_LATELY = timedelta(days=14)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="family_links")
    # Of the browser that sent the request: whoever came by a link, which others may read, never ends it.
    asked = models.BooleanField(null=True, editable=False)
    # When somebody first came by it: whoever did reads what comes to where it was sent.
    opened_at = models.DateTimeField(null=True, editable=False)

    @property
    def which(self) -> int:
        return self.referral_id

    @classmethod
    def asker_was_here(cls, contact: UUID, now: datetime) -> bool:
        """Whether the browser that sent the request of this contact could open its page lately."""
        asked = cls.objects.filter(referral__contact=contact, asked=True, revoked_at=None)
        return bool(asked.filter(expires_at__gt=now - cls.SEEN_LATELY).exists())

    @property
    def code(self) -> str:
        return self.referral.public_code

    @property
    def reads_there(self) -> bool:
        """Whether who holds it has opened a link that went to where this family is reached now."""
        contact = self.referral.contact
        return any(self.was_sent_to(channel, contact.address(channel)) for channel in contact.channels())

    def is_all_that_came(self, here: Collection[int]) -> bool:
        """Whether no request came to this one by a merge but those of which the same browser has the page, `here`."""
        return not self.referral.merged_from.exclude(pk__in=here).exists()

    @property
    def is_over(self) -> bool:
        return not self.asked and self.was_read_by_others(self.referral.contact)


class ProgramLink(SecretLink):
    """Leads a program to one request, once its mailbox has shown a code: the link alone opens nothing of a person."""

    LIFE = timedelta(days=90)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="links")

    @property
    def which(self) -> int:
        return self.placement_id

    @property
    def code(self) -> str:
        return self.placement.referral.public_code


class ProgramCode(models.Model):
    """A code that went to a program's mailbox, for one browser. Only its keyed hash is kept, and only for a day."""

    LIFE = timedelta(minutes=15)
    TRIES = 5
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    address_index = models.CharField(max_length=64, db_index=True, editable=False)
    # The hash of what only the browser knows that asked for it.
    browser = models.CharField(max_length=64, editable=False)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "code of a program"
        verbose_name_plural = "codes of programs"

    def __str__(self) -> str:
        return str(self.pk)

    def hashed(self, code: str) -> str:
        """A code as it is kept, for this row alone."""
        return blind_index(f"{self.pk}:{code}", purpose="program code")


class CheckInLink(SentLink):
    """Opens the answers to one check-in."""

    LIFE = timedelta(days=21)
    followup = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="links")

    @property
    def which(self) -> int:
        return self.followup_id

    @property
    def is_over(self) -> bool:
        return self.was_read_by_others(self.followup.referral.contact)

    @property
    def code(self) -> str:
        return self.followup.referral.public_code


class CalendarLink(SecretLink):
    """Lets the calendar of a member of staff fetch what they have to do. It opens no page and names no family."""

    LIFE = timedelta(days=365)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_links")
    language = models.CharField(max_length=5, default="en")
