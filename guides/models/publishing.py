"""What was, what the public sees, and how every process learns that it changed."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Min, Q
from django.utils.translation import gettext_lazy as _
from modelsearch.index import FilterField, Indexed, SearchField
from modelsearch.queryset import SearchableQuerySetMixin

from guides.content.words import stems
from guides.models.base import Language
from guides.models.editions import GuideEdition


class Revision(models.Model):
    """The whole draft at one moment, and what happened then. Rows are only ever added."""

    class Reason(models.TextChoices):
        SAVED = "saved", _("saved")
        RESTORED = "restored", _("an earlier version restored")
        IMPORTED = "imported", _("brought in from files")
        PUBLISHED = "published", _("published")
        UNPUBLISHED = "unpublished", _("unpublished")

    edition = models.ForeignKey(
        GuideEdition, related_name="revisions", on_delete=models.CASCADE, verbose_name=_("edition")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("what happened"), max_length=12, choices=Reason)
    note = models.CharField(_("why"), max_length=200, blank=True, default="")
    document = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_reason_display()}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def shown(self, now: datetime) -> Self:
        """Without those whose end has come, whether or not anyone has taken them off; each with its end, `ends_at`."""
        return self.exclude(edition__expire_at__lte=now).annotate(ends_at=F("edition__expire_at"))


class Publication(models.Model):
    """What the public sees of one edition: the page, finished and packed, and the document it was made from."""

    edition = models.OneToOneField(
        GuideEdition, related_name="publication", on_delete=models.CASCADE, verbose_name=_("edition")
    )
    language = models.CharField(_("language"), max_length=8, choices=Language)
    key = models.SlugField(_("key"))
    slug = models.SlugField(_("address"), max_length=80)
    path = models.CharField(_("path"), max_length=200, unique=True)
    section = models.CharField(_("part of the site"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"))
    level = models.SlugField(_("level"), blank=True)
    title = models.CharField(_("title"), max_length=150)
    summary = models.TextField(_("summary"))
    document = models.JSONField(_("content"))
    digest = models.CharField(max_length=64, blank=True, default="")
    about = models.JSONField(_("about the guide"))
    # " guide:a level:b ", to find the pages that must be made again when what they lead to moves.
    links = models.TextField(_("links"), blank=True)
    html = models.TextField(_("page"), blank=True)
    gzip = models.BinaryField(_("page, gzip"), default=bytes)
    brotli = models.BinaryField(_("page, brotli"), default=bytes)
    etag = models.CharField(_("ETag"), max_length=80, blank=True)
    # Fingerprint of templates, translations and static files: after an upgrade the stored page is out of date.
    look = models.CharField(_("look"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("published page")
        verbose_name_plural = _("published pages")
        ordering = ["order", "key", "language"]
        constraints = [
            models.UniqueConstraint(fields=["key", "language"], name="one_publication_per_guide_and_language")
        ]

    def __str__(self) -> str:
        return self.path


class Moved(models.Model):
    """An address that an edition once had. It leads to the edition's page, or says that the page is gone."""

    path = models.CharField(_("path"), max_length=200, unique=True)
    edition = models.ForeignKey(GuideEdition, related_name="moved", on_delete=models.CASCADE, verbose_name=_("edition"))

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.path


class Reference(models.Model):
    """What the public sees of levels, facts, words and site details in one language, as they were when published."""

    language = models.CharField(_("language"), max_length=8, choices=Language, unique=True)
    document = models.JSONField(_("content"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("published facts")
        verbose_name_plural = _("published facts")

    def __str__(self) -> str:
        return f"{self.language} {self.published_at:%Y-%m-%d}"


class Generation(models.Model):
    """One row whose number grows whenever the public could see something new, and with what staff pages keep."""

    stamp = models.BigIntegerField(default=0)
    # When a draft is published or a page ends by itself next.
    turns_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.stamp)

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("stamp", flat=True).first() or 0

    @classmethod
    def now(cls) -> tuple[int, datetime | None]:
        """Return the number, and when something begins or ends by itself next."""
        return cls.objects.filter(pk=1).values_list("stamp", "turns_at").first() or (0, None)

    @classmethod
    def advance(cls) -> None:
        """Count on. Inside a transaction the others see it when, and only when, they see the rest."""
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1).update(stamp=F("stamp") + 1, turns_at=_next_turn())

    @classmethod
    def note_turn(cls) -> None:
        """Write anew when something begins or ends next. The public sees nothing new yet."""
        cls.objects.filter(pk=1).update(turns_at=_next_turn())


def _next_turn() -> datetime | None:
    found = GuideEdition.objects.aggregate(
        begins=Min("publish_at", filter=Q(stage=GuideEdition.Stage.SCHEDULED)),
        ends=Min("expire_at", filter=Q(publication__isnull=False)),
    )
    return min(filter(None, found.values()), default=None)


class SearchEntryQuerySet(SearchableQuerySetMixin, models.QuerySet["SearchEntry"]):
    """Entries that can be searched."""

    def in_language(self, language: str) -> Self:
        return self.filter(language=language)


class SearchEntry(Indexed, models.Model):
    """A published page, level or term as search finds it. A program is found by its name, and has no row here.

    Written by `guides.workflow.actions`, indexed by `guides.publishing.search`.
    """

    class Kind(models.TextChoices):
        GUIDE = "guide", _("Guide")
        LEVEL = "level", _("Level of care")
        TERM = "term", _("Word")
        PROGRAM = "program", _("Program")

    language = models.CharField(max_length=8, choices=Language)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=100)
    path = models.CharField(max_length=250)
    heading = models.CharField(max_length=250)
    summary = models.TextField()
    text = models.TextField()

    objects = SearchEntryQuerySet.as_manager()
    search_auto_update = False
    search_fields = [SearchField("title", boost=4), SearchField("words"), FilterField("language"), FilterField("kind")]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "kind", "key"], name="one_search_entry_per_thing")]

    def __str__(self) -> str:
        return self.path

    @property
    def title(self) -> str:
        return " ".join(stems(self.heading, self.language))

    @property
    def words(self) -> str:
        return " ".join(stems(f"{self.summary}\n{self.text}", self.language))


def current_page(publication: Publication) -> dict[str, Any]:
    """Return the stored bytes of a page as `guides.publishing.page_cache.Page` takes them."""
    ends_at: datetime | None = getattr(publication, "ends_at", None)
    return {
        "body": publication.html.encode(),
        "gzip": bytes(publication.gzip),
        "brotli": bytes(publication.brotli),
        "etag": publication.etag,
        "language": publication.language,
        "until": ends_at.timestamp() if ends_at else math.inf,
    }
