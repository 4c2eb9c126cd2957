"""What people agreed to, what they asked us to stop, how much they got, and what they wrote back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.channel import ChannelKey
from messaging.models.message import Message
from messaging.words import Meaning
from privacy.fields import EncryptedTextField


class PermissionQuerySet(models.QuerySet["Permission"]):
    """Permissions of an address."""

    def live(self, address_index: str, channel: str | None = None) -> Self:
        rows = self.filter(address_index=address_index, revoked_at=None)
        return rows.filter(channel=channel) if channel else rows


class Permission(models.Model):
    """Somebody agreed to be written to at this address on this channel, in these words.

    The gate locks this row and so does every stop: whichever commits first wins, and nothing goes without a row.
    """

    address_index = models.CharField(max_length=64, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey)
    wording = models.TextField(_("agreed to"))
    source = models.CharField(_("where"), max_length=80)
    given_at = models.DateTimeField(_("given"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = PermissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("permission")
        verbose_name_plural = _("permissions")
        constraints = [
            models.UniqueConstraint(
                fields=["address_index", "channel"], condition=Q(revoked_at=None), name="one_live_permission"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.source}"


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Suppressions that hold."""

    def active(self, address_index: str, now: datetime) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=now), address_index=address_index, lifted_at=None)

    def holding(self, address_index: str, channel: str, now: datetime) -> Self:
        """Those that hold for this channel, the ones without an end first."""
        rows = self.active(address_index, now).filter(channel__in=["", channel])
        return rows.order_by(models.F("until").desc(nulls_first=True))


class Suppression(models.Model):
    """An address that is not to be written to: on one channel or on all, for good or until an instant."""

    class Kind(models.TextChoices):
        STOPPED = "stopped", _("the person said stop")
        PAUSED = "paused", _("the person asked for a pause")
        BOUNCED = "bounced", _("the address does not work")
        COMPLAINED = "complained", _("marked as unwanted")

    address_index = models.CharField(max_length=64, db_index=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey, blank=True, help_text=_("Empty: all."))
    kind = models.CharField(_("why"), max_length=10, choices=Kind)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    source = models.CharField(_("where"), max_length=80)
    made_at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self) -> str:
        return f"{self.kind} {self.channel or 'all'}"


# One statement on both databases: it locks the rows, so that two channels at once cannot both take the last one.
_COUNT = """
INSERT INTO messaging_sendbudget AS b (person_key, day, used) VALUES {rows}
ON CONFLICT (person_key, day) DO UPDATE SET used = b.used + 1 WHERE b.used < %s
RETURNING person_key
"""


class SendBudgetManager(models.Manager["SendBudget"]):
    def take(self, keys: Iterable[str], day: date, *, most: int) -> bool:
        """Count one more message under each of `keys` on that day, unless one of them has `most` already; say whether
        it was counted."""
        # In one order everywhere, so that two gates cannot block each other.
        wanted, on = sorted(keys), connection.ops.adapt_datefield_value(day)
        sql = _COUNT.format(rows=", ".join("(%s, %s, 1)" for _key in wanted))
        with connection.cursor() as cursor:
            cursor.execute(sql, [*(value for key in wanted for value in (key, on)), most])
            taken = [key for (key,) in cursor.fetchall()]
        if len(taken) == len(wanted):
            return True
        self.filter(person_key__in=taken, day=day).update(used=F("used") - 1)
        return False


class SendBudget(models.Model):
    """How many messages a person got, or went to an address, on one of their days."""

    person_key = models.CharField(_("person"), max_length=80)
    day = models.DateField(_("day"))
    used = models.PositiveIntegerField(_("sent"), default=0)

    objects = SendBudgetManager()

    class Meta:
        verbose_name = _("day's messages")
        verbose_name_plural = _("days' messages")
        constraints = [models.UniqueConstraint(fields=["person_key", "day"], name="one_budget_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.used}"


class InboundReplyQuerySet(models.QuerySet["InboundReply"]):
    """Replies by who has them."""

    def waiting(self) -> Self:
        """What nobody works on and nobody has dealt with."""
        return self.filter(waits=True)


class InboundReply(models.Model):
    """What somebody wrote back, and what it was taken to mean.

    Whoever owns the message that it answers gets it. One that has no such owner `waits` here, with its `sender`, until
    somebody says that it is dealt with.
    """

    MEANINGS = [
        (Meaning.STOP, _("stop")),
        (Meaning.START, _("start again")),
        (Meaning.HELP, _("help")),
        (Meaning.MAYBE_STOP, _("perhaps stop")),
        (Meaning.REPLY, _("a reply")),
    ]

    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey)
    address_index = models.CharField(max_length=64, db_index=True, editable=False)
    message = models.ForeignKey(
        Message, verbose_name=_("answers"), null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    text = EncryptedTextField(_("text"), blank=True)
    meaning = models.CharField(_("meaning"), max_length=12, choices=MEANINGS)
    at = models.DateTimeField(_("at"))
    waits = models.BooleanField(_("waits to be read"), default=False, db_default=False)
    sender = EncryptedTextField(_("from"), blank=True, default="", db_default="")

    objects = InboundReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [models.Index("at", name="reply_waits", condition=Q(waits=True))]

    def __str__(self) -> str:
        return f"{self.channel} {self.meaning}"
