"""What happens around a draft while people work at it: open pages, kept text, comments."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guides.models.editions import GuideEdition

PRESENT_FOR = timedelta(seconds=75)


class OpenDraft(models.Model):
    """When a person last had the page of a draft open.

    `browsers` is the same for each of their browsers: mark → seconds of the epoch. Their text lies in `KeptText`;
    `kept`, `kept_at` and `seen` are of the code before that table, and go with the next release.
    """

    edition = models.ForeignKey(GuideEdition, related_name="open_drafts", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.CASCADE)
    active_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(null=True, blank=True)
    seen = models.CharField(max_length=100, blank=True, default="")
    browsers = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("open draft")
        verbose_name_plural = _("open drafts")
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="one_open_draft_per_person")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.active_at:%Y-%m-%d %H:%M}"


class KeptText(models.Model):
    """What a person typed into one opened page of a draft and has not saved yet.

    Each page that is opened has a mark of its own, so that what is typed next never replaces what is still offered.
    `kept` is ``{"title": str, "slug": str, "summary": str, "blocks": [...], "boxes": {name: words}}``, the boxes being
    those of a comment and of a button's note. `seen` is the stamp of the page that it was typed into, so that putting
    it back can still tell that somebody else saved meanwhile.
    """

    edition = models.ForeignKey(GuideEdition, related_name="kept_texts", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.CASCADE)
    page = models.CharField(max_length=32, blank=True, default="")
    kept_at = models.DateTimeField()
    kept = models.JSONField()
    seen = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("kept text")
        verbose_name_plural = _("kept texts")
        ordering = ["-kept_at"]
        constraints = [models.UniqueConstraint(fields=["edition", "user", "page"], name="one_kept_text_per_page")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.kept_at:%Y-%m-%d %H:%M}"


class StageChange(models.Model):
    """A move of a draft (`guides.workflow.moves`). Rows are only ever added; `told`: the next person knows."""

    edition = models.ForeignKey(GuideEdition, related_name="stage_changes", on_delete=models.CASCADE)
    move = models.CharField(_("what happened"), max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True, default="")
    digest = models.CharField(max_length=64)
    # The suggestions that stood when this person approved, as they read them.
    accepted = models.JSONField(_("suggestions accepted"), default=list, blank=True)
    told = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("move of a draft")
        verbose_name_plural = _("moves of drafts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d %H:%M}"


class Comment(models.Model):
    """A remark on a draft, on one of its blocks (by its name) or on the whole; open until somebody resolves it."""

    edition = models.ForeignKey(GuideEdition, related_name="comments", on_delete=models.CASCADE)
    block = models.CharField(_("block"), max_length=16, blank=True, default="")
    text = models.TextField(_("comment"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class PreviewLink(models.Model):
    """A link that shows a draft to whoever has it, until it ends. Only the hash of its token is kept."""

    edition = models.ForeignKey(GuideEdition, related_name="preview_links", on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.expires_at:%Y-%m-%d}"
