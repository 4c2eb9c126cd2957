"""One e-mail or text message that is to be sent once, and every try."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging import reasons
from messaging.addresses import masked
from messaging.models.channel import ChannelKey, Provider
from messaging.models.wording import Wording
from messaging.retry import KEYS_LOOK
from messaging.states import State
from privacy.crypto import CannotDecrypt
from privacy.fields import EncryptedTextField

STATE_LABELS = [
    (State.SCHEDULED, pgettext_lazy("message", "scheduled")),
    (State.CLAIMED, pgettext_lazy("message", "processing")),
    (State.SENDING, pgettext_lazy("message", "being sent")),
    (State.SENT, pgettext_lazy("message", "sent")),
    (State.DELIVERED, pgettext_lazy("message", "delivered")),
    (State.BOUNCED, pgettext_lazy("message", "bounced")),
    (State.UNCERTAIN, pgettext_lazy("message", "unconfirmed")),
    (State.REVIEW, pgettext_lazy("message", "needs review")),
    (State.CANCELLED, pgettext_lazy("message", "canceled")),
    (State.SUPPRESSED, pgettext_lazy("message", "not wanted")),
    (State.EXPIRED, pgettext_lazy("message", "expired")),
    (State.DEAD, pgettext_lazy("message", "failed")),
]
# States that something will still happen to; few rows at any time, so they share one small index.
OPEN_STATES = [state.value for state in (State.CLAIMED, State.SENDING, State.UNCERTAIN, State.REVIEW)]


def kind_of(reference: str) -> str:
    """What a message with this reference is about."""
    return reference.partition(":")[0]


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by what has to happen to them."""

    def due(self, channel: str, now: datetime) -> Self:
        return self.filter(state=State.SCHEDULED, channel=channel, due_at__lte=now)

    def due_between(self, channel: str, after: datetime, until: datetime) -> Self:
        """What falls due in that time, the first one first."""
        waiting = self.filter(state=State.SCHEDULED, channel=channel)
        return waiting.filter(due_at__gt=after, due_at__lte=until).order_by("due_at", "pk")

    def in_state(self, *states: State) -> Self:
        return self.filter(state__in=states)

    def stuck(self, state: State, before: datetime) -> Self:
        """Messages that have been in `state` since before that instant."""
        return self.filter(state=state, changed_at__lt=before)

    def pending(self) -> Self:
        """What may still be taken back."""
        return self.filter(state__in=[State.SCHEDULED, State.CLAIMED, State.UNCERTAIN])

    def untried(self) -> Self:
        """What waits, and no provider has seen yet."""
        return self.filter(state__in=[State.SCHEDULED, State.CLAIMED], tries=0)

    def apart(self, kind: str) -> Self:
        """What counts as this kind apart, or with ``""`` to the day of what goes by itself."""
        if not kind:
            return self.filter(urgent=False, capped=True)
        return self.filter(reference__startswith=f"{kind}:").exclude(urgent=False, capped=True)

    def named_by_provider(self, provider_id: str) -> Self:
        """The message of this provider's id; none for ``""``. Says what its index does, so that SQLite uses it."""
        return self.filter(provider_id=provider_id).exclude(provider_id="")

    def of_person(self, person_key: str) -> Self:
        """Messages to this person; none for ``""``, which is what those of erased people have."""
        return self.filter(person_key=person_key).exclude(person_key="")

    def for_reference(self, reference: str) -> Self:
        return self.filter(reference=reference)

    def to_address(self, address_index: str) -> Self:
        return self.filter(address_index=address_index)

    def unreadable(self, now: datetime) -> Self:
        """What waits for the right encryption keys: it is looked at again and again, so it is always due soon."""
        soon = self.filter(state=State.SCHEDULED, channel__in=ChannelKey.values, due_at__lte=now + KEYS_LOOK)
        return soon.filter(reason="unreadable")

    def backlog(self, channel: str, now: datetime) -> tuple[int, timedelta]:
        """How many messages of the channel are due, and for how long the oldest has been waiting."""
        seen = self.due(channel, now).aggregate(count=Count("pk"), oldest=Min("due_at"))
        return seen["count"], now - seen["oldest"] if seen["oldest"] else timedelta(0)

    def coming(self, channel: str, now: datetime, until: datetime) -> Self:
        """What waits on the channel and falls due until then, what is due already too, the first to go first."""
        rows = self.filter(state=State.SCHEDULED, channel=channel, due_at__lte=max(now, until))
        return rows.order_by("due_at", "pk")


