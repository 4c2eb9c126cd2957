"""What people agreed to, what they asked us to stop, how much they got, and what they wrote back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Self

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.channel import ChannelKey
from messaging.models.message import Message
from messaging.reply_words import Meaning
from privacy.fields import EncryptedTextField, blind_index

# The source of what was said by the link of a message, which anybody may have followed who reads there.
BY_LINK = "link"


class PermissionQuerySet(models.QuerySet["Permission"]):
    """Permissions of an address."""

    def live(self, address_index: str, channel: str | None = None) -> Self:
        rows = self.filter(address_index=address_index, revoked_at=None)
        return rows.filter(channel=channel) if channel else rows

    def live_among(self, address_indexes: Collection[str], channel: str) -> Self:
        return self.filter(address_index__in=address_indexes, channel=channel, revoked_at=None)


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


def claim_index(address_index: str, by: str) -> str:
    """Where it is kept what `by` said of an address without having shown that they read there: a stop, a pause, hours,
    or that others read there. It holds for this person's messages alone, or anybody could shut anybody's address."""
    return blind_index(f"{by} {address_index}", purpose="messaging.claim")


def indexes_for(address_index: str, by: str) -> list[str]:
    """Where everything is kept that holds for the messages of `by` to an address: what was said there, and what this
    person said for itself alone."""
    return [address_index, claim_index(address_index, by)] if address_index and by else [address_index]


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Suppressions that hold."""

    def lasting(self, now: datetime) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)

    def active(self, address_index: str, now: datetime, by: str = "") -> Self:
        return self.lasting(now).filter(address_index__in=indexes_for(address_index, by))

    def holding(self, address_index: str, channel: str, now: datetime, by: str = "") -> Self:
        """Those that hold for this channel, the ones without an end first: for everybody at the address, and with `by`
        also what this person said for itself alone."""
        rows = self.active(address_index, now, by).filter(channel__in=["", channel])
        return rows.order_by(models.F("until").desc(nulls_first=True))

    def shut(self, indexes: Collection[str], channel: str, now: datetime, by: str = "") -> Self:
        """Those that hold because somebody else reads what comes to this mailbox, by its indexes
        (`messaging.people.mailbox_indexes`): for everybody there, and with `by` also what this person said for itself
        alone."""
        return self.lasting(now).marks(indexes, channel, by)

    def marks(self, indexes: Collection[str], channel: str, by: str = "") -> Self:
        """The same with those that were lifted since."""
        claims = [claim_index(each, by) for each in indexes] if by else []
        rows = self.filter(address_index__in=[*indexes, *claims])
        return rows.filter(kind=Suppression.Kind.OTHERS, channel__in=["", channel])

    def shut_among(self, address_indexes: Collection[str], channel: str, now: datetime) -> dict[str, Suppression]:
        """For each of these mailboxes that others read one that holds."""
        return {row.address_index: row for row in self.shut(address_indexes, channel, now)}

    def not_by_link(self) -> Self:
        """Without what somebody said who came by the link of a message."""
        return self.exclude(source=BY_LINK, kind__in=Suppression.SAID)

    def by_link_among(self, address_indexes: Collection[str], channel: str, now: datetime) -> set[str]:
        """Those of these addresses that were silenced by the link of a message."""
        said = self.lasting(now).filter(source=BY_LINK, kind__in=Suppression.SAID, channel__in=["", channel])
        return set(said.filter(address_index__in=address_indexes).values_list("address_index", flat=True))

    def holding_among(self, address_indexes: Collection[str], channel: str, now: datetime) -> dict[str, Suppression]:
        """For each address the one that holds longest."""
        rows = self.lasting(now).filter(address_index__in=address_indexes)
        # The last one of an address stays.
        shortest_first = rows.filter(channel__in=["", channel]).order_by(models.F("until").asc(nulls_last=True))
        return {row.address_index: row for row in shortest_first}


