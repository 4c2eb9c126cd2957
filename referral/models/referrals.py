"""The need: who asks for help with what, who works on it, and the queries that put it in order."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.models import Response
from directory.models import ServiceArea
from guides.models import LevelOfCare
from privacy.fields import EncryptedJSONField, EncryptedTextField
from privacy.models import User
from referral.lifecycle import REFERRAL_ENDS, PlacementStatus, ReferralStatus
from referral.models.conditions import A_DAY, AT_WORK, ENDED, OPEN, has_urgent_task, in_crisis, late
from referral.models.people import Contact, Patient
from referral.models.placements import Placement
from referral.models.sight import Sight, holder
from referral.models.tasks import Task
from referral.public_code import new_code

PROMISE = Coalesce(F("promised_at"), F("opened_at") + Value(A_DAY), output_field=models.DateTimeField())
# What a program is asked for, by its emails and on every page. When staff are called to it is a rule that supervisors
# change: `referral.models.escalations.answer_time`.
PROGRAM_ANSWER_TIME = timedelta(hours=24)


def _first(*groups: Q) -> Case:
    """A rank: 0 for the rows of the first group, 1 for those of the second, and so on, the last for all others."""
    whens = [When(group, then=Value(rank)) for rank, group in enumerate(groups)]
    return Case(*whens, default=Value(len(groups)), output_field=models.SmallIntegerField())


# What no line of the queue shows, and nobody needs to decrypt for it.
UNLISTED = (
    *("payment", "level_reason", "message", "referrer", "contact__email", "contact__zip_code"),
    *("contact__caller_name", "contact__caller_phone"),
    *("patient__age", "patient__birth_year", "patient__gender"),
)


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals, as the people who work on them ask for them."""

    def visible_to(self, user: User) -> Self:
        """Those that `user` may open: see `Sight`."""
        return self.within(Sight.of(user))

    def within(self, sight: Sight) -> Self:
        """The same, for whom it has been asked already."""
        if sight.everything:
            return self
        return self.alias(holder=holder()).filter(Q(holder__in=sight.holders) | Q(pk__in=sight.answers))

    def findable_by(self, user: User) -> Self:
        """What a search may name: all that is open, so that no two people work on one family unseen, and the rest that
        `user` may open."""
        return self.findable_within(Sight.of(user))

    def findable_within(self, sight: Sight) -> Self:
        """The same, for whom it has been asked already."""
        if sight.everything:
            return self
        own = Q(holder__in=sight.holders) | Q(pk__in=sight.answers)
        return self.alias(holder=holder()).filter(Q(status__in=OPEN) | own)

    def held_by(self, *keys: int) -> Self:
        """Those that one of these people has; `NOBODY` is one of them."""
        return self.alias(holder=holder()).filter(holder__in=keys)

    def in_crisis(self) -> Self:
        """Whose family asks for help now. Their order is said once: `workspace.views.queue.crises_of`."""
        return self.filter(in_crisis())

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def at_work(self) -> Self:
        """All that is open, and what has ended but has a time: the rows of the index ``referral_at_work``."""
        return self.filter(AT_WORK)

    def overdue(self, now: datetime) -> Self:
        """Whose time has come. What has ended has none, unless its family was in touch after the end."""
        return self.filter(next_action_at__lte=now)

    def late(self, now: datetime) -> Self:
        """Whose time has passed for longer than may be."""
        return self.filter(late(now))

    def alike(self, referral: Referral) -> Self:
        """The other referrals of whoever has the same phone number or e-mail address, the newest first."""
        contact, same = referral.contact, Q(pk=referral.contact_id)
        for index in ("phone_index", "email_index"):
            if value := getattr(contact, index):
                same |= Q(**{index: value})
        contacts = Contact.objects.filter(same).values("pk")
        return self.filter(contact__in=contacts).exclude(pk=referral.pk).order_by("-opened_at")

    def most_pressing_first(self, now: datetime) -> Self:
        """Who asks for help; what is urgent and due, by its time; what else is late or due now, by its time; of the
        rest urgent tasks, the urgency of the need, what nobody has.

        A new and urgent need counts as due; so does one that nobody has and whose family wrote again.
        """
        urgency, new = Referral.Urgency, Q(status=ReferralStatus.NEW)
        tasks = Task.objects.due(now).filter(referral=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
        since = Case(
            When(new & Q(promise__lte=now), then=F("promise")),
            When(new & Q(urgency=urgency.URGENT), then=F("opened_at")),
            When(new, then=Subquery(tasks)),
            When(next_action_at__lte=now, then=F("next_action_at")),
            output_field=models.DateTimeField(null=True),
        )
        need = _first(Q(urgency=urgency.URGENT), Q(urgency=urgency.SOON))
        due, urgent = Q(due_since__isnull=False), Q(urgency=urgency.URGENT) | has_urgent_task()
        return (
            self.alias(promise=PROMISE)
            .alias(due_since=since)
            .order_by(
                _first(in_crisis(), due & urgent, due),
                F("due_since").asc(nulls_last=True),
                _first(has_urgent_task()),
                need,
                _first(Q(status=ReferralStatus.NEW, assigned_to=None)),
                F("next_action_at").asc(nulls_last=True),
                "opened_at",
                "pk",
            )
        )

    def with_levels(self) -> Self:
        """Whose family shared its answers: with the orders of all levels, and that of the first admission."""
        care = Placement.objects.filter(referral=OuterRef("pk")).exclude(level=None).order_by("sent_at", "pk")
        return self.exclude(computed_low=None).annotate(admitted=Subquery(care.values("level__order")[:1]))

    def for_queue(self) -> Self:
        """With what a line of the queue says, in two queries: the tasks as `open_tasks`; of the programs that have not
        answered the first time and how many they are (`asked_since`, `asked_count`), of check-ins by phone and others
        the first that is open (`call_at`, `silent_at`). The levels, the same for many, are left to whoever shows them.
        """
        asked = Placement.objects.filter(referral=OuterRef("pk"), status=PlacementStatus.REQUESTED).order_by("sent_at")
        counted = asked.order_by().values("referral").annotate(count=Count("pk")).values("count")
        open_ = Referral.followups.rel.related_model.objects.open().filter(referral=OuterRef("pk"))  # type: ignore[attr-defined]
        first = open_.order_by("due_at").values("due_at")
        return (
            self.select_related("contact", "patient", "assigned_to")
            .defer(*UNLISTED)
            .annotate(
                asked_since=Subquery(asked.values("sent_at")[:1]),
                asked_count=Subquery(counted),
                call_at=Subquery(first.filter(kind="call")[:1]),
                silent_at=Subquery(first.exclude(kind="call")[:1]),
            )
            .prefetch_related(
                Prefetch("tasks", Task.objects.open().select_related("acknowledged_by"), to_attr="open_tasks")
            )
        )


class Referral(models.Model):
    """A need, until it is met or closed. A step up or down is a new one, `based_on` the last."""

    class Status(models.TextChoices):
        NEW = ReferralStatus.NEW, _("New")
        ACTIVE = ReferralStatus.ACTIVE, _("Active")
        ON_HOLD = ReferralStatus.ON_HOLD, _("On hold")
        CONNECTED = ReferralStatus.CONNECTED, _("Connected")
        MET = ReferralStatus.MET, _("Need met")
        CLOSED = ReferralStatus.CLOSED, _("Closed")

    class Concern(models.TextChoices):
        SUBSTANCE = "substance_use", _("Alcohol or drug use")
        MENTAL = "mental_health", _("Mental health")
        BOTH = "both", _("Both")
        UNSURE = "not_sure", _("Not sure")

    class Relation(models.TextChoices):
        SELF = "self", _("Me")
        LOVED_ONE = "loved_one", _("Someone I love")

    class Urgency(models.TextChoices):
        ROUTINE = "routine", _("Routine")
        SOON = "soon", _("Soon")
        URGENT = "urgent", _("Urgent")

    class Closing(models.TextChoices):
        MET = "met", _("The need is met")
        DECLINED = "declined", _("The family chose another way")
        NO_NEED = "no_need", _("They no longer need help")
        STOPPED = "stopped", _("They asked us to stop everything")
        UNREACHABLE = "unreachable", _("We could not reach the family")
        NO_PROGRAM = "no_program", _("No program could take them")
        DUPLICATE = "duplicate", _("Duplicate")
        MOVED = "moved", _("The family moved out of our area")
        WITHDRAWN = "withdrawn", _("The family withdrew")
        OTHER = "other", _("Another reason")

    public_code = models.CharField(_("code"), max_length=9, unique=True, default=new_code, editable=False)
    patient = models.ForeignKey(Patient, verbose_name=_("patient"), on_delete=models.PROTECT, related_name="referrals")
    contact = models.ForeignKey(Contact, verbose_name=_("contact"), on_delete=models.PROTECT, related_name="referrals")
    relation = models.CharField(_("for whom"), max_length=10, choices=Relation)
    concern = EncryptedTextField(_("concern"), choices=Concern)
    level_low = models.ForeignKey(
        LevelOfCare,
        verbose_name=_("level, at least"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level_high = models.ForeignKey(
        LevelOfCare, verbose_name=_("level, at most"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What the answers gave when they came, whatever staff settle later: the two are compared.
    computed_low = models.ForeignKey(
        LevelOfCare,
        verbose_name=_("level by the answers, at least"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    computed_high = models.ForeignKey(
        LevelOfCare,
        verbose_name=_("level by the answers, at most"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    response = models.ForeignKey(
        Response,
        verbose_name=_("answers to the questionnaire"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="referrals",
    )
    # Ways to pay that staff were told of; where there are none, those of the answers count.
    # Null, so that the code before this one can still write referrals while both run.
    payment = EncryptedJSONField(_("ways to pay"), null=True, blank=True)
    level_reason = EncryptedTextField(_("why this level"), blank=True)
    message = EncryptedTextField(_("in their own words"), blank=True)
    # A clinician, a school or whoever else called for the family. Null, as above.
    referrer = EncryptedTextField(_("who called for them"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, editable=False)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    assigned_to = models.ForeignKey(
        User, verbose_name=_("assigned to"), null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals"
    )
    service_area = models.ForeignKey(
        ServiceArea, verbose_name=_("service area"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"), db_index=True)
    # Null where staff opened the next step, and so that the code before this one can still write referrals.
    promised_at = models.DateTimeField(_("contact promised by"), null=True, blank=True, editable=False)
    next_action_at = models.DateTimeField(_("next action"), null=True, blank=True)
    # Put off by whoever has it; `snoozed_at` tells what came later and wakes it.
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    snoozed_at = models.DateTimeField(_("snoozed at"), null=True, blank=True)
    hold_until = models.DateTimeField(_("on hold until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closing = models.CharField(_("closed because"), max_length=20, choices=Closing, blank=True)
    based_on = models.ForeignKey(
        "self", verbose_name=_("follows"), null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    # The referral of the same family that goes on in place of this one.
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="merged_from",
    )  # fmt: skip
    # The form came with what people do not fill in: it may be a machine's, so a person looks.
    unusual = models.BooleanField(_("may not be from a person"), default=False, db_default=False, editable=False)
    # A form sent twice carries the same key, and opens one referral.
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # When each step to care was first made; see `referral.milestones`. The figures count these.
    contacted_at = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    # Counts every change, so that a page that was opened before the last one is noticed.
    version = models.PositiveIntegerField(default=1, editable=False)
    # Set first when a person is erased: only then does the database let the history go.
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["status", "next_action_at"], name="referral_queue"),
            models.Index(fields=["assigned_to", "status", "next_action_at"], name="referral_own_queue"),
            # What the queue counts and sorts by, so that PostgreSQL reads no row of the table for it; its expression
            # can only be read from an index that has the column, too.
            models.Index(
                holder(),
                "status",
                "next_action_at",
                name="referral_at_work",
                condition=AT_WORK,
                include=["id", "assigned_to", "urgency", "opened_at", "promised_at", "level_low", "level_high"],
            ),
            # What the figures count.
            models.Index(
                fields=["opened_at"],
                name="referral_figures",
                include=[
                    "id",
                    "closing",
                    "contacted_at",
                    "asked_at",
                    "accepted_at",
                    "started_at",
                    "closed_at",
                    "assigned_to",
                    "level_low",
                    "level_high",
                ],
            ),
            # The end of the queue: of everybody, and of one holder.
            models.Index(
                fields=["closed_at", "id"],
                name="referral_ended",
                condition=Q(status__in=ENDED),
                include=["status", "assigned_to", "urgency"],
            ),
            models.Index(
                holder(),
                "closed_at",
                "id",
                name="referral_own_ended",
                condition=Q(status__in=ENDED),
                include=["status", "assigned_to", "urgency"],
            ),
        ]
        permissions = [
            ("work_referrals", _("Can work on referrals")),
            ("supervise_referrals", _("Can see all referrals and give them to others")),
        ]

    def __str__(self) -> str:
        return self.public_code

    @property
    def key(self) -> str:
        """The key under which messages and the access log know this referral."""
        return f"referral:{self.pk}"

    def held_until(self, now: datetime) -> datetime | None:
        """Until when the family is not to be called, while it is on hold."""
        held = self.status == ReferralStatus.ON_HOLD and self.hold_until is not None and self.hold_until > now
        return self.hold_until if held else None

    @property
    def is_open(self) -> bool:
        return self.status not in REFERRAL_ENDS

    @property
    def is_pressing(self) -> bool:
        return self.urgency == self.Urgency.URGENT and self.status == ReferralStatus.ACTIVE

    @property
    def due_at(self) -> datetime | None:
        """When somebody must have seen to it: while it is new, the end of the working day that we promise."""
        return self.promised if self.status == ReferralStatus.NEW else self.next_action_at

    @property
    def concern_words(self) -> str:
        """What it is about, where no list of choices stands beside it."""
        if self.concern == self.Concern.BOTH:
            return str(_("Alcohol or drug use, and mental health"))
        return str(self.get_concern_display())

    @property
    def promised(self) -> datetime:
        """By when its family was told that we contact it: a promise stays as it was, whatever becomes of our hours."""
        return self.promised_at or self.opened_at + A_DAY

    @property
    def level_range(self) -> str:
        """The level, or the range of levels, by their short names; ``""`` where it is not known."""
        return _range(self.level_low, self.level_high)

    @property
    def computed_range(self) -> str:
        """What the answers gave, where staff have settled something else; ``""`` where it is the same or not known."""
        computed, now = (self.computed_low_id, self.computed_high_id), (self.level_low_id, self.level_high_id)
        return _range(self.computed_low, self.computed_high) if computed != now else ""


def _range(*ends: LevelOfCare | None) -> str:
    return " – ".join(dict.fromkeys(level.text(get_language()).short_name for level in ends if level))
