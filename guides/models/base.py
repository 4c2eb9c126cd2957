"""What all rows of content share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    EN = "en", _("English")
    ES = "es", _("Spanish")


LANGUAGES = tuple(Language.values)
Text = TypeVar("Text", bound=Any)


class Kept(models.Model):
    """Content that may come from files. Once a person changes a row here, later imports leave it alone."""

    changed_here = models.BooleanField(_("changed here"), default=False, editable=False)

    class Meta:
        abstract = True


class Archivable(models.Model):
    """What was published, or is named elsewhere, is archived instead of deleted, and can come back."""

    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def refuse_days_to_come(row: models.Model, *names: str) -> None:
    """For days on which something was done: raises `ValidationError` at each of these fields that lies after today."""
    today = timezone.localdate()
    late = [name for name in names if (day := getattr(row, name)) and day > today]
    if late:
        raise ValidationError(dict.fromkeys(late, _("This day is not here yet. Enter today or an earlier day.")))


def in_language(texts: Iterable[Text], language: str | None) -> Text | None:
    """Return the text in `language`, else in English, else None."""
    found = {text.language: text for text in texts}
    return found.get((language or "en")[:2]) or found.get("en")
