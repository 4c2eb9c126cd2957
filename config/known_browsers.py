"""The browser in which somebody last showed a password and a second factor: there they wait for no stranger's tries.

It is told by a signed cookie, which opens nothing. Where an account is slowed, as somebody guesses at it, the cookie
gives its browser tries of its own, fewer than the account has: whoever steals one guesses no faster for it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from privacy.models import User

COOKIE = "staff_browser"
KNOWN_FOR = timedelta(days=90)


def browser_of(request: HttpRequest, user: User | None) -> str:
    """What this browser's own tries at the account are counted under; ``""`` where the account is strange to it."""
    try:
        pk, key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KNOWN_FOR)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return str(key) if user is not None and pk == user.pk else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Make this the browser of `user`, who has shown a second factor here."""
    if not browser_of(request, user):
        value = signing.dumps([user.pk, secrets.token_urlsafe(12)], salt=COOKIE)
        response.set_cookie(
            COOKIE, value, max_age=KNOWN_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
