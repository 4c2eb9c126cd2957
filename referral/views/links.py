"""Secret links: the first visit swaps the token for a session and goes on to a clean address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacy.models import SecretLink
from referral.models import CheckInLink, FamilyLink, ProgramLink

# What a session remembers, and the page that a link leads to.
PAGES: dict[type[SecretLink], tuple[str, str]] = {
    FamilyLink: ("referral.family", "referral:status"),
    ProgramLink: ("referral.program", "referral:program"),
    CheckInLink: ("referral.check_in", "referral:check-in"),
}


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str, kind: type[SecretLink]) -> HttpResponse:
    """Open a link. One that has ended says so, with a way forward; nothing tells it from one that never was."""
    link = kind._default_manager.live(timezone.now()).for_token(token).first()
    if link is None:
        return ended(request, kind)
    remember(request, link)
    return redirect(PAGES[kind][1])


def remember(request: HttpRequest, link: SecretLink) -> None:
    """Let this session open what the link opens, under a session key that nobody knew before."""
    request.session.cycle_key()
    request.session[PAGES[type(link)][0]] = link.pk


def remembered(request: HttpRequest, kind: type[SecretLink]) -> Any | None:
    """The live link that this session may use, checked anew on every request."""
    pk = request.session.get(PAGES[kind][0])
    return kind._default_manager.live(timezone.now()).filter(pk=pk).first() if pk else None


def ended(request: HttpRequest, kind: type[SecretLink]) -> HttpResponse:
    """The page for a link that opens nothing any more."""
    return render(request, "referral/link_ended.html", {"program": kind is ProgramLink}, status=410)


def without_link(request: HttpRequest, kind: type[SecretLink]) -> HttpResponse:
    """The clean address without a live link: a session that had one is told that it ended, others how to get one."""
    if request.session.get(PAGES[kind][0]):
        return ended(request, kind)
    return render(request, "referral/link_needed.html", {"program": kind is ProgramLink})
