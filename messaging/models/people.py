"""What people agreed to, what they asked us to stop, how much they got, and what they wrote back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import connection, models
from django.db.models import Q
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


class SendBudgetManager(models.Manager["SendBudget"]):
    def take(self, person_key: str, day: date, *, most: int) -> bool:
        """Count one more message to the person on that day, unless `most` were counted already; say whether it was."""
        # One statement on both databases: it locks the row, so that two channels at once cannot both take the last one.
        sql = (
            "INSERT INTO messaging_sendbudget AS b (person_key, day, used) VALUES (%s, %s, 1) "
            "ON CONFLICT (person_key, day) DO UPDATE SET used = b.used + 1 WHERE b.used < %s RETURNING used"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [person_key, connection.ops.adapt_datefield_value(day), most])
            return cursor.fetchone() is not None


class SendBudget(models.Model):
    """How many messages a person got on one of their days."""

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


class InboundReply(models.Model):
    """What somebody wrote back, and what it was taken to mean."""

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

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    def __str__(self) -> str:
        return f"{self.channel} {self.meaning}"
