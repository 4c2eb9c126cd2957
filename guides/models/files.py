"""The library: pictures, and PDFs to take along. Their bytes lie in the database (docs/decisions/files-are-rows.md)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guides.models.base import Kept

CLEAR_NAME = 24  # letters of the SHA-256 that name a file


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def without_bytes(self) -> Self:
        return self.defer("data")

    def undescribed(self, language: str) -> Self:
        """Pictures that do more than decorate, and of which this language has no words."""
        return self.filter(kind="picture", decorative=False, **{f"alt_{language}": ""})


class StoredFile(Kept):
    """A file that guides show or hand out. It never changes: other bytes have another key, and are another file."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("picture")
        DOCUMENT = "document", _("PDF to take along")

    key = models.CharField(_("key"), max_length=CLEAR_NAME, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    suffix = models.CharField(max_length=4, editable=False)
    name = models.CharField(
        _("name in the library"), max_length=120, help_text=_("For editors, and for the file that visitors save.")
    )
    alt_en = models.CharField(
        _("what the picture shows, in English"),
        max_length=300,
        blank=True,
        help_text=_("Read aloud to people who cannot see it."),
    )
    alt_es = models.CharField(_("what the picture shows, in Spanish"), max_length=300, blank=True)
    decorative = models.BooleanField(
        _("only decorates"),
        default=False,
        help_text=_("It says nothing that the text does not say: it is not read aloud."),
    )
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    data = models.BinaryField(editable=False)
    at = models.DateTimeField(_("added"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
        editable=False,
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture or file")
        verbose_name_plural = _("pictures and files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def alt(self, language: str) -> str:
        """Return what is read aloud in `language`, "" for a picture that only decorates."""
        return "" if self.decorative else (self.alt_es if language == "es" else self.alt_en)


class Rendition(models.Model):
    """A picture in one width and kind, as browsers are served it."""

    file = models.ForeignKey(StoredFile, related_name="renditions", on_delete=models.CASCADE)
    width = models.PositiveIntegerField()
    suffix = models.CharField(max_length=4)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("size of a picture")
        verbose_name_plural = _("sizes of pictures")
        constraints = [models.UniqueConstraint(fields=["file", "width", "suffix"], name="one_rendition_per_size")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.width}.{self.suffix}"
