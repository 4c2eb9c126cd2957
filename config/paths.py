"""Addresses as the rules of the frame compare them."""

from __future__ import annotations

from django.utils.translation import get_language_from_path


def without_language(path: str) -> str:
    """``/es/staff/`` is ``/staff/`` in another language."""
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path
