"""What one member of staff is writing: a call, or a message. It is kept as it is typed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedJSONField, EncryptedTextField
from privacy.models import User


class DraftQuerySet(models.QuerySet[Any]):
    """What is being written, of any kind."""

    def untouched_since(self, at: datetime) -> Self:
        return self.filter(saved_at__lt=at)


class IntakeDraft(models.Model):
    """What one member of staff has typed so far, field by field, until the referral is opened or the draft discarded.

    Its key is that of the referral which it opens, so that the same draft opens one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, verbose_name=_("who"), on_delete=models.CASCADE, related_name="intake_drafts")
    # {field: the values as they were typed}
    typed: models.Field[Any, Any] = EncryptedJSONField(_("typed"), default=dict)
    # Which referrals it has shown as alike: each is written down once.
    shown: models.Field[Any, Any] = EncryptedJSONField(_("shown"), default=list)
    begun_at = models.DateTimeField(_("begun"))
    saved_at = models.DateTimeField(_("saved"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake draft")
        verbose_name_plural = _("intake drafts")
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["user", "-saved_at"], name="drafts_of_one")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """Whose call it is, as far as it was typed."""
        names = [(self.typed.get(name) or [""])[0].strip() for name in ("contact_name", "patient_name")]
        return next(filter(None, names), "") or str(_("No name yet"))


class MessageDraft(models.Model):
    """A message to a family, or to the program of `placement`, as far as it is written.

    Its key is what makes one message of it, however often it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, verbose_name=_("who"), on_delete=models.CASCADE, related_name="message_drafts")
    referral = models.ForeignKey(
        "referral.Referral", verbose_name=_("referral"), on_delete=models.CASCADE, related_name="message_drafts"
    )
    placement = models.ForeignKey(
        "referral.Placement",
        verbose_name=_("request to a program"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="message_drafts",
    )
    channel = models.CharField(_("channel"), max_length=10, blank=True)
    words = EncryptedTextField(_("words"), blank=True)
    saved_at = models.DateTimeField(_("saved"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("message draft")
        verbose_name_plural = _("message drafts")
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["user", "referral"], name="drafts_to_one")]

    def __str__(self) -> str:
        return str(self.pk)
