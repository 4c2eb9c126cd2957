"""A second factor for everyone who works here: no staff or admin page opens on a password alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.known_browsers import remember
from config.paths import without_language
from config.typed import signed_out, typed_in
from privacy.fields import current_box
from privacy.models import User

GUARDED = ("/admin/", "/staff/")


class EncryptedFactors(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code did not work. Codes change every 30 seconds; try the new one."),
    }

    def encrypt(self, text: str) -> str:
        return current_box().encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return current_box().decrypt(encrypted_text)


class SecondFactorRequired:
    """Middleware: in front of every guarded page, asks for sign-in, for the second factor, and to set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_guarded(request.path_info):
            missing = missing_step(request)
            if missing:
                sign_in = f"{reverse(missing)}?{urlencode({'next': page_of(request)})}"
                # A script sends by htmx and keeps what was typed by itself.
                typed = None if "HX-Request" in request.headers else typed_in(request)
                return signed_out(request, typed, sign_in) if typed else HttpResponseRedirect(sign_in)
            if not isinstance(request.user, User) or not request.user.is_staff:
                raise PermissionDenied
            response = self.get_response(request)
            remember(request, response, request.user)
            return response
        return self.get_response(request)


def page_of(request: HttpRequest) -> str:
    """The page to come back to after signing in: of a form below /staff/ the page that it stands on."""
    form = re.match(r"(/\w\w)?/staff/(referral/[0-9]+/|new/)?", request.path)
    return form[0] if form and request.method == "POST" else request.get_full_path()


def is_guarded(path: str) -> bool:
    """Whether `path`, in any language, is a staff or admin page."""
    return f"{without_language(path).rstrip('/')}/".startswith(GUARDED)


def missing_step(request: HttpRequest) -> str:
    """The name of the page where this visitor must go first, or an empty string."""
    user = request.user
    if not user.is_authenticated:
        return str(settings.LOGIN_URL)
    if not user.has_factor:
        return "mfa_activate_totp"
    # A session from before the factor was set up has only shown a password.
    if all(record.get("method") != "mfa" for record in get_authentication_records(request, user)):
        return "mfa_reauthenticate"
    return ""


def rotate(batch: int) -> dict[str, int]:
    """Encrypt every authenticator's secrets again under the newest key; return {name: rows changed}."""
    box, changed, last = current_box(), 0, 0
    while True:
        with transaction.atomic():
            page = list(Authenticator.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:batch])
            for factor in page:
                old = {name: factor.data[name] for name in ("secret", "seed") if name in factor.data}
                if any(not box.is_newest(value) for value in old.values()):
                    factor.data |= {name: box.encrypt(box.decrypt(value)) for name, value in old.items()}
                    factor.save(update_fields=["data"])
                    changed += 1
        if len(page) < batch:
            return {"mfa.Authenticator.data": changed}
        last = page[-1].pk
