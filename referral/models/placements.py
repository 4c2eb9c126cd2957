"""Each request to a program that may meet a need."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Program
from guides.models import LevelOfCare
from privacy.fields import EncryptedTextField
from referral.lifecycle import PLACEMENT, PLACEMENT_LIVE, PlacementStatus, Role, step, undo_of
from referral.reasons import code_of, in_words


class PlacementQuerySet(models.QuerySet["Placement"]):
    def live(self) -> Self:
        return self.filter(status__in=PLACEMENT_LIVE)


class Placement(models.Model):
    """The request to one program. Rejected never reopens: a new one is made."""

    class Status(models.TextChoices):
        REQUESTED = PlacementStatus.REQUESTED, _("Awaiting response")
        ACCEPTED = PlacementStatus.ACCEPTED, _("Accepted")
        REJECTED = PlacementStatus.REJECTED, _("Declined")
        WAITLISTED = PlacementStatus.WAITLISTED, _("On the waitlist")
        IN_PROGRESS = PlacementStatus.IN_PROGRESS, _("In care")
        ON_HOLD = PlacementStatus.ON_HOLD, _("On hold")
        COMPLETED = PlacementStatus.COMPLETED, _("Completed")
        FAILED = PlacementStatus.FAILED, _("Did not work out")
        CANCELLED = PlacementStatus.CANCELLED, _("Canceled")

    referral = models.ForeignKey(
        "referral.Referral", verbose_name=_("referral"), on_delete=models.CASCADE, related_name="placements"
    )
    program = models.ForeignKey(Program, verbose_name=_("program"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=Status, editable=False)
    categories = models.JSONField(_("what may be shared"), default=list)
    level = models.ForeignKey(
        LevelOfCare,
        verbose_name=_("level of admission"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = EncryptedTextField(_("reason"), blank=True)
    # The code of the reason alone, for the figures: what was written beside it stays encrypted. Null, as below.
    reason_code = models.CharField(max_length=20, null=True, editable=False)  # noqa: DJ001
    # On a waitlist: when the program expects an opening, as far as it says.
    expected_on = models.DateField(_("opening expected"), null=True, blank=True, editable=False)
    # In care: the day on which care is expected to end, as far as anyone said.
    ends_on = models.DateField(_("end of care expected"), null=True, blank=True, editable=False)
    # The last move: where it came from, when, and by whom. A program may take back its own for a while.
    # Null, so that the code before this one can still write placements while both run.
    was = models.CharField(max_length=12, choices=Status, null=True, editable=False)  # noqa: DJ001
    moved_at = models.DateTimeField(null=True, editable=False)
    moved_by = models.CharField(max_length=10, null=True, editable=False)  # noqa: DJ001

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["sent_at", "pk"]
        indexes = [
            models.Index(fields=["status", "sent_at"], name="placement_waiting"),
            models.Index(
                fields=["referral"], name="placement_asked", condition=Q(status=PlacementStatus.REQUESTED.value)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "program"],
                condition=Q(status__in=sorted(PLACEMENT_LIVE)),
                name="one_live_placement_per_program",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral.public_code} → {self.program_id}"

    @property
    def key(self) -> str:
        return f"placement:{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in PLACEMENT_LIVE

    @property
    def reason_words(self) -> str:
        """Why it ended or waits, in the reader's language."""
        return in_words(self.reason)

    def make(self, move: str, *, role: Role, now: datetime, reason: str = "") -> None:
        """Make a move of the table, unsaved, and note where it came from. Raises `Refused`."""
        target = step(PLACEMENT, self.status, move, role=role, reason=reason)
        self.was, self.status, self.moved_at, self.moved_by = self.status, target, now, role
        self.reason_code = code_of(reason) or None

    def undo(self, now: datetime) -> str:
        """The move that takes the program's last one back; ``""`` where there is none."""
        return undo_of(self.status, self.was or "", self.moved_by or "", self.moved_at, now=now)

    @property
    def can_undo(self) -> bool:
        return bool(self.undo(timezone.now()))
