"""A call that is being written down."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedJSONField
from privacy.models import User


class IntakeDraftQuerySet(models.QuerySet["IntakeDraft"]):
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

    objects = IntakeDraftQuerySet.as_manager()

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
