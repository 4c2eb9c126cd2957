"""A page that says what was not done."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refused(request: HttpRequest, template: str, context: Mapping[str, object], status: int) -> HttpResponse:
    """The page. htmx swaps only what succeeded, and must not keep a form's address."""
    if not getattr(request, "htmx", False):
        return render(request, template, context, status=status)
    answer = render(request, template, context)
    answer.headers["HX-Push-Url"] = "false"
    return answer
