"""Guides, their editions (a language each), and the people and sources behind them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from guides.content.documents import Document, digest
from guides.content.drafts import without_names
from guides.content.review_notices import BEFORE
from guides.models.base import Archivable, Kept, Language, refuse_days_to_come
from guides.models.levels import LevelOfCare


class Person(Archivable, Kept):
    """Who writes or reviews guides. Samples are shown as samples until somebody replaces them."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    sample = models.BooleanField(_("is a sample"), default=False, help_text=_("Shown as a sample on every guide."))

    class Meta:
        verbose_name = _("author or reviewer")
        verbose_name_plural = _("authors and reviewers")
        ordering = ["name"]

    def __str__(self) -> str:
        sample = _("sample")
        return f"{self.name} ({sample})" if self.sample else self.name


class PersonText(models.Model):
    person = models.ForeignKey(Person, related_name="texts", on_delete=models.CASCADE, verbose_name=_("person"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    role = models.CharField(_("role"), max_length=250)

    class Meta:
        verbose_name = _("role in one language")
        verbose_name_plural = _("roles in each language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["person", "language"], name="one_role_per_person_and_language")]

    def __str__(self) -> str:
        return f"{self.role} ({self.language})"


class GuideQuerySet(models.QuerySet["Guide"]):
    def due(self, today: date) -> Self:
        """Guides whose next review is today or past."""
        return self.filter(review_due__lte=today, archived_at=None)

    def due_soon(self, today: date) -> Self:
        """Guides whose next review is near, but still to come."""
        return self.filter(review_due__gt=today, review_due__lte=today + BEFORE, archived_at=None)


class Guide(Archivable, Kept):
    """An explainer. Its words are in its editions, one for each language."""

    class Section(models.TextChoices):
        LEVELS = "levels", _("Levels of care")
        CHOOSING = "choosing", _("Choosing a level of care")
        FIRST_STEPS = "first-steps", _("First steps")
        FAMILY = "family", _("For families and friends")
        PAYING = "paying", _("Paying for care")
        CRISIS = "crisis", _("Get help now")

    key = models.SlugField(
        _("key"), unique=True, help_text=_("Names the guide in links, such as guide:residential. Keep it.")
    )
    section = models.CharField(_("part of the site"), max_length=20, choices=Section)
    audience = models.CharField(_("for whom"), max_length=40, default="everyone")
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    level = models.ForeignKey(
        LevelOfCare,
        related_name="guides",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("level of care"),
        help_text=_("The level that this guide explains, if it explains one."),
    )
    author = models.ForeignKey(
        Person, related_name="written", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("author")
    )
    reviewer = models.ForeignKey(
        Person, related_name="reviewed", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("reviewer")
    )
    last_reviewed = models.DateField(_("last reviewed"), null=True, blank=True)
    review_due = models.DateField(
        _("next review due"), null=True, blank=True, help_text=_("At most three years after the last review.")
    )

    # The last notice of the next review (`guides.content.review_notices.mark`): each is sent once.
    review_told = models.CharField(max_length=20, editable=False, blank=True, default="", db_default="")

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ["order", "key"]

    def clean(self) -> None:
        refuse_days_to_come(self, "last_reviewed")

    def __str__(self) -> str:
        titles = {edition.language: edition.title for edition in self.editions.all()}
        return titles.get("en") or next(iter(titles.values()), self.key)


class Source(models.Model):
    guide = models.ForeignKey(Guide, related_name="sources", on_delete=models.CASCADE, verbose_name=_("guide"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=250)
    publisher = models.CharField(_("publisher"), max_length=250, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class GuideEdition(models.Model):
    """A guide in one language: the draft that editors change."""

    class Stage(models.TextChoices):
        """Where the draft stands (`guides.workflow.moves`). Words that change make a draft of it again."""

        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")

    guide = models.ForeignKey(Guide, related_name="editions", on_delete=models.CASCADE, verbose_name=_("guide"))
    language = models.CharField(_("language"), max_length=8, choices=Language)
    slug = models.SlugField(
        _("address"), max_length=80, help_text=_("The last part of the page's address. The old address keeps working.")
    )
    title = models.CharField(_("title"), max_length=150)
    summary = models.TextField(_("summary"), help_text=_("One or two sentences, shown in lists and search results."))
    # The blocks of a document (`guides.content.documents`), each with the "id" that it keeps while it is edited.
    blocks = models.JSONField(_("blocks"), default=list, blank=True)
    # Of the draft as a document: that it differs from what is published is seen without reading either.
    digest = models.CharField(max_length=64, editable=False, blank=True, default="")
    # The version of the other language that this one says, and the digest of it: it is behind where that differs.
    follows = models.ForeignKey(
        "guides.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    follows_digest = models.CharField(max_length=64, editable=False, blank=True, default="", db_default="")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default="draft", editable=False)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True, editable=False)
    expire_at = models.DateTimeField(_("unpublish at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("guide text")
        verbose_name_plural = _("guide texts")
        ordering = ["guide__order", "guide__key", "language"]
        permissions = [
            ("publish", _("Can publish and unpublish guides")),
            ("review", _("Can approve guides that others wrote")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["guide", "language"], name="one_edition_per_guide_and_language"),
            models.UniqueConstraint(fields=["language", "slug"], name="one_edition_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_language_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        fresh = digest(self.document())
        if fresh != self.digest:
            # What was looked at and approved were other words.
            self.digest, self.stage, self.publish_at = fresh, self.Stage.DRAFT, None
        super().save(*args, **kwargs)

    def document(self) -> Document:
        """Return the draft as a document."""
        return {"slug": self.slug, "title": self.title, "summary": self.summary, "blocks": without_names(self.blocks)}

    def about(self) -> dict[str, Any]:
        """Return what the guide's page says about it besides its words, ready for JSON."""
        guide = self.guide
        return {
            "key": guide.key,
            "section": guide.section,
            "audience": guide.audience,
            "order": guide.order,
            "level": guide.level.slug if guide.level else None,
            "author": _named(guide.author, self.language),
            "reviewer": _named(guide.reviewer, self.language),
            "last_reviewed": guide.last_reviewed.isoformat() if guide.last_reviewed else None,
            "review_due": guide.review_due.isoformat() if guide.review_due else None,
            "sources": [{"title": s.title, "publisher": s.publisher, "url": s.url} for s in guide.sources.all()],
        }


def _named(person: Person | None, language: str) -> dict[str, Any] | None:
    if person is None:
        return None
    roles = {text.language: text.role for text in person.texts.all()}
    return {"name": person.name, "role": roles.get(language, ""), "sample": person.sample}
