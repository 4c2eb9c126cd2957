"""The cadence that staff edit, and its dated instances for one referral."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedTextField
from referral.models.referrals import Referral

# A step falls within these hours of the family's day.
DAY_FROM, DAY_TO = time(8), time(20)


class FollowUpPlan(models.Model):
    """When we check in with a family. Edited in the admin; what is already planned keeps the version it came from."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    is_default = models.BooleanField(
        _("starts by itself"),
        default=False,
        help_text=_("Starts when someone takes a referral. One plan can be this one."),
    )
    after_care = models.BooleanField(
        _("offered when care is completed"),
        default=False,
        db_default=False,
        help_text=_("Suggested to the navigator once a program has completed care."),
    )
    active = models.BooleanField(_("can be chosen"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("follow-up plan")
        verbose_name_plural = _("follow-up plans")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_plan",
                violation_error_message=_("Another plan already starts by itself. Take the mark away there first."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class FollowUpStep(models.Model):
    """One step of a plan: so many days after it starts, at this time of the family's own day."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("a check-in by email or text")
        CALL = "call", _("a call by staff")

    plan = models.ForeignKey(FollowUpPlan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="steps")
    offset_days = models.PositiveSmallIntegerField(_("days after the start"), validators=[MaxValueValidator(730)])
    local_time = models.TimeField(_("at, in the family's time"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind, default=Kind.MESSAGE)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["offset_days", "local_time", "pk"]

    def __str__(self) -> str:
        return _("day %(day)s, %(time)s") % {"day": self.offset_days, "time": f"{self.local_time:%H:%M}"}

    def clean(self) -> None:
        if self.local_time is not None and not DAY_FROM <= self.local_time <= DAY_TO:
            hours = {"from": formats.time_format(DAY_FROM), "to": formats.time_format(DAY_TO)}
            sentence = _(
                "No family is written to or called at this hour. Enter one between %(from)s and %(to)s, such as 10:00."
            )
            raise ValidationError({"local_time": sentence % hours})


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def pending(self) -> Self:
        return self.filter(status=FollowUp.Status.PLANNED)

    def open(self) -> Self:
        """Planned, or sent and neither answered nor followed by a newer one that was."""
        newer = FollowUp.objects.filter(
            referral=OuterRef("referral"),
            due_at__gt=OuterRef("due_at"),
            status__in=[FollowUp.Status.SENT, FollowUp.Status.ANSWERED, FollowUp.Status.TO_STAFF],
        )
        return self.filter(Q(status=FollowUp.Status.PLANNED) | Q(status=FollowUp.Status.SENT) & ~Exists(newer))


class FollowUp(models.Model):
    """A dated step for one referral. The family's wall time and zone are what was meant; `due_at` follows from them."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENT = "sent", _("sent")
        ANSWERED = "answered", _("answered")
        TO_STAFF = "to_staff", _("given to staff")
        CANCELLED = "cancelled", _("canceled")

    class Answer(models.TextChoices):
        CONNECTED = "connected", _("We have a program")
        WAITING = "waiting", _("Still waiting")
        HELP = "help", _("We need help")
        STOP = "stop", _("Stop messages")
        NOBODY = "nobody", _("No one could be reached")

    # How long a family may leave a check-in unanswered before staff see it.
    PATIENCE = timedelta(days=3)
    FAMILY_ANSWERS = (Answer.CONNECTED, Answer.WAITING, Answer.HELP, Answer.STOP)

    referral = models.ForeignKey(
        Referral, verbose_name=_("referral"), on_delete=models.CASCADE, related_name="followups"
    )
    plan = models.ForeignKey(
        FollowUpPlan, verbose_name=_("plan"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    plan_version = models.PositiveIntegerField(_("version of the plan"), null=True, blank=True)
    kind = models.CharField(_("what"), max_length=10, choices=FollowUpStep.Kind)
    local_date = models.DateField(_("day, where the family lives"))
    local_time = models.TimeField(_("time, where the family lives"))
    zone = models.CharField(_("time zone"), max_length=50)
    due_at = models.DateTimeField(_("due"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    channel = models.CharField(_("by"), max_length=10, blank=True)
    # Counts how often its message was planned anew, because a cancelled one is never taken up again.
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    answer = EncryptedTextField(_("answer"), choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["status", "due_at"], name="followup_due")]

    def __str__(self) -> str:
        return f"{self.referral.public_code} {self.due_at:%Y-%m-%d}"

    @property
    def key(self) -> str:
        return f"followup:{self.pk}"

    @property
    def staff_at(self) -> datetime:
        """When staff must see to it: a call when it is due, a message when it stays without an answer."""
        return self.due_at if self.kind == FollowUpStep.Kind.CALL else self.due_at + self.PATIENCE

    @property
    def may_be_answered(self) -> bool:
        """Whether staff may write down what the family said to it."""
        return self.status in (self.Status.SENT, self.Status.TO_STAFF) or (
            self.kind == FollowUpStep.Kind.CALL and self.status == self.Status.PLANNED
        )

    @property
    def wall_time(self) -> datetime:
        """The family's wall time, naive."""
        return datetime.combine(self.local_date, self.local_time)
