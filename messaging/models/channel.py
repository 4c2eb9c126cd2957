"""A way to reach people, its limits and its health, and what its provider reported."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.calendar import Window
from privacy.fields import EncryptedJSONField

FAILURES_BEFORE_REST = 5
REST_FIRST = timedelta(seconds=15)
REST_MOST = timedelta(minutes=10)


class ChannelKey(models.TextChoices):
    """The channels that there are."""

    EMAIL = "email", _("email")
    SMS = "sms", _("text message")


class ChannelManager(models.Manager["Channel"]):
    def of(self, key: str) -> Channel:
        """The row of this channel; made with its defaults if nobody has saved it yet."""
        # Texts go out at one a second: what a US long code may send.
        defaults = {"rate_per_s": 1, "burst": 1, "urgent_any_time": False} if key == ChannelKey.SMS else {}
        return self.get_or_create(key=key, defaults=defaults)[0]


class Channel(models.Model):
    """Limits that operators set, and the circuit breaker: after several failures of the line it rests, ever longer."""

    key = models.CharField(_("channel"), max_length=10, choices=ChannelKey, primary_key=True)
    paused = models.BooleanField(_("paused"), default=False)
    quiet_from = models.TimeField(
        _("quiet from"), default=time(21, 0), help_text=_("Wall time where the person lives.")
    )
    quiet_to = models.TimeField(_("quiet to"), default=time(8, 0))
    urgent_any_time = models.BooleanField(
        _("urgent ones at any hour"),
        default=True,
        help_text=_("Messages that were asked for a moment ago may go at night."),
    )
    spread_minutes = models.PositiveIntegerField(
        _("spread in minutes"),
        default=20,
        validators=[MaxValueValidator(240)],
        help_text=_("What waited for the morning goes out over this time, not all at once."),
    )
    rate_per_s = models.PositiveIntegerField(
        _("messages per second"), default=0, validators=[MaxValueValidator(100_000)], help_text=_("0 means no limit.")
    )
    burst = models.PositiveIntegerField(_("at once"), default=50, validators=[MinValueValidator(1)])
    tokens = models.FloatField(default=1, editable=False)
    filled_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True, editable=False)

    objects = ChannelManager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.get_key_display()

    @property
    def window(self) -> Window:
        return Window(self.quiet_from, self.quiet_to, timedelta(minutes=self.spread_minutes))

    def rests(self, now: datetime) -> bool:
        """Whether the circuit breaker is open."""
        return self.rests_until is not None and self.rests_until > now

    def take(self, wanted: int, now: datetime) -> int:
        """Take up to `wanted` tokens from the bucket; the caller holds the row's lock and saves it.

        A channel that has just rested gets one message to prove that the line is back.
        """
        if self.paused or self.rests(now):
            return 0
        if self.failures >= FAILURES_BEFORE_REST:
            wanted = min(wanted, 1)
        if not self.rate_per_s:
            return wanted
        past = (now - self.filled_at).total_seconds() if self.filled_at else self.burst
        self.tokens = min(float(max(self.burst, 1)), self.tokens + max(past, 0.0) * self.rate_per_s)
        self.filled_at = now
        given = min(wanted, int(self.tokens))
        self.tokens -= given
        return given

    def note_failure(self, now: datetime) -> None:
        """The line failed once more."""
        self.failures += 1
        over = self.failures - FAILURES_BEFORE_REST
        if over >= 0:
            self.rests_until = now + min(REST_FIRST * 2 ** min(over, 10), REST_MOST)

    def note_success(self) -> None:
        self.failures, self.rests_until = 0, None


class ProviderEvent(models.Model):
    """What a provider reported, after its signature was verified. The id makes a second delivery of it do nothing."""

    provider = models.CharField(_("provider"), max_length=40)
    event_id = models.CharField(_("event"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    at = models.DateTimeField(_("at"))
    message = models.ForeignKey(
        "messaging.Message",
        verbose_name=_("message"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
    )
    raw: models.Field[Any, Any] = EncryptedJSONField(_("as received"))

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"
