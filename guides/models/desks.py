"""What happens around a draft while people work at it: open pages, kept text, comments."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guides.models.editions import GuideEdition

PRESENT_FOR = timedelta(seconds=75)


class OpenDraft(models.Model):
    """One person's page of a draft: when it was last open, and the text in it that is not saved yet.

    `kept` is ``{"title": str, "slug": str, "summary": str, "blocks": [...]}``, None where nothing waits; `seen` is the
    stamp of the page that it was typed into, so that putting it back can still tell that somebody else saved meanwhile.
    """

    edition = models.ForeignKey(GuideEdition, related_name="open_drafts", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.CASCADE)
    active_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(null=True, blank=True)
    seen = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("open draft")
        verbose_name_plural = _("open drafts")
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="one_open_draft_per_person")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.active_at:%Y-%m-%d %H:%M}"
