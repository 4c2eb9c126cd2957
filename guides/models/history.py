"""What levels, aspects, facts, words, people and site details said before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RowRevision(models.Model):
    """A row of content at one moment, as its content file has it. Rows are only ever added."""

    kind = models.CharField(max_length=20)  # the name of the content file
    key = models.CharField(max_length=160)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    entry = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("earlier text of a row")
        verbose_name_plural = _("earlier texts of rows")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "key"], name="row_revisions_of_a_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.at:%Y-%m-%d %H:%M}"


class Trashed(models.Model):
    """What was deleted, as its content file would have it, until it is restored or its time is over."""

    kind = models.CharField(max_length=20)  # the name of the content file, "guide", "edition" or "file"
    key = models.CharField(max_length=160)
    label = models.CharField(_("what it was"), max_length=250)
    at = models.DateTimeField(_("deleted"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    entry = models.JSONField(_("content"))
    data = models.BinaryField(null=True)  # the bytes of a file

    class Meta:
        verbose_name = _("deleted item")
        verbose_name_plural = _("trash")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label