class Suppression(models.Model):
    """An address that is not to be written to: on one channel or on all, for good or until an instant."""

    SAID = ("stopped", "paused")  # by a person, who may take it back

    class Kind(models.TextChoices):
        STOPPED = "stopped", _("the person said stop")
        PAUSED = "paused", _("the person asked for a pause")
        BOUNCED = "bounced", _("the address does not work")
        COMPLAINED = "complained", _("marked as unwanted")
        OTHERS = "others", _("someone else reads it")

    address_index = models.CharField(max_length=64, db_index=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey, blank=True, help_text=_("Empty: all."))
    kind = models.CharField(_("why"), max_length=10, choices=Kind)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    source = models.CharField(_("where"), max_length=80)
    made_at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    # The key of the person who said so on a page of their own, who may take it back there.
    # Null, so that the code before this one can still write stops while both run.
    by = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self) -> str:
        return f"{self.kind} {self.channel or 'all'}"


# One statement on both databases: it locks the rows, those that have no room as well, so that two channels at once
# cannot both take the last one.
_COUNT = """
INSERT INTO messaging_sendbudget AS b (person_key, day, used) VALUES {rows}
ON CONFLICT (person_key, day) DO UPDATE SET used = b.used + excluded.used WHERE b.used + excluded.used <= %s
RETURNING person_key, day, used
"""
Count = tuple[str, date]


class SendBudgetManager(models.Manager["SendBudget"]):
    def take(self, wanted: Sequence[Sequence[Count]], *, most: int) -> list[bool]:
        """For each of `wanted`, in turn: count one more message under all of its keys on their days, unless one of them
        has `most` already. Return which were counted."""
        asked, plain = _share(wanted, {}, most)
        if not asked:
            return plain
        had = self._add(asked, most)
        if all(plain) and len(had) == len(asked):
            return plain
        # Somebody's day is full: what each has is certain now, since all of the rows are locked.
        used = {count: had[count] - asked[count] for count in had}
        used |= self._used([count for count in asked if count not in had])
        given, taken = _share(wanted, used, most)
        for (key, day), more in given.items():
            counted = asked[key, day] if (key, day) in had else 0
            if more != counted:
                self.filter(person_key=key, day=day).update(used=F("used") + more - counted)
        return taken

    def give_back(self, counts: Iterable[Count]) -> None:
        """Count one message less under each of these."""
        for key, day in sorted(counts):
            self.filter(person_key=key, day=day, used__gt=0).update(used=F("used") - 1)

    def _add(self, asked: Mapping[Count, int], most: int) -> dict[Count, int]:
        """Add to those that have room; return what they have then."""
        # In one order everywhere, so that two gates cannot block each other.
        rows = sorted(asked.items())
        stored = [(key, connection.ops.adapt_datefield_value(day), number) for (key, day), number in rows]
        sql = _COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(rows)))
        with connection.cursor() as cursor:
            cursor.execute(sql, [*(value for row in stored for value in row), most])
            found = cursor.fetchall()
        # SQLite answers with text.
        return {(key, date.fromisoformat(day) if isinstance(day, str) else day): used for key, day, used in found}

    def _used(self, counts: Sequence[Count]) -> dict[Count, int]:
        rows = self.filter(person_key__in=[key for key, _day in counts], day__in={day for _key, day in counts})
        return {(key, day): used for key, day, used in rows.values_list("person_key", "day", "used")}


def _share(
    wanted: Sequence[Sequence[Count]], used: Mapping[Count, int], most: int
) -> tuple[dict[Count, int], list[bool]]:
    """How many more each key gets if all of `wanted` are served in turn as long as there is room, and who is served."""
    given = {count: 0 for counts in wanted for count in counts}
    served = []
    for counts in wanted:
        room = all(used.get(count, 0) + given[count] < most for count in counts)
        served.append(room)
        if room:
            for count in counts:
                given[count] += 1
    return given, served


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
