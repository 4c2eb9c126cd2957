"""What operators were told: each alert once, until it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedTextField


class AlertNotice(models.Model):
    """An alert that somebody was told about. While it holds, there is one row of its key without an end."""

    key = models.CharField(_("alert"), max_length=60)
    sentence = models.TextField(_("sentence"))
    # Whose trouble it is: who is told by this very channel must be told past its queue.
    channel = models.CharField(_("channel"), max_length=10, blank=True)
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))
    over_at = models.DateTimeField(_("over"), null=True, blank=True)
    # Addresses of WAYMARK_OPERATORS, one a line: one written there later hears of it, only those hear its end.
    told = EncryptedTextField(_("operators told"), blank=True, null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint(fields=["key"], condition=Q(over_at=None), name="alert_once")]

    def __str__(self) -> str:
        return self.key


class Watch(models.Model):
    """When somebody last looked for what is late: one row, written each minute by whichever worker was asked to."""

    LATE_AFTER = timedelta(minutes=5)

    at = models.DateTimeField(_("last watch"))

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")

    def __str__(self) -> str:
        return self.at.isoformat()

    @classmethod
    def missed(cls, now: datetime) -> timedelta | None:
        """For how long nobody has looked; None while that is no longer than usual, and before the first watch."""
        last = cls.objects.values_list("at", flat=True).first()
        return now - last if last and now - last > cls.LATE_AFTER else None
