"""What every template may ask of this app."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from guides.models import Reference
from guides.models.base import LANGUAGES
from guides.publishing.cache import page_cache


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give `site` (read only when used, kept while nothing new is published) and `base_url`."""
    language = get_language() or settings.LANGUAGE_CODE
    return {"site": SimpleLazyObject(lambda: site(language)), "base_url": settings.BASE_URL}


def site(language: str) -> dict[str, Any]:
    """Return the published site details: SITE_WORDS, places, help_phone, help_phone_tel, email, sample."""
    code = language if language in LANGUAGES else settings.LANGUAGE_CODE
    return dict(page_cache.value(("site", code), lambda: _read(code)))


def _read(language: str) -> dict[str, Any]:
    row = Reference.objects.filter(language=language).first()
    return row.document["site"] if row else {}
