"""Filters of the queue that a member of staff keeps by name."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedTextField
from privacy.models import User

MOST = 12  # each is counted whenever the queue is opened


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)


class SavedFilter(models.Model):
    """One way to narrow the queue. Its name is of whoever keeps it, and may be anything, so it is encrypted."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    name = EncryptedTextField(_("name"))
    query = models.CharField(max_length=300)
    made_at = models.DateTimeField()

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)
