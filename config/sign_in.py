"""How the sign-in page's form and the lock-out after failed tries understand each other."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

LONGEST = 255


def axes_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """What a visitor typed as their name, whichever way the try came: for counting failures per name."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login") or ""
    return name.strip().lower()[:LONGEST]
