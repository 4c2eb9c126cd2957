"""A second person's yes to a draft under which somebody would get less care than before."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.versions import Questionnaire, QuestionnaireVersion


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Approvals by what they are for."""

    def of(self, questionnaire: Questionnaire, sha256: str, replaces: QuestionnaireVersion | None) -> Self:
        """Those for a draft of exactly this text that would follow exactly this version, the newest first."""
        return self.filter(questionnaire=questionnaire, sha256=sha256, replaces=replaces).order_by("-pk")


class Approval(models.Model):
    """A request to publish one text in place of one version; approved once `approved_by` says so.

    It is bound to the text by its hash: a draft that says anything else has no approval.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.PROTECT, related_name="approvals"
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    replaces = models.ForeignKey(
        QuestionnaireVersion, verbose_name=_("in place of"), on_delete=models.PROTECT, related_name="+"
    )
    clinician = models.CharField(_("clinician"), max_length=200)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    published = models.OneToOneField(
        QuestionnaireVersion, verbose_name=_("published as"), null=True, on_delete=models.PROTECT
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(
                name="approved_by_a_second_person",
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.replaces} → {self.sha256[:12]}"
