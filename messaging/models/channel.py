"""A way to reach people, its limits and its health, and what its provider reported."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.calendar import Window
from privacy.fields import EncryptedJSONField

FAILURES_BEFORE_REST = 5
FAILURES_BEFORE_ALERT = 2  # one may be a server that starts anew; the second comes about a minute later
REST_FIRST = timedelta(seconds=15)
REST_MOST = timedelta(minutes=3)  # a wrong password that is tried more often may get the host locked out


class ChannelKey(models.TextChoices):
    """The channels that there are."""

    EMAIL = "email", _("email")
    SMS = "sms", _("text message")


def is_set_up(channel: str) -> bool:
    """Whether anything can go by this channel here: a hosted system may have no provider of texts."""
    return channel in settings.MESSAGING_CHANNELS


class Provider(models.TextChoices):
    """Who carries a message. The second one is there where the settings name one, for while the first rests."""

    FIRST = "first", _("first provider")
    SECOND = "second", _("second provider")


class ChannelManager(models.Manager["Channel"]):
    def of(self, key: str) -> Channel:
        """The row of this channel; made with its defaults if nobody has saved it yet."""
        # Texts go out at one a second: what a US long code may send.
        defaults = {"rate_per_s": 1, "burst": 1, "urgent_any_time": False} if key == ChannelKey.SMS else {}
        return self.get_or_create(key=key, defaults=defaults)[0]

    def paused_keys(self) -> set[str]:
        """The channels that an operator has paused."""
        return set(self.filter(paused=True).values_list("key", flat=True))


class Channel(models.Model):
    """Limits that operators set, and a circuit breaker for each provider: after several failures of the line it rests,
    ever longer. While the first one rests, the second carries the messages.
    """

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
    second_failures = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    second_rests_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ChannelManager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.get_key_display()

    @property
    def window(self) -> Window:
        return Window(self.quiet_from, self.quiet_to, timedelta(minutes=self.spread_minutes))

    def provider(self, now: datetime) -> Provider | None:
        """Who carries messages now: the first provider, while that rests the second, while both rest nobody."""
        if self.rests_until is None or self.rests_until <= now:
            return Provider.FIRST
        if not has_second(self.key) or (self.second_rests_until is not None and self.second_rests_until > now):
            return None
        return Provider.SECOND

    def rests(self, now: datetime) -> bool:
        """Whether the circuit breakers of all its providers are open."""
        return self.provider(now) is None

    @property
    def next_try(self) -> datetime | None:
        """When the first of its providers is tried again, while all of them rest."""
        rests = [self.rests_until, self.second_rests_until] if has_second(self.key) else [self.rests_until]
        return min((rest for rest in rests if rest is not None), default=None)

    def is_down(self, now: datetime) -> bool:
        """Whether nothing goes out, as far as the tries tell: the line of who carries messages now failed each time."""
        return self.failures_of(self.provider(now) or Provider.FIRST) >= FAILURES_BEFORE_ALERT

    def failures_of(self, provider: str) -> int:
        """How often the line of this provider failed in a row."""
        return self.second_failures if provider == Provider.SECOND else self.failures

    def take(self, wanted: int, now: datetime) -> int:
        """Take up to `wanted` tokens from the bucket; the caller holds the row's lock and saves it.

        A provider that has just rested gets one message to prove that the line is back.
        """
        provider = self.provider(now)
        if self.paused or provider is None:
            return 0
        if self.failures_of(provider) >= FAILURES_BEFORE_REST:
            wanted = min(wanted, 1)
        if not self.rate_per_s:
            return wanted
        past = (now - self.filled_at).total_seconds() if self.filled_at else self.burst
        self.tokens = min(float(max(self.burst, 1)), self.tokens + max(past, 0.0) * self.rate_per_s)
        self.filled_at = now
        given = min(wanted, int(self.tokens))
        self.tokens -= given
        return given

    def note_failure(self, provider: str, now: datetime) -> None:
        """The line of this provider failed once more."""
        failures = self.failures_of(provider) + 1
        over = failures - FAILURES_BEFORE_REST
        rest = now + min(REST_FIRST * 2 ** min(over, 10), REST_MOST) if over >= 0 else None
        self._note(provider, failures, rest)

    def note_success(self, provider: str) -> None:
        """The line of this provider works."""
        self._note(provider, 0, None)

    def _note(self, provider: str, failures: int, rest: datetime | None) -> None:
        if provider == Provider.SECOND:
            self.second_failures, self.second_rests_until = failures, rest
        else:
            self.failures, self.rests_until = failures, rest


# What a circuit breaker writes.
BREAKERS = ("failures", "rests_until", "second_failures", "second_rests_until")


def has_second(channel: str) -> bool:
    """Whether the settings name a second provider for this channel."""
    return channel in settings.MESSAGING_SECOND


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