class Message(models.Model):
    """What is to be sent, to whom, when, and where it stands. Holds no text, no name and no link."""

    public_id = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey)
    template = models.CharField(_("template"), max_length=60)
    language = models.CharField(_("language"), max_length=5)
    zone = models.CharField(_("time zone"), max_length=60)
    person_key = models.CharField(_("person"), max_length=80)
    reference = models.CharField(_("belongs to"), max_length=80)
    dedupe_key = models.CharField(_("sent once per"), max_length=120)
    address = EncryptedTextField(_("address"))
    address_index = models.CharField(max_length=64, editable=False)
    due_at = models.DateTimeField(_("due"))
    not_after = models.DateTimeField(_("not after"))
    urgent = models.BooleanField(_("asked for just now"), default=False)
    capped = models.BooleanField(_("counts to the day"), default=True, db_default=True)

    state = models.CharField(_("state"), max_length=10, choices=STATE_LABELS, default=State.SCHEDULED)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.CharField(_("provider's code"), max_length=60, blank=True)
    changed_at = models.DateTimeField(_("since"))
    created_at = models.DateTimeField(_("planned"))
    sending_at = models.DateTimeField(_("passed the gate"), null=True, blank=True)
    settled_at = models.DateTimeField(_("taken by the provider"), null=True, blank=True)

    # Who has it in hand: the token is the fence for one who wakes up late. How often it was claimed is only for people
    # who look into the table.
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    fence = models.PositiveIntegerField(default=0, editable=False)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    stumbles = models.PositiveIntegerField(default=0, editable=False)
    resent = models.BooleanField(_("sent again after a crash"), default=False)
    message_id = models.CharField(_("Message-ID"), max_length=120)
    # Who has it, or may have it: from the gate on, until that one has surely not taken it. No other may carry it.
    provider = models.CharField(
        _("provider"), max_length=6, choices=Provider, blank=True, default="", db_default="", editable=False
    )
    provider_id = models.CharField(_("provider's id"), max_length=120, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        permissions = [
            ("operate_queue", _("Can pause channels and settle messages")),
            ("read_message", _("Can read a message as it was sent")),
        ]
        # Each index is written at every move, so none is here without need: as an option of a field, each of these
        # would get a second one for LIKE from Django on PostgreSQL.
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.UniqueConstraint(fields=["message_id"], name="message_named_once"),
        ]
        indexes = [
            models.Index("reference", name="message_reference"),
            models.Index("address_index", name="message_address"),
            # A person who says "stop everything", or is erased, is found by this.
            models.Index("person_key", name="message_person", condition=~Q(person_key="")),
            # Claiming reads this index from its start and stops after one batch, however long the backlog is.
            models.Index("channel", "due_at", "id", name="message_due", condition=Q(state="scheduled")),
            models.Index("state", "changed_at", name="message_open", condition=Q(state__in=OPEN_STATES)),
            models.Index("state", "changed_at", name="message_failed", condition=Q(state__in=["dead", "expired"])),
            models.Index("provider_id", name="message_provider", condition=~Q(provider_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.reference}"

    @property
    def kind(self) -> str:
        """What it is about: the part of its reference before the colon."""
        return kind_of(self.reference)

    @property
    def apart(self) -> str:
        """Its kind where it is counted apart in its receiver's day, else ``""``: see `messaging.daily_cap`."""
        return self.kind if self.urgent or not self.capped else ""

    @property
    def of_program(self) -> bool:
        """Whether it goes to the mailbox of a program, where requests arrive."""
        return self.person_key.startswith("program:")

    @property
    def at_work(self) -> bool:
        """Whether its receiver is at work: no quiet hours and no daily cap are theirs."""
        return self.urgent and not self.capped

    @property
    def masked_address(self) -> str:
        try:
            return masked(self.channel, self.address)
        except CannotDecrypt:
            return "…"  # the page must open: it says what is wrong

    @property
    def reason_words(self) -> str:
        return reasons.words(self.reason)

    @property
    def next_step(self) -> str:
        return reasons.next_step(self.reason)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Tries by when they were made."""

    def since(self, at: datetime) -> Self:
        return self.filter(at__gt=at)


class Attempt(models.Model):
    """A line in the log of tries. Rows are only ever added: the database refuses to change one, and to
    delete one before its message goes.

    A try that passed the gate has a ``started`` line, and later one with its result. Nothing here is about a person.
    """

    class Outcome(models.TextChoices):
        STARTED = "started", _("started")
        ACCEPTED = "accepted", _("taken by the provider")
        DEFERRED = "deferred", _("not now")
        REFUSED = "refused", _("refused")
        UNCLEAR = "unclear", _("no answer")
        FOUND = "found", _("found at the provider")
        NOT_FOUND = "not_found", _("not found at the provider")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("marked as unwanted")
        LATE = "late", _("answered after its claim was over")
        PERSON = "person", _("settled by a person")

    message = models.ForeignKey(Message, verbose_name=_("message"), on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("try"))
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    code = models.CharField(_("provider's code"), max_length=60, blank=True)
    wording = models.ForeignKey(Wording, verbose_name=_("text"), null=True, blank=True, on_delete=models.PROTECT)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]
        indexes = [models.Index("at", name="attempt_at")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"

    @property
    def reason_words(self) -> str:
        return reasons.words(self.reason)


class Sweeping(models.Model):
    """Is there only inside a transaction that deletes old messages: their log of tries lets that through."""

    class Meta:
        verbose_name = _("deletion of old messages")
        verbose_name_plural = _("deletions of old messages")

    def __str__(self) -> str:
        return str(self.pk)
